"""The timeline: each need of each slot is a bar, in rows by place or by skill."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from brigades.people.skills import Skill
from brigades.schedule.rules import NeedFacts
from brigades.timetable.asked import Rows
from brigades.timetable.rules import Span, Stand, stand
from brigades.timetable.slots import SlotShown, missing

SKILLS = tuple(skill.value for skill in Skill)


@dataclass(frozen=True)
class Bar:
    """A need of a slot on the timeline."""

    slot: SlotShown
    need: NeedFacts
    stand: Stand

    @property
    def short(self) -> int:
        """How many are missing to the least."""
        return missing(self.need)


@dataclass
class Row:
    """Bars that ask for the same, in one place. A training's row is named by its title.

    ``need`` says what all of them ask for.
    """

    need: NeedFacts
    title: str = ""
    place: str = ""
    bars: list[Bar] = field(default_factory=list)

    @property
    def least_and_most(self) -> tuple[int, int | None] | None:
        """Least and most of each of its bars; None where they differ."""
        asked = {(bar.need.least, bar.need.most) for bar in self.bars}
        return asked.pop() if len(asked) == 1 else None


@dataclass
class Group:
    """Rows under one heading: a place, or the code of a skill, empty for no certain one.

    ``section_id`` is that of a place, since two sections may name places alike.
    """

    name: str
    section_id: int | None
    rows: list[Row]


@dataclass(frozen=True)
class Gap:
    """A need below its least, and its slot."""

    slot: SlotShown
    need: NeedFacts

    @property
    def short(self) -> int:
        """How many are missing."""
        return missing(self.need)


def gaps(slots: Iterable[SlotShown], now: datetime) -> list[Gap]:
    """The needs below their least of slots that are not over, soonest first as slots are."""
    return [
        Gap(slot, need)
        for slot in slots
        if slot.ends_at > now
        for need in slot.needs
        if missing(need)
    ]


def groups(slots: Iterable[SlotShown], span: Span, by: Rows) -> list[Group]:
    """All bars in their rows: places by name, skills in their order, what asks for nothing last."""
    rows: dict[tuple[object, ...], Row] = {}
    for slot in slots:
        at = stand(span, slot.starts_at, slot.ends_at)
        for need in slot.needs:
            key = _key(slot, need, by)
            row = rows.get(key)
            if row is None:
                title = slot.title if slot.type == "session" else ""
                row = rows[key] = Row(need, title, slot.place)
            row.bars.append(Bar(slot, need, at))
    found: dict[tuple[object, ...], Group] = {}
    for key in sorted(rows, key=_order):
        group = found.get(key[:3])
        if group is None:
            section_id = int(str(key[2])) if by is Rows.PLACE else None
            group = found[key[:3]] = Group(str(key[1]), section_id, [])
        rows[key].bars.sort(key=_lanes())
        group.rows.append(rows[key])
    return list(found.values())


def _lanes() -> Callable[[Bar], int]:
    """Which of its day a bar is, for bars by start: on a phone the firsts stand in one line."""
    seen: Counter[int] = Counter()

    def lane(bar: Bar) -> int:
        seen[bar.stand.day] += 1
        return seen[bar.stand.day]

    return lane


def _key(slot: SlotShown, need: NeedFacts, by: Rows) -> tuple[object, ...]:
    """Group in the first three, then the row: what makes two bars stand beside each other."""
    rank = SKILLS.index(need.skill) if need.skill in SKILLS else len(SKILLS)
    training = slot.type == "session"
    title, level = slot.title if training else "", need.level or ""
    asks = (rank, training, title, need.trade, need.languages, level, need.kind_name)
    if by is Rows.SKILL:
        return (rank + training, need.skill, 0, *asks, slot.place, slot.section_id)
    return (not slot.place, slot.place, slot.section_id, *asks)


def _order(key: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(str(part).casefold() if isinstance(part, str) else part for part in key)
