"""How often a password may be guessed, and a letter asked for.

Only what was refused counts against a sign-in. An address is counted with the place it comes from,
so that nobody is kept out by a stranger's guessing from elsewhere, and once more by itself, more
patiently, against guessing from many places at once.
"""

from collections.abc import Callable
from hashlib import sha256

from flask import Response, request
from flask_login import current_user

from brigades.people.models import email_key
from brigades.web import View, limiter

GUESSES_FROM_ONE_PLACE = "10 per 15 minutes"
GUESSES_IN_ALL = "60 per hour"
LETTERS = "5 per hour"


def guessing(view: View) -> View:
    """Limit refused sign-ins."""
    from_here = limiter.limit(
        GUESSES_FROM_ONE_PLACE, key_func=_address_and_place, deduct_when=_refused
    )
    in_all = limiter.limit(GUESSES_IN_ALL, key_func=_address, deduct_when=_refused)
    limited: View = from_here(in_all(view))
    return limited


def asking(view: View) -> View:
    """Limit letters that one address can be made to get, whether it is known or not."""
    limited: View = limiter.limit(LETTERS, key_func=_address)(view)
    return limited


def moving(view: View) -> View:
    """Limit letters that somebody can have sent to others, and those that one address gets."""
    by_one = limiter.limit(LETTERS, key_func=_signed_in, deduct_when=_went_on)
    to_one = limiter.limit(LETTERS, key_func=_address, deduct_when=_went_on)
    limited: View = by_one(to_one(view))
    return limited


def confirming(view: View) -> View:
    """Limit refused guesses of whoever sits at somebody else's open session."""
    limited: View = limiter.limit(
        GUESSES_FROM_ONE_PLACE, key_func=_signed_in, deduct_when=_refused
    )(view)
    return limited


def once(name: str) -> None:
    """Count one guess within a route of another folder; raises 429 where there were too many."""
    counting: Callable[[], str] = lambda: f"{name}:{_signed_in()}"  # noqa: E731
    with limiter.limit(GUESSES_FROM_ONE_PLACE, key_func=counting):
        pass


def _refused(response: Response) -> bool:
    return response.status_code == 422


def _went_on(response: Response) -> bool:
    return response.status_code == 303


def _address() -> str:
    """The typed address in short, so that what is counted neither grows nor names anybody."""
    return sha256(email_key(request.form.get("email", "")).encode()).hexdigest()


def _address_and_place() -> str:
    return f"{_address()}@{request.remote_addr}"


def _signed_in() -> str:
    return str(current_user.get_id())
