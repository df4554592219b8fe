"""The countdown: a shift or training comes near, and a need has fewer people than it must have."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades.access import Can, Scope
from brigades.calendars.ical import slot_link
from brigades.clock import HOUR, local_day
from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.people.models import Person, Standing
from brigades.reminders.duties.links import board_link
from brigades.reminders.of_places import ahead
from brigades.schedule import candidates
from brigades.schedule.facts import needs_of
from brigades.schedule.models import Slot
from brigades.schedule.need_words import need_words
from brigades.schedule.rules import NeedFacts
from brigades.sections import service as sections

NAMED = 8  # people who would fit, in one letter


@dataclass(frozen=True)
class Fitting:
    """Somebody against whom nothing stands; ``phone`` as it is kept, if it is known."""

    id: int
    name: str
    section: str
    phone: str | None


@dataclass(frozen=True)
class Missing:
    """A need below its least, and people who would fit, the best first."""

    need: NeedFacts
    people: list[Fitting]

    @property
    def words(self) -> str:
        """What it asks for, in the reader's language."""
        return need_words(self.need)


@letter("countdown", Kind.DUTY)
def countdown(to: Letter) -> Content | None:
    """What is missing, and who would fit; dropped once it is filled, moved or not theirs."""
    row = session.execute(
        select(Person, Slot)
        .join(Slot, Slot.id == to.about["slot"])
        .where(Person.id == to.person_id)
        .options(joinedload(Slot.section))
    ).one_or_none()
    if row is None or row.Person.standing is not Standing.ACTIVE:
        return None
    reader, slot = row.Person, row.Slot
    if not ahead(slot) or slot.starts_at - now() > (to.about["hours"] + 1) * HOUR:
        return None
    can = Can.RUN_TRAININGS if slot.type == "session" else Can.RUN_SHIFTS
    scope = sections.scope_of(reader.id, reader.section_id, now().date()).using(can)
    runs = scope.may(can, slot.section_id)
    if not runs and slot.leader_id != reader.id:
        return None
    missing = _missing(scope, slot, now()) if runs else _only_needs(slot)
    if not missing:
        return None
    day = local_day(now(), slot.zone)
    return Content(
        why=_("You get this because you answer for this."),
        context={
            "person": reader,
            "slot": slot,
            "section": slot.section,
            "missing": missing,
            "number": sum(one.need.short for one in missing),
            "runs": runs,
            "days": (slot.starts_local.date() - day).days,
            "page": board_link(slot.type, slot.id) if runs else slot_link(slot),
        },
        reply_to=slot.section.contact,
    )


def _missing(scope: Scope, slot: Slot, at: datetime) -> list[Missing]:
    """Judged once for all readers of a batch: whoever runs a section runs all below it."""
    kept = session().info.setdefault("missing", {})
    if (slot.id, at) not in kept:
        kept[slot.id, at] = _judged(scope, slot, at)
    found: list[Missing] = kept[slot.id, at]
    return found


def _judged(scope: Scope, slot: Slot, at: datetime) -> list[Missing]:
    desks = candidates.unfilled(scope, slot, at)
    fitting = [[one for one in desk.candidates if one.fits] for desk in desks]
    named: list[list[Fitting]] = [[] for _desk in desks]
    seen: set[int] = set()
    # In turn one for each need, so that the first does not name all of them.
    while len(seen) < NAMED and any(fitting):
        for found, left in zip(named, fitting, strict=True):
            while left and left[0].person.id in seen:
                left.pop(0)
            if left and len(seen) < NAMED:
                one = left.pop(0)
                seen.add(one.person.id)
                found.append(Fitting(one.person.id, one.person.name, one.section, one.person.phone))
    return [Missing(desk.need, people) for desk, people in zip(desks, named, strict=True)]


def _only_needs(slot: Slot) -> list[Missing]:
    """For a lead who runs nothing else: what is missing, and nobody's number."""
    return [Missing(need, []) for need in needs_of([slot.id])[slot.id] if need.short]
