"""Numbers of the rest rules and deadlines. Pure; which ones hold here, `schedule.limits` says."""

from dataclasses import dataclass, fields, replace
from datetime import timedelta

from brigades.clock import DAY, HOUR

WEEK = 7 * DAY
REACH = WEEK + DAY  # around a slot; whatever lies beyond changes nothing for the rules


@dataclass(frozen=True)
class Limits:
    """Each is a setting with this default; lengths of time are kept as such, the rest are counts.

    Rest, week and weekly rest: Directive 2003/88 Art. 3, 5 and 6; of minors: Directive 94/33
    Art. 10; adopted as policy. What touches end to start is one stretch of duty.
    """

    rest: timedelta = 11 * HOUR  # between two slots
    rest_of_minors: timedelta = 12 * HOUR
    week: timedelta = 48 * HOUR  # duty within seven days
    weekly_rest: timedelta = 24 * HOUR  # in seven days once, together with a daily rest
    adult: int = 18  # years; who is younger is a minor
    travel: timedelta = 30 * DAY  # before the start, from when on a travel paper blocks
    answer: timedelta = 24 * HOUR  # for an offer
    leave: timedelta = 48 * HOUR  # before the start, until when a place is given up freely
    early: timedelta = HOUR  # before the meeting time, from when on people are checked in
    wave: int = 5  # people asked for cover at once
    wave_every: timedelta = 2 * HOUR  # between two waves
    chase: timedelta = 3 * DAY  # undone for so long, it is marked in its daily mail
    deputy: timedelta = 7 * DAY  # ... it reaches the deputies too
    parent: timedelta = 10 * DAY  # ... and those appointed above; further up in the same steps
    short: timedelta = 2 * DAY  # before the start, from when on an unfilled need reaches them
    quiet_from: int = 21  # o'clock where the reader is, from when on mail that can wait does
    quiet_until: int = 7  # o'clock; the same hour twice: no mail waits

    def rest_for(self, minor: bool) -> timedelta:
        """The daily rest that holds for somebody."""
        return self.rest_of_minors if minor else self.rest

    def stretch_for(self, minor: bool) -> timedelta:
        """The longest stretch of duty that leaves the rest within 24 hours."""
        return DAY - self.rest_for(minor)

    def weekly_rest_for(self, minor: bool) -> timedelta:
        """The long rest that everybody has once in seven days."""
        return self.weekly_rest + self.rest_for(minor)


DEFAULT = Limits()
# Counted in days, every other length in hours.
_DAYS = ("travel", "chase", "deputy", "parent", "short")


def limits_from(text: str) -> Limits:
    """Limits from "rest=11 week=48 travel=30": hours, days for travel, years, counts, o'clock.

    What is not named keeps its default. Raises ValueError that names what is wrong.
    """
    known = {field.name: field.type for field in fields(Limits)}
    found: dict[str, timedelta | int] = {}
    for pair in text.replace(",", " ").split():
        name, _sign, value = pair.partition("=")
        if name not in known:
            raise ValueError(f"LIMITS knows no {name!r}; it knows {', '.join(known)}")
        if not (value.isascii() and value.isdigit() and 0 < int(value) <= 8760):
            raise ValueError(f"LIMITS: {name} must be a whole number from 1 on, not {value!r}")
        unit = DAY if name in _DAYS else HOUR
        found[name] = int(value) if known[name] is int else int(value) * unit
    limits = replace(Limits(), **found)  # type: ignore[arg-type]
    if max(limits.rest, limits.rest_of_minors) >= DAY:
        raise ValueError("LIMITS: the rest must be shorter than a day")
    if limits.weekly_rest_for(True) >= WEEK or limits.weekly_rest_for(False) >= WEEK:
        raise ValueError("LIMITS: the weekly rest must be shorter than a week")
    if not limits.chase <= limits.deputy <= limits.parent:
        raise ValueError("LIMITS: what stays undone is chased first, then climbs to deputy, parent")
    if max(limits.quiet_from, limits.quiet_until) > 24:
        raise ValueError("LIMITS: the quiet hours are hours of the day, from 1 to 24")
    return limits
