"""Everything that waits for a coordinator or organizer, in every section, as one subquery.

Each row is one thing to do. What is read of it is the same for one reader's list and for asking
whether there is anything at all, so that no mail is posted that would have nothing to say.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from brigades.attendance.service import ASKED_FOR
from brigades.audit.models import Entry
from brigades.clock import DAY
from brigades.db import Instant
from brigades.outbox.models import Mailbox
from brigades.people.models import Person, Standing
from brigades.qualifications.models import Kind, Qualification
from brigades.recruiting.models import WAITING_STAGES, Application
from brigades.schedule.again import IN_QUESTION, in_question_for
from brigades.schedule.models import Need, Participation, Slot, Status
from brigades.schedule.open_swaps import approvals
from brigades.schedule.states import COMING, HOLDING, State
from brigades.sections.models import Section

AHEAD = 14 * DAY  # how far an unfilled need is looked for
STILL_HERE = (Standing.ACTIVE, Standing.ON_LEAVE)


class What(StrEnum):
    """What there is to do, in the order in which the mail tells it."""

    APPLICATION = "application"
    COVER = "cover"
    REQUEST = "request"
    SWAP = "swap"
    DOUBT = "doubt"
    PAPER = "paper"
    OFFER = "offer"
    GAP = "gap"
    UNSAID = "unsaid"
    MAILBOX = "mailbox"


# What waits for a decision or a tick: left undone it climbs by the days since it came up. A gap
# climbs as its start comes near; an offer waits for whoever got it, and a mailbox for its owner.
CLIMBING = frozenset(What) - {What.GAP, What.OFFER, What.MAILBOX}


def given(now: datetime) -> dict[str, Any]:
    """What a statement with ``undone`` in it runs with besides its own values."""
    return {
        "now": now,
        "today": now.date(),
        "ahead": now + AHEAD,
        "asked": now - ASKED_FOR,
    }


def undone(*, within: bool = False) -> Subquery:
    """All that waits: what, which, in which section, since when, until when, who and what about.

    Which by its id; of papers and mailboxes it is their owner's. ``number`` counts places or
    people where the row stands for several; ``of`` how many there should be. ``within``: only in
    the sections that the statement is given as ``within``.
    """
    parts = [
        _applications(),
        _places(What.COVER, State.SEEKING_COVER),
        _places(What.REQUEST, State.REQUESTED),
        _swaps(),
        _doubts(),
        _papers(),
        _places(What.OFFER, State.OFFERED),
        gaps(),
        _unsaid(),
        _mailboxes(),
    ]
    if within:  # said to each part: no database does so by itself where a part counts
        parts = [part.where(_section(part).in_(_WITHIN)) for part in parts]
    return union_all(*parts).subquery("undone")


_WITHIN: Any = bindparam("within", expanding=True)


def _section(part: Select[Any]) -> Any:
    column: Any = part.selected_columns.section_id
    return column.element


def _row(
    what: What,
    id: Any,
    section: Any,
    since: Any,
    *,
    at: Any = None,
    person: Any = None,
    title: Any = None,
    slot: Any = None,
    number: Any = 1,
    of: Any = 0,
) -> Select[Any]:
    name = func.trim(person.given_name + " " + person.family_name) if person is not None else ""
    return select(
        cast(literal(what.value), Text).label("what"),
        id.label("id"),
        section.label("section_id"),
        cast(null(), Instant()).label("since") if since is None else since.label("since"),
        cast(null(), Instant()).label("at") if at is None else at.label("at"),
        (literal(name) if isinstance(name, str) else name).label("name"),
        (literal("") if title is None else title).label("title"),
        (cast(null(), Integer) if slot is None else slot.id).label("slot_id"),
        (literal("") if slot is None else slot.type).label("type"),
        (literal("") if slot is None else slot.zone).label("zone"),
        (cast(literal(number), Integer) if isinstance(number, int) else number).label("number"),
        (cast(literal(of), Integer) if isinstance(of, int) else of).label("of"),
    )


def _applications() -> Select[Any]:
    since = func.coalesce(Application.confirmed_at, Application.sent_at, type_=Instant())
    return _row(
        What.APPLICATION, Application.id, Application.section_id, since, person=Application
    ).where(Application.stage.in_(WAITING_STAGES))


def _ahead() -> Any:
    return and_(Slot.status == Status.PUBLISHED, Slot.starts_at > bindparam("now"))


def _places(what: What, state: State) -> Select[Any]:
    since = {
        State.SEEKING_COVER: func.coalesce(
            Participation.cover_since, Participation.changed_at, type_=Instant()
        ),
        State.REQUESTED: Participation.queued_at,
        State.OFFERED: Participation.changed_at,
    }[state]
    return (
        _row(
            what,
            Participation.id,
            Slot.section_id,
            since,
            at=Participation.answer_by if what is What.OFFER else Slot.starts_at,
            person=Person,
            title=Slot.title,
            slot=Slot,
        )
        .join(Slot, Slot.id == Participation.slot_id)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.state == state, _ahead())
    )


def _swaps() -> Select[Any]:
    """Swaps to approve, each where the section lies that runs all the slots that ask for it."""
    swaps = approvals()
    above = aliased(Section)
    section = (
        select(above.id)
        .where(
            swaps.c.one.startswith(above.path, autoescape=False),
            swaps.c.other.startswith(above.path, autoescape=False),
        )
        .order_by(func.length(above.path).desc())
        .limit(1)
        .correlate(swaps)
        .scalar_subquery()
    )
    # Outer joins are followed in this order: from the few swaps to the many slots and people.
    return (
        _row(
            What.SWAP,
            swaps.c.id,
            section,
            swaps.c.changed_at,
            at=Slot.starts_at,
            person=Person,
            title=Slot.title,
            slot=Slot,
        )
        .select_from(swaps)
        .outerjoin(Participation, Participation.id == swaps.c.mine_id)
        .outerjoin(Slot, Slot.id == Participation.slot_id)
        .outerjoin(Person, Person.id == Participation.person_id)
        .where(swaps.c.one.is_not(None))
    )


def _doubts() -> Select[Any]:
    noted = (
        select(func.max(Entry.at))
        .where(
            Entry.slot_id == Participation.slot_id,
            Entry.person_id == Participation.person_id,
            Entry.what == IN_QUESTION,
        )
        .correlate(Participation)
        .scalar_subquery()
    )
    since = func.coalesce(noted, Participation.changed_at, type_=Instant())
    return (
        _row(
            What.DOUBT,
            Participation.id,
            Slot.section_id,
            since,
            at=Slot.starts_at,
            person=Person,
            title=Slot.title,
            slot=Slot,
        )
        .join(Slot, Slot.id == Participation.slot_id)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.against != "", *in_question_for(bindparam("now")))
    )


def _papers() -> Select[Any]:
    """Certificates that nobody has checked, of people who are still with us, while they hold."""
    noted = (
        select(func.max(Entry.at, type_=Instant()))
        .where(
            Entry.person_id == Qualification.person_id,
            Entry.what.in_(("qualification added", "qualification changed")),
            Entry.became == Kind.name,
        )
        .correlate(Qualification, Kind)
        .scalar_subquery()
    )
    return (
        _row(What.PAPER, Person.id, Person.section_id, noted, person=Person, title=Kind.name)
        .select_from(Qualification)
        .join(Person, Person.id == Qualification.person_id)
        .join(Kind, Kind.id == Qualification.kind_id)
        .where(
            Qualification.verified_on.is_(None),
            or_(
                Qualification.valid_until.is_(None),
                Qualification.valid_until >= bindparam("today"),
            ),
            Person.standing.in_(STILL_HERE),
        )
    )


def gaps() -> Select[Any]:
    """Needs with fewer people than they must have, in what starts within the next days."""
    held = func.count(Participation.id)
    return (
        _row(
            What.GAP,
            Need.id,
            Slot.section_id,
            None,
            at=Slot.starts_at,
            title=Slot.title,
            slot=Slot,
            number=Need.least - held,
            of=Need.least,
        )
        .join(Slot, Slot.id == Need.slot_id)
        .outerjoin(
            Participation,
            (Participation.need_id == Need.id) & Participation.state.in_(HOLDING),
        )
        .where(_ahead(), Slot.starts_at <= bindparam("ahead"), Need.least > 0)
        .group_by(Slot.id, Need.id)
        .having(held < Need.least)
    )


def _unsaid() -> Select[Any]:
    """Slots that are over, with how many people of whom nobody has said whether they came."""
    return (
        _row(
            What.UNSAID,
            Slot.id,
            Slot.section_id,
            Slot.ends_at,
            at=Slot.starts_at,
            title=Slot.title,
            slot=Slot,
            number=func.count(Participation.id),
        )
        .join(Participation, Participation.slot_id == Slot.id)
        .where(
            Participation.state.in_(COMING),
            Slot.status == Status.PUBLISHED,
            Slot.ends_at <= bindparam("now"),
            Slot.ends_at > bindparam("asked"),
        )
        .group_by(Slot.id)
    )


def _mailboxes() -> Select[Any]:
    return (
        _row(
            What.MAILBOX,
            Person.id,
            Person.section_id,
            Mailbox.bouncing_since,
            person=Person,
            title=Person.email,
        )
        .join(Mailbox, Mailbox.address == func.lower(Person.email))
        .where(Mailbox.bouncing_since.is_not(None), Person.standing.in_(STILL_HERE))
    )
