"""The core: whatever has a time, a place and places to fill is a Slot."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.clock import Wall
from brigades.db import Model, WallTime
from brigades.people.levels import Level
from brigades.people.models import Person
from brigades.people.skills import Skill
from brigades.qualifications.models import Kind
from brigades.schedule.states import HOLDING, LIVE, State
from brigades.sections.models import Section


class Status(StrEnum):
    """State of a slot; that it is over is read off its end."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class SignUp(StrEnum):
    """How people come in: by themselves, by asking, or only when a coordinator assigns them."""

    OPEN = "open"
    REQUEST = "request"
    ASSIGNED = "assigned"


class Slot(Model):
    """A time, a place, places to fill. Wall time is the truth, the instants follow from it."""

    __tablename__ = "slot"
    __table_args__ = (
        Index("ix_slot_section_start", "section_id", "starts_at", "id"),
        Index("ix_slot_section_end", "section_id", "ends_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    title: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    online_url: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    zone: Mapped[str]
    starts_local: Mapped[datetime] = mapped_column(WallTime())
    starts_fold: Mapped[int] = mapped_column(default=0)
    ends_local: Mapped[datetime] = mapped_column(WallTime())
    ends_fold: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    signup: Mapped[SignUp] = mapped_column(default=SignUp.OPEN)
    waitlist: Mapped[bool] = mapped_column(default=True)
    signup_until: Mapped[date | None]  # last local day to come in by oneself
    sequence: Mapped[int] = mapped_column(default=0)  # iCalendar SEQUENCE
    moved_at: Mapped[datetime | None]  # when its people were last told of another time or place
    changed_at: Mapped[datetime]
    created_at: Mapped[datetime]

    section: Mapped[Section] = relationship(lazy="raise")
    needs: Mapped[list["Need"]] = relationship(
        lazy="raise", order_by="Need.position, Need.id", back_populates="slot"
    )
    participations: Mapped[list["Participation"]] = relationship(
        lazy="raise", back_populates="slot"
    )

    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "slot"}

    @property
    def starts(self) -> Wall:
        """Start as it stands on the wall."""
        return Wall(self.starts_local, self.zone, self.starts_fold)

    @property
    def ends(self) -> Wall:
        """End as it stands on the wall."""
        return Wall(self.ends_local, self.zone, self.ends_fold)

    @property
    def hours(self) -> float:
        """Length in hours between the instants, whatever the clocks do meanwhile."""
        return (self.ends_at - self.starts_at).total_seconds() / 3600

    def derive_instants(self) -> None:
        """Compute the UTC instants from the wall times under the zone rules of today."""
        self.starts_at, self.ends_at = self.starts.instant, self.ends.instant


class Need(Model):
    """What a slot asks for and for how many: everything set here must be met by one person.

    ``most`` None is unlimited, 0 is none. An interpreter needs two languages.
    """

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint("least >= 0", name="least"),
        CheckConstraint("most IS NULL OR most >= least", name="most"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    skill: Mapped[Skill | None]
    trade: Mapped[str] = mapped_column(default="")
    language: Mapped[str | None]
    language_to: Mapped[str | None]
    level: Mapped[Level | None]
    kind_id: Mapped[int | None] = mapped_column(ForeignKey("kind.id"))
    least: Mapped[int] = mapped_column(default=0)
    most: Mapped[int | None]

    slot: Mapped[Slot] = relationship(lazy="raise", back_populates="needs")
    kind: Mapped[Kind | None] = relationship(lazy="raise")


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
        UniqueConstraint("slot_id", "person_id", "round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), index=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    round: Mapped[int] = mapped_column(default=1)  # who left and came back starts another round
    state: Mapped[State]
    queued_at: Mapped[datetime]  # since when they wait; order of the waitlist with the id
    asked_at: Mapped[datetime | None]  # when a place was last offered
    answer_by: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    override: Mapped[str] = mapped_column(default="")  # why a warning was overruled
    came_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    slot: Mapped[Slot] = relationship(lazy="raise", back_populates="participations")
    need: Mapped[Need] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    @property
    def holds(self) -> bool:
        """Whether this takes up one of the need's places."""
        return self.state in HOLDING
