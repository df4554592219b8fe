"""Which slots and papers may have a letter with certain words: the database leaves out others.

Nobody whom the list would show is left out; whoever is too many, the list leaves out itself.
"""

import re
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import aliased

from brigades.people.models import Person, plain
from brigades.qualifications.models import Kind as KindOfPaper
from brigades.qualifications.models import Qualification
from brigades.reminders.stands import Whole
from brigades.schedule.coordinators import ANSWER
from brigades.schedule.models import Participation
from brigades.sections.models import Appointment, Section

# What databases do not lower as we do: any letter beyond ASCII, and what one of them may stand for.
_ANY = re.compile(r"[%_/]|ss|[\x00-\x7f]?[^\x00-\x7f]+")


def slots(q: str) -> ColumnElement[bool]:
    """The condition on ``Whole`` that a letter about a slot may have all these words."""
    words = q.split()
    if not words:
        return true()
    theirs = select(Participation.slot_id).join(Person, Person.id == Participation.person_id)
    leads = select(Person.id).where(people(q))
    leader = func.coalesce(Whole.Shift.lead_id, Whole.Session.trainer_id)
    below, top = aliased(Section), aliased(Section)
    answers = (
        select(below.id)
        .join(top, below.path.startswith(top.path, autoescape=False))
        .join(Appointment, Appointment.section_id == top.id)
        .join(Person, Person.id == Appointment.person_id)
        .where(Appointment.role.in_(ANSWER), people(q))
    )
    return or_(
        titled(q),
        Whole.id.in_(theirs.where(people(q))),
        leader.in_(leads),
        Whole.section_id.in_(answers),
    )


def titled(q: str) -> ColumnElement[bool]:
    """The condition that all these words stand in a slot's title."""
    return _in(Whole.title, q)


def papers(q: str) -> ColumnElement[bool]:
    """The condition on ``Person`` that a letter about papers may have one of these words.

    On whoever holds them, since one letter may tell of several.
    """
    words = q.split()
    if not words:
        return true()
    kinds = (
        select(Qualification.person_id)
        .join(KindOfPaper, KindOfPaper.id == Qualification.kind_id)
        .where(or_(*(_in(KindOfPaper.name, word) for word in words)))
    )
    return or_(people(q), Person.id.in_(kinds))


def people(q: str) -> ColumnElement[bool]:
    """The condition on ``Person`` that one of these words stands in a name or address."""
    found = [plain(word) for word in q.split()]
    if any(not word or " " in word for word in found):
        return true()
    return or_(*(Person.search.contains(word, autoescape=True) for word in found))


def _in(column: Any, q: str) -> ColumnElement[bool]:
    patterns = [_ANY.sub("%", word.casefold()) for word in q.split()]
    return and_(*(func.lower(column).like(f"%{one}%", escape="/") for one in patterns))
