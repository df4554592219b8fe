"""The core: whatever has a time, a place and places to fill is a Slot."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.clock import MINUTE, Wall, to_wall
from brigades.db import Model, WallTime
from brigades.people.levels import Level
from brigades.people.skills import Skill
from brigades.qualifications.models import Kind
from brigades.schedule.rules.series import Every
from brigades.sections.models import Section

if TYPE_CHECKING:
    from brigades.schedule.models.places import Participation


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
        Index("ix_slot_ends_at", "ends_at"),
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
    # Whether a place that frees goes to the longest waiting at once, without their answer.
    fills_at_once: Mapped[bool] = mapped_column(default=False)
    meet_before: Mapped[int] = mapped_column(default=0)  # minutes before the start
    leave_by_hours: Mapped[int | None]  # until how long before the start; None as the limits say
    swaps_asked: Mapped[bool] = mapped_column(default=False)  # the coordinator approves swaps
    min_age: Mapped[int | None]  # years on the local day of the start
    with_children: Mapped[bool] = mapped_column(default=False)  # asks for a safeguarding check
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    series_day: Mapped[date | None]  # the day the series gave it, wherever it was moved since
    sequence: Mapped[int] = mapped_column(default=0)  # iCalendar SEQUENCE
    moved_at: Mapped[datetime | None]  # when its people were last told of another time or place
    # The rules of its zone moved its instants, and who has a place was not judged by them yet.
    judge_again: Mapped[bool] = mapped_column(default=False)
    printed_code: Mapped[int] = mapped_column(default=0)  # the printed ones before it open nothing
    changed_at: Mapped[datetime]
    created_at: Mapped[datetime]

    section: Mapped[Section] = relationship(lazy="raise")
    needs: Mapped[list["Need"]] = relationship(
        lazy="raise", order_by="Need.position, Need.id", back_populates="slot"
    )
    participations: Mapped[list["Participation"]] = relationship(
        lazy="raise", back_populates="slot"
    )
    series: Mapped["Series | None"] = relationship(lazy="raise")

    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "slot"}

    @property
    def leader_id(self) -> int | None:
        """Whoever leads on the day; each kind of slot says who that is."""
        return None

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

    @property
    def meets_at(self) -> datetime:
        """The instant at which people meet; the start where no meeting time is set."""
        return self.starts_at - self.meet_before * MINUTE

    @property
    def meets(self) -> Wall:
        """When people meet, as it stands on the wall."""
        return to_wall(self.meets_at, self.zone)

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


class SlotPaper(Model):
    """A qualification that everybody in a slot must hold, whatever their need asks for besides."""

    __tablename__ = "slot_paper"

    slot_id: Mapped[int] = mapped_column(
        ForeignKey("slot.id", ondelete="CASCADE"), primary_key=True
    )
    kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"), primary_key=True)


class Series(Model):
    """Slots that repeat on the same wall time. It says where they came from; each lives on its own.

    ``step``: every so many days or weeks. ``weekdays``: ISO numbers such as "135", for weeks.
    """

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    every: Mapped[Every]
    step: Mapped[int] = mapped_column(default=1)
    weekdays: Mapped[str] = mapped_column(default="")
    until: Mapped[date | None]
    count: Mapped[int | None]
    created_at: Mapped[datetime]
