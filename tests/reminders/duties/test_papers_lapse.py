"""Who answers for people hears when their papers come to an end."""

from datetime import date, timedelta

import pytest

from brigades.access import Role
from brigades.clock import DAY, HOUR
from brigades.db import session, unit
from brigades.outbox.models import Fate
from brigades.qualifications.models import Qualification
from brigades.reminders.models import Told
from brigades.reminders.service import collect
from brigades.schedule.states import State
from tests.builders import (
    a_kind,
    a_participation,
    a_person,
    a_qualification,
    a_section,
    a_shift,
    an_appointment,
)
from tests.reminders.duties.mornings import SEVEN, appointed, morning, rows
from tests.support.statements import counted

TODAY = SEVEN.date()
FAR = SEVEN + 100 * DAY


@pytest.fixture
def section(app):
    return a_section()


@pytest.fixture
def coordinator(section):
    return appointed(section)


def expected(section, *, days, name="Rosa", state=State.CONFIRMED, at=FAR, **given):
    """Somebody who is expected and whose paper holds for so many days more."""
    person = a_person(section, given_name=name, family_name="")
    a_participation(a_shift(section, starts_at=at, title=f"Shift of {name}"), person, state)
    until = TODAY + timedelta(days=days)
    a_qualification(person, a_kind("First aid"), valid_until=until, **given)
    return person


def told(mail, at) -> dict[str, str]:
    """The letters about papers of one morning, by address."""
    got = morning(mail, at)
    about = {
        address: [one.text for one in some if "people who are expected" in one.text]
        for address, some in got.items()
    }
    assert all(len(some) <= 1 for some in about.values())
    return {address: some[0] for address, some in about.items() if some}


def test_it_is_told_at_ninety_thirty_and_seven_days_and_on_no_day_between(
    section, coordinator, mail
):
    person = expected(section, days=95)
    heard = {}
    for day in (0, 4, 5, 6, 40, 64, 65, 66, 87, 88, 89, 95, 99):
        if text := told(mail, SEVEN + day * DAY).get(coordinator.email):
            heard[day] = text
    assert list(heard) == [5, 65, 88]
    assert "Rosa: First aid, until" in heard[5]
    assert "for 90 days more" in heard[5]
    assert "Shift of Rosa" in heard[5]
    first = heard[5].index("http")
    assert heard[5][first:].startswith(f"http://localhost/people/{person.id}\r\n")
    assert len(rows("papers-lapse")) == 3


def test_what_comes_up_on_one_morning_is_one_letter(section, coordinator, mail):
    expected(section, days=90, name="Rosa")
    expected(section, days=30, name="Sami")
    expected(section, days=60, name="Tariq")  # crossed before it was looked at: told once
    text = told(mail, SEVEN)[coordinator.email]
    assert text.count("First aid") == 3
    assert told(mail, SEVEN + DAY) == {}
    assert told(mail, SEVEN + HOUR) == {}


@pytest.mark.parametrize(
    ("how", "given"),
    [
        ("not expected", {"state": State.WAITLISTED}),
        ("over", {"at": SEVEN - 3 * DAY}),
        ("not checked yet", {"verified_on": None}),
        ("for long yet", {"days": 91}),
        ("lapsed", {"days": -1}),
    ],
)
def test_nobody_hears_of_papers_that_concern_nobody_now(section, coordinator, mail, how, given):
    expected(section, **{"days": 30} | given)
    assert told(mail, SEVEN) == {}, how
    assert rows("papers-lapse") == []


def test_a_paper_that_was_renewed_is_not_told(section, coordinator, mail):
    kind = a_kind("First aid")
    person = a_person(section)
    a_participation(a_shift(section, starts_at=FAR), person)
    a_qualification(person, kind, valid_until=TODAY + timedelta(days=7))
    a_qualification(person, kind, valid_until=TODAY + timedelta(days=700))
    assert told(mail, SEVEN) == {}


def test_a_paper_renewed_before_the_letter_is_written_drops_it(section, coordinator, mail):
    person = expected(section, days=7)
    with unit():
        collect(SEVEN)
    held = session.query(Qualification).filter_by(person_id=person.id).one()
    held.valid_until = date(2031, 1, 1)
    session.commit()
    assert told(mail, SEVEN + HOUR) == {}
    assert [letter.fate for letter in rows("papers-lapse")] == [Fate.DROPPED]


def test_those_nearest_hear_and_neither_deputies_nor_those_above(section, coordinator, mail):
    town = a_section(section)
    nearest = appointed(town)
    deputy = appointed(town, deputy=True)
    beside = appointed(a_section(section))
    expected(town, days=30)
    assert set(told(mail, SEVEN)) == {nearest.email}
    assert {deputy.email, beside.email, coordinator.email}


def test_who_runs_the_shift_higher_up_hears_too(section, coordinator, mail):
    town = a_section(section)
    nearest = appointed(town)
    person = a_person(town, given_name="Rosa", family_name="")
    a_participation(a_shift(section, starts_at=FAR), person)
    a_qualification(person, a_kind("First aid"), valid_until=TODAY + timedelta(days=30))
    assert set(told(mail, SEVEN)) == {nearest.email, coordinator.email}


def test_two_appointments_are_one_letter(section, coordinator, mail):
    other = a_section()
    an_appointment(coordinator, other, Role.ORGANIZER)
    expected(section, days=30)
    expected(other, days=30)
    assert told(mail, SEVEN)[coordinator.email].count("First aid") == 2


def test_it_costs_the_same_for_three_people_and_for_thirty(section, coordinator, mail):
    def cost(at):
        with unit(), counted() as seen:
            collect(at)
        return len(seen)

    for _ in range(3):
        expected(section, days=31)
    cost(SEVEN)
    few = cost(SEVEN + DAY)
    for _ in range(27):
        expected(section, days=3)
    assert cost(SEVEN + 2 * DAY) == few
    assert session.query(Told).filter(Told.key.like("papers-lapse:%")).count() == 3 + 3 + 27
