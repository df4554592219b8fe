"""Which slots are copied: a week of a section, a whole series."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import with_polymorphic

from brigades.access import Can, Scope
from brigades.db import session
from brigades.schedule.models import Series, Slot, Status

MOST_OF_A_WEEK = 500


def of_week(scope: Scope, can: Can, kind: str, section_id: int, monday: date) -> list[Slot]:
    """The slots of a kind that start in a week and are not cancelled; drafts are among them."""
    start = datetime.combine(monday, time())
    whole = with_polymorphic(Slot, "*")
    query = (
        select(whole)
        .where(
            whole.type == kind,
            whole.section_id == section_id,
            scope.within(whole, can),
            whole.starts_local >= start,
            whole.starts_local < start + timedelta(days=7),
            whole.status != Status.CANCELLED,
        )
        .order_by(whole.starts_local, whole.id)
    )
    return list(session.scalars(query.limit(MOST_OF_A_WEEK)))


def of_series(scope: Scope, can: Can, series_id: int) -> list[Slot]:
    """The slots of a series that are not cancelled, as far as somebody runs them."""
    whole = with_polymorphic(Slot, "*")
    query = select(whole).where(
        whole.series_id == series_id,
        scope.within(whole, can),
        whole.status != Status.CANCELLED,
    )
    return list(session.scalars(query.order_by(whole.starts_at, whole.id)))


def series(series_id: int) -> Series:
    """A series by its id."""
    return session.get_one(Series, series_id)


def hold(slots: Sequence[Slot]) -> None:
    """Lock slots in id order: who copies the same ones waits, and then sees these copies."""
    ids = [slot.id for slot in slots]
    query = select(Slot.id).where(Slot.id.in_(ids)).order_by(Slot.id)
    session.execute(query.with_for_update(of=Slot.__table__)).all()
