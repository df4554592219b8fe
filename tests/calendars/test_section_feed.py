"""The calendar of a section, for whoever runs its shifts: who comes and who is missing."""

from typing import Any

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import select

from brigades.access import Role
from brigades.accounts.models import Account
from brigades.audit.models import Entry
from brigades.calendars.models import SectionFeed
from brigades.db import session
from brigades.people import erasing
from brigades.people.models import Person, Standing
from brigades.people.skills import Skill
from brigades.schedule import slots
from brigades.schedule.models import Status
from brigades.schedule.service import lock, move
from brigades.schedule.states import State
from brigades.sections import tree
from brigades.sections.models import Appointment, Section
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.shifts.cast import Cast, a_cast
from tests.support.statements import counted


@pytest.fixture
def cast(app: Any) -> Any:
    with time_machine.travel(NOON, tick=False):
        yield a_cast(app)


def make(cast: Cast, person: Person | None = None, section: Section | None = None) -> str:
    """Press the button on the page; the path of the new address."""
    who, where = person or cast.coordinator, section or cast.section
    made = cast.as_(who).post("/calendar/sections", data={"section": where.id})
    assert made.status_code == 303
    return path_of(who, where)


def path_of(person: Person, section: Section) -> str:
    feed = session.get_one(SectionFeed, (person.id, section.id), populate_existing=True)
    return f"/calendar/{feed.secret}.ics"


def events(client: Any, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200
    return {str(event["summary"]): event for event in Calendar.from_ical(answer.data).events}


def test_a_coordinator_makes_renews_and_removes_an_address(cast: Cast, client: Any) -> None:
    desk = cast.as_(cast.coordinator)
    page = desk.get("/calendar").text
    assert "Calendars of sections" in page
    assert f'<option value="{cast.section.id}">' in page
    assert f'<option value="{cast.top.id}">' not in page
    first = make(cast)
    assert f"http://localhost{first}" in desk.get("/calendar").text
    assert client.get(first).status_code == 200

    at = f"/calendar/sections/{cast.section.id}"
    assert "stops working at once" in desk.get(f"{at}/renew").text
    assert client.get(first).status_code == 200  # looking changes nothing
    assert desk.post(f"{at}/renew").status_code == 303
    second = path_of(cast.coordinator, cast.section)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)

    assert "stops working at once" in desk.get(f"{at}/remove").text
    assert desk.post(f"{at}/remove").status_code == 303
    assert client.get(second).status_code == 404
    assert desk.get(f"{at}/remove").status_code == 404
    assert [entry.became for entry in session.scalars(select(Entry).order_by(Entry.id))] == [
        "made",
        "renewed",
        "removed",
    ]


def test_pressed_twice_the_button_makes_one_address(cast: Cast) -> None:
    assert make(cast) == make(cast)


def test_only_who_runs_shifts_there_comes_by_an_address(cast: Cast) -> None:  # AUTHZ-01
    assert "Calendars of sections" not in cast.as_(cast.volunteer).get("/calendar").text
    at = f"/calendar/sections/{cast.section.id}"
    for person in (cast.volunteer, cast.strange_coordinator):
        client = cast.as_(person)
        refused = client.post("/calendar/sections", data={"section": cast.section.id})
        assert refused.status_code == (404 if person is cast.volunteer else 422)
        for page in ("renew", "remove"):
            assert client.get(f"{at}/{page}").status_code == 404
            assert client.post(f"{at}/{page}").status_code == 404
    assert session.scalars(select(SectionFeed)).all() == []


@pytest.mark.parametrize("odd", ["", "x", "0", str(2**70)])
def test_what_was_typed_oddly_is_said_at_the_field(cast: Cast, odd: str) -> None:
    answer = cast.as_(cast.coordinator).post("/calendar/sections", data={"section": odd})
    assert answer.status_code == 422
    assert 'href="#section"' in answer.text


def test_it_opens_only_as_long_as_its_person_runs_shifts_there(cast: Cast, client: Any) -> None:
    path = make(cast)
    appointed = session.scalars(
        select(Appointment).where(Appointment.person_id == cast.coordinator.id)
    ).one()
    appointed.until = NOON.date() - DAY
    session.commit()
    assert client.get(path).status_code == 404
    page = cast.as_(cast.coordinator).get("/calendar").text
    assert "Opens nothing" in page
    assert f"/calendar/sections/{cast.section.id}/remove" in page
    appointed.until = None
    session.commit()
    assert client.get(path).status_code == 200

    account = session.scalars(select(Account).where(Account.person_id == cast.coordinator.id)).one()
    account.active = False
    session.commit()
    assert client.get(path).status_code == 404
    account.active = True
    cast.coordinator.standing = Standing.LEFT
    session.commit()
    assert client.get(path).status_code == 404


