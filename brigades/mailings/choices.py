"""What whoever chooses readers can choose from, read in two statements."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import String, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import joinedload

from brigades.access import Can, Scope
from brigades.db import session
from brigades.qualifications.models import Kind
from brigades.schedule.models import Slot, Status
from brigades.sections.models import Section
from brigades.trainings.models import Course

# So many of those that come next and of those that are over stand in the list.
COMING, OVER = 100, 60


@dataclass
class Choices:
    """Sections by slug and name, kinds and courses by id and name, all by name.

    ``slots`` are published, with their section: those to come by start, those over newest first.
    """

    sections: list[tuple[str, str]] = field(default_factory=list)
    kinds: list[tuple[int, str]] = field(default_factory=list)
    courses: list[tuple[int, str]] = field(default_factory=list)
    coming: list[Slot] = field(default_factory=list)
    over: list[Slot] = field(default_factory=list)

    def slot(self, slot_id: int | None) -> Slot | None:
        """One of the slots."""
        return next((slot for slot in (*self.coming, *self.over) if slot.id == slot_id), None)


def choices(scope: Scope, now: datetime, chosen_slot: int | None = None) -> Choices:
    """The choices within the scope; the chosen slot is among them however far away it is."""
    found = Choices()
    none = cast(null(), String)
    rows = union_all(
        select(
            literal("section").label("tag"),
            Section.id.label("id"),
            Section.slug.label("slug"),
            Section.name.label("name"),
        ).where(scope.among(Section.id, Can.WRITE_MAILINGS)),
        select(literal("kind"), Kind.id, none, Kind.name),
        select(literal("course"), Course.id, none, Course.title).where(
            scope.within(Course, Can.TAKE_PART), Course.archived.is_(False)
        ),
    ).subquery()
    query = select(rows.c.tag, rows.c.id, rows.c.slug, rows.c.name)
    for tag, id, slug, name in session.execute(query.order_by(rows.c.name, rows.c.id)):
        if tag == "section":
            found.sections.append((slug, name))
        else:
            (found.kinds if tag == "kind" else found.courses).append((id, name))
    for slot in _slots(scope, now, chosen_slot):
        (found.coming if slot.ends_at > now else found.over).append(slot)
    found.over.reverse()
    return found


def _slots(scope: Scope, now: datetime, chosen_slot: int | None) -> list[Slot]:
    within = scope.select(Slot, Can.WRITE_MAILINGS).where(Slot.status == Status.PUBLISHED)
    ids = within.with_only_columns(Slot.id)
    coming = ids.where(Slot.ends_at > now).order_by(Slot.starts_at, Slot.id).limit(COMING)
    over = ids.where(Slot.ends_at <= now).order_by(Slot.starts_at.desc(), Slot.id).limit(OVER)
    query = within.where(
        or_(
            Slot.id.in_(select(coming.subquery().c.id)),
            Slot.id.in_(select(over.subquery().c.id)),
            Slot.id == chosen_slot,
        )
    )
    ordered = query.options(joinedload(Slot.section)).order_by(Slot.starts_at, Slot.id)
    return list(session.scalars(ordered))
