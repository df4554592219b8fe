"""Who may do what, where. Said here once; the door and every query follow it.

An appointment gives a role in a section and in all below it. A membership gives the role of a
volunteer, whose view goes upward: a section's people see what their own section offers and what
the bodies above it offer to everyone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select


class Role(StrEnum):
    """What somebody is in a section."""

    VOLUNTEER = "volunteer"
    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    ORGANIZER = "organizer"
    ADMINISTRATOR = "administrator"


class Can(StrEnum):
    """One thing that somebody may do. ANYONE and SIGNED_IN ask for no appointment."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    TAKE_PART = "see published shifts and trainings, join and leave them"
    SEE_PEOPLE = "see the people of a section"
    EDIT_PEOPLE = "change what is known of a person"
    REVIEW_APPLICATIONS = "read applications and decide on them"
    RUN_SHIFTS = "open shifts, publish them, assign people"
    RUN_TRAININGS = "plan courses and their sessions"
    TICK_ATTENDANCE = "say who came to a training or a shift"
    SEE_LETTERS = "see what was written to whom"
    WRITE_MAILINGS = "write to many people at once"
    SEE_TRAIL = "see who changed what"
    EDIT_SECTIONS = "change the tree of sections"
    APPOINT = "give somebody a role"
    ERASE_PEOPLE = "erase a person who asks for it"
    HOLD_BACK = "see who is erased when, and keep somebody longer"


_TRAINER = {Can.TAKE_PART, Can.TICK_ATTENDANCE}
_COORDINATOR = _TRAINER | {
    Can.SEE_PEOPLE,
    Can.EDIT_PEOPLE,
    Can.REVIEW_APPLICATIONS,
    Can.RUN_SHIFTS,
    Can.RUN_TRAININGS,
    Can.SEE_LETTERS,
    Can.WRITE_MAILINGS,
    Can.SEE_TRAIL,
}

GRANTS: Mapping[Role, frozenset[Can]] = {
    Role.VOLUNTEER: frozenset({Can.TAKE_PART}),
    Role.TRAINER: frozenset(_TRAINER),
    Role.COORDINATOR: frozenset(_COORDINATOR),
    Role.ORGANIZER: frozenset(_COORDINATOR | {Can.HOLD_BACK}),
    Role.ADMINISTRATOR: frozenset(
        _COORDINATOR | {Can.EDIT_SECTIONS, Can.APPOINT, Can.ERASE_PEOPLE, Can.HOLD_BACK}
    ),
}

# What lets somebody take over: the door asks for the password again where a cookie alone, or one
# that has moved to another network or browser, says who this is.
SENSITIVE = frozenset({Can.EDIT_SECTIONS, Can.APPOINT, Can.ERASE_PEOPLE})


@dataclass(frozen=True)
class Scope:
    """What one person may do, as the ids of the sections where they may do it.

    ``can`` is the permission that the present route declared; ``select`` and ``within`` follow it
    unless told another. What is in ``everywhere`` they may do in every section there is: then no
    query asks which.
    """

    person_id: int | None = None
    grants: Mapping[Can, frozenset[int]] = field(default_factory=dict)
    can: Can = Can.ANYONE
    everywhere: frozenset[Can] = frozenset()

    def using(self, can: Can) -> "Scope":
        """The same person on a route that declared ``can``."""
        return replace(self, can=can)

    def sections(self, can: Can | None = None) -> frozenset[int]:
        """Ids of the sections where this person may do ``can``."""
        return self.grants.get(can or self.can, frozenset())

    def may(self, can: Can, section_id: int | None = None) -> bool:
        """Whether this person may do ``can``: in that section, or without one, anywhere."""
        if can is Can.ANYONE:
            return True
        if can is Can.SIGNED_IN:
            return self.person_id is not None
        there = self.sections(can)
        return bool(there) if section_id is None else section_id in there

    def within(self, model: Any, can: Can | None = None) -> ColumnElement[bool]:
        """The condition that a row of ``model`` lies within this scope."""
        return self.among(model.section_id, can)

    def among(self, column: Any, can: Can | None = None) -> ColumnElement[bool]:
        """The condition that a column names a section of this scope."""
        everywhere = (can or self.can) in self.everywhere
        condition: ColumnElement[bool] = (
            column.is_not(None) if everywhere else column.in_(self.sections(can))
        )
        return condition

    def select(self, model: Any, can: Can | None = None) -> Select[Any]:
        """The only way to rows that belong to a section."""
        return select(model).where(self.within(model, can))

    def given(self, *cans: Can) -> dict[str, list[int]]:
        """The values that statements with ``inside`` conditions for ``cans`` run with."""
        narrow = [can for can in cans if can not in self.everywhere]
        return {_name(can): sorted(self.sections(can)) for can in narrow}


def acting(scope: Scope) -> int:
    """Id of the person who acts; only for views whose door lets nobody else in."""
    assert scope.person_id is not None
    return scope.person_id


def inside(model: Any, can: Can, everywhere: frozenset[Can]) -> ColumnElement[bool]:
    """`Scope.within` for a statement that is built once for all with the same ``everywhere``.

    Whose scope, `Scope.given` says later.
    """
    return named_inside(model.section_id, can, everywhere)


def named_inside(column: Any, can: Can, everywhere: frozenset[Can]) -> ColumnElement[bool]:
    """`Scope.among` for such a statement."""
    condition: ColumnElement[bool] = (
        column.is_not(None)
        if can in everywhere
        else column.in_(bindparam(_name(can), expanding=True))
    )
    return condition


def _name(can: Can) -> str:
    return f"sections_{can.name.lower()}"


NOBODY = Scope()


def scope_from(person_id: int, places: Mapping[Role, frozenset[int]], there_are: int) -> Scope:
    """A scope from the section ids in which each role is held (whole subtrees, already spread).

    ``there_are``: how many sections there are in all.
    """
    grants: dict[Can, frozenset[int]] = {}
    for role, ids in places.items():
        for can in GRANTS[role]:
            grants[can] = grants.get(can, frozenset()) | ids
    everywhere = frozenset(can for can, ids in grants.items() if len(ids) == there_are)
    return Scope(person_id, grants, everywhere=everywhere)
