"""One place, or one question to take a place over: by its number, or whose it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import contains_eager, joinedload

from brigades.asking import MOST_ID
from brigades.db import built_once, session
from brigades.schedule.models import CoverAsk, Participation, Slot, Status
from brigades.schedule.states import LIVE, State

MOST_ASKS = 20  # shown at once


def live_place(slot_id: int, person_id: int) -> Participation | None:
    """The person's live participation in a slot."""
    return session.scalar(
        select(Participation).where(
            Participation.slot_id == slot_id,
            Participation.person_id == person_id,
            Participation.state.in_(LIVE),
        )
    )


def place_in(slot_id: int, place_id: int) -> Participation | None:
    """A participation of that slot, with its person and need."""
    if place_id > MOST_ID:
        return None
    return session.scalar(
        select(Participation)
        .where(Participation.id == place_id, Participation.slot_id == slot_id)
        .options(joinedload(Participation.person), joinedload(Participation.need))
    )


def whole(place_id: int) -> Participation | None:
    """A place with its person, its slot and the slot's section; for the page behind a mail."""
    if place_id > MOST_ID:
        return None
    return session.scalar(
        select(Participation)
        .where(Participation.id == place_id)
        .options(
            joinedload(Participation.person),
            joinedload(Participation.slot).joinedload(Slot.section),
        )
    )


def whole_ask(ask_id: int) -> CoverAsk | None:
    """What somebody was asked to take over, with both people, the slot and its section."""
    if ask_id > MOST_ID:
        return None
    return session.scalar(
        select(CoverAsk)
        .where(CoverAsk.id == ask_id)
        .options(
            joinedload(CoverAsk.person),
            joinedload(CoverAsk.place).joinedload(Participation.person),
            joinedload(CoverAsk.place).joinedload(Participation.slot).joinedload(Slot.section),
        )
    )


def waits_for_answer() -> tuple[ColumnElement[bool], ...]:
    """The conditions that a question for cover, joined with its place, still waits for an answer.

    One of an earlier search for the same place does not: its person is asked anew in their turn.
    """
    return (
        Participation.state == State.SEEKING_COVER,
        CoverAsk.answered_at.is_(None),
        CoverAsk.asked_at >= Participation.cover_since,
    )


def asks_of(person_id: int, now: datetime) -> list[CoverAsk]:
    """What somebody is asked to take over and has not answered, each with its place and slot."""
    return list(session.scalars(_asks(), {"reader": person_id, "now": now}))


@built_once
def _asks() -> Select[Any]:
    return (
        select(CoverAsk)
        .join(CoverAsk.place)
        .join(Participation.slot)
        .options(contains_eager(CoverAsk.place).contains_eager(Participation.slot))
        .where(
            CoverAsk.person_id == bindparam("reader"),
            *waits_for_answer(),
            Slot.status == Status.PUBLISHED,
            Slot.starts_at > bindparam("now"),
        )
        .order_by(Slot.starts_at, CoverAsk.id)
        .limit(MOST_ASKS)
    )


def my_ask(slot_id: int, person_id: int) -> CoverAsk | None:
    """The open question to somebody whether they take a place over in a slot; its place loaded."""
    return session.scalar(
        select(CoverAsk)
        .join(CoverAsk.place)
        .where(
            Participation.slot_id == slot_id,
            CoverAsk.person_id == person_id,
            *waits_for_answer(),
        )
        .options(joinedload(CoverAsk.place))
        .order_by(CoverAsk.id)
        .limit(1)
    )
