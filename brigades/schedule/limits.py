"""The limits that hold in this organisation; create_app sets them from the setting LIMITS."""

from brigades.outbox.wishes import quiet
from brigades.people import age
from brigades.recruiting import desk
from brigades.schedule.rules import Limits

_present = [Limits()]


def limits() -> Limits:
    """The limits that hold here."""
    return _present[0]


def use(wanted: Limits) -> None:
    """Judge by these limits from now on."""
    _present[0] = wanted
    age.of_age_from(wanted.adult)
    desk.chase_after(wanted.chase)
    quiet.use(quiet.Hours(wanted.quiet_from, wanted.quiet_until))
