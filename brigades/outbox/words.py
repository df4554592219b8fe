"""Letters said aloud: what each is about, and what became of it."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from brigades.outbox.letters import LOADERS
from brigades.outbox.models import Fate, Letter

_NAMES: dict[str, Callable[[], str]] = {
    "address-confirm": lambda: _("Confirm another address"),
    "address-corrected": lambda: _("Address corrected"),
    "address-left": lambda: _("Address replaced"),
    "address-taken": lambda: _("Address in use already"),
    "application-accepted": lambda: _("Application accepted"),
    "application-confirm": lambda: _("Confirm the address"),
    "application-declined": lambda: _("Application declined"),
    "application-known": lambda: _("Already known here"),
    "clocks-changed": lambda: _("Rules of clocks changed"),
    "countdown": lambda: _("Places unfilled, counted down"),
    "cover-asked": lambda: _("Asked to step in"),
    "cover-nobody": lambda: _("Nobody left to ask for cover"),
    "daily": lambda: _("Daily mail"),
    "mailing": lambda: _("Mailing"),
    "mailing-place": lambda: _("Mailing about a place"),
    "mailing-test": lambda: _("Mailing, tried out"),
    "digest": lambda: _("Daily mail of what needs somebody"),
    "membership-over": lambda: _("Erased soon, after having left"),
    "offer-ends": lambda: _("An answer is awaited"),
    "paper-lapses": lambda: _("A qualification lapses"),
    "papers-lapse": lambda: _("Qualifications lapse among who is expected"),
    "password-changed": lambda: _("Password changed"),
    "password-reset": lambda: _("Reset the password"),
    "place-confirmed": lambda: _("Place confirmed"),
    "place-covered": lambda: _("Place covered"),
    "place-free": lambda: _("A place became free"),
    "place-given-up": lambda: _("Place given up"),
    "place-lapsed": lambda: _("Offer not answered in time"),
    "place-in-question": lambda: _("Place in question"),
    "place-offered": lambda: _("Place offered"),
    "place-removed": lambda: _("Taken off"),
    "place-requested": lambda: _("Place asked for"),
    "place-waitlisted": lambda: _("On the waiting list"),
    "reminder": lambda: _("Reminder"),
    "reminder-lead": lambda: _("Who comes, for the lead"),
    "reminder-waitlisted": lambda: _("Reminder, on the waiting list"),
    "push-test": lambda: _("Message to devices, tried out"),
    "request-declined": lambda: _("Request declined"),
    "stood-still": lambda: _("Mail or the worker stood still"),
    "swap-approve": lambda: _("A swap to approve"),
    "swap-asked": lambda: _("Asked for a swap"),
    "swap-done": lambda: _("Swapped, the new place"),
    "swap-given": lambda: _("Swapped, the old place"),
    "swap-off": lambda: _("No swap"),
    "slot-cancelled": lambda: _("Shift or training cancelled"),
    "slot-moved": lambda: _("Shift or training moved"),
}

_FATES: dict[Fate, tuple[str, str, Callable[[], str]]] = {
    Fate.WAITING: ("is-wait", "clock", lambda: _("Waiting")),
    Fate.GATHERED: ("is-wait", "clock", lambda: _("For the daily mail")),
    Fate.SENT: ("is-ok", "check-circle-fill", lambda: _("Sent")),
    Fate.DROPPED: ("is-off", "dash-circle", lambda: _("Not needed any more")),
    Fate.FAILED: ("is-gap", "exclamation-triangle-fill", lambda: _("Failed")),
}


def name_words(name: str) -> str:
    """What a letter is about; a name without words stands for itself."""
    return _NAMES[name]() if name in _NAMES else name


def fate_words(fate: Fate) -> str:
    """What became of a letter."""
    return _FATES[fate][2]()


def badge_of(letter: Letter) -> tuple[str, str, str]:
    """Tone, icon and words of what became of a letter, for the macro ``badge``."""
    if letter.may_have_arrived and letter.fate is Fate.DROPPED:
        return "is-call", "question-circle", _("May have arrived")
    tone, icon, words = _FATES[letter.fate]
    return tone, icon, words()


def names() -> list[tuple[str, str]]:
    """The names of all letters with their words, sorted by them."""
    return sorted(((name, name_words(name)) for name in LOADERS), key=lambda pair: pair[1])


def fates() -> list[tuple[str, str]]:
    """Every fate with its words."""
    return [(fate.value, fate_words(fate)) for fate in Fate]


def next_try(letter: Letter) -> datetime | None:
    """When a letter that waits is tried next; None where it does not wait."""
    return letter.due_at if letter.fate is Fate.WAITING else None
