"""Kinds of letters and wishes for them, said aloud."""

from collections.abc import Callable

from flask_babel import gettext as _

from brigades.outbox.kinds import How, Kind

_KINDS: dict[Kind, tuple[Callable[[], str], Callable[[], str]]] = {
    Kind.ACCOUNT: (
        lambda: _("Your account"),
        lambda: _(
            "A new password, or what became of your application: you have just asked for it."
        ),
    ),
    Kind.CHANGE: (
        lambda: _("Cancelled, moved, taken off"),
        lambda: _(
            "A shift or training of yours is cancelled or moved, or your place is gone: "
            "you must know before you set out."
        ),
    ),
    Kind.OFFER: (
        lambda: _("Offers and questions"),
        lambda: _("You are offered a place, or asked to step in or to swap, until a deadline."),
    ),
    Kind.PLACE: (
        lambda: _("Your places"),
        lambda: _("You have a place, you are on the waiting list, or your request has arrived."),
    ),
    Kind.REMINDER: (
        lambda: _("Reminders"),
        lambda: _("A shift or training comes near, or a certificate of yours lapses."),
    ),
    Kind.DUTY: (
        lambda: _("What needs you"),
        lambda: _("For your role: applications, gaps, and questions that wait for an answer."),
    ),
    Kind.NEWS: (
        lambda: _("News"),
        lambda: _("What coordinators write to many people at once."),
    ),
}

_HOW: dict[How, Callable[[], str]] = {
    How.AT_ONCE: lambda: _("At once"),
    How.DAILY: lambda: _("In the daily mail"),
    How.NEVER: lambda: _("Not at all"),
}


def kind_words(kind: Kind) -> str:
    """What letters of a kind are about, in a few words."""
    return _KINDS[kind][0]()


def about_words(kind: Kind) -> str:
    """The same in a sentence."""
    return _KINDS[kind][1]()


def how_words(how: How) -> str:
    """How letters are wanted."""
    return _HOW[how]()


def trail_words(value: str) -> str:
    """What the trail keeps of a wish, a kind and how, such as "Reminders: In the daily mail"."""
    kind, _comma, how = value.partition(", ")
    return str(_("%(kind)s: %(how)s", kind=kind_words(Kind(kind)), how=how_words(How(how))))
