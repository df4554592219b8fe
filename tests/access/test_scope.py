"""Who may do what, where: said once, in GRANTS."""

from datetime import timedelta

import pytest

from brigades.access import GRANTS, NOBODY, SENSITIVE, Can, Role, Scope, scope_from
from brigades.db import session
from brigades.people.models import Person
from brigades.sections.service import scope_of
from tests import builders
from tests.builders import NOON

TODAY = NOON.date()
DAY = timedelta(days=1)


def test_every_role_is_granted_something_and_what_everybody_may_is_granted_to_nobody():
    assert set(GRANTS) == set(Role)
    granted = frozenset().union(*GRANTS.values())
    assert granted == set(Can) - {Can.ANYONE, Can.SIGNED_IN}


def test_a_volunteer_takes_part_and_no_more():
    assert GRANTS[Role.VOLUNTEER] == {Can.TAKE_PART}


def test_only_administrators_shape_the_tree_and_give_roles_and_both_are_sensitive():
    for can in (Can.EDIT_SECTIONS, Can.APPOINT):
        assert [role for role, cans in GRANTS.items() if can in cans] == [Role.ADMINISTRATOR]
        assert can in SENSITIVE


def test_nobody_may_only_what_anyone_may():
    assert [can for can in Can if NOBODY.may(can)] == [Can.ANYONE]


def test_whoever_is_signed_in_without_a_role_may_see_their_own():
    scope = Scope(person_id=7)
    assert [can for can in Can if scope.may(can)] == [Can.ANYONE, Can.SIGNED_IN]


def test_roles_in_several_sections_add_up_and_stay_where_they_are_held():
    scope = scope_from(7, {Role.VOLUNTEER: frozenset({1, 2}), Role.COORDINATOR: frozenset({3})}, 9)
    assert scope.sections(Can.TAKE_PART) == {1, 2, 3}
    assert scope.sections(Can.RUN_SHIFTS) == {3}
    assert scope.may(Can.RUN_SHIFTS)
    assert scope.may(Can.RUN_SHIFTS, 3)
    assert not scope.may(Can.RUN_SHIFTS, 1)
    assert not scope.may(Can.APPOINT)


def test_a_scope_follows_the_permission_of_the_route_unless_told_another():
    scope = scope_from(7, {Role.VOLUNTEER: frozenset({1}), Role.COORDINATOR: frozenset({3})}, 9)
    on_route = scope.using(Can.SEE_PEOPLE)
    assert on_route.sections() == {3}
    assert on_route.sections(Can.TAKE_PART) == {1, 3}
    assert scope.can is Can.ANYONE


@pytest.fixture
def tree(app):
    """A body, a section of it, a branch of that, and a section beside."""
    body = builders.a_section()
    section = builders.a_section(body)
    return body, section, builders.a_section(section), builders.a_section(body)


def ids(*sections):
    return {section.id for section in sections}


def test_an_appointment_reaches_down_and_a_membership_up(tree):
    body, section, branch, beside = tree
    person = builders.a_person(branch)
    builders.an_appointment(person, section, Role.COORDINATOR)
    scope = scope_of(person.id, branch.id, TODAY)
    assert scope.sections(Can.RUN_SHIFTS) == ids(section, branch)
    assert scope.sections(Can.TAKE_PART) == ids(body, section, branch)
    assert not scope.may(Can.TAKE_PART, beside.id)


def test_sections_whose_ids_begin_alike_are_not_below_each_other(app):
    body = builders.a_section()
    others = [builders.a_section(body) for _n in range(12)]
    first = others[0]
    first.path, others[1].path = f"{body.path}1/", f"{body.path}11/"
    session.commit()
    person = builders.a_person(body)
    builders.an_appointment(person, first, Role.COORDINATOR)
    assert scope_of(person.id, body.id, TODAY).sections(Can.RUN_SHIFTS) == ids(first)


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY - DAY, TODAY - DAY, False),
        (TODAY + DAY, None, False),
        (TODAY - 9 * DAY, TODAY + DAY, True),
    ],
)
def test_an_appointment_holds_from_its_first_day_to_its_last_inclusive(tree, since, until, holds):
    _body, section, _branch, _beside = tree
    person = builders.a_person(section)
    builders.an_appointment(person, section, Role.COORDINATOR, since=since, until=until)
    assert scope_of(person.id, section.id, TODAY).may(Can.RUN_SHIFTS) is holds


def test_a_selection_holds_only_rows_within_the_scope(tree):
    _body, section, branch, beside = tree
    mine, below, other = (builders.a_person(place) for place in (section, branch, beside))
    builders.an_appointment(mine, section, Role.COORDINATOR)
    scope = scope_of(mine.id, section.id, TODAY).using(Can.SEE_PEOPLE)
    found = set(session.scalars(scope.select(Person)))
    assert found == {mine, below}
    assert other not in found
    assert not session.scalars(NOBODY.using(Can.SEE_PEOPLE).select(Person)).all()


def test_who_may_do_something_everywhere_is_not_asked_where(tree):
    body, section, branch, _beside = tree
    one, two = builders.a_person(section), builders.a_person(branch)
    chief = builders.a_person(body)
    builders.an_appointment(chief, body, Role.ORGANIZER)
    scope = scope_of(chief.id, body.id, TODAY).using(Can.SEE_PEOPLE)
    assert Can.SEE_PEOPLE in scope.everywhere
    assert Can.APPOINT not in scope.everywhere
    assert scope.given(Can.SEE_PEOPLE) == {}
    found = session.scalars(scope.select(Person).order_by(Person.id)).all()
    assert [person.id for person in found] == [one.id, two.id, chief.id]


def test_a_tree_beside_or_a_section_above_is_not_everywhere(tree):
    body, section, *_below = tree
    chief = builders.a_person(section)
    builders.an_appointment(chief, section, Role.ADMINISTRATOR)
    assert scope_of(chief.id, section.id, TODAY).everywhere == frozenset()
    builders.an_appointment(chief, body, Role.ADMINISTRATOR)
    assert Can.EDIT_SECTIONS in scope_of(chief.id, section.id, TODAY).everywhere
    stranger = builders.a_person(builders.a_section())
    scope = scope_of(chief.id, section.id, TODAY).using(Can.SEE_PEOPLE)
    assert Can.SEE_PEOPLE not in scope.everywhere
    assert stranger.id not in {person.id for person in session.scalars(scope.select(Person))}
