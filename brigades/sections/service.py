"""Reading and changing the tree of sections, and who is appointed where."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, and_, bindparam, func, literal, select, union_all
from sqlalchemy.orm import aliased, joinedload

from brigades.access import Can, Role, Scope, scope_from
from brigades.db import built_once, session
from brigades.sections.models import Appointment, Section


def scope_of(person_id: int, home_id: int, today: date) -> Scope:
    """What a person may do today, in one statement.

    Appointments spread downward over all sections below theirs; the membership spreads upward,
    from the home section to the international body.
    """
    places: dict[Role, set[int]] = defaultdict(set)
    given = {"person": person_id, "home": home_id, "today": today}
    there_are = 0
    for role, section_id, total in session.execute(_places(), given):
        places[Role(role)].add(section_id)
        there_are = total
    held = {role: frozenset(ids) for role, ids in places.items()}
    return scope_from(person_id, held, there_are)


@built_once
def _places() -> CompoundSelect[Any]:
    """Roles, the sections in which somebody has them, and how many sections there are in all."""
    top, below, home = aliased(Section), aliased(Section), aliased(Section)
    there_are = select(func.count()).select_from(aliased(Section)).scalar_subquery()
    appointed = (
        select(Appointment.role, below.id, there_are)
        .join(top, top.id == Appointment.section_id)
        .join(below, below.path.startswith(top.path, autoescape=False))
        .where(
            Appointment.person_id == bindparam("person"),
            Appointment.holds_on(bindparam("today")),
        )
    )
    member = select(literal(Role.VOLUNTEER, Appointment.role.type), Section.id, there_are).join(
        home,
        and_(home.id == bindparam("home"), home.path.startswith(Section.path, autoescape=False)),
    )
    return union_all(appointed, member)


def set_path(section: Section, parent: Section | None) -> None:
    """Give a section (flushed, so it has an id) its place in the tree."""
    section.parent_id = parent.id if parent else None
    section.path = f"{parent.path if parent else '/'}{section.id}/"


def tree() -> list[Section]:
    """Every section, each after the one above it, siblings by name; one statement."""
    sections = session.scalars(select(Section).order_by(Section.name, Section.id)).all()
    children: dict[int | None, list[Section]] = defaultdict(list)
    for section in sections:
        children[section.parent_id].append(section)
    ordered: list[Section] = []
    ahead = list(reversed(children[None]))
    while ahead:
        section = ahead.pop()
        ordered.append(section)
        ahead.extend(reversed(children[section.id]))
    return ordered


def by_slug(slug: str) -> Section | None:
    """A section with the one above it; public."""
    return session.scalar(
        select(Section).options(joinedload(Section.parent)).where(Section.slug == slug)
    )


def children_of(section: Section) -> list[Section]:
    """The sections directly below one, by name."""
    return list(
        session.scalars(
            select(Section)
            .where(Section.parent_id == section.id)
            .order_by(Section.name, Section.id)
        )
    )


def within(scope: Scope, can: Can | None = None) -> list[Section]:
    """The sections of a scope, by name; what a form may offer to somebody."""
    query = select(Section).where(scope.among(Section.id, can))
    return list(session.scalars(query.order_by(Section.name, Section.id)))


def names(scope: Scope, can: Can | None = None) -> list[tuple[int, str]]:
    """Ids and names of the sections of a scope, by name; what a filter offers."""
    return [(id, name) for id, _slug, name in _named(scope, can)]


def slugs(scope: Scope, can: Can | None = None) -> list[tuple[str, str]]:
    """Their slugs and names, by name."""
    return [(slug, name) for _id, slug, name in _named(scope, can)]


def _named(scope: Scope, can: Can | None) -> Iterable[tuple[int, str, str]]:
    query = select(Section.id, Section.slug, Section.name).where(scope.among(Section.id, can))
    return session.execute(query.order_by(Section.name, Section.id)).tuples()


def by_id(section_id: int) -> Section:
    """A section that is there."""
    return session.get_one(Section, section_id)


def body_within(scope: Scope) -> Section | None:
    """The international body, where the scope reaches it; what all share is changed there."""
    return session.scalar(
        select(Section).where(Section.parent_id.is_(None), scope.among(Section.id))
    )
