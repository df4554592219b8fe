"""What will be sent is shown before it is: what the page lists is what the pass then posts."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, true

from brigades import clock
from brigades.access import Role
from brigades.clock import DAY, HOUR, MINUTE
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.reminders import coming, looked_for
from brigades.reminders.coming import Ask, of_slots
from brigades.reminders.stands import Whole
from brigades.schedule.states import State
from tests.builders import (
    NOON,
    a_course,
    a_kind,
    a_need,
    a_participation,
    a_person,
    a_qualification,
    a_section,
    a_session,
    a_shift,
    an_appointment,
    signed_in,
)
from tests.reminders.passes import a_plan, look
from tests.support.databases import ONE_DATABASE
from tests.support.statements import counted


@pytest.fixture
def section(app):
    return a_section(name="Town", slug="town")


@pytest.fixture
def desk(app, section):
    person = a_person(section, family_name="Desk")
    an_appointment(person, section, Role.COORDINATOR)
    return signed_in(app, person)


def a_busy_week(section, now) -> None:
    """Shifts and sessions with all kinds of people in the next weeks."""
    course = a_course(section)
    a_plan(section, ("waitlisted", 48), ("coming", 72), ("coming", 12), ("lead", 24))
    a_plan(section, ("coming", 2), ("organizers", 168, True), course=course)
    an_appointment(a_person(section), section, Role.ORGANIZER)
    for number in range(8):
        starts_at = now + number * 31 * HOUR + 3 * HOUR
        needs = [a_need(least=4)]
        if number % 2:
            slot = a_session(course, section, starts_at=starts_at, needs=needs)
        else:
            lead = a_person(section)
            slot = a_shift(section, starts_at=starts_at, needs=needs, lead_id=lead.id)
        for state in (State.CONFIRMED, State.SEEKING_COVER, State.WAITLISTED, State.DECLINED):
            a_participation(slot, a_person(section), state)
        a_participation(
            slot,
            a_person(section),
            State.OFFERED,
            asked_at=now - 3 * DAY,
            answer_by=now + number * 9 * HOUR + HOUR,
        )


def test_what_is_shown_is_what_is_sent(section):
    now = NOON + DAY
    a_busy_week(section, now)
    look(now)
    before = set(session.scalars(select(Letter.key)))
    shown = of_slots(Whole.id > 0, now, now + 5 * DAY)
    for minutes in range(0, 5 * 24 * 60 + 1, 20):
        look(now + minutes * MINUTE)
    sent = {
        letter.key: letter
        for letter in session.scalars(select(Letter))
        if letter.key not in before and letter.name != "digest"
    }
    assert {one.posting.key for one in shown} == set(sent)
    assert len(shown) > 20
    for one in shown:
        late = sent[one.posting.key].posted_at - one.at
        assert timedelta() <= late < 20 * MINUTE


def test_the_page_says_when_to_whom_what_and_why(desk, section):
    now = clock.now()
    shift = a_shift(section, starts_at=now + 3 * DAY, title="Night watch")
    a_participation(shift, a_person(section, given_name="Rosa", email="rosa@example.org"))
    holder = a_person(section, given_name="Pia")
    a_qualification(holder, a_kind("First aid"), valid_until=now.date() + timedelta(days=93))
    page = desk.get("/letters/coming").text
    words = re.sub(r"<[^>]+>", "", page)
    for said in ("Rosa", "rosa@example.org", "Night watch", "Pia", "First aid", "as things stand"):
        assert said in words
    assert "Everybody who has a place, 1 day before, by the usual reminders" in words
    assert "Holds First aid, valid until" in words
    assert "Berlin (UTC" in words
    assert "2 letters" in words


@ONE_DATABASE
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("q=rosa", 1),
        ("q=night+watch", 2),
        ("q=nobody", 0),
        ("name=reminder", 2),
        ("name=countdown", 0),
        ("name=nonsense", 2),
        ("days=14", 4),
        ("days=31", 4),
        ("days=0", 2),
        ("days=99999", 2),
        ("days=x&page=7&q=%20", 2),
    ],
)
def test_it_is_filtered(desk, section, asked, shown):
    now = clock.now()
    for title, days in (("Night watch", 3), ("Roof", 9)):
        shift = a_shift(section, starts_at=now + days * DAY, title=title)
        for name in ("Rosa", "Sami"):
            a_participation(shift, a_person(section, given_name=name))
    if "days=14" in asked or "days=31" in asked:
        a_plan(section, ("coming", 24))
    else:
        a_plan(section, ("coming", 24))
    page = desk.get(f"/letters/coming?{asked}")
    assert page.status_code == 200
    assert page.text.count('<th scope="row"') == shown


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("", "reminder"),
        ("", "reminder-lead"),
        ("", "countdown"),
        ("", "offer-ends"),
        ("zoe", ""),
        ("ZOE nacht", ""),
        ("strasse", ""),
        ("müller 100%", ""),
        ("boss", "countdown"),
        ("boss", ""),
    ],
)
def test_what_the_database_leaves_out_would_not_have_fitted(section, q, name):
    now = NOON + DAY
    a_busy_week(section, now)
    boss = a_person(section, given_name="Boss")
    an_appointment(boss, section, Role.ORGANIZER)
    for number, title in enumerate(("Nacht in der Straße", "MÜLLER 100%", "Roof")):
        lead = a_person(section, given_name="Zoë") if number else boss
        shift = a_shift(
            section,
            starts_at=now + number * DAY + 30 * HOUR,
            title=title,
            lead_id=lead.id,
            needs=[a_need(least=3)],
        )
        a_participation(shift, a_person(section, email=f"zoe{number}@example.org"))
    ask = Ask(q=q, name=name)
    every = {one.posting.key for one in of_slots(true(), now, now + 5 * DAY) if ask.fits(one)}
    some = of_slots(looked_for.slots(q), now, now + 5 * DAY, name=name)
    assert {one.posting.key for one in some if ask.fits(one)} == every
    assert every


def test_of_very_many_that_fit_the_soonest_are_listed_too(desk, section, monkeypatch):
    monkeypatch.setattr(coming, "MOST_NARROWED", 2)
    a_plan(section, ("coming", 24))
    nights(section, range(2, 8))
    nights(section, [8], given_name="Zoe")
    page = desk.get("/letters/coming?q=night&days=14").text
    assert re.findall("<bdi>Night (.)</bdi>", page) == ["2", "3"]
    assert "More than 2 letters, the next ones first" in page
    page = desk.get("/letters/coming?q=zoe&days=14").text
    assert re.findall("<bdi>Night (.)</bdi>", page) == ["8"]


@ONE_DATABASE
def test_papers_are_found_by_their_holder_or_their_kind(desk, section):
    for name, kind in (("Pia", "First aid"), ("Rosa", "Crane")):
        holder = a_person(section, given_name=name, email=f"{name}@example.org")
        ends = clock.now().date() + timedelta(days=93)
        a_qualification(holder, a_kind(kind), valid_until=ends)
    for asked, shown in (("pia", 1), ("crane", 1), ("pia+aid", 1), ("pia+crane", 0), ("a", 2)):
        page = desk.get(f"/letters/coming?q={asked}").text
        assert page.count('<th scope="row"') == shown, asked
    assert desk.get("/letters/coming?name=paper-lapses").text.count('<th scope="row"') == 2
    assert desk.get("/letters/coming?name=reminder").text.count('<th scope="row"') == 0


@ONE_DATABASE
def test_a_letter_about_several_papers_is_found_whole_by_one_of_them(desk, section):
    holder = a_person(section, given_name="Pia", email="pia@example.org")
    ends = clock.now().date() + timedelta(days=93)
    for kind in ("First aid", "Crane"):
        a_qualification(holder, a_kind(kind), valid_until=ends)
    page = desk.get("/letters/coming?q=crane").text
    assert page.count('<th scope="row"') == 1
    assert "First aid, Crane" in page


def test_only_of_sections_within_the_scope(app, desk, section):
    other = a_section()
    shift = a_shift(other, starts_at=clock.now() + 3 * DAY, title="Secret")
    a_participation(shift, a_person(other))
    assert "Secret" not in desk.get("/letters/coming").text
    assert "Nothing will be sent in these days" in desk.get("/letters/coming").text
    assert signed_in(app, a_person(section)).get("/letters/coming").status_code == 404


def nights(section, days, **who) -> None:
    """A shift at each of these distances, with one person."""
    for number in days:
        starts_at = clock.now() + number * DAY + HOUR
        shift = a_shift(section, starts_at=starts_at, title=f"Night {number}")
        a_participation(shift, a_person(section, **who))


def test_of_very_many_the_soonest_are_listed_and_the_others_found(desk, section, monkeypatch):
    monkeypatch.setattr(coming, "MOST", 2)
    a_plan(section, ("coming", 24))
    nights(section, range(2, 8))

    page = desk.get("/letters/coming").text
    assert re.findall("<bdi>Night (.)</bdi>", page) == ["2", "3"]
    assert "More than 2 letters, the next ones first" in page
    assert "Night 7" in desk.get("/letters/coming?q=night+7").text
    assert "6 letters" in desk.get("/letters/coming?q=night").text


@ONE_DATABASE
def test_people_whom_no_letter_reaches_hide_no_letter(desk, section, monkeypatch):
    monkeypatch.setattr(coming, "MOST", 2)
    a_plan(section, ("coming", 24))
    nights(section, range(2, 7), email=None)
    nights(section, [7])

    page = desk.get("/letters/coming").text
    assert re.findall("<bdi>Night (.)</bdi>", page) == ["7"]
    assert "1 letter<" in page


def test_it_costs_as_many_statements_for_thirty_as_for_one(desk, section):
    def more(number):
        for _ in range(number):
            town = a_section(section)
            an_appointment(a_person(town), town, Role.COORDINATOR)
            shift = a_shift(town, starts_at=clock.now() + 3 * DAY, needs=[a_need(least=3)])
            a_participation(shift, a_person(town))
            a_qualification(
                a_person(town), a_kind(), valid_until=clock.now().date() + timedelta(days=93)
            )

    def cost() -> int:
        with counted() as seen:
            assert desk.get("/letters/coming").status_code == 200
        return len(seen)

    more(1)
    one = cost()
    more(30)
    assert cost() == one <= 8
