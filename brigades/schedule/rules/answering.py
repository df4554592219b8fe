"""Who answers for what waits, and whom it reaches while it stays undone. Pure.

Somebody answers for the section in which they are appointed and for all below it in which nobody
is. A deputy hears of it some days later, then those above, section by section up to the top.
Only people hear more; silence decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from brigades.schedule.rules.limits import Limits


@dataclass(frozen=True)
class Appointed:
    """Somebody who runs a section and all below it. ``path`` is the section's: "/1/7/"."""

    person_id: int
    path: str
    deputy: bool = False


@dataclass(frozen=True)
class Ladder:
    """The people whom what waits in a section reaches, rung by rung; nobody stands on two.

    On the first are those who answer for it; there is none where nobody is appointed so high.
    ``above`` is the rung of those above the nearest section, or past the last rung.
    """

    rungs: tuple[frozenset[int], ...]
    above: int

    @property
    def nearest(self) -> frozenset[int]:
        """Who answers for it."""
        return self.rungs[0] if self.rungs else frozenset()

    def rung_of(self, person_id: int) -> int | None:
        """The rung on which somebody stands, counted from 0."""
        return next((at for at, rung in enumerate(self.rungs) if person_id in rung), None)


def upward(path: str) -> list[str]:
    """The paths of a section and of all above it, the nearest first: "/1/7/" and "/1/"."""
    ids = path.strip("/").split("/")
    return [f"/{'/'.join(ids[:number])}/" for number in range(len(ids), 0, -1)]


def nearest(paths: Sequence[str], appointed: Mapping[str, Sequence[Appointed]]) -> frozenset[int]:
    """Who answers for every one of these sections: those appointed nearest to them all.

    ``paths`` are those of the sections, at least one; ``appointed`` by the path of their section.
    Deputies only where nobody else is appointed as near; nobody where none is so high up.
    """
    at = next((level for level in above_all(paths) if appointed.get(level)), "")
    return _answering(appointed[at]) if at else frozenset()


def above_all(paths: Sequence[str]) -> list[str]:
    """The paths of the sections that every one of these lies in, the nearest first."""
    return [level for level in upward(paths[0]) if all(path.startswith(level) for path in paths)]


def _answering(here: Sequence[Appointed]) -> frozenset[int]:
    """Who of those appointed in one section answers for it."""
    own = frozenset(one.person_id for one in here if not one.deputy)
    return own or frozenset(one.person_id for one in here)


def ladder(path: str, appointed: Mapping[str, Sequence[Appointed]]) -> Ladder:
    """Whom what waits in a section reaches; ``appointed`` by the path of their section."""
    rungs: list[frozenset[int]] = []
    seen: frozenset[int] = frozenset()
    above = 0
    for level in upward(path):
        here = appointed.get(level, ())
        own = _answering(here) - seen
        if own:
            rungs.append(own)
            seen |= own
        if len(rungs) == 1 and not above:
            deputies = frozenset(one.person_id for one in here) - seen
            if deputies:
                rungs.append(deputies)
                seen |= deputies
            above = len(rungs)
    return Ladder(tuple(rungs), above)


def waits(rung: int, limits: Limits) -> timedelta:
    """How long something must have stayed undone before it reaches a rung."""
    if rung == 0:
        return timedelta()
    if rung == 1:
        return limits.deputy
    return limits.parent + (rung - 2) * (limits.parent - limits.deputy)


def reached(steps: Ladder, undone: timedelta, limits: Limits) -> frozenset[int]:
    """Everybody whom something has reached that stayed undone for so long."""
    rungs = (rung for at, rung in enumerate(steps.rungs) if waits(at, limits) <= undone)
    return frozenset().union(*rungs)
