"""What lies above this folder, as far as letters point to it: tables known by foreign keys."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func

from brigades.outbox.models import Letter


def person() -> FromClause:
    """The table of people."""
    return _behind("person_id")


def section() -> FromClause:
    """The tree of sections."""
    return _behind("section_id")


def mailing() -> FromClause:
    """The table of mailings."""
    return _behind("mailing_id")


def _behind(column: str) -> FromClause:
    return next(iter(Letter.__table__.c[column].foreign_keys)).column.table


def day_zone() -> ColumnElement[str]:
    """The zone of somebody's day, an IANA name: where they live if they say so, else their section.

    For a query that joins people and their sections.
    """
    return func.coalesce(person().c.zone, section().c.zone)


def with_readers(query: Select[Any]) -> Select[Any]:
    """Letters to people who are known, joined with them and with the sections they are in."""
    return query.join(person(), person().c.id == Letter.person_id).join(
        section(), section().c.id == person().c.section_id
    )
