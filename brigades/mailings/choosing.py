"""Whom the filters of a mailing find, judged now, whether they are written to or not."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, exists, literal, or_, select
from sqlalchemy.orm import aliased

from brigades.access import Can, Scope
from brigades.db import session
from brigades.mailings.chosen import ON_LEAVE, Chosen
from brigades.people import listing, parts
from brigades.people.levels import Level
from brigades.people.models import Person, PersonLanguage, Standing
from brigades.people.service import GONE
from brigades.qualifications.rules import SOON
from brigades.schedule.models import Participation, Slot
from brigades.schedule.states import State
from brigades.sections.models import Section
from brigades.trainings.models import Session


def fitting(scope: Scope, chosen: Chosen, today: date) -> Select[tuple[Person]]:
    """Everybody in scope whom the filters find, with their section."""
    scope = scope.using(Can.WRITE_MAILINGS)
    paper = {"qualification": chosen.qualification} if chosen.paper == "valid" else {}
    ask = listing.Asked(q=chosen.q, skill=chosen.skill, minor_on=chosen.minor_on, others=paper)
    query = listing.fitting(scope, ask, today).where(_standing(chosen))
    if chosen.sections:
        query = query.where(_below(chosen.sections))
    if chosen.language:
        query = query.where(_speaks(chosen.language, chosen.level))
    if chosen.qualification and chosen.paper != "valid":
        query = query.where(_paper(chosen, today))
    if chosen.course is not None:
        taken = exists().where(
            Participation.person_id == Person.id,
            Participation.slot_id == Session.id,
            Participation.state == State.ATTENDED,
            Session.course_id == chosen.course,
        )
        query = query.where(taken if chosen.taken == "attended" else ~taken)
    if chosen.slot is not None:
        query = query.where(
            exists().where(
                Participation.person_id == Person.id,
                Participation.slot_id == chosen.slot,
                Participation.state.in_(chosen.in_states),
                Participation.slot_id.in_(scope.select(Slot).with_only_columns(Slot.id)),
            )
        )
    return query


def _standing(chosen: Chosen) -> ColumnElement[bool]:
    """Who has left is looked for only where a slot asks for people by name, to say so."""
    if chosen.standing == ON_LEAVE:
        here = [Standing.ON_LEAVE]
    else:  # of the active only, those on leave are named as left out
        here = [Standing.ACTIVE, Standing.ON_LEAVE]
    condition = Person.standing.in_(here)
    if chosen.slot is None:
        return condition
    return or_(condition, Person.standing.in_(GONE) & Person.erased_on.is_(None))


def _below(slugs: tuple[str, ...]) -> ColumnElement[bool]:
    top, below = aliased(Section), aliased(Section)
    return Person.section_id.in_(
        select(below.id)
        .join(top, below.path.startswith(top.path, autoescape=False))
        .where(top.slug.in_(slugs))
    )


def reach(scope: Scope, chosen: Chosen) -> list[int]:
    """Ids of the sections whose people it goes to; one statement."""
    query = select(Section.id).where(scope.among(Section.id, Can.WRITE_MAILINGS))
    if chosen.sections:
        top = aliased(Section)
        query = query.join(top, Section.path.startswith(top.path, autoescape=False)).where(
            top.slug.in_(chosen.sections)
        )
    return list(session.scalars(query.distinct().order_by(Section.id)))


def _speaks(language: str, level: str) -> ColumnElement[bool]:
    spoken = exists().where(
        PersonLanguage.person_id == Person.id, PersonLanguage.language == language
    )
    if not level:
        return spoken
    if level not in set(Level):
        return literal(False)
    enough = [one for one in Level if one.reaches(Level(level))]
    return spoken.where(PersonLanguage.level.in_(enough))


def _paper(chosen: Chosen, today: date) -> ColumnElement[bool]:
    holding = parts.filters["qualification"]
    held = holding(chosen.qualification, today)
    later = holding(chosen.qualification, today + timedelta(days=SOON + 1))
    if held is None or later is None:
        return literal(False)
    return ~held if chosen.paper == "lacking" else held & ~later


def without(chosen: Chosen, ids: set[int], *, back: bool) -> Chosen:
    """The same with people taken out by hand, or taken back."""
    return replace(chosen, without=chosen.without - ids if back else chosen.without | ids)
