"""What an address of the schedule asks for, and the address that asks for something else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from brigades.asking import MOST_ID, as_day
from brigades.people.skills import Skill
from brigades.timetable.rules import View


class Which(StrEnum):
    """Which slots to show, by how their places stand. Drafts are for those who plan."""

    ALL = ""
    GAPS = "gaps"
    OPEN = "open"
    FULL = "full"
    DRAFT = "draft"


class Rows(StrEnum):
    """What the rows of a timeline are grouped by."""

    PLACE = "place"
    SKILL = "skill"


@dataclass(frozen=True)
class Asked:
    """What to show; ``day`` None is today, ``long`` a timeline of a month."""

    view: View = View.WEEK
    day: date | None = None
    section_id: int | None = None
    skill: Skill | None = None
    which: Which = Which.ALL
    rows: Rows = Rows.PLACE
    long: bool = False
    mine: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.section_id or self.skill or self.which or self.mine)

    @property
    def own_week(self) -> bool:
        """Whether it is the reader's own week, which no other filter narrows."""
        return self.mine and self.view is View.WEEK

    def query(self, **instead: Any) -> str:
        """The question after the address that asks for this, some of it replaced."""
        one = replace(self, **instead) if instead else self
        timeline = one.view is View.TIMELINE
        said = {
            "view": str(one.view),
            "day": one.day.isoformat() if one.day else "",
            "section": one.section_id or "",
            "skill": str(one.skill or ""),
            "state": str(one.which),
            "rows": str(one.rows) if timeline and one.rows is not Rows.PLACE else "",
            "span": "month" if timeline and one.long else "",
            "mine": "1" if one.mine else "",
        }
        return "?" + urlencode({name: value for name, value in said.items() if value})


def asked(args: Mapping[str, str], staff: bool) -> Asked:
    """What the address asks for; anything odd filters nothing.

    Who runs something comes to the timeline first, others to the week.
    """
    view, skill, which = args.get("view", ""), args.get("skill", ""), args.get("state", "")
    known = which in set(Which) and (staff or which != Which.DRAFT)
    return Asked(
        view=View(view) if view in set(View) else View.TIMELINE if staff else View.WEEK,
        day=as_day(args.get("day")),
        section_id=_id(args.get("section", "")),
        skill=Skill(skill) if skill in set(Skill) else None,
        which=Which(which) if known else Which.ALL,
        rows=Rows.SKILL if args.get("rows") == Rows.SKILL else Rows.PLACE,
        long=args.get("span") == "month",
        mine=bool(args.get("mine")),
    )


def _id(raw: str) -> int | None:
    """An id; one that no row can have is asked for too, and finds nothing."""
    if not raw.isascii() or not raw.isdigit():
        return None
    return min(int(raw[:11]), MOST_ID)
