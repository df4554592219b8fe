"""What stays undone reaches the deputy after seven days, those above after ten, and so on."""

import pytest

from brigades.access import Role
from brigades.clock import DAY, HOUR
from brigades.db import session
from brigades.recruiting.models import Application, Stage
from brigades.schedule.states import State
from tests.builders import a_need, a_participation, a_person, a_section, a_shift, an_appointment
from tests.reminders.duties.mornings import SEVEN, an_application, appointed, morning

CAME = SEVEN - HOUR  # when it came up: on the first morning it has waited for an hour


@pytest.fixture
def tree(app):
    """An international body, a country and a town, with their people."""
    top = a_section(name="Everywhere")
    country = a_section(top, name="Country")
    town = a_section(country, name="Town")
    people = {
        "head": appointed(top, Role.ORGANIZER, called="Hedda"),
        "organizer": appointed(country, Role.ORGANIZER, called="Olga"),
        "coordinator": appointed(town, called="Carla"),
        "deputy": appointed(town, called="Dario", deputy=True),
    }
    return town, people


def told(mail, people, at) -> dict[str, str]:
    """Who got a daily mail, by what they are, and what it says."""
    got = morning(mail, at)
    by_address = {person.email: name for name, person in people.items()}
    assert all(len(some) == 1 for some in got.values())
    return {by_address[address]: some[0].text for address, some in got.items()}


def test_an_application_that_nobody_decides_on_climbs_to_the_top_and_is_never_decided(tree, mail):
    town, people = tree
    application = an_application(town, CAME)
    heard = {
        day: told(mail, people, SEVEN + day * DAY) for day in (0, 2, 3, 6, 7, 9, 10, 12, 13, 40)
    }
    assert {day: set(who) for day, who in heard.items()} == {
        0: {"coordinator"},
        2: {"coordinator"},
        3: {"coordinator"},
        6: {"coordinator"},
        7: {"coordinator", "deputy"},
        9: {"coordinator", "deputy"},
        10: {"coordinator", "deputy", "organizer"},
        12: {"coordinator", "deputy", "organizer"},
        13: {"coordinator", "deputy", "organizer", "head"},
        40: {"coordinator", "deputy", "organizer", "head"},
    }
    assert "waiting for" not in heard[2]["coordinator"]
    assert "waiting for 3 days" in heard[3]["coordinator"]
    assert "has climbed to you" not in heard[13]["coordinator"]
    for name in ("deputy", "organizer", "head"):
        says = heard[13][name]
        assert "1 thing has climbed to you" in says
        assert "Application: Ali Nr0" in says
        assert "Section Town, waiting since Wed, 10 Jun 2026, was with Carla" in says
        assert f"/applications/{application.id}" in says
    kept = session.get_one(Application, application.id)
    assert kept.stage is Stage.CONFIRMED  # silence never decides


def test_what_waited_too_long_stands_on_top(tree, mail):
    town, people = tree
    shift = a_shift(town, starts_at=SEVEN + 20 * DAY, title="Late")
    soon = a_shift(town, starts_at=SEVEN + 6 * DAY, title="Soon")
    a_participation(shift, a_person(town), State.REQUESTED, queued_at=SEVEN - 5 * DAY)
    a_participation(soon, a_person(town), State.REQUESTED, queued_at=SEVEN - HOUR)
    text = told(mail, people, SEVEN)["coordinator"]
    assert text.index("Late") < text.index("waiting for 5 days") < text.index("Soon")


def test_without_a_deputy_it_reaches_those_above_after_seven_days(app, mail):
    country = a_section()
    town = a_section(country)
    people = {"organizer": appointed(country), "coordinator": appointed(town)}
    an_application(town, CAME)
    assert set(told(mail, people, SEVEN + 6 * DAY)) == {"coordinator"}
    assert set(told(mail, people, SEVEN + 7 * DAY)) == {"coordinator", "organizer"}


def test_a_deputy_who_is_alone_answers(app, mail):
    country = a_section()
    town = a_section(country)
    people = {"organizer": appointed(country), "deputy": appointed(town, deputy=True)}
    an_application(town, CAME)
    assert set(told(mail, people, SEVEN)) == {"deputy"}


def test_what_is_done_climbs_no_further(tree, mail):
    town, people = tree
    application = an_application(town, CAME)
    assert set(told(mail, people, SEVEN + 8 * DAY)) == {"coordinator", "deputy"}
    session.get_one(Application, application.id).stage = Stage.ACCEPTED
    session.commit()
    assert told(mail, people, SEVEN + 13 * DAY) == {}


def test_an_unfilled_need_climbs_by_the_days_that_are_left(tree, mail):
    town, people = tree
    shift = a_shift(town, starts_at=SEVEN + 10 * DAY, title="Night watch", needs=[a_need(least=2)])
    early = told(mail, people, SEVEN)
    assert set(early) == {"coordinator", "organizer", "head"}  # organizers keep the overview
    assert "Night watch" in early["coordinator"]
    assert "Town: 2 places" in early["organizer"]
    assert "climbed" not in early["organizer"]
    late = told(mail, people, SEVEN + 8 * DAY)
    assert set(late) == {"coordinator", "deputy", "organizer", "head"}
    for name in ("deputy", "organizer"):
        assert "2 things have climbed to you" in late[name]
        assert "Unfilled places: Night watch" in late[name]
        assert "0 of 2" in late[name]
        assert "Section Town, is with Carla" in late[name]
        assert f"/shifts/{shift.id}/board" in late[name]
    assert "In the sections below" not in late["organizer"]  # said once, not twice
    assert "climbed" not in late["head"]
    assert "Town: 2 places" in late["head"]


def test_offers_and_mailboxes_wait_for_their_owners_and_do_not_climb(tree, mail):
    town, people = tree
    shift = a_shift(town, starts_at=SEVEN + 30 * DAY)
    a_participation(
        shift,
        a_person(town),
        State.OFFERED,
        changed_at=SEVEN - 20 * DAY,
        answer_by=SEVEN + 20 * DAY,
    )
    assert set(told(mail, people, SEVEN)) == {"coordinator"}


def test_who_answers_for_several_sections_gets_one_mail_with_all_that_climbed(tree, mail):
    town, people = tree
    other = a_section(a_section(), name="Far away")
    an_appointment(people["deputy"], other, Role.COORDINATOR)
    an_application(town, SEVEN - 8 * DAY)
    an_application(other, SEVEN - 1 * DAY)
    text = told(mail, people, SEVEN)["deputy"]
    assert "1 thing has climbed to you" in text
    assert "1 application waits" in text
    assert "Section Town" in text
    assert "section Far away" in text


def test_it_climbs_to_nobody_outside_the_line(tree, mail):
    town, _people = tree
    beside = appointed(a_section(), Role.ORGANIZER)
    an_application(town, SEVEN - 99 * DAY)
    assert beside.email not in morning(mail, SEVEN)
