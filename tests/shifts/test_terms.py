"""Terms of a shift: typed in, kept, shown to whoever comes, and doubted where they are odd."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from brigades.calendars.ical import single
from brigades.db import session
from brigades.schedule import service as schedule
from brigades.schedule import slots
from brigades.schedule.models import SignUp, SlotPaper, Status
from brigades.schedule.rules import Code
from brigades.shifts.models import Shift
from tests import builders as b
from tests.shifts.cast import Cast, typed

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
TERMS = {
    "meet_before": "30",
    "min_age": "16",
    "with_children": "y",
    "signup": "request",
    "leave_by_hours": "72",
    "fills_at_once": "y",
    "swaps_asked": "y",
}


@pytest.fixture(autouse=True)
def _in_august() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def only_shift() -> Shift:
    session.expire_all()
    return session.scalars(select(Shift)).one()


def papers() -> set[int]:
    return set(session.scalars(select(SlotPaper.kind_id)))


def test_terms_are_kept_shown_again_and_taken_away(cast: Cast) -> None:
    desk = cast.as_(cast.coordinator)
    aid, passport = b.a_kind("First aid"), b.a_kind("Passport", travel=True, months_past_end=6)
    sent = typed(cast.section) | TERMS | {"papers": [str(aid.id), str(passport.id)]}
    assert desk.post("/shifts/new", data=sent).status_code == 303
    shift = only_shift()
    assert (shift.meet_before, shift.min_age, shift.leave_by_hours) == (30, 16, 72)
    assert shift.with_children and shift.fills_at_once and shift.swaps_asked
    assert shift.signup is SignUp.REQUEST
    assert papers() == {aid.id, passport.id}

    form = desk.get(f"/shifts/{shift.id}/edit").text
    for kept in ('value="30"', 'value="16"', 'value="72"', 'selected value="request"'):
        assert kept in form
    need = next(line for line in form.splitlines() if 'name="needs-0-id"' in line)
    row = {"needs-0-id": need.partition('value="')[2].partition('"')[0]}
    less = typed(cast.section) | row | {"papers": [str(aid.id)], "waitlist": "y"}
    assert desk.post(f"/shifts/{shift.id}/edit", data=less).status_code == 303
    shift = only_shift()
    assert (shift.meet_before, shift.min_age, shift.leave_by_hours) == (0, None, None)
    assert not (shift.with_children or shift.fills_at_once or shift.swaps_asked)
    assert papers() == {aid.id}


def test_a_paper_alone_is_a_change_that_the_trail_keeps(cast: Cast) -> None:
    desk, aid = cast.as_(cast.coordinator), b.a_kind("First aid")
    desk.post("/shifts/new", data=typed(cast.section))
    shift = only_shift()
    form = desk.get(f"/shifts/{shift.id}/edit").text
    need = next(line for line in form.splitlines() if 'name="needs-0-id"' in line)
    row = {"needs-0-id": need.partition('value="')[2].partition('"')[0]}
    sent = typed(cast.section) | row | {"papers": [str(aid.id)]}
    desk.post(f"/shifts/{shift.id}/edit", data=sent)
    page = desk.get(f"/shifts/{shift.id}").text
    assert "Saved." in page
    assert "details changed" in page


def test_whoever_comes_reads_what_is_asked_and_when_to_meet(cast: Cast) -> None:
    shift = b.a_shift(
        cast.section,
        starts_at=datetime(2026, 8, 14, 6, tzinfo=UTC),
        meet_before=30,
        min_age=16,
        with_children=True,
        swaps_asked=True,
        leave_by_hours=24,
    )
    passport = b.a_kind("Passport", travel=True, months_past_end=6)
    b._kept(SlotPaper(slot_id=shift.id, kind_id=passport.id))
    page = cast.as_(cast.volunteer).get(f"/shifts/{shift.id}").text
    assert "Meet at" in page
    assert "07:30" in page
    assert "30 min before the start" in page
    assert "From the age of 16 on" in page
    assert "Work with children" in page
    assert "Everybody needs: Passport, valid 6 months past the end" in page
    assert "The coordinator approves swaps" in page
    assert "Free to give up until" in page
    assert "no date of birth is known" in page
    assert "safeguarding check, and none is known" in page


def test_the_calendar_says_when_to_meet(cast: Cast) -> None:
    shift = b.a_shift(cast.section, starts_at=datetime(2026, 8, 14, 6, tzinfo=UTC), meet_before=30)
    place = b.a_participation(shift, cast.volunteer)
    shift = session.get_one(Shift, shift.id)
    with cast.app.test_request_context(headers={"Accept-Language": "en"}):
        shift.section = cast.section
        entry = single(place, shift, cast.volunteer).decode().replace("\r\n ", "")
    assert "Meet at 07:30." in entry
    assert "DTSTART:20260814T060000Z" in entry or "20260814T080000" in entry


def test_youth_work_without_the_check_is_pointed_out_to_its_staff_alone(cast: Cast) -> None:
    def hinted(person, **given: bool) -> bool:
        shift = b.a_shift(cast.section, needs=[b.a_need(skill="youth")], **given)
        page = cast.as_(person).get(f"/shifts/{shift.id}").text
        return "nobody is asked for a safeguarding check" in page

    assert hinted(cast.coordinator)
    assert not hinted(cast.volunteer)
    assert not hinted(cast.coordinator, with_children=True)


def test_a_minor_who_takes_part_is_marked_for_its_staff(cast: Cast) -> None:  # AGE-02
    shift = b.a_shift(cast.section, starts_at=NOW + timedelta(days=9))
    young = {"given_name": "Yara", "born": date(2009, 1, 1)}
    b.a_participation(shift, b.a_person(cast.section, **young))
    page = cast.as_(cast.coordinator).get(f"/shifts/{shift.id}").text
    assert "under age: 17, no guardian agreed" in page


ODD = [
    ({"starts": "2026-07-20T08:00", "ends": "2026-07-20T12:00"}, "in the past"),
    ({"starts": "2026-08-14T08:00", "ends": "2026-09-14T08:00"}, "31 days"),
]


@pytest.mark.parametrize(("when", "says"), ODD)
def test_odd_dates_are_said_on_saving_and_asked_about_on_publishing(cast: Cast, when, says) -> None:
    desk = cast.as_(cast.coordinator)
    page = desk.get(desk.post("/shifts/new", data=typed(cast.section) | when).location)
    assert says in page.text
    shift = only_shift()
    asked = desk.post(f"/shifts/{shift.id}/publish")
    assert asked.status_code == 422
    assert says in asked.text
    assert only_shift().status is Status.DRAFT


def test_a_long_shift_is_published_with_the_tick(cast: Cast) -> None:
    desk = cast.as_(cast.coordinator)
    desk.post("/shifts/new", data=typed(cast.section) | ODD[1][0])
    address = f"/shifts/{only_shift().id}/publish"
    assert "Yes, I mean it" in desk.post(address).text
    assert desk.post(address, data={"sure": "y"}).status_code == 303
    assert only_shift().status is Status.PUBLISHED


def test_what_has_started_is_not_published_and_says_why(cast: Cast) -> None:
    desk = cast.as_(cast.coordinator)
    desk.post("/shifts/new", data=typed(cast.section) | ODD[0][0])
    shift = only_shift()
    for sent in ({}, {"sure": "y"}):
        refused = desk.post(f"/shifts/{shift.id}/publish", data=sent)
        assert refused.status_code == 422
        assert "cannot be published" in refused.text
        assert "Its start is in the past" in refused.text
        assert f'href="/shifts/{shift.id}/edit"' in refused.text
        assert "Yes, I mean it" not in refused.text
    assert only_shift().status is Status.DRAFT
    with pytest.raises(schedule.Refused) as service:
        slots.publish(shift.id, by=cast.coordinator.id, now=shift.starts_at)
    assert [reason.code for reason in service.value.reasons] == [Code.PAST]
    slots.publish(shift.id, by=cast.coordinator.id, now=shift.starts_at - timedelta(minutes=1))


HARDLY_EVER = [
    ({"starts": "2026-08-14T08:00", "ends": "2026-09-14T09:00"}, "32 days"),
    ({"starts": "2062-08-14T08:00", "ends": "2062-08-14T12:00"}, "The start is years away"),
    ({"starts": "2016-08-14T08:00", "ends": "2016-08-14T12:00"}, "in the past"),
]


@pytest.mark.parametrize(("when", "says"), HARDLY_EVER)
def test_a_draft_on_dates_that_are_hardly_ever_meant_is_saved_with_the_tick(
    cast: Cast, when, says
) -> None:
    desk = cast.as_(cast.coordinator)
    sent = typed(cast.section) | when | {"title": "Kept"}
    asked = desk.post("/shifts/new", data=sent)
    assert asked.status_code == 422
    assert says in asked.text and "Yes, I mean it" in asked.text
    assert 'value="Kept"' in asked.text
    assert session.scalars(select(Shift)).all() == []
    assert desk.post("/shifts/new", data=sent | {"sure": "y"}).status_code == 303
    shift = only_shift()
    assert shift.status is Status.DRAFT
    again = desk.post(f"/shifts/{shift.id}/edit", data=sent | {"note": "Bring gloves"})
    assert again.status_code == 303, "dates that stay as they are are not asked about again"
    moved = {"ends": when["ends"].replace(":00", ":30")}
    assert desk.post(f"/shifts/{shift.id}/edit", data=sent | moved).status_code == 422


def test_fourteen_days_and_a_start_to_come_are_not_asked_about(cast: Cast) -> None:
    desk = cast.as_(cast.coordinator)
    when = {"starts": "2026-08-14T08:00", "ends": "2026-08-28T08:00"}
    desk.post("/shifts/new", data=typed(cast.section) | when)
    assert desk.post(f"/shifts/{only_shift().id}/publish").status_code == 303


def test_a_published_shift_moves_to_odd_dates_only_with_the_tick(cast: Cast) -> None:
    desk = cast.as_(cast.coordinator)
    desk.post("/shifts/new", data=typed(cast.section))
    shift = only_shift()
    desk.post(f"/shifts/{shift.id}/publish")
    form = desk.get(f"/shifts/{shift.id}/edit").text
    need = next(line for line in form.splitlines() if 'name="needs-0-id"' in line)
    row = {"needs-0-id": need.partition('value="')[2].partition('"')[0]}
    sent = typed(cast.section) | row | ODD[0][0] | {"title": "Kept"}
    asked = desk.post(f"/shifts/{shift.id}/edit", data=sent)
    assert asked.status_code == 422
    assert 'value="Kept"' in asked.text
    assert 'name="sure"' in asked.text
    assert only_shift().title == "Night pour"
    assert desk.post(f"/shifts/{shift.id}/edit", data=sent | {"sure": "y"}).status_code == 303
    again = desk.post(f"/shifts/{shift.id}/edit", data=sent | {"note": "Bring gloves"})
    assert again.status_code == 303, "times that stay as they are are not asked about again"
