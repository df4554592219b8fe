"""The pages of shifts that repeat and are copied; trainings have the same ones."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.schedule.models import Need, Participation, Series, Slot, Status
from brigades.shifts.models import Shift
from tests import builders as b
from tests.builders import DAY
from tests.shifts.cast import Cast, a_row
from tests.support.statements import counted

MONDAY = datetime(2026, 10, 12, 16, tzinfo=UTC)
WEEKLY = {"every": "week", "step": "1", "weekdays": ["1"], "until": "", "count": "4"}


def a_monday(cast: Cast, **given: Any) -> Shift:
    values = {"title": "Night pour", "starts_at": MONDAY, "hours": 2}
    return b.a_shift(cast.section, **values | given)


def shifts() -> list[Shift]:
    return list(session.scalars(select(Shift).order_by(Shift.starts_at, Shift.id)))


def count(model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def looked(text: str) -> dict[str, Any]:
    """What the list on a page sends back as it stands: its mark and what is ticked."""
    return {
        "make": re.search(r'name="make" value="(\w+)"', text)[1],  # type: ignore[index]
        "take": re.findall(r'name="take" value="([^"]+)" checked', text),
    }


def make(client: Any, address: str, sent: dict[str, Any], **more: Any) -> Any:
    page = client.post(address, data=sent)
    assert page.status_code == 200
    return client.post(address, data=sent | looked(page.text) | more)


def a_series(cast: Cast, **given: Any) -> list[Shift]:
    shift = a_monday(cast, **given)
    client = cast.as_(cast.coordinator)
    made = make(client, f"/shifts/{shift.id}/repeat", WEEKLY, publish="y")
    assert made.status_code == 303
    return shifts()


def stored(shift: Shift, **given: Any) -> dict[str, Any]:
    """What the form of a stored shift sends back when nothing is touched."""
    values = {
        "title": shift.title,
        "zone": shift.zone,
        "starts": f"{shift.starts_local:%Y-%m-%dT%H:%M}",
        "ends": f"{shift.ends_local:%Y-%m-%dT%H:%M}",
        "place": shift.place,
        "signup": shift.signup.value,
        "waitlist": "y",
        "sure": "y",
    }
    need = session.scalars(select(Need).where(Need.slot_id == shift.id)).one()
    row = a_row(0, id=str(need.id), least=str(need.least))
    return values | row | given


def test_the_dates_are_shown_before_anything_is_made(cast: Cast) -> None:  # TIME-07
    shift = a_monday(cast)
    client, address = cast.as_(cast.coordinator), f"/shifts/{shift.id}/repeat"
    assert client.get(address).status_code == 200
    page = client.post(address, data=WEEKLY)
    for instant in ("2026-10-19T16:00", "2026-10-26T17:00", "2026-11-02T17:00"):
        assert f'datetime="{instant}:00+00:00">18:00' in page.text
    assert count(Shift) == 1
    assert client.post(address, data=WEEKLY | looked(page.text)).status_code == 303
    assert [one.starts_local.hour for one in shifts()] == [18] * 4
    assert {one.status for one in shifts()[1:]} == {Status.DRAFT}
    assert client.post(address, data=WEEKLY | looked(page.text)).status_code == 303
    assert (count(Shift), count(Series)) == (4, 1)


def test_another_list_than_the_one_looked_at_is_shown_first(cast: Cast) -> None:
    shift = a_monday(cast)
    client, address = cast.as_(cast.coordinator), f"/shifts/{shift.id}/repeat"
    sent = WEEKLY | looked(client.post(address, data=WEEKLY).text)
    again = client.post(address, data=sent | {"count": "5"})
    assert again.status_code == 422
    assert "Since you looked the list has changed" in again.text
    nothing = client.post(address, data=sent | {"take": []})
    assert nothing.status_code == 422
    assert "Tick at least one." in nothing.text
    assert count(Shift) == 1


def test_an_odd_night_is_said_and_left_out_unless_ticked(cast: Cast) -> None:  # TIME-03
    starts = datetime(2027, 3, 27, 1, 30, tzinfo=UTC)
    daily = WEEKLY | {"every": "day", "count": "3"}
    shift = a_monday(cast, starts_at=starts)
    client, address = cast.as_(cast.coordinator), f"/shifts/{shift.id}/repeat"
    page = client.post(address, data=daily).text
    assert "The clocks go forward and 02:30 does not exist" in page
    assert "it becomes 03:30" in page
    assert looked(page)["take"] == [f"{shift.id}:2027-03-29"]
    both = [f"{shift.id}:2027-03-28", f"{shift.id}:2027-03-29"]
    assert make(client, address, daily, take=both).status_code == 303
    assert [one.starts_local.hour for one in shifts()] == [2, 3, 2]


@pytest.mark.parametrize(
    ("odd", "sentence"),
    [
        ({"count": ""}, "Say until which day, or how many times."),
        ({"until": "2026-12-01"}, "Say until which day, or how many times."),
        ({"count": "", "until": "2026-10-12"}, "This must be after the day of the first."),
        ({"count": "", "until": "2026-10-18"}, "No day would follow the first one."),
        ({"count": "", "until": "2099-01-01", "every": "day"}, "That is more than 366."),
        ({"count": "367"}, "Number must be between 2 and 366."),
        ({"count": "1"}, "Number must be between 2 and 366."),
        ({"count": "300", "step": "52"}, "Check the year."),
        ({"step": "0"}, "Number must be between 1 and 52."),
        ({"step": "x"}, "Not a valid integer value."),
        ({"weekdays": ["8"]}, "choice"),
        ({"every": "hour"}, "Not a valid choice"),
        ({"count": "", "until": "soon"}, "Not a valid date value."),
    ],
)
def test_a_series_without_a_good_end_is_a_field_error(
    cast: Cast, odd: dict[str, Any], sentence: str
) -> None:
    shift = a_monday(cast)
    sent = cast.as_(cast.coordinator).post(f"/shifts/{shift.id}/repeat", data=WEEKLY | odd)
    assert sent.status_code == 422
    assert sentence in sent.text
    assert count(Shift) == 1


def test_this_and_the_following_move_by_the_same_step_and_people_are_told(cast: Cast) -> None:
    found = a_series(cast)
    for one in found:
        b.a_participation(session.get_one(Shift, one.id), cast.volunteer, need_id=_need(one))
    client = cast.as_(cast.coordinator)
    later = shifts()[1]
    sent = stored(later, starts="2026-10-20T17:00", ends="2026-10-20T19:00", title="Early pour")
    assert "This and the following ones" in client.get(f"/shifts/{later.id}/edit").text
    sent |= {"reach": "following"}
    assert client.post(f"/shifts/{later.id}/edit", data=sent).status_code == 303
    walls = [one.starts_local for one in shifts()]
    assert walls == [datetime(2026, 10, 12, 18)] + [
        datetime(2026, *day, 17) for day in ((10, 20), (10, 27), (11, 3))
    ]
    assert [one.title for one in shifts()] == ["Night pour"] + ["Early pour"] * 3
    names = session.scalars(select(Letter.name)).all()
    assert names.count("slot-moved") == 3
    why = session.scalars(select(Entry.why).where(Entry.slot_id == shifts()[-1].id)).all()
    assert "together with an earlier one of the series" in why


def _need(shift: Shift) -> int:
    return session.scalars(select(Need.id).where(Need.slot_id == shift.id)).one()


def test_only_this_one_leaves_the_others(cast: Cast) -> None:
    second = a_series(cast)[1]
    sent = stored(second, title="Alone", reach="one")
    assert (
        cast.as_(cast.coordinator).post(f"/shifts/{second.id}/edit", data=sent).status_code == 303
    )
    assert [one.title for one in shifts()].count("Alone") == 1


def test_what_was_changed_on_one_alone_stays_where_it_is_not_touched_now(cast: Cast) -> None:
    found = a_series(cast)
    client = cast.as_(cast.coordinator)
    alone = stored(found[2], place="Gate C", starts="2026-10-26T20:00", ends="2026-10-26T22:00")
    assert client.post(f"/shifts/{found[2].id}/edit", data=alone).status_code == 303
    sent = stored(shifts()[0], ends="2026-10-12T21:00", note="bring boots", reach="following")
    sent |= a_row(0, id=str(_need(found[0])), least="2", most="3")
    assert client.post(f"/shifts/{found[0].id}/edit", data=sent).status_code == 303
    third = shifts()[2]
    assert (third.place, third.note) == ("Gate C", "bring boots")
    assert (third.starts_local.hour, third.ends_local.hour) == (20, 23)
    needs = session.execute(select(Need.least, Need.most)).all()
    assert {tuple(one) for one in needs} == {(2, 3)}


def test_a_place_that_people_have_on_a_later_one_stops_the_whole_change(cast: Cast) -> None:
    found = a_series(cast, needs=[b.a_need(), b.a_need(position=1)])
    last = found[-1]
    second = session.scalars(
        select(Need.id).where(Need.slot_id == last.id, Need.position == 1)
    ).one()
    b.a_participation(session.get_one(Shift, last.id), cast.volunteer, need_id=second)
    first = session.scalars(
        select(Need.id).where(Need.slot_id == found[0].id).order_by(Need.position)
    ).first()
    shift = session.get_one(Shift, found[0].id)
    sent = {
        "title": "Changed",
        "zone": shift.zone,
        "starts": "2026-10-12T18:00",
        "ends": "2026-10-12T20:00",
        "signup": "open",
        "reach": "following",
        **a_row(0, id=str(first)),
    }
    refused = cast.as_(cast.coordinator).post(f"/shifts/{shift.id}/edit", data=sent)
    assert refused.status_code == 422
    assert "Nothing was changed." in refused.text
    assert "2 Nov 2026 people have signed up" in refused.text
    assert {one.title for one in shifts()} == {"Night pour"}
    assert count(Need) == 8


def test_an_odd_night_of_a_later_one_stops_the_change_unless_it_is_ticked(cast: Cast) -> None:
    starts = datetime(2027, 3, 26, 3, 30, tzinfo=UTC)
    shift = a_monday(cast, starts_at=starts, hours=4)
    client = cast.as_(cast.coordinator)
    make(client, f"/shifts/{shift.id}/repeat", WEEKLY | {"every": "day", "count": "3"})
    assert [one.starts_local.hour for one in shifts()] == [4, 4, 4]
    sent = stored(shifts()[0], starts="2027-03-26T02:30", reach="following")
    refused = client.post(f"/shifts/{shift.id}/edit", data=sent)
    assert refused.status_code == 422
    assert "would get 02:30, which the clocks skip" in refused.text
    assert [one.starts_local.hour for one in shifts()] == [4, 4, 4]
    assert client.post(f"/shifts/{shift.id}/edit", data=sent | {"odd": "y"}).status_code == 303
    assert [one.starts_local.hour for one in shifts()] == [2, 2, 3]


def test_a_time_that_another_zone_skips_stops_the_change_of_zone(cast: Cast) -> None:  # TIME-03
    night = datetime(2027, 3, 20, 22, 30, tzinfo=UTC)  # half past two on a Sunday in Dubai
    first, client = a_monday(cast, zone="Asia/Dubai", starts_at=night), cast.as_(cast.coordinator)
    sundays = WEEKLY | {"weekdays": ["7"], "count": "3"}
    make(client, f"/shifts/{first.id}/repeat", sundays)
    moved = stored(first, zone="Europe/Berlin", reach="following")
    page = client.post(f"/shifts/{first.id}/edit", data=moved)
    assert page.status_code == 422
    assert "would get 02:30, which the clocks skip" in page.text
    assert {one.zone for one in shifts()} == {"Asia/Dubai"}
    assert client.post(f"/shifts/{first.id}/edit", data=moved | {"odd": "y"}).status_code == 303
    walls = [f"{one.starts_local:%d %H:%M}" for one in shifts()]
    assert walls == ["21 02:30", "28 03:30", "04 02:30"]


def test_this_and_the_following_are_cancelled_and_all_drafts_published(cast: Cast) -> None:
    shift = a_monday(cast, status=Status.DRAFT)
    client = cast.as_(cast.coordinator)
    make(client, f"/shifts/{shift.id}/repeat", WEEKLY)
    assert "Publish all drafts of the series" in client.get(f"/shifts/{shift.id}").text
    assert client.post(f"/shifts/{shift.id}/series/publish").status_code == 303
    assert {one.status for one in shifts()} == {Status.PUBLISHED}
    third = shifts()[2]
    b.a_participation(third, cast.volunteer, need_id=_need(third))
    sent = {"reason": "storm", "reach": "following"}
    assert client.post(f"/shifts/{third.id}/cancel", data=sent).status_code == 303
    states = [one.status for one in shifts()]
    assert states == [Status.PUBLISHED] * 2 + [Status.CANCELLED] * 2
    assert session.scalars(select(Letter.name)).all().count("slot-cancelled") == 1


def test_a_shift_says_which_of_a_series_it_is_and_leads_to_the_others(cast: Cast) -> None:
    first, second, third, _last = a_series(cast)
    client = cast.as_(cast.volunteer)
    page = client.get(f"/shifts/{second.id}").text
    assert "2 of 4, every Monday until Mon, 2 Nov 2026" in page
    for other in (first, third):
        assert f'href="/shifts/{other.id}"' in page
    a_monday(cast, title="Something else")
    whole = client.get(f"/shifts?series={second.series_id}").text
    assert "3 of 4" in whole
    assert "Something else" not in whole
    for odd in ("x", "0", "99999999999999999999", "-1"):
        assert client.get(f"/shifts?series={odd}").status_code == 200


def test_a_week_is_copied_once_and_a_second_time_only_what_is_ticked(cast: Cast) -> None:
    # The week after the clocks change.
    week = datetime(2026, 10, 19, 16, tzinfo=UTC)
    for n in range(3):
        a_monday(cast, title=f"Shift {n}", starts_at=week + n * DAY)
    a_monday(cast, title="Cancelled", starts_at=week, status=Status.CANCELLED)
    client = cast.as_(cast.coordinator)
    sent = {"section": cast.section.id, "week": "2026-10-21", "to": "2026-10-26"}
    page = client.get("/shifts/copy-week", query_string=sent)
    done = sent | looked(page.text) | {"publish": "y"}
    assert len(done["take"]) == 3
    assert client.post("/shifts/copy-week", data=done).status_code == 303
    copies = [one for one in shifts() if one.starts_local > datetime(2026, 10, 26)]
    assert [one.starts_local for one in copies] == [datetime(2026, 10, n, 18) for n in (26, 27, 28)]
    assert {one.starts_at.hour for one in copies} == {17}
    assert {one.status for one in copies} == {Status.PUBLISHED}

    twice = client.post("/shifts/copy-week", data=done)  # pressed twice
    assert twice.status_code == 422
    assert twice.text.count("There is one of this title and time already.") == 3
    assert looked(twice.text)["take"] == []
    assert count(Shift) == 7


@pytest.mark.parametrize(
    "odd",
    [
        {"week": "soon"},
        {"to": ""},
        {"to": "2026-10-25"},
        {"section": "999999"},
        {"section": "x"},
        {"week": "0001-01-01"},
        {"to": "9999-12-31"},
    ],
)
def test_an_odd_week_copies_nothing(cast: Cast, odd: dict[str, str]) -> None:
    a_monday(cast, starts_at=datetime(2026, 10, 19, 16, tzinfo=UTC))
    sent = {"section": str(cast.section.id), "week": "2026-10-21", "to": "2026-10-26"} | odd
    client = cast.as_(cast.coordinator)
    assert client.get("/shifts/copy-week", query_string=sent).status_code == 200
    assert client.post("/shifts/copy-week", data=sent | {"make": "x"}).status_code == 422
    assert count(Shift) == 1


def test_a_shift_and_a_series_are_copied(cast: Cast) -> None:
    found = a_series(cast, signup_until=date(2026, 10, 11))
    client = cast.as_(cast.coordinator)
    first = found[0]
    assert (
        client.post(f"/shifts/{first.id}/duplicate", data={"on": "2026-12-01"}).status_code == 302
    )
    alone = shifts()[-1]
    assert (alone.series_id, alone.signup_until) == (None, date(2026, 11, 30))
    address = f"/shifts/{first.id}/series/copy"
    assert 'value="2026-11-09"' in client.get(address).text
    assert make(client, address, {"on": "2027-01-05"}).status_code == 303
    copies = shifts()[-4:]
    assert len({one.series_id for one in copies} | {first.series_id}) == 2
    assert [one.starts_local.isoformat()[:13] for one in copies] == [
        "2027-01-05T18",
        "2027-01-12T18",
        "2027-01-19T18",
        "2027-01-26T18",
    ]
    assert "every Tuesday" in client.get(f"/shifts/{copies[0].id}").text
    assert count(Participation) == 0


def test_strangers_repeat_and_copy_nothing(cast: Cast) -> None:  # AUTHZ-01
    shift = a_series(cast)[0]
    for person in (cast.volunteer, cast.strange_coordinator):
        client = cast.as_(person)
        for path in ("repeat", "duplicate", "series/copy"):
            assert client.get(f"/shifts/{shift.id}/{path}").status_code == 404
            assert client.post(f"/shifts/{shift.id}/{path}", data=WEEKLY).status_code == 404
        assert client.post(f"/shifts/{shift.id}/series/publish").status_code == 404
    theirs = cast.as_(cast.strange_coordinator)
    sent = {"section": cast.section.id, "week": "2026-10-12", "to": "2027-10-26"}
    assert "Night pour" not in theirs.get("/shifts/copy-week", query_string=sent).text
    assert theirs.post("/shifts/copy-week", data=sent).status_code == 422
    assert "Night pour" not in theirs.get(f"/shifts?series={shift.series_id}").text
    assert count(Slot) == 4


def test_pages_cost_the_same_for_few_and_for_many(cast: Cast) -> None:
    client, cost = cast.as_(cast.coordinator), []
    for number in (2, 30):
        shift = a_monday(cast, starts_at=MONDAY + number * 7 * DAY)
        form = f"/shifts/{shift.id}/repeat"
        assert make(client, form, WEEKLY | {"count": str(number)}, publish="y").status_code == 303
        kept = session.get_one(Shift, shift.id)
        week = f"/shifts/copy-week?section={cast.section.id}&week={kept.starts_local:%Y-%m-%d}"
        costs = []
        for address in (
            f"/shifts?series={kept.series_id}",
            f"/shifts/{kept.id}",
            f"/shifts/{kept.id}/edit",
            f"/shifts/{kept.id}/series/copy",
            f"{week}&to=2028-01-03",
        ):
            client.get(address)
            with counted() as seen:
                assert client.get(address).status_code == 200
            costs.append(len(seen))
        cost.append(costs)
    assert cost[0] == cost[1]
    assert max(cost[0]) <= 8
