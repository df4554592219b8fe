"""What a reader sees, and the log keeps, of what went wrong."""

import functools
from typing import Any

from flask import Flask, Response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError

from brigades.db import session


def init_app(app: Flask) -> None:
    """Register the pages for what went wrong, and a log without what opens something."""
    for code in (400, 403, 404, 405, 413, 422, 429, 500):
        app.register_error_handler(code, _error_page)
    app.register_error_handler(CSRFError, _stale_page)
    app.log_exception = functools.partial(_log_without_secret, app)  # type: ignore[method-assign]


def _log_without_secret(app: Flask, exc_info: Any) -> None:
    """What went wrong at which address; a token in it opens something, and no log keeps it."""
    path, token = request.path, (request.view_args or {}).get("token")
    shown = path.replace(token, "<token>") if token else path
    app.logger.error("Exception on %s [%s]", shown, request.method, exc_info=exc_info)


def _error_page(error: Exception) -> Response | tuple[str, int]:
    if isinstance(error, SecurityError):  # a host that is not ours: no address can be built
        return Response("Bad request", 400, mimetype="text/plain")
    code = error.code if isinstance(error, HTTPException) and error.code else 500
    return _page(code), code


def _stale_page(_error: CSRFError) -> tuple[str, int]:
    return _page(400, stale=True), 400


def _page(code: int, *, stale: bool = False) -> str:
    """In the frame of every page, unless the fault is ours: then nothing else can be trusted."""
    try:
        # Rolling back forgets who is signed in, and the page's frame names them: so it comes after.
        page = render_template(
            "errors/error.html" if code == 500 else "errors/framed.html", code=code, stale=stale
        )
    except SQLAlchemyError:
        session.rollback()
        page = render_template("errors/error.html", code=code, stale=stale)
    session.rollback()
    return page
