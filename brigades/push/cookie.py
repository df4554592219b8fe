"""Who signs out on a device is told nothing more there: others may hold it next."""

from typing import Any

from flask import Flask, current_app, request
from flask_login import user_logged_out

from brigades import clock
from brigades.locales import KEPT
from brigades.push import service

COOKIE = "push-device"


def marked(response: Any, endpoint: str) -> Any:
    """Have the browser say at signing out which device it is."""
    response.set_cookie(
        COOKIE,
        service.mark_of(endpoint),
        max_age=KEPT,
        secure=current_app.config["HTTPS"],
        httponly=True,
        samesite="Lax",
    )
    return response


def _signed_out(_app: Flask, user: Any, **_more: Any) -> None:
    """Runs inside the request that signs somebody out, and is committed with it."""
    mark = request.cookies.get(COOKIE, "")
    if mark and user is not None and user.is_authenticated:
        service.leave(user.person_id, mark, now=clock.now())


def listen() -> None:
    """Hear of it when somebody signs out; hearing twice is hearing once."""
    user_logged_out.connect(_signed_out)
