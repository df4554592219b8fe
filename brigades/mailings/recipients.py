"""Who of those whom the filters find gets a mailing, who is left out, and why."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, exists, func, literal, or_, select

from brigades.access import Scope
from brigades.db import session
from brigades.mailings.choosing import fitting
from brigades.mailings.chosen import ACTIVE, Chosen
from brigades.outbox.kinds import How, Kind
from brigades.outbox.models import Fate, Letter, Mailbox, MailWish
from brigades.paging import Page
from brigades.people import listing
from brigades.people.models import Person, Standing
from brigades.people.service import GONE

PER_PAGE = 50


class LeftOut(StrEnum):
    """Why somebody who fits gets no letter; the first that holds."""

    LEFT = "left"
    NOT_ACTIVE = "on leave"
    TAKEN_OUT = "taken out"
    NO_ADDRESS = "no address"
    BOUNCING = "bouncing"
    NOT_WANTED = "not wanted"
    GOT_IT = "got it"
    MAY_HAVE_IT = "may have it"


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


def why_not(chosen: Chosen, kind: Kind, now: datetime) -> ColumnElement[str]:
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
    if chosen.yet:
        on_its_way = Letter.fate.in_((Fate.SENT, Fate.WAITING, Fate.GATHERED))
        in_hand = Letter.leased_until > now  # of a worker, though its mailing was stopped
        reasons.append((_letter_of(chosen.after, or_(on_its_way, in_hand)), LeftOut.GOT_IT))
        if not chosen.doubtful:
            doubt = _letter_of(chosen.after, Letter.may_have_arrived.is_(True))
            reasons.append((doubt, LeftOut.MAY_HAVE_IT))
    if chosen.standing == ACTIVE:
        reasons.insert(1, (Person.standing == Standing.ON_LEAVE, LeftOut.NOT_ACTIVE))
    return case(*((one, literal(why.value)) for one, why in reasons), else_=literal(""))


def _letter_of(mailings: tuple[int, ...], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether one of these mailings has a letter to a person of which the condition holds."""
    return Person.id.in_(
        select(Letter.person_id).where(
            Letter.mailing_id.in_(mailings), Letter.person_id.is_not(None), condition
        )
    )


def counts(scope: Scope, chosen: Chosen, kind: Kind, now: datetime) -> Counts:
    """How many get it and how many are left out; one statement."""
    judged = (
        fitting(scope, chosen, now.date())
        .with_only_columns(Person.locale, why_not(chosen, kind, now).label("why"))
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
    now: datetime,
    counted: Counts,
    *,
    left_out: bool,
    number: int,
) -> Page[Candidate]:
    """A page of those who get it, or of those who are left out, by name; one statement."""
    total = counted.missed if left_out else counted.reached
    number = min(number, max(1, -(-total // PER_PAGE)))
    why = why_not(chosen, kind, now)
    query = (
        fitting(scope, chosen, now.date())
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


def everybody(scope: Scope, chosen: Chosen, kind: Kind, now: datetime) -> list[Candidate]:
    """All who fit, by name, for a file; one statement."""
    query = fitting(scope, chosen, now.date()).add_columns(why_not(chosen, kind, now))
    ordered = query.order_by(*listing.SORTS["name"])
    return [
        Candidate(person, LeftOut(why) if why else None) for person, why in session.execute(ordered)
    ]