def test_each_event_says_how_many_come_who_and_what_is_missing(cast: Cast, client: Any) -> None:
    needs = [
        b.a_need(skill=Skill.CONSTRUCTION, trade="bricklaying", least=2, most=3),
        b.a_need(skill=Skill.INTERPRETING, language="ar", language_to="en", least=1, most=2),
    ]
    shift = b.a_shift(
        cast.section, title="Night pour", place="Gate B", needs=needs, starts_at=NOON + DAY
    )
    first, second = (need.id for need in shift.needs)
    for name, state, need in (
        ("Amal", State.CONFIRMED, first),
        ("Ben", State.OFFERED, first),
        ("Cleo", State.WITHDRAWN, first),
        ("Dara", State.WAITLISTED, first),
        ("Eva", State.SEEKING_COVER, second),
    ):
        person = b.a_person(cast.section, given_name=name, family_name="Adams")
        b.a_participation(shift, person, state, need_id=need)

    [(title, event)] = events(client, make(cast)).items()

    assert title == "Night pour (2 of 5)"
    assert event["uid"] == f"slot-{shift.id}@localhost"
    assert event["location"] == "Gate B"
    assert event["url"] == f"http://localhost/shifts/{shift.id}/board"
    assert (event["status"], event["transp"]) == ("CONFIRMED", "TRANSPARENT")
    assert "attendee" not in event and "organizer" not in event
    text = str(event["description"])
    assert "Construction: Bricklaying: 1 of 3, 1 short, 1 waiting" in text
    assert "- Amal Adams\n- Ben Adams (asked, no answer yet)" in text
    assert "Interpreting: Arabic–English: 1 of 2\n- Eva Adams (looks for cover)" in text
    assert "Cleo" not in text and "Dara" not in text
    assert "Berlin (UTC+2)" in text


def test_afterwards_it_says_who_came_and_misses_nobody(cast: Cast, client: Any) -> None:
    needs = [b.a_need(least=2, most=2)]
    shift = b.a_shift(cast.section, title="Over", needs=needs, starts_at=NOON - DAY)
    b.a_participation(shift, cast.volunteer, State.ATTENDED)
    b.a_participation(shift, cast.coordinator, State.ABSENT, need_id=shift.needs[0].id)
    [(title, event)] = events(client, make(cast)).items()
    assert title == "Over (1 of 2)"
    assert "short" not in str(event["description"])
    assert "- Cora Coordinator (did not come)\n- Vera Volunteer" in str(event["description"])


def test_it_is_the_sections_own_slots_without_drafts_within_its_window(
    cast: Cast, client: Any
) -> None:
    below = b.a_section(cast.section)
    for title, section, days, status in (
        ("Own", cast.section, 1, Status.PUBLISHED),
        ("Draft", cast.section, 1, Status.DRAFT),
        ("Off", cast.section, 1, Status.CANCELLED),
        ("Below", below, 1, Status.PUBLISHED),
        ("Above", cast.top, 1, Status.PUBLISHED),
        ("Strange", cast.strange_section, 1, Status.PUBLISHED),
        ("Back", cast.section, -59, Status.PUBLISHED),
        ("Too far back", cast.section, -61, Status.PUBLISHED),
        ("Ahead", cast.section, 399, Status.PUBLISHED),
        ("Too far ahead", cast.section, 401, Status.PUBLISHED),
    ):
        b.a_shift(section, title=title, starts_at=NOON + days * DAY, status=status)
    b.a_session(b.a_course(cast.section), cast.section, title="First aid", starts_at=NOON + DAY)

    found = events(client, make(cast))

    assert {title.partition(" (")[0] for title in found} == {
        "Own",
        "Off",
        "Back",
        "Ahead",
        "First aid",
    }
    assert found["Off"]["status"] == "CANCELLED"
    assert "/trainings/" in next(e for t, e in found.items() if t.startswith("First"))["url"]
    assert {t.partition(" (")[0] for t in events(client, make(cast, section=below))} == {"Below"}


def test_people_who_come_and_go_move_its_stamp_and_a_change_of_the_slot_its_number(
    cast: Cast, client: Any
) -> None:
    shift = b.a_shift(cast.section, starts_at=NOON + 9 * DAY)
    place = b.a_participation(shift, cast.volunteer)
    path = make(cast)
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    move(place, State.WITHDRAWN, by=None, now=NOON + HOUR)
    [event] = events(client, path).values()
    assert event["sequence"] == 0
    assert event["last-modified"].dt == event["dtstamp"].dt == NOON + HOUR

    slots.cancel(shift.id, by=cast.coordinator.id, now=NOON + 2 * HOUR, why="storm")
    [event] = events(client, path).values()
    assert (event["sequence"], event["status"]) == (1, "CANCELLED")
    assert event["last-modified"].dt == NOON + 2 * HOUR
    assert lock(shift.id).sequence == 1


def test_it_speaks_its_owners_language(cast: Cast, client: Any) -> None:
    cast.coordinator.locale = "de"
    b.a_shift(cast.section, starts_at=NOON + DAY, needs=[b.a_need(least=1, most=1)])
    path = make(cast)
    answer = client.get(path, headers={"Accept-Language": "ar"})
    assert "(0 von 1)" in answer.text.replace("\r\n ", "")


def test_it_costs_the_same_for_one_slot_and_for_thirty(cast: Cast, client: Any) -> None:
    path = make(cast)

    def more(number: int) -> None:
        for _ in range(number):
            shift = b.a_shift(cast.section, starts_at=NOON + DAY)
            b.a_participation(shift, b.a_person(cast.section))

    more(1)
    with counted() as few:
        client.get(path)
    more(29)
    with counted() as many:
        client.get(path)
    assert len(few) == len(many) <= 8
    desk = cast.as_(cast.coordinator)
    with counted() as on_page:
        desk.get("/calendar")
    assert len(on_page) <= 8


def test_an_erased_person_and_a_deleted_section_leave_no_address(cast: Cast, client: Any) -> None:
    boss = b.a_person(cast.top)
    b.an_appointment(boss, cast.top, Role.ADMINISTRATOR)
    empty = b.a_section(cast.section, name="Empty")
    path = make(cast, boss, empty)
    make(cast)
    assert tree.belongings(empty.id) == []
    tree.delete(empty.id, by=boss.id, now=NOON)
    session.commit()
    assert client.get(path).status_code == 404
    erasing.erase(cast.coordinator, by=boss.id, now=NOON, why="asked")
    session.commit()
    assert session.scalars(select(SectionFeed)).all() == []
