"""A person's place in a slot, and what is asked about it: cover, a swap."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.db import Model
from brigades.people.models import Person
from brigades.schedule.models.slots import Need, Slot
from brigades.schedule.states import HOLDING, LIVE, OPEN, State


def _states(states: frozenset[State]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states))


class Participation(Model):
    """One person's place in one slot, from asking to having been there."""

    __tablename__ = "participation"
    __table_args__ = (
        Index(
            "uq_participation_live",
            "slot_id",
            "person_id",
            unique=True,
            sqlite_where=text(f"state IN ({_states(LIVE)})"),
            postgresql_where=text(f"state IN ({_states(LIVE)})"),
        ),
        Index("ix_participation_need_state", "need_id", "state"),
        Index("ix_participation_person_state", "person_id", "state"),
        Index(
            "ix_participation_answer_by",
            "answer_by",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
        Index(
            "ix_participation_cover",
            "cover_since",
            sqlite_where=text("state = 'seeking cover'"),
            postgresql_where=text("state = 'seeking cover'"),
        ),
        Index(
            "ix_participation_against",
            "slot_id",
            sqlite_where=text("against <> ''"),
            postgresql_where=text("against <> ''"),
        ),
        # What hours are added up from: read without opening a row.
        Index(
            "ix_participation_attended",
            "person_id",
            "slot_id",
            "came_at",
            "left_at",
            "more_hours",
            sqlite_where=text("state = 'attended'"),
            postgresql_where=text("state = 'attended'"),
        ),
        # Those that somebody has to answer or decide on: few among all there ever were.
        Index(
            "ix_participation_open",
            "state",
            "slot_id",
            "answer_by",
            sqlite_where=text(f"state IN ({_states(OPEN)})"),
            postgresql_where=text(f"state IN ({_states(OPEN)})"),
        ),
        Index("ix_participation_slot_state", "slot_id", "state"),
        UniqueConstraint("slot_id", "person_id", "round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"))
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    round: Mapped[int] = mapped_column(default=1)  # who left and came back starts another round
    state: Mapped[State]
    queued_at: Mapped[datetime]  # since when they wait; order of the waitlist with the id
    asked_at: Mapped[datetime | None]  # when a place was last offered
    answer_by: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    override: Mapped[str] = mapped_column(default="")  # why a warning was overruled
    cover_since: Mapped[datetime | None]  # since when they look for somebody to take it
    cover_looked_at: Mapped[datetime | None]  # when people were last looked for, found or not
    sequence: Mapped[int] = mapped_column(default=0)  # with the slot's, iCalendar SEQUENCE
    # Codes of what stood against it at the last nightly look, sorted, with commas between.
    against: Mapped[str] = mapped_column(default="")
    # Check-in and check-out; None where only "was there" is known, which means the whole slot.
    came_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    # The times were stated by hand: they count as they stand, whatever the slot's length.
    more_hours: Mapped[bool] = mapped_column(default=False)

    slot: Mapped[Slot] = relationship(lazy="raise", back_populates="participations")
    need: Mapped[Need] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    @property
    def holds(self) -> bool:
        """Whether this takes up one of the need's places."""
        return self.state in HOLDING


class CoverAsk(Model):
    """Somebody was asked to take over a place whose holder cannot come; waves count from 1."""

    __tablename__ = "cover_ask"
    __table_args__ = (UniqueConstraint("place_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("participation.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    wave: Mapped[int]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    said_yes: Mapped[bool | None]

    place: Mapped[Participation] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class SwapState(StrEnum):
    """Where a swap stands. AGREED waits for the coordinator, where the slot asks for that."""

    ASKED = "asked"
    AGREED = "agreed"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Swap(Model):
    """One person asks another to trade places: each takes the other's slot and need."""

    __tablename__ = "swap"

    id: Mapped[int] = mapped_column(primary_key=True)
    mine_id: Mapped[int] = mapped_column(
        ForeignKey("participation.id", ondelete="CASCADE"), index=True
    )
    theirs_id: Mapped[int] = mapped_column(
        ForeignKey("participation.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[SwapState] = mapped_column(default=SwapState.ASKED)
    asked_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(default="")

    mine: Mapped[Participation] = relationship(lazy="raise", foreign_keys=[mine_id])
    theirs: Mapped[Participation] = relationship(lazy="raise", foreign_keys=[theirs_id])
