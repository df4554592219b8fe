"""What a load balancer asks: does the process live, and can it serve."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from brigades import clock
from brigades.access import Can, Scope
from brigades.health import service
from brigades.web import needs

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@needs(Can.ANYONE)
def alive(_scope: Scope) -> Response:
    """The process answers."""
    return Response("ok", mimetype="text/plain")


@bp.get("/readyz")
@needs(Can.ANYONE)
def ready(_scope: Scope) -> tuple[Response, int]:
    """Database, migrations and worker are as they should be, or 503."""
    fit, says = service.readiness(Path(current_app.root_path) / "migrations", clock.now())
    return jsonify(says), 200 if fit else 503


def _on_plain_http(*views: Any) -> None:
    """Probes ask over plain http from inside, and say no password: no redirect to https."""
    for view in views:
        view.talisman_view_options = {"force_https": False}


_on_plain_http(alive, ready)
