"""What stays undone reaches the deputy after seven days, those above after ten, and so on."""

import pytest

from brigades.access import Role
from brigades.clock import DAY, HOUR
from brigades.db import session, unit
from brigades.people.models import Standing
from brigades.qualifications import service as qualifications
from brigades.recruiting.models import Application, Stage
from brigades.schedule import again
from brigades.schedule.models import Swap, SwapState
from brigades.schedule.states import State
from tests.builders import (
    a_kind,
    a_need,
    a_participation,
    a_person,
    a_section,
    a_shift,
    an_appointment,
)
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
    ours = {address: some for address, some in got.items() if address in by_address}
    assert all(len(some) == 1 for some in ours.values())
    return {by_address[address]: some[0].text for address, some in ours.items()}


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


def looks_for_cover(town, since):
    shift = a_shift(town, starts_at=SEVEN + 60 * DAY)
    a_participation(shift, a_person(town), State.SEEKING_COVER, cover_since=since)


def asks_for_a_place(town, since):
    shift = a_shift(town, starts_at=SEVEN + 60 * DAY)
    a_participation(shift, a_person(town), State.REQUESTED, queued_at=since)


def agreed_on_a_swap(town, since):
    shifts = [a_shift(town, starts_at=SEVEN + 60 * DAY, swaps_asked=True) for _ in range(2)]
    mine, theirs = (a_participation(shift, a_person(town)) for shift in shifts)
    swap = Swap(
        mine_id=mine.id,
        theirs_id=theirs.id,
        state=SwapState.AGREED,
        asked_at=since,
        changed_at=since,
    )
    session.add(swap)
    session.commit()


def came_into_question(town, since):
    person = a_person(town, standing=Standing.ON_LEAVE)
    a_participation(a_shift(town, starts_at=SEVEN + 60 * DAY), person)
    with unit():
        again.look(since)


def has_a_paper_to_check(town, since):
    person = a_person(town)
    paper = qualifications.Paper(kind_id=a_kind().id, issued_on=SEVEN.date() - 400 * DAY)
    qualifications.add(person.id, paper, by=person.id, now=since)
    session.commit()


def was_over_and_nothing_said(town, since):
    shift = a_shift(town, starts_at=since - 8 * HOUR)
    a_participation(shift, a_person(town))


@pytest.mark.parametrize(
    ("waits", "words"),
    [
        (an_application, "Application: "),
        (looks_for_cover, "Looks for cover: "),
        (asks_for_a_place, "Asks for a place: "),
        (agreed_on_a_swap, "Swap to approve: "),
        (came_into_question, "Place in question: "),
        (has_a_paper_to_check, "Document to verify: "),
        (was_over_and_nothing_said, "Attendance not said: "),
    ],
)
def test_everything_that_waits_for_somebody_to_do_it_climbs(tree, mail, waits, words):
    town, people = tree
    waits(town, CAME)
    assert set(told(mail, people, SEVEN)) == {"coordinator"}
    assert set(told(mail, people, SEVEN + 6 * DAY)) == {"coordinator"}
    assert "waiting for 7 days" in told(mail, people, SEVEN + 7 * DAY)["coordinator"]
    late = told(mail, people, SEVEN + 10 * DAY)
    assert set(late) == {"coordinator", "deputy", "organizer"}
    assert words in late["organizer"]
    assert "waiting since Wed, 10 Jun 2026, was with Carla" in late["organizer"]
