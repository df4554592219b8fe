"""Why it cannot be said that somebody came or left, in the reader's language."""

from collections.abc import Callable

from flask_babel import gettext as _

from brigades.schedule.rules.presence import Why

_WHY: dict[Why, Callable[[], str]] = {
    Why.NO_PLACE: lambda: _("This person has no place here any more."),
    Why.FUTURE: lambda: _("This time has not come yet."),
    Why.TOO_EARLY: lambda: _("This is too early. Checking in begins shortly before people meet."),
    Why.OVER: lambda: _("This is too long after the end. Times can still be written down by hand."),
    Why.NOT_HERE: lambda: _("Whoever leaves must have been checked in first."),
    Why.BEFORE_COMING: lambda: _("Nobody leaves before they came."),
    Why.TOO_LONG: lambda: _("This is longer than planned. Tick below that it is right."),
    Why.NOT_STARTED: lambda: _("Nobody is absent before the start."),
    Why.GIVEN_AWAY: lambda: _(
        "Somebody else was given the place meanwhile. Whoever is here can still be checked in."
    ),
    Why.NO_REASON: lambda: _("Say why it is corrected."),
}


def why(reason: Why) -> str:
    """The reason in a sentence."""
    return _WHY[reason]()
