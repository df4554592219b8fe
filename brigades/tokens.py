"""Signed links: what a mail's link carries, for one purpose, and for a while."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"brigades.{purpose}")


def sign(purpose: str, value: Any) -> str:
    """A token that carries ``value`` (JSON) for one purpose."""
    return str(_signer(purpose).dumps(value))


def read(purpose: str, token: str, lifetime: timedelta) -> Any | None:
    """What the token carries; None where it is forged, for another purpose, or too old."""
    try:
        return _signer(purpose).loads(token, max_age=int(lifetime.total_seconds()))
    except BadData:
        return None


def bound(kept: Any) -> tuple[int | None, str | None]:
    """An id and the mark of the address that a link went to; links of before carry no mark.

    None for what is neither.
    """
    if type(kept) is int:
        return kept, None
    if isinstance(kept, list) and [type(one) for one in kept] == [int, str]:
        return kept[0], kept[1]
    return None, None


def read_signed(purpose: str, token: str, lifetime: timedelta) -> tuple[Any, datetime] | None:
    """What the token carries and the instant of signing it; None as for ``read``."""
    try:
        seconds = int(lifetime.total_seconds())
        value, at = _signer(purpose).loads(token, max_age=seconds, return_timestamp=True)
    except BadData:
        return None
    return value, at
