"""An organizer's page: what needs them, how the days are covered, what is at risk."""

import re
from datetime import date
from itertools import count
from typing import Any

import pytest
import time_machine

from brigades.access import Role
from brigades.db import session
from brigades.people.models import Standing
from brigades.recruiting.models import Application, Stage
from brigades.schedule.models import Status
from brigades.schedule.states import State
from brigades.texts import long_day, short_day
from tests.builders import (
    DAY,
    HOUR,
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
from tests.support.statements import counted

_number = count(1)


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def an_application(section: Any, **given: Any) -> Application:
    n = next(_number)
    values: dict[str, Any] = {
        "section_id": section.id,
        "given_name": "New",
        "email": f"a{n}@example.org",
        "email_key": f"a{n}@example.org",
        "country": "DE",
        "consent_version": "1",
        "consented_at": NOON,
        "stage": Stage.CONFIRMED,
        "sent_at": NOON - 3 * DAY,
        "confirmed_at": NOON - 2 * DAY,
    }
    application = Application(**values | given)
    session.add(application)
    session.commit()
    return application


def a_coordinator(section: Any, role: Role = Role.COORDINATOR) -> Any:
    person = a_person(section, given_name="Rosa", family_name="Fuentes")
    an_appointment(person, section, role)
    return person


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_what_needs_a_coordinator_stands_on_top(app: Any) -> None:
    section = a_section()
    rosa = a_coordinator(section)
    an_application(section)
    an_application(section, confirmed_at=NOON - 5 * DAY)
    an_application(section, stage=Stage.SENT)  # its address is not confirmed yet
    shift = a_shift(section, title="Night pour", needs=[a_need(skill="construction", least=3)])
    a_participation(shift, a_person(section), State.OFFERED, answer_by=NOON + 6 * HOUR)
    nurse = a_person(section, given_name="Wanjiru", family_name="Kamau")
    a_participation(shift, nurse)
    a_qualification(nurse, a_kind("First aid"), valid_until=date(2026, 7, 1))

    page = signed_in(app, rosa).get("/").text
    text = text_of(page)

    assert "2 people ask to join" in text
    assert f"The oldest has waited since {short_day(date(2026, 6, 5))} 14:00" in text
    assert "1 offer without an answer" in text
    assert f"The next deadline is {short_day(date(2026, 6, 10))} 20:00" in text
    assert "Night pour: 2 places short" in text
    assert f'href="/shifts/{shift.id}/board"' in page
    assert "1 certificate runs out soon" in text
    assert f"First aid, Wanjiru Kamau, until {short_day(date(2026, 7, 1))}." in text
    assert "4 things" in text


def test_overdue_offers_are_called_overdue(app: Any) -> None:
    section = a_section()
    shift = a_shift(section)
    for hours in (-1, 5):
        a_participation(shift, a_person(section), State.OFFERED, answer_by=NOON + hours * HOUR)
    assert "1 is overdue." in text_of(signed_in(app, a_coordinator(section)).get("/").text)


def test_the_day_of_who_lives_elsewhere_is_theirs(app: Any) -> None:  # TIME-08
    section = a_section(zone="America/Denver")
    shift = a_shift(section, needs=[a_need(least=3, most=4)])
    a_participation(shift, a_person(section), State.OFFERED, answer_by=NOON + 5 * HOUR)
    reader = a_coordinator(section)
    reader.zone = "Asia/Tokyo"

    text = text_of(signed_in(app, reader).get("/").text)

    assert "Tokyo (UTC+9)" in text
    assert "02:00" in text  # until when the offer waits
    assert "Denver (UTC-6)" in text  # where the shift is


def test_a_quiet_day_says_so(app: Any) -> None:
    text = text_of(signed_in(app, a_coordinator(a_section())).get("/").text)
    assert "Nothing needs you today" in text
    assert "has at least the people it needs" in text


def test_a_need_that_only_has_offers_is_still_at_risk(app: Any) -> None:
    section = a_section()
    met = a_shift(section, title="Met", needs=[a_need(least=1)])
    a_participation(met, a_person(section))
    asked = a_shift(section, title="Asked", needs=[a_need(least=1)])
    a_participation(asked, a_person(section), State.OFFERED)
    a_shift(section, title="Far", needs=[a_need(least=1)], starts_at=NOON + 20 * DAY)
    a_shift(section, title="Sketch", needs=[a_need(least=1)], status=Status.DRAFT)
    a_session(a_course(section), section, title="Course", needs=[a_need(least=4)])

    text = text_of(signed_in(app, a_coordinator(section)).get("/").text)
    at_risk = text[text.index("At risk") :]

    assert "Asked" in at_risk and "1 short, 1 offer open" in at_risk
    assert "Course" in at_risk and "4 short" in at_risk
    assert not [title for title in ("Met", "Far", "Sketch") if title in text]


def test_coverage_counts_each_slot_on_the_day_of_its_own_wall(app: Any) -> None:
    section = a_section(zone="Pacific/Auckland")  # at NOON it is already tomorrow there
    shift = a_shift(section, starts_at=NOON + 11 * HOUR, needs=[a_need(least=3, most=4)])
    a_participation(shift, a_person(section))

    page = signed_in(app, a_coordinator(section)).get("/").text

    assert f"Short on {long_day(date(2026, 6, 11))} (2)." in text_of(page)
    assert (
        text_of(page).count(f"{short_day(date(2026, 6, 11))} 1 3 2") == 1
    )  # filled, least, missing
    assert "style=" not in page


def test_only_what_lies_in_the_scope_is_counted_or_named(app: Any) -> None:  # AUTHZ-01
    top = a_section(name="Whole body")
    mine, other = a_section(top, name="Mine"), a_section(top, name="Other land")
    rosa = a_coordinator(mine)
    an_application(other)
    shift = a_shift(other, title="Foreign shift", needs=[a_need(least=2)])
    strange = a_person(other, given_name="Foreign", family_name="Person")
    a_participation(shift, strange)
    a_participation(shift, a_person(other), State.OFFERED, answer_by=NOON + HOUR)
    a_qualification(strange, a_kind("Foreign aid"), valid_until=date(2026, 6, 20))
    a_person(mine, standing=Standing.LEFT)

    text = text_of(signed_in(app, rosa).get("/").text)

    assert "Nothing needs you today" in text
    assert not [word for word in ("Foreign", "Other land", "Whole body") if word in text]
    assert "Mine Rosa Fuentes 1 0" in text


def test_a_section_without_a_coordinator_says_nobody_yet(app: Any) -> None:
    top = a_section(name="Whole body")
    organizer = a_person(top)
    an_appointment(organizer, top, Role.ORGANIZER)
    below = a_section(top, name="Portugal")
    ended = a_person(below)
    an_appointment(ended, below, Role.COORDINATOR, until=date(2026, 6, 9))
    an_application(below)

    text = text_of(signed_in(app, organizer).get("/").text)

    assert "Portugal nobody yet 1 1" in text
    assert "2 sections" in text


def test_a_certificate_that_was_renewed_or_of_somebody_at_home_is_no_worry(app: Any) -> None:
    section = a_section()
    kind = a_kind()
    renewed, at_home = a_person(section), a_person(section)
    a_participation(a_shift(section), renewed)
    for person in (renewed, at_home):
        a_qualification(person, kind, valid_until=date(2026, 6, 20))
    a_qualification(renewed, kind, valid_until=date(2029, 6, 20))
    assert "Nothing needs you" in signed_in(app, a_coordinator(section)).get("/").text


def test_who_runs_something_finds_their_own_page_too(app: Any) -> None:
    section = a_section()
    rosa = a_coordinator(section)
    a_participation(a_shift(section, title="My own shift"), rosa)
    client = signed_in(app, rosa)

    assert 'href="/me"' in client.get("/").text
    own = client.get("/me").text
    assert "Hello, Rosa" in own and "My own shift" in own
    assert "What needs me" in own


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ORGANIZER, Role.ADMINISTRATOR])
def test_the_page_costs_the_same_with_one_of_each_and_with_thirty(app: Any, role: Role) -> None:
    top = a_section()
    rosa = a_coordinator(top, role)
    client = signed_in(app, rosa)
    kind = a_kind()

    def one_of_each(n: int) -> None:
        section = a_section(top)
        an_application(section)
        shift = a_shift(section, starts_at=NOON + n % 13 * DAY, needs=[a_need(least=3)])
        person = a_person(section)
        a_participation(shift, person)
        a_participation(shift, a_person(section), State.OFFERED, answer_by=NOON + HOUR)
        a_qualification(person, kind, valid_until=date(2026, 6, 20))

    one_of_each(1)
    with counted() as few:
        assert client.get("/").status_code == 200
    for n in range(2, 31):
        one_of_each(n)
    with counted() as many:
        page = client.get("/")

    assert page.status_code == 200
    assert len(few) == len(many) <= 8
    assert "All 30 that are short" in text_of(page.text)
    assert "All 31 sections" in text_of(page.text)
