"""Whom a mailing goes to, judged now: who fits, who of them is left out, and why."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from brigades.access import Can, Scope
from brigades.db import session
from brigades.mailings.chosen import ACTIVE, ON_LEAVE, Chosen
from brigades.outbox.kinds import How, Kind
from brigades.outbox.models import Mailbox, MailWish
from brigades.people import listing, parts
from brigades.people.levels import Level
from brigades.people.models import Person, PersonLanguage, Standing
from brigades.people.service import GONE
from brigades.qualifications.rules import SOON
from brigades.schedule.models import Participation, Slot
from brigades.schedule.states import State
from brigades.sections.models import Section
from brigades.trainings.models import Session
from brigades.web import Page

PER_PAGE = 50


class LeftOut(StrEnum):
    """Why somebody who fits gets no letter; the first that holds."""

    LEFT = "left"
    NOT_ACTIVE = "on leave"
    TAKEN_OUT = "taken out"
    NO_ADDRESS = "no address"
    BOUNCING = "bouncing"
    NOT_WANTED = "not wanted"


@dataclass
class Counts:
    """How many get it, by the language they read in, and how many are left out, by why."""

    by_locale: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    left_out: dict[LeftOut, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def reached(self) -> int:
        """How many get it."""
        return sum(self.by_locale.values())

    @property
    def missed(self) -> int:
        """How many are left out."""
        return sum(self.left_out.values())


@dataclass(frozen=True)
class Candidate:
    """Somebody who fits; ``why`` says why they are left out, None that they get it."""

    person: Person
    why: LeftOut | None


def fitting(scope: Scope, chosen: Chosen, today: date) -> Select[tuple[Person]]:
    """Everybody in scope whom the filters find, with their section, whether written to or not."""
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
    query = select(Section.id).where(Section.id.in_(scope.sections(Can.WRITE_MAILINGS)))
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


def why_not(chosen: Chosen, kind: Kind) -> ColumnElement[str]:
    """The value of ``LeftOut`` that holds for a person, or empty text."""
    bounces = exists().where(
        Mailbox.address == Person.email_key, Mailbox.bouncing_since.is_not(None)
    )
    unwanted = exists().where(
        MailWish.person_id == Person.id, MailWish.kind == kind, MailWish.how == How.NEVER
    )
    reasons: list[tuple[ColumnElement[bool], LeftOut]] = [
        (Person.standing.in_(GONE), LeftOut.LEFT),
        (Person.id.in_(sorted(chosen.without)), LeftOut.TAKEN_OUT),
        (func.coalesce(Person.email, "") == "", LeftOut.NO_ADDRESS),
        (bounces, LeftOut.BOUNCING),
        (unwanted, LeftOut.NOT_WANTED),
    ]
    if chosen.standing == ACTIVE:
        reasons.insert(1, (Person.standing == Standing.ON_LEAVE, LeftOut.NOT_ACTIVE))
    return case(*((one, literal(why.value)) for one, why in reasons), else_=literal(""))


def counts(scope: Scope, chosen: Chosen, kind: Kind, today: date) -> Counts:
    """How many get it and how many are left out; one statement."""
    judged = (
        fitting(scope, chosen, today)
        .with_only_columns(Person.locale, why_not(chosen, kind).label("why"))
        .subquery()
    )
    found = Counts()
    query = select(judged.c.locale, judged.c.why, func.count()).group_by(
        judged.c.locale, judged.c.why
    )
    for locale, why, number in session.execute(query):
        if why:
            found.left_out[LeftOut(why)] += number
        else:
            found.by_locale[locale] += number
    return found


def page_of(
    scope: Scope,
    chosen: Chosen,
    kind: Kind,
    today: date,
    counted: Counts,
    *,
    left_out: bool,
    number: int,
) -> Page[Candidate]:
    """A page of those who get it, or of those who are left out, by name; one statement."""
    total = counted.missed if left_out else counted.reached
    number = min(number, max(1, -(-total // PER_PAGE)))
    why = why_not(chosen, kind)
    query = (
        fitting(scope, chosen, today)
        .add_columns(why)
        .where(why != "" if left_out else why == "")
        .order_by(*listing.SORTS["name"])
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    rows = [
        Candidate(person, LeftOut(why) if why else None) for person, why in session.execute(query)
    ]
    return Page(rows, number, PER_PAGE, total)


def everybody(scope: Scope, chosen: Chosen, kind: Kind, today: date) -> list[Candidate]:
    """All who fit, by name, for a file; one statement."""
    query = fitting(scope, chosen, today).add_columns(why_not(chosen, kind))
    ordered = query.order_by(*listing.SORTS["name"])
    return [
        Candidate(person, LeftOut(why) if why else None) for person, why in session.execute(ordered)
    ]


def without(chosen: Chosen, ids: set[int], *, back: bool) -> Chosen:
    """The same with people taken out by hand, or taken back."""
    return replace(chosen, without=chosen.without - ids if back else chosen.without | ids)
