"""Times written down afterwards, and corrected with a reason."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from brigades.audit.models import Entry
from brigades.db import session
from brigades.schedule.models import Participation
from tests import builders as b
from tests.builders import DAY, HOUR, NOON

CAME, LEFT = "2026-06-10T14:30", "2026-06-10T21:00"  # Berlin's summer clock, two hours ahead


def write(hall, place, came=CAME, left=LEFT, **more):
    data = {"came": came, "left": left, "came_fold": "", "left_fold": "", "why": ""} | more
    return hall.lead.post(f"{hall.address}/{place.id}/times", data=data)


@pytest.fixture(autouse=True)
def _the_day_after(clock):
    clock(NOON + DAY)


def test_times_are_written_as_the_clock_at_the_place_showed_them(hall):
    place = hall.places[0]
    assert 'value="2026-06-10T14:00' in hall.lead.get(f"{hall.address}/{place.id}/times").text
    assert write(hall, place).status_code == 303
    assert hall.now(place) == ("attended", NOON + HOUR / 2, NOON + 7 * HOUR)


def test_a_correction_takes_a_reason_and_stays_in_the_trail(hall):
    place = hall.places[0]
    write(hall, place)
    refused = write(hall, place, left="2026-06-10T20:00")
    assert refused.status_code == 422 and "Say why it is corrected." in refused.text
    assert hall.now(place)[2] == NOON + 7 * HOUR
    assert write(hall, place, left="2026-06-10T20:00", why="Went earlier").status_code == 303
    assert hall.now(place)[2] == NOON + 6 * HOUR
    entry = session.scalars(select(Entry).order_by(Entry.id.desc())).first()
    assert (entry.what, entry.why) == ("attendance", "Went earlier")
    assert entry.was.endswith("21:00") and entry.became.endswith("20:00")
    hall.tap(place, "absent")
    assert write(hall, place).status_code == 422  # absent was a word too


def test_nobody_was_there_before_the_doors_opened(hall, clock):
    place = hall.places[0]
    clock(NOON - 3 * HOUR)
    refused = write(hall, place, came="2026-06-10T10:00", left="")
    assert refused.status_code == 422 and "This is too early." in refused.text
    assert hall.now(place)[0] == "confirmed"


def test_longer_than_planned_is_asked_about(hall):
    place = hall.places[0]
    long = {"came": "2026-06-10T14:00", "left": "2026-06-10T23:30"}
    refused = write(hall, place, **long)
    assert refused.status_code == 422 and "longer than planned" in refused.text
    assert 'value="2026-06-10T23:30' in refused.text
    assert hall.now(place)[0] == "confirmed"
    assert write(hall, place, **long, more="y").status_code == 303
    assert "9.5 h" in hall.cast.as_(hall.cast.coordinator).get("/hours").text.replace(
        '<bdi dir="ltr" class="text-nowrap">9.5</bdi>', "9.5"
    )


@pytest.mark.parametrize(
    ("came", "left"),
    [
        ("", LEFT),
        ("soon", LEFT),
        (CAME, "2026-06-10T14:30"),
        (CAME, "2026-06-12T14:31"),
        ("2026-06-08T12:00", LEFT),
        ("2026-06-10T23:00", ""),
        ("0001-01-01T00:00", LEFT),
        (CAME, "9999-12-31T23:59"),
    ],
)
def test_times_that_cannot_be_are_errors_at_their_field(hall, came, left):
    refused = write(hall, hall.places[0], came, left, more="y")
    assert refused.status_code == 422
    assert "is-invalid" in refused.text
    assert hall.now(hall.places[0]) == ("confirmed", None, None)


def test_a_time_that_comes_twice_asks_which(cast, clock):
    starts = datetime(2026, 10, 24, 20, tzinfo=UTC)
    shift = b.a_shift(cast.section, starts_at=starts, hours=9)
    place = b.a_participation(shift, cast.volunteer)
    clock(starts + DAY)
    client = b.signed_in(cast.app, cast.coordinator)
    address = f"/shifts/{shift.id}/attendance/{place.id}/times"
    data = {"came": "2026-10-24T22:00", "left": "2026-10-25T02:30"}
    asked = client.post(address, data=data)
    assert asked.status_code == 422 and "show this time twice" in asked.text
    for fold, hour in (("0", 0), ("1", 1)):
        data |= {"left_fold": fold, "why": "The other one"}
        assert client.post(address, data=data).status_code == 303
        kept = session.scalars(select(Participation)).one()
        assert kept.left_at == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    assert (
        'value="1" selected' in client.get(address).text or "selected" in client.get(address).text
    )
