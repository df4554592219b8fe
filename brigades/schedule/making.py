"""Making many slots at once, in a fixed number of statements however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert

from brigades.audit import service as audit
from brigades.db import session
from brigades.schedule.models import Need, Slot, SlotPaper, Status


@dataclass(frozen=True)
class New:
    """A slot to be made: of which kind, its columns (type aside), its needs and papers.

    ``values`` name the same columns in all that are made at once, and so do ``own``, those that
    only its kind has, in all of a kind.
    """

    kind: type[Slot]
    values: dict[str, Any]
    own: dict[str, Any]
    needs: Sequence[dict[str, Any]] = ()
    kind_ids: Sequence[int] = ()


def make(wanted: Sequence[New], *, by: int, now: datetime, why: str) -> list[int]:
    """Make them; returns their ids, in order. The trail of each says ``why``."""
    if not wanted:
        return []
    ids = _insert([_row(one, now) for one in wanted])
    for kind in {one.kind for one in wanted}:
        session.execute(
            insert(cast(Table, kind.__table__)),
            [
                {"id": id, **one.own}
                for id, one in zip(ids, wanted, strict=True)
                if one.kind is kind
            ],
        )
    _insert_what_hangs_on(wanted, ids)
    for status in Status:
        audit.record_each(
            [
                (id, one.values["section_id"])
                for id, one in zip(ids, wanted, strict=True)
                if one.values["status"] is status
            ],
            "slot",
            by=by,
            at=now,
            became=status.value,
            why=why,
        )
    return ids


def _row(one: New, now: datetime) -> dict[str, Any]:
    stamps = {"sequence": 0, "created_at": now, "changed_at": now}
    return {"type": one.kind.__mapper_args__["polymorphic_identity"], **one.values, **stamps}


def _insert(rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert slots in one statement; returns their ids in the order of the rows.

    Databases give them back in any order, so each is known by all that it says. Two that say the
    same may change places.
    """
    table, names = cast(Table, Slot.__table__), list(rows[0])
    known: dict[tuple[Any, ...], list[int]] = {}
    columns = [table.c[name] for name in names]
    for id, *values in session.execute(insert(table).returning(table.c.id, *columns), list(rows)):
        known.setdefault(tuple(values), []).append(id)
    return [known[tuple(row[name] for name in names)].pop(0) for row in rows]


def _insert_what_hangs_on(wanted: Sequence[New], ids: Sequence[int]) -> None:
    pairs = list(zip(ids, wanted, strict=True))
    needs = [{"slot_id": id, **need} for id, one in pairs for need in one.needs]
    papers = [{"slot_id": id, "kind_id": kind_id} for id, one in pairs for kind_id in one.kind_ids]
    if needs:
        session.execute(insert(Need), needs, execution_options={"render_nulls": True})
    if papers:
        session.execute(insert(SlotPaper), papers)
