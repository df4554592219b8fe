"""One event: days, lengths, texts, and the reason why another cannot be read."""

import pytest

from brigades.calendars.reading.found import Remark, Why
from tests.calendars.reading.files import found_in, spans

SOON = "DTSTART:20261201T100000Z\n"


@pytest.mark.parametrize(
    ("event", "days"),
    [
        ("DTSTART;VALUE=DATE:20260810\nDTEND;VALUE=DATE:20260813", ("2026-08-10", "2026-08-12")),
        ("DTSTART;VALUE=DATE:20260810\nDTEND;VALUE=DATE:20260811", ("2026-08-10", "2026-08-10")),
        ("DTSTART;VALUE=DATE:20260810", ("2026-08-10", "2026-08-10")),
        ("DTSTART;VALUE=DATE:20260810\nDTEND;VALUE=DATE:20260810", ("2026-08-10", "2026-08-10")),
        ("DTSTART:20260810\nDURATION:P3D", ("2026-08-10", "2026-08-12")),
    ],
)
def test_the_end_of_whole_days_is_the_day_after_them(event, days):  # ICS-03
    assert spans(found_in(event)) == [days]


def test_whole_days_repeat_as_days():
    found = found_in(
        "DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=WEEKLY;UNTIL=20261215\nEXDATE;VALUE=DATE:20261208"
    )
    assert spans(found) == [("2026-12-01", "2026-12-01"), ("2026-12-15", "2026-12-15")]


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ("DESCRIPTION:no start", Why.NO_START),
        ("DTSTART:tomorrow\nDURATION:PT1H", Why.NO_DATE),
        ("DTSTART:20261301T100000Z\nDURATION:PT1H", Why.NO_DATE),
        (SOON + "DTEND:later", Why.NO_DATE),
        (SOON + "DTEND;VALUE=DATE:20261202", Why.NO_DATE),
        (SOON.strip(), Why.NO_END),
        (SOON + "DTEND:20261201T100000Z", Why.NO_END),
        (SOON + "DTEND:20261201T090000Z", Why.ENDS_FIRST),
        (SOON + "DURATION:-PT1H", Why.ENDS_FIRST),
        (SOON + "DTEND:20270201T100000Z", Why.LONG),
        (SOON + "DURATION:P99999D", Why.LONG),
        ("DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20270301", Why.LONG),
        ("DTSTART:19700101T000000Z\nDURATION:PT1H", Why.FAR),
        ("DTSTART:99991231T230000Z\nDURATION:PT2H", Why.FAR),
        (SOON + "DURATION:PT1H\nSTATUS:CANCELLED", Why.CANCELLED),
        (SOON + "DURATION:PT1H\nRRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY", Why.RULE),
        (SOON + "DURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=1\nEXDATE:20261201T100000Z", Why.NEVER),
    ],
)
def test_an_event_that_cannot_be_read_has_one_reason(event, why):
    found = found_in(event, SOON + "DURATION:PT1H")
    assert [left.why for left in found.left] == [why]
    assert [event.title for event in found.events] == ["Event 2"]  # and hinders no other


def test_a_night_over_the_clock_change_ends_when_the_wall_says():  # TIME-01
    found = found_in(
        "DTSTART;TZID=Europe/Berlin:20261024T220000\nDTEND;TZID=Europe/Berlin:20261025T060000"
    )
    assert spans(found) == [("2026-10-24T20:00Z", "2026-10-25T05:00Z")]


def test_texts_are_kept_as_ours_are():
    [event] = found_in(
        SOON + "DURATION:PT1H\nSUMMARY:Kitchen\\, evening\\n\u202eshift\n"
        "LOCATION: Town  hall\nDESCRIPTION:Bring <b>gloves</b>.<br>No\\; really &amp; truly."
    ).events
    assert (event.title, event.place) == ("Kitchen, evening shift", "Town hall")
    assert event.note == "Bring gloves.\nNo; really & truly."
    assert event.remarks == ()


def test_a_place_that_is_an_address_becomes_the_link():
    [event] = found_in(SOON + "DURATION:PT1H\nLOCATION:https://meet.example.org/a?b=1").events
    assert (event.place, event.link) == ("", "https://meet.example.org/a?b=1")


def test_what_is_longer_than_we_keep_is_cut_and_said():
    [event] = found_in(SOON + f"DURATION:PT1H\nSUMMARY:{'x' * 300}").events
    assert len(event.title) == 200 and event.title.endswith("…")
    assert event.remarks == (Remark.CUT,)


def test_private_and_nameless_events_are_marked():
    [event] = found_in(SOON + "DURATION:PT1H\nSUMMARY:\nCLASS:PRIVATE").events
    assert event.remarks == (Remark.NO_TITLE, Remark.PRIVATE)


def test_an_event_without_a_uid_is_known_again():
    first, second = (
        found_in("UID:\n" + SOON + "DURATION:PT1H").events[0].uid for _again in range(2)
    )
    assert first == second and first


def test_a_cancelled_file_brings_in_nothing():
    found = found_in(SOON + "DURATION:PT1H", head="METHOD:CANCEL")
    assert [left.why for left in found.left] == [Why.CANCELLED]


@pytest.mark.parametrize(
    ("length", "ends"),
    [
        ("P1D", "2027-03-28T10:00Z"),
        ("PT24H", "2027-03-28T11:00Z"),
        ("P1DT1H", "2027-03-28T11:00Z"),
        ("P1W", "2027-04-03T10:00Z"),
    ],
)
def test_a_day_is_one_on_the_wall_and_24_hours_are_as_long_as_they_are(length, ends):  # TIME-01
    found = found_in(f"DTSTART;TZID=Europe/Berlin:20270327T120000\nDURATION:{length}")
    assert spans(found) == [("2027-03-27T11:00Z", ends)]
