"""Changing the tree of sections: adding, moving, deleting. Every change stands in the trail."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, literal, select, union_all, update
from sqlalchemy.exc import IntegrityError

from brigades.audit import service as audit
from brigades.audit.models import Entry
from brigades.db import Base, session
from brigades.sections.models import Section
from brigades.sections.service import set_path

RESERVED = frozenset({"new"})  # taken by an address of ours

# Tables of higher folders whose rows keep no section from being deleted, and what takes them away;
# registered in create_app.
along: dict[str, Callable[[int], None]] = {}


@dataclass(frozen=True)
class Values:
    """What a section is described by; all of it as the form has checked it."""

    name: str
    slug: str
    zone: str
    country: str | None = None
    locale: str = "en"
    contact: str | None = None
    about: str = ""
    recruits: bool = False
    looks_for: list[str] = field(default_factory=list)


class SlugTaken(Exception):
    """Another section has this address already."""


class UnderItself(Exception):
    """A section cannot stand under itself or under one of those below it."""


class Occupied(Exception):
    """Something still belongs to the section; ``by`` names the tables, in a fixed order."""

    def __init__(self, by: list[str]) -> None:
        super().__init__(", ".join(by))
        self.by = by


def slug_of(name: str) -> str:
    """An address made of a name's Latin letters and digits; "" where it has none."""
    import unicodedata

    spread = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", spread).strip("-")[:60].strip("-")


def create(values: Values, parent_id: int, *, by: int, now: datetime) -> Section:
    """Add a section below another. Raises SlugTaken."""
    _lock_tree()
    parent = session.get_one(Section, parent_id, populate_existing=True)
    _check_slug(values.slug)
    section = Section(created_at=now)
    _describe(section, values)
    session.add(section)
    session.flush()
    set_path(section, parent)
    audit.record("section created", by=by, at=now, became=section.name, section_id=section.id)
    session.flush()
    return section


def change(
    section_id: int, values: Values, parent_id: int | None, *, by: int, now: datetime
) -> Section:
    """Describe a section anew and move it, with all below it, under another one.

    ``parent_id`` None leaves it where it is. Raises SlugTaken and UnderItself.
    """
    _lock_tree()
    section = session.get_one(Section, section_id, populate_existing=True)
    _check_slug(values.slug, section.id)
    was = _summary(section)
    if parent_id is not None and parent_id != section.parent_id:
        _move(section, session.get_one(Section, parent_id, populate_existing=True))
    _describe(section, values)
    became = _summary(section)
    audit.record(
        "section changed",
        by=by,
        at=now,
        was=was if was != became else "",
        became=became,
        section_id=section.id,
    )
    session.flush()
    return section


def delete(section_id: int, *, by: int, now: datetime) -> None:
    """Remove a section to which nothing belongs. Raises Occupied.

    Its trail stays and, like the note that it was deleted, moves to the section above.
    """
    _lock_tree()
    section = session.get_one(Section, section_id, populate_existing=True)
    if used := belongings(section.id):
        raise Occupied(used)
    for take_away in along.values():
        take_away(section.id)
    session.execute(
        update(Entry).where(Entry.section_id == section.id).values(section_id=section.parent_id)
    )
    audit.record("section deleted", by=by, at=now, was=section.name, section_id=section.parent_id)
    session.flush()
    try:
        with session.begin_nested():
            session.delete(section)
            session.flush()
    except IntegrityError as error:  # somebody joined it a moment ago
        raise Occupied(belongings(section_id)) from error


def belongings(section_id: int) -> list[str]:
    """Names of the tables that have a row of this section; one statement.

    But for the trail and what goes along. Found by the foreign keys themselves, so that a table
    added later is not forgotten.
    """
    passed_over = {Entry.__tablename__, *along}
    found = [
        select(literal(table.name).label("name")).where(
            select(literal(1)).select_from(table).where(key.parent == section_id).exists()
        )
        for table in Base.metadata.sorted_tables
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column is Section.__table__.c.id and table.name not in passed_over
    ]
    return sorted(set(session.scalars(union_all(*found))))


def _lock_tree() -> None:
    """Let one change of the tree at a time through: two moves together could form a ring."""
    session.execute(select(Section.id).where(Section.parent_id.is_(None)).with_for_update())


def _move(section: Section, parent: Section) -> None:
    if parent.path.startswith(section.path):
        raise UnderItself
    old = section.path
    set_path(section, parent)
    session.flush()
    below = Section.path.startswith(old, autoescape=True)
    session.execute(
        update(Section)
        .where(below, Section.id != section.id)
        .values(path=literal(section.path) + func.substr(Section.path, len(old) + 1))
        .execution_options(synchronize_session="fetch")
    )


def _describe(section: Section, values: Values) -> None:
    section.name, section.slug, section.zone = values.name, values.slug, values.zone
    section.country, section.locale = values.country, values.locale
    section.contact, section.about = values.contact, values.about
    section.recruits, section.looks_for = values.recruits, list(values.looks_for)


def _check_slug(slug: str, section_id: int | None = None) -> None:
    """The tree is locked, so nobody can take it between this look and the writing."""
    if session.scalar(select(Section.id).where(Section.slug == slug)) not in (None, section_id):
        raise SlugTaken(slug)


def _summary(section: Section) -> str:
    return f"{section.name}, {section.zone}"
