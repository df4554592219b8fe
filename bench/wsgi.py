"""The application as it is served while it is measured: with a floor, and its statements counted.

Both exist only here. The floor is a bare view in the same server: what a page costs beyond it is
ours. Run by gunicorn as ``bench.wsgi:app``.
"""

from typing import Any

from flask import Response, g, has_request_context
from sqlalchemy import Engine, event

from bench.browser import FLOOR, HEADER
from wsgi import app


def floor() -> str:
    """Two bytes."""
    return "ok"


def _note(_link: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if has_request_context() and not statement.startswith(("BEGIN", "PRAGMA")):
        g.statements = g.get("statements", 0) + 1


@app.after_request
def _say(response: Response) -> Response:
    response.headers[HEADER] = str(g.get("statements", 0))
    return response


app.add_url_rule(FLOOR, view_func=floor)
event.listen(Engine, "before_cursor_execute", _note)
