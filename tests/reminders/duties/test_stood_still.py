"""Whoever looks after the whole organisation hears when mail or the worker stood still."""

from datetime import date

import pytest

from brigades import clock, worker
from brigades.access import Role
from brigades.clock import DAY, HOUR, MINUTE
from brigades.db import session, unit
from brigades.home import banner as demo
from brigades.outbox import passes
from brigades.outbox import service as outbox
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import Blame, Outcome
from brigades.outbox.standstill import banner, noticing
from brigades.reminders.duties.stood_still import notice
from tests.builders import NOON, a_person, a_section, an_appointment, signed_in
from tests.reminders.duties.mornings import appointed, rows
from tests.support.databases import ONE_DATABASE
from tests.support.statements import counted


@pytest.fixture
def top(app):
    return a_section()


@pytest.fixture
def people(top):
    """Who looks after the whole organisation; an administrator who organizes too is one person."""
    chief = appointed(top, Role.ADMINISTRATOR)
    an_appointment(chief, top, Role.ORGANIZER)
    return [chief, appointed(top, Role.ORGANIZER)]


@pytest.fixture
def others(top):
    """Who does not."""
    below = a_section(top)
    return [
        appointed(top, Role.COORDINATOR),
        appointed(top, Role.ORGANIZER, deputy=True),
        appointed(top, Role.ADMINISTRATOR, until=date(2026, 5, 1)),
        appointed(below, Role.ADMINISTRATOR),
        appointed(below, Role.ORGANIZER),
    ]


def told() -> set[int]:
    return {letter.person_id for letter in rows("stood-still")}


def test_a_worker_that_was_silent_says_so_once_when_it_comes_back(top, people, others, mail):
    worker.once(NOON)
    assert told() == set()  # the first time is no silence
    for number in range(3):
        outbox.post(
            "place-offered", to=people[0], about={"participation": 0}, key=f"x{number}", now=NOON
        )
    session.commit()
    back = NOON + 3 * HOUR
    worker.once(back)
    worker.once(back + MINUTE)
    assert told() == {person.id for person in people}
    assert len(rows("stood-still")) == 2
    [got] = mail.to(people[1].email)
    assert "The worker stood still" in got.subject
    assert "from Wed 10 Jun 14:00 to Wed 10 Jun 17:00, Berlin (UTC+2)" in got.text
    assert got.text[got.text.index("http") :].startswith("http://localhost/letters\r\n")


def test_a_short_pause_is_no_silence(top, people, mail):
    worker.once(NOON)
    worker.once(NOON + 15 * MINUTE)
    assert told() == set()


def test_delivery_that_begins_first_hides_no_silence(top, people, mail):
    worker.once(NOON)
    with unit():
        passes.record(passes.DELIVER, NOON + DAY)  # runs beside the others
    worker.once(NOON + DAY)
    assert told() == {person.id for person in people}


def test_each_silence_is_told(top, people, mail):
    for day in range(3):
        worker.once(NOON + day * DAY)
    assert len(rows("stood-still")) == 2 * len(people)


def refused(at):
    with unit():
        tried = Outcome(1, Fate.WAITING, 1, error="421 try later", blame=Blame.SERVER)
        noticing.note([tried], at)


def taken(at):
    with unit():
        noticing.note([Outcome(1, Fate.SENT, 1)], at)


def look(at):
    with unit():
        notice(at)


def test_mail_that_stood_still_is_told_once_it_goes_again(top, people, others, mail):
    waiting = a_person(top)
    refused(NOON)
    for minutes in range(0, 120, 10):
        look(NOON + minutes * MINUTE)
    assert told() == set()
    for number in range(4):
        session.add(
            Letter(
                key=f"late{number}",
                name="slot-moved",
                about={},
                to_address=waiting.email,
                locale="en",
                posted_at=NOON + HOUR,
                due_at=NOON + HOUR,
                fate=Fate.SENT,
                sent_at=NOON + 2 * HOUR,
            )
        )
    session.commit()
    taken(NOON + 2 * HOUR)
    look(NOON + 2 * HOUR + MINUTE)
    look(NOON + 2 * HOUR + 2 * MINUTE)
    assert told() == {person.id for person in people}
    deliver(NOON + 2 * HOUR + 3 * MINUTE)
    [got] = mail.to(people[0].email)
    assert "Mail stood still" in got.subject
    assert "4 letters went late" in got.text
    assert "14:00" in got.text
    assert "16:00" in got.text


def test_a_server_that_is_busy_for_some_minutes_is_not_worth_a_letter(top, people, mail):
    refused(NOON)
    look(NOON + 10 * MINUTE)
    taken(NOON + 12 * MINUTE)
    look(NOON + 13 * MINUTE)
    assert told() == set()


@pytest.fixture
def looking(app):
    """Pages look anew each time whether anything stands still."""
    app.config[banner.GLANCE.setting] = 0
    yield
    app.config[banner.GLANCE.setting] = None


def stand_still():
    now = clock.now()
    with unit():
        for name in passes.NAMES:
            passes.record(name, now - 2 * HOUR)
        passes.record(passes.MAIL_STILL, now - 3 * HOUR)
        session.add(
            Letter(
                key="waits",
                name="slot-moved",
                about={},
                to_address="x@example.org",
                locale="en",
                posted_at=now - 3 * HOUR,
                due_at=now + HOUR,
                error="421 <too> busy",
            )
        )


def test_who_may_see_letters_reads_it_on_every_page_and_nobody_else(app, top, people, looking):
    staff, volunteer = signed_in(app, people[0]), signed_in(app, a_person(top))
    assert "stood still" not in staff.get("/me").text
    stand_still()
    for address in ("/", "/me", "/shifts", "/people", "/letters"):
        page = staff.get(address).text
        assert "Mail has stood still since" in page, address
        assert "421 &lt;too&gt; busy" in page
        assert 'href="/letters?fate=waiting"' in page
        assert "The worker has been silent since" in page
    for nobody in (volunteer, app.test_client()):
        assert "stood still" not in nobody.get("/shifts").text
        assert "silent" not in nobody.get("/shifts").text


def test_the_notice_costs_staff_one_statement_a_minute_and_volunteers_none(app, top, people):
    staff, volunteer = signed_in(app, people[0]), signed_in(app, a_person(top))

    def cost(client):
        with counted() as seen:
            assert client.get("/shifts").status_code == 200
        return len(seen)

    for client in (staff, volunteer):
        client.get("/shifts")
    before = cost(staff), cost(volunteer)
    app.config[banner.GLANCE.setting] = 60
    banner.GLANCE.forget(app)
    try:
        assert cost(volunteer) == before[1]
        assert cost(staff) == before[0] + 1
        assert cost(staff) == before[0]
    finally:
        app.config[banner.GLANCE.setting] = None


@ONE_DATABASE
def test_a_page_that_looks_for_notices_stays_within_eight_statements(app, top, people, looking):
    app.config[demo.GLANCE.setting] = 60
    stand_still()
    staff = signed_in(app, people[0])
    try:
        for address in ("/", "/letters"):
            demo.GLANCE.forget(app)  # both are due; one waits for the next page
            for _ in range(2):
                with counted() as seen:
                    page = staff.get(address).text
                assert len(seen) <= 8, address
            assert "stood still" in page
    finally:
        app.config[demo.GLANCE.setting] = None
