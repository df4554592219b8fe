"""From a calendar file to drafts: looked at first, made at once, never twice."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from brigades.access import Role
from brigades.audit.models import Entry
from brigades.calendars.importing import service as bringing
from brigades.calendars.importing import views
from brigades.calendars.importing.kept import MOST
from brigades.calendars.models import CalendarFile
from brigades.calendars.reading.reader import read
from brigades.db import session
from brigades.schedule.models import Need, Origin, SignUp, Slot, Status
from brigades.shifts.models import Shift
from brigades.trainings.models import Session
from tests import builders as b
from tests.calendars.importing.conftest import Desk, ticked
from tests.calendars.reading.files import a_file
from tests.support.databases import ONE_DATABASE, POSTGRESQL
from tests.support.race import Race
from tests.support.statements import counted

EVENING = "DTSTART;TZID=Europe/Berlin:20261201T180000\nDTEND;TZID=Europe/Berlin:20261201T200000"
LONDON = "DTSTART;TZID=Europe/London:20261202T080000\nDURATION:PT2H\nLOCATION:Dock 4"
UNKNOWN = "DTSTART;TZID=Customized Time Zone:20261201T180000\nDURATION:PT2H"
PAST = "DTSTART:20180403T070000Z\nDURATION:PT1H"
DAYS = "DTSTART;VALUE=DATE:20261210\nDTEND;VALUE=DATE:20261213"


def made() -> list[Slot]:
    return list(session.scalars(select(Slot).order_by(Slot.starts_at, Slot.id)))


def test_events_are_shown_first_and_become_drafts_at_one_press(desk: Desk) -> None:  # IMP-06
    page = desk.bring(a_file(EVENING, LONDON, UNKNOWN, PAST))
    assert page.status_code == 200
    for words in ("Event 1", "Dock 4", "unknown", "Customized Time Zone", "1 is over", "London"):
        assert words in page.text
    assert not made()
    assert len(ticked(page.text)) == 2  # what is over is not

    answer = desk.make(page, least="2", most="4")
    assert answer.status_code == 303
    listed = desk.browser.get(answer.location)
    assert "2 drafts were made" in listed.text and "Event 2" in listed.text
    first, second = made()
    assert (first.type, first.status, first.signup) == ("shift", Status.DRAFT, SignUp.OPEN)
    assert (first.zone, first.starts_at) == ("Europe/Berlin", datetime(2026, 12, 1, 17, tzinfo=UTC))
    assert (second.zone, second.place, second.starts_local.hour) == ("Europe/London", "Dock 4", 8)
    needs = session.execute(select(Need.least, Need.most)).all()
    assert needs == [(2, 4), (2, 4)]
    trail = session.scalars(select(Entry.why).where(Entry.slot_id == first.id)).all()
    assert trail == ["brought in from a calendar file"]
    [file] = session.scalars(select(CalendarFile))
    assert (file.made, file.found, file.name) == (2, {}, "")


@pytest.mark.parametrize("content", [a_file(EVENING), b"no calendar"])
def test_nobody_waits_while_a_file_is_read(desk: Desk, monkeypatch: Any, content: bytes) -> None:
    held = []

    def slowly(*given: Any, **more: Any) -> Any:
        held.append(session().in_transaction())
        return read(*given, **more)

    monkeypatch.setattr(views, "read", slowly)
    assert desk.bring(content).status_code in (200, 422)
    assert held == [False]


def test_the_list_afterwards_shows_those_and_no_others(desk: Desk) -> None:
    b.a_shift(desk.section, status=Status.DRAFT, title="Another draft")
    answer = desk.make(desk.bring(a_file(EVENING)))
    listed = desk.browser.get(answer.location).text
    assert "Event 1" in listed and "Another draft" not in listed


def test_what_was_made_of_a_file_is_published_together(desk: Desk) -> None:
    page = desk.bring(a_file(EVENING, LONDON, PAST))
    answer = desk.make(page, ["0:20261201T170000Z", "1:20261202T080000Z", "2:20180403T070000Z"])
    address = page.request.path + "/publish"
    assert f'action="{address}"' in desk.browser.get(answer.location).text
    stranger = b.a_person(other := b.a_section())
    b.an_appointment(stranger, other, Role.COORDINATOR)
    assert b.signed_in(desk.app, stranger).post(address).status_code == 404
    done = desk.browser.post(address)
    listed = desk.browser.get(done.location).text
    assert "2 drafts are published." in listed and "1 is still a draft" in listed
    assert "Event 1" in listed and "Event 2" in listed
    assert [one.status for one in made()] == [Status.DRAFT, Status.PUBLISHED, Status.PUBLISHED]


def test_the_same_press_and_the_same_file_again_make_nothing_twice(desk: Desk) -> None:  # IMP-06
    page = desk.bring(a_file(EVENING, LONDON))
    taken = ticked(page.text)
    desk.make(page, taken)
    again = desk.make(page, taken)
    assert again.status_code == 303
    assert "brought in already" in desk.browser.get(again.location).text

    later = desk.bring(a_file(EVENING, LONDON, PAST), name="again.ics")
    assert later.text.count("Brought in before") == 2
    assert not ticked(later.text)
    refused = desk.make(later, taken)
    assert refused.status_code == 422 and "brought in before" in refused.text
    assert len(made()) == 2


def test_an_event_that_was_moved_since_is_known_again_and_a_cancelled_one_is_not_in_the_way(
    desk: Desk,
) -> None:
    desk.make(desk.bring(a_file(EVENING)))
    moved = a_file(EVENING.replace("T18", "T19"))
    assert "Brought in before" in desk.bring(moved).text
    [shift] = made()
    shift.status = Status.CANCELLED
    session.commit()
    desk.make(desk.bring(moved))
    assert [one.status for one in made()] == [Status.CANCELLED, Status.DRAFT]
    assert len(session.scalars(select(Origin)).all()) == 2


def test_what_was_typed_in_by_hand_before_is_said_and_not_ticked(desk: Desk) -> None:
    at = datetime(2026, 12, 1, 17, tzinfo=UTC)
    b.a_shift(desk.section, title="Event 1", starts_at=at)
    b.a_shift(b.a_section(), title="Event 2", starts_at=at)
    page = desk.bring(a_file(EVENING, EVENING))
    assert page.text.count("There is one of this title and time already.") == 1
    assert len(ticked(page.text)) == 1


def test_of_a_series_only_what_is_new_is_made(desk: Desk) -> None:
    weekly = EVENING + "\nRRULE:FREQ=WEEKLY;COUNT={}"
    desk.make(desk.bring(a_file(weekly.format(3))))
    page = desk.bring(a_file(weekly.format(5)))
    assert len(ticked(page.text)) == 2
    desk.make(page)
    assert [one.starts_local.day for one in made()] == [1, 8, 15, 22, 29]


def test_whole_days_ask_for_their_hours_once_and_each_becomes_a_slot(desk: Desk) -> None:  # ICS-03
    page = desk.bring(a_file(DAYS))
    assert page.text.count("· whole day") == 3
    refused = desk.make(page, least="1")
    assert refused.status_code == 422 and "Say from when until when" in refused.text
    hours = {"day_from": "22:00", "day_until": "06:00"}
    shown = desk.make(page, times="y", **hours)
    assert shown.status_code == 200 and "22:00" in shown.text
    assert 'value="22:00"' in desk.browser.get(page.request.path).text  # kept
    desk.make(page, **hours)
    assert [(one.starts_local.day, one.ends_local.hour) for one in made()] == [
        (10, 6),
        (11, 6),
        (12, 6),
    ]
    assert all(one.zone == "Europe/Zurich" and one.hours == 8 for one in made())


def test_sessions_are_of_their_course_and_ask_for_what_it_asks(desk: Desk) -> None:
    page = desk.bring(a_file(EVENING, "SUMMARY:\n" + LONDON), where="trainings")
    assert "session of First aid" in page.text
    answer = desk.make(page, most="12")
    assert answer.location.startswith("/trainings?state=draft&file=")
    assert "Event 1" in desk.browser.get(answer.location).text
    sessions = session.scalars(select(Session).order_by(Session.starts_at)).all()
    assert [(one.course_id, one.title) for one in sessions] == [
        (desk.course.id, "Event 1"),
        (desk.course.id, "First aid"),
    ]
    needs = session.execute(select(Need.least, Need.most, Need.kind_id)).all()
    assert needs == [(0, 12, desk.course.requires_id)] * 2


def test_a_file_waits_until_its_owner_comes_back_and_can_be_erased(desk: Desk) -> None:
    page = desk.bring(a_file(EVENING))
    start = desk.browser.get("/shifts/import")
    assert "camp.ics" in start.text and page.request.path in start.text
    desk.browser.post(page.request.path + "/erase")
    assert desk.browser.get(page.request.path).status_code == 404
    assert not session.scalars(select(CalendarFile)).all()


def test_nobody_else_sees_a_file_and_only_who_may_make_slots_brings_one(desk: Desk) -> None:
    page = desk.bring(a_file(EVENING))
    colleague = b.a_person(desk.section)
    b.an_appointment(colleague, desk.section, Role.COORDINATOR)
    other = b.signed_in(desk.app, colleague)
    assert other.get(page.request.path).status_code == 404
    assert other.post(page.request.path, data={"take": ticked(page.text)}).status_code == 404
    volunteer = b.signed_in(desk.app, b.a_person(desk.section))
    for address in ("/shifts/import", "/trainings/import", page.request.path):
        assert volunteer.get(address).status_code == 404
    assert "/shifts/import" not in volunteer.get("/shifts").text
    assert "/shifts/import" in desk.browser.get("/shifts").text
    assert f"course={desk.course.id}" in desk.browser.get("/trainings/courses").text


def test_a_section_of_somebody_else_cannot_be_chosen(desk: Desk) -> None:
    desk.section = b.a_section()
    assert desk.bring(a_file(EVENING)).status_code == 422
    assert not session.scalars(select(CalendarFile)).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"take": []}, "Tick at least one."),
        ({"take": ["nonsense", "9:9"]}, "Nothing was made"),
        ({"least": "5", "most": "4"}, "The most cannot be lower than the least."),
        ({"least": "many"}, "Not a valid integer value."),
        ({"day_from": "25:99"}, "Not a valid time value."),
        ({"day_from": "08:00"}, "Say from when until when whole days go."),
    ],
)
@ONE_DATABASE
def test_what_cannot_be_used_is_said_and_nothing_is_made(desk: Desk, given, words) -> None:
    page = desk.bring(a_file(EVENING, DAYS))
    answer = desk.make(page, given.pop("take", None), **given)
    assert answer.status_code == 422 and words in answer.text
    assert not made()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "Unpack it"),
        (b"<html>", "web page"),
        (b"Name;Day", "no calendar file"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", "no event"),
        (a_file(EVENING) + b" " * 2**21, "larger than 2 MB"),
    ],
)
@ONE_DATABASE
def test_a_file_that_is_no_calendar_is_refused_with_a_sentence(desk: Desk, content, words) -> None:
    answer = desk.bring(content)
    assert answer.status_code == 422 and words in answer.text
    assert not session.scalars(select(CalendarFile)).all()


@ONE_DATABASE
def test_a_file_that_no_page_takes_is_refused_with_the_same_sentence(desk: Desk) -> None:
    answer = desk.bring(b"x" * 20 * 2**20)
    assert answer.status_code == 413 and "larger than 2 MB" in answer.text
    assert desk.browser.post("/shifts/import").status_code == 422


@ONE_DATABASE
def test_a_file_of_thousands_is_cut_to_what_comes_next(desk: Desk) -> None:
    events = [
        f"DTSTART:20261201T{n // 60:02}{n % 60:02}00Z\nDURATION:PT1H" for n in range(MOST + 3)
    ]
    page = desk.bring(a_file(PAST, *events))
    assert len(ticked(page.text)) == MOST
    assert f"Only the next {MOST} are shown, 4 more are not." in page.text


def test_pages_and_making_cost_the_same_for_one_and_for_thirty(desk: Desk) -> None:
    costs = []
    for number in (1, 30):
        daily = EVENING + f"\nRRULE:FREQ=DAILY;COUNT={number}\nUID:of-{number}\nSUMMARY:Of {number}"
        page = desk.bring(a_file(daily, DAYS.replace("DTSTART", f"UID:d{number}\nDTSTART")))
        with counted() as looking:
            desk.browser.get(page.request.path)
        with counted() as choosing:
            desk.browser.get("/shifts/import")
        with counted() as making:
            answer = desk.make(page, day_from="08:00", day_until="12:00")
        assert answer.status_code == 303
        costs.append((len(looking), len(choosing), len(making)))
    assert costs[0] == costs[1]
    looking, choosing, making = costs[0]
    assert looking <= 8 and choosing <= 8 and making <= 20, costs
    assert len(session.scalars(select(Shift)).all()) == 31 + 6


def test_files_of_a_day_ago_are_taken_away(desk: Desk) -> None:
    from brigades.keeping import service

    desk.bring(a_file(EVENING))
    [kind] = [one for one in service.KINDS if one.name == "calendar files"]
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert service.take(kind, now) == 0
    assert service.take(kind, now.replace(day=27)) == 1
    assert not session.scalars(select(CalendarFile)).all()


@POSTGRESQL
@pytest.mark.parametrize("same_file", [True, False])
def test_two_presses_at_the_very_moment_make_it_once(desk: Desk, same_file: bool) -> None:
    desk.bring(a_file(EVENING))
    desk.bring(a_file(EVENING), name="the-same-again.ics")
    first_id, second_id = session.scalars(select(CalendarFile.id).order_by(CalendarFile.id))
    by, now = desk.coordinator.id, datetime(2026, 11, 25, 12, tzinfo=UTC)

    def press(file_id: int) -> None:
        query = select(CalendarFile).where(CalendarFile.id == file_id)
        shown = (joinedload(CalendarFile.section), joinedload(CalendarFile.course))
        file = session.scalars(query.options(*shown)).one()
        name = "0:20261201T170000Z"
        bringing.make(file, [name], least=1, most=None, untitled="", by=by, now=now)

    Race(desk.app).run(lambda: press(first_id), lambda: press(first_id if same_file else second_id))
    assert len(made()) == 1


def test_what_a_feed_of_ours_says_is_read_with_the_same_times(desk: Desk) -> None:  # ICS-03
    night = datetime(2027, 3, 27, 21, tzinfo=UTC)  # the clocks go forward before it ends
    shift = b.a_shift(desk.section, starts_at=night, hours=7, title="Night", place="Gate 4")
    b.a_participation(shift, desk.coordinator)
    desk.coordinator.calendar_secret = "secret"
    feed = desk.browser.get("/calendar/secret.ics").data
    assert b"VALUE=DATE" not in feed  # nothing of ours is of whole days
    desk.section = b.a_section(desk.section)
    desk.make(desk.bring(feed))
    first, second = made()
    assert (first.starts_at, first.ends_at) == (second.starts_at, second.ends_at)
    assert (second.title, second.place, second.section_id) == ("Night", "Gate 4", desk.section.id)


def test_a_later_file_has_nothing_to_do_with_the_slots_of_an_erased_one(desk: Desk) -> None:
    desk.make(desk.bring(a_file(EVENING)))
    session.execute(delete(CalendarFile))
    session.commit()
    desk.make(desk.bring(a_file(LONDON.replace("DTSTART", "UID:another\nDTSTART"))))
    first, second = session.scalars(select(Origin.file).order_by(Origin.slot_id))
    assert first != second
