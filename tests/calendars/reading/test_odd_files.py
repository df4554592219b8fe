"""Files that are none, or that somebody made to do harm: a clear reason, never an error."""

import pytest

from brigades.calendars.reading.found import NoCalendar, Unreadable, Whole, Why
from brigades.calendars.reading.lines import LARGEST
from brigades.calendars.reading.reader import read
from brigades.calendars.reading.rules import Patience
from tests.calendars.reading.files import HERE, NOW, a_file, starts

EVENING = "مساء"
ONE = a_file(f"SUMMARY:{EVENING}\nDTSTART:20261201T100000Z\nDURATION:PT1H")


def of(content: bytes):
    return read(content, zone=HERE, now=NOW)


def test_a_fold_inside_a_letter_hurts_no_text():  # ICS-10
    word = EVENING.encode()
    folded = ONE.replace(word, word[:3] + b"\r\n " + word[3:])
    assert of(folded).events[0].title == EVENING


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + ONE,
        ONE.decode().encode("utf-16"),
        ONE.decode().encode("utf-16-be"),
        ONE.decode().encode("utf-16-le"),
        ONE.replace(b"\r\n", b"\n"),
        ONE.replace(b"\r\n", b"\r"),
        b"\r\n \n" + ONE,
        ONE.replace(b"UID", b"\x00UID"),
        ONE.replace(b"BEGIN", b"begin"),
        ONE.replace(b"END:VEVENT", b"A LINE WITHOUT SENSE\r\nX;=:\r\nEND:VALARM\r\nEND:VEVENT"),
    ],
)
def test_a_calendar_is_read_however_it_is_written(content):  # IMP-01 # IMP-03
    found = of(content)
    assert starts(found) == ["2026-12-01T10:00Z"]
    assert found.events[0].title == EVENING
    assert found.whole == ()


def test_letters_that_are_no_utf_8_are_guessed_and_that_is_said():  # IMP-03
    found = of(
        a_file("SUMMARY:Köhler\nDTSTART:20261201T100000Z\nDURATION:PT1H").decode().encode("cp1252")
    )
    assert found.events[0].title == "Köhler"
    assert found.whole == (Whole.LETTERS,)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", NoCalendar.EMPTY),
        (b"\x00\r\n \x00", NoCalendar.EMPTY),
        (b"\xef\xbb\xbf", NoCalendar.EMPTY),
        (b"PK\x03\x04 a workbook, or many calendars", NoCalendar.PACKED),
        (b"<!doctype html><p>Sign in", NoCalendar.PAGE),
        (b"Name;Date\r\n", NoCalendar.OTHER),
        (b"BEGIN:VEVENT\r\nEND:VEVENT", NoCalendar.OTHER),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", NoCalendar.NOTHING),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nEND:VTODO\r\nEND:VCALENDAR", NoCalendar.NOTHING),
        (b"BEGIN:VCALENDAR" + b"\r\nBEGIN:VEVENT" * 50_000, NoCalendar.DEEP),
        (ONE + b" " * LARGEST, NoCalendar.LARGE),
    ],
)
def test_a_file_that_is_no_calendar_is_said_to_be_none(content, why):
    with pytest.raises(Unreadable) as stopped:
        of(content)
    assert stopped.value.why is why


def test_a_file_that_ends_in_the_middle_gives_what_was_whole():
    content = a_file(*["DTSTART:20261201T100000Z\nDURATION:PT1H"] * 2)
    found = of(content[: content.rindex(b"DURATION")])
    assert len(found.events) == 1
    assert found.whole == (Whole.BROKEN_OFF,)


def test_what_is_no_event_is_counted_out():
    content = ONE.replace(b"END:VCALENDAR", b"BEGIN:VTODO\r\nEND:VTODO\r\nEND:VCALENDAR")
    assert of(content).whole == (Whole.OTHERS,)


def test_several_calendars_in_one_file_are_read():
    second = ONE.replace(b"event-1", b"event-2").replace(b"20261201", b"20261202")
    assert len(of(ONE + second).events) == 2


def a_series(rule: str, lines: str = "DTSTART:20261201T100000Z\nDURATION:PT1H") -> bytes:
    return a_file(f"{lines}\n{rule}")


@pytest.mark.parametrize("until", ["120000", "P1D", "20261201T100000Z/P1D"])
def test_a_series_until_something_that_is_no_day_cannot_be_read(until):
    assert [left.why for left in of(a_series(f"RRULE:FREQ=DAILY;UNTIL={until}")).left] == [Why.RULE]


@pytest.mark.parametrize("until", ["00010101", "00010102T000000Z"])
def test_a_series_that_ended_before_there_were_calendars_is_its_first_day(until):
    assert len(starts(of(a_series(f"RRULE:FREQ=DAILY;UNTIL={until}")))) == 1


@pytest.mark.parametrize(
    "rule",
    [
        "DAILY;BYMONTHDAY=" + ",".join(map(str, range(1, 5000))),
        "YEARLY;BYWEEKNO=" + ",".join(map(str, range(1, 5000))),
        "DAILY\r\n" + "RRULE:FREQ=DAILY\r\n" * 5000,
    ],
    ids=["days", "weeks", "rules"],
)
def test_a_rule_of_thousands_of_numbers_is_not_gone_through(rule):
    assert [left.why for left in of(a_series("RRULE:FREQ=" + rule)).left] == [Why.RULE]


def test_the_same_number_thousands_of_times_is_one():
    many = ",".join(["1"] * 5_000)
    assert len(starts(of(a_series(f"RRULE:FREQ=DAILY;COUNT=3;BYSETPOS={many}")))) == 3


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20270101\nRRULE:FREQ=DAILY",
        "DTSTART:20261201T100000Z\nDURATION:PT1H\nRDATE:" + ",".join(["20261201T100000Z"] * 1000),
        "DTSTART:20261201T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYSETPOS=1,"
        + ",".join(map(str, range(-366, -1))),
    ],
    ids=["a month of days each day", "a list of starts", "places within a day"],
)
def test_all_that_a_file_says_again_and_again_is_read_with_the_same_patience(event, monkeypatch):
    monkeypatch.setattr(Patience.__init__, "__defaults__", (4000,))
    assert Why.ENDLESS in {left.why for left in of(a_file(event)).left}


def test_a_description_of_nothing_but_openings_is_read_once():
    found = of(a_file("DTSTART:20261201T100000Z\nDURATION:PT1H\nDESCRIPTION:<br>" + "<b " * 16_000))
    assert found.events[0].note.startswith("<b <b")
