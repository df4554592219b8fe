"""Hours: one rule for the profile, the report, the exports and the certificate."""

import csv
import io
from datetime import UTC, datetime

import openpyxl
import pypdfium2
import pytest

from brigades.people.skills import Skill
from brigades.schedule import history
from brigades.schedule.states import State
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.shifts.cast import typed
from tests.support.databases import ONE_DATABASE
from tests.support.statements import counted

LATER = datetime(2027, 4, 1, 12, tzinfo=UTC)


@pytest.fixture
def desk(cast, clock):
    """The coordinator and the volunteer, in the spring after."""
    clock(LATER)
    return b.signed_in(cast.app, cast.coordinator), b.signed_in(cast.app, cast.volunteer)


def rows(client, query=""):
    text = client.get(f"/hours.csv{query}").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def pdf_text(content):
    pages = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def test_nights_on_which_the_clocks_change_count_as_long_as_they_were(cast, desk):  # TIME-01
    coordinator, volunteer = desk
    for title, starts, ends in (
        ("Back", datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 5, tzinfo=UTC)),
        ("Forward", datetime(2027, 3, 27, 21, tzinfo=UTC), datetime(2027, 3, 28, 4, tzinfo=UTC)),
    ):
        shift = b.a_shift(cast.section, title=title, starts_at=starts, ends_at=ends)
        b.a_participation(shift, cast.volunteer, State.ATTENDED, came_at=starts, left_at=ends)
    hours = {row["Title"]: (row["Month"], row["Hours"]) for row in rows(coordinator)}
    assert hours == {"Back": ("2026-10", "9.0"), "Forward": ("2027-03", "7.0")}
    page = coordinator.get("/hours?by=month").text
    assert ">9.0<" in page and ">7.0<" in page and ">16.0<" in page
    mine = volunteer.get("/me/hours").text
    assert ">9.0<" in mine and ">7.0<" in mine and ">16.0<" in mine
    assert history.hours([cast.volunteer.id], LATER) == {cast.volunteer.id: 16.0}


def test_hours_follow_a_slot_that_is_changed_but_not_times_by_hand(cast, clock):  # SHIFT-11
    starts = NOON + DAY
    shift = b.a_shift(cast.section, starts_at=starts, hours=8)
    people = [cast.volunteer, b.a_person(cast.section), b.a_person(cast.section)]
    by_hand = {"came_at": starts, "left_at": starts + 7.5 * HOUR, "more_hours": True}
    places = [
        b.a_participation(shift, people[0]),
        b.a_participation(shift, people[1]),
        b.a_participation(shift, people[2], State.ATTENDED, **by_hand),
    ]
    coordinator = cast.as_(cast.coordinator)
    sent = typed(
        cast.section, title=shift.title, starts="2026-06-11T14:00", ends="2026-06-11T20:00"
    )
    sent["needs-0-id"] = str(places[0].need_id)
    assert coordinator.post(f"/shifts/{shift.id}/edit", data=sent).status_code in (302, 303)
    clock(NOON + 3 * DAY)
    for place in places[:2]:
        tapped = f"/shifts/{shift.id}/attendance/{place.id}"
        assert coordinator.post(tapped, data={"said": "came"}).status_code == 302
    assert sorted(float(row["Hours"]) for row in rows(coordinator)) == [6.0, 6.0, 7.5]
    ids = [person.id for person in people]
    assert history.hours(ids, NOON + 3 * DAY) == dict(zip(ids, (6.0, 6.0, 7.5), strict=True))


@pytest.fixture
def world(cast, desk):
    """Two sections' people, three skills, three months, and everything that must not count."""
    below = b.a_section(cast.section, name="Branch")
    other = b.a_person(below, given_name="Bea", family_name="Branch")
    served = (
        (cast.volunteer, "construction", datetime(2026, 5, 2, 8, tzinfo=UTC), 8, None, None),
        (cast.volunteer, "medical", datetime(2026, 6, 30, 22, 30, tzinfo=UTC), 2, None, None),
        (other, "construction", datetime(2026, 5, 3, 8, tzinfo=UTC), 8, 1, 7.5),
        (other, None, datetime(2026, 6, 3, 8, tzinfo=UTC), 4, 1, None),
    )
    for person, skill, starts, hours, came, left in served:
        need = b.a_need(skill=skill) if skill else b.a_need()
        shift = b.a_shift(cast.section, starts_at=starts, hours=hours, needs=[need])
        times = {
            "came_at": None if came is None else starts + came * HOUR,
            "left_at": None if left is None else starts + left * HOUR,
        }
        b.a_participation(shift, person, State.ATTENDED, **times)
    past = b.a_shift(cast.section, starts_at=NOON, hours=8)
    need_id = past.needs[0].id
    for state in (State.WAITLISTED, State.WITHDRAWN, State.ABSENT, State.CONFIRMED):
        b.a_participation(past, b.a_person(cast.section), state, need_id=need_id)
    running = b.a_shift(cast.section, starts_at=LATER - HOUR)
    b.a_participation(running, cast.volunteer, State.ATTENDED, came_at=LATER - HOUR)
    theirs = b.a_shift(cast.strange_section, starts_at=NOON)
    b.a_participation(theirs, cast.stranger, State.ATTENDED)
    return desk


def test_every_way_to_add_up_gives_the_same_sum(world):
    coordinator, _volunteer = world
    assert sum(float(row["Hours"]) for row in rows(coordinator)) == 8 + 2 + 6.5 + 3
    for by in ("person", "section", "skill", "month"):
        page = coordinator.get(f"/hours?by={by}").text
        assert page.count(">19.5<") == 2  # in the heading and below the column
    by_month = coordinator.get("/hours?by=month").text
    # Half past midnight on the first of July where the shift was, whatever it was in UTC.
    assert "July 2026" in by_month and ">14.5<" in by_month and ">3.0<" in by_month
    assert ">2.0<" in by_month
    by_skill = coordinator.get("/hours?by=skill").text
    assert ">14.5<" in by_skill and ">2.0<" in by_skill
    assert Skill.MEDICAL.value.title() in by_skill


def test_filters_narrow_report_and_exports_alike(cast, world):
    coordinator, _volunteer = world
    for query, hours in (
        ("?since=2026-05-03&until=2026-06-30", 9.5),
        ("?until=2026-05-02", 8.0),
        ("?skill=construction", 14.5),
        (f"?section={cast.section.id}", 19.5),
        ("?since=nonsense&section=x&skill=y&by=z", 19.5),
    ):
        assert sum(float(row["Hours"]) for row in rows(coordinator, query)) == hours
        assert f">{hours}<" in coordinator.get(f"/hours{query}").text
    book = openpyxl.load_workbook(io.BytesIO(coordinator.get("/hours.xlsx").data))
    column = [cell.value for cell in book.worksheets[0]["J"]]
    assert column[0] == "Hours"
    assert sum(column[1:]) == 19.5
    assert all(isinstance(value, (int, float)) for value in column[1:])


def test_a_missing_check_out_is_said(world):
    coordinator, _volunteer = world
    assert [row["Remark"] for row in rows(coordinator)].count("no check-out") == 1


def test_other_sections_and_volunteers_see_no_hours_of_others(cast, world):
    coordinator, volunteer = world
    for page in ("/hours", "/hours.csv", "/hours.xlsx", f"/people/{cast.stranger.id}/hours"):
        assert volunteer.get(page).status_code == 404
    for ending in ("hours", "hours.pdf"):
        assert coordinator.get(f"/people/{cast.stranger.id}/{ending}").status_code == 404
        assert coordinator.get(f"/people/{cast.volunteer.id}/{ending}").status_code == 200
        assert coordinator.get(f"/people/{2**40}/{ending}").status_code == 404


def test_the_board_the_profile_and_the_report_agree(cast, world):
    coordinator, volunteer = world
    assert history.hours([cast.volunteer.id], LATER) == {cast.volunteer.id: 10.0}
    assert "10 h served" in volunteer.get("/profile").text
    assert ">10.0<" in volunteer.get("/me/hours").text
    assert ">10.0<" in coordinator.get("/hours").text
    open_ = b.a_shift(cast.section, starts_at=LATER + DAY)
    assert coordinator.get(f"/shifts/{open_.id}/board").status_code == 200


def test_pages_of_hours_cost_the_same_for_one_and_for_thirty(cast, desk):
    coordinator, volunteer = desk

    def cost(client, page):
        with counted() as statements:
            assert client.get(page).status_code == 200
        return len(statements)

    pages = [(coordinator, f"/hours?by={by}") for by in ("person", "section", "skill", "month")]
    pages += [(volunteer, "/me/hours"), (volunteer, "/me/hours.pdf"), (coordinator, "/hours.csv")]
    few = [max(cost(*page), cost(*page)) for page in pages]
    for number in range(30):
        shift = b.a_shift(cast.section, starts_at=NOON + number * DAY)
        person = b.a_person(cast.section)
        for one in (person, cast.volunteer):
            b.a_participation(shift, one, State.ATTENDED, need_id=shift.needs[0].id)
    many = [cost(*page) for page in pages]
    assert all(after <= before <= 8 for before, after in zip(few, many, strict=True))
    assert "Page 1 of" not in coordinator.get("/hours").text


@pytest.mark.parametrize("locale", ["en", "de", "ar"])
def test_a_certificate_is_a_pdf_in_the_readers_language(cast, world, locale):
    _coordinator, volunteer = world
    cast.volunteer.given_name, cast.volunteer.family_name = "ليلى", "حداد #*_$"
    cast.volunteer.locale = locale
    answer = volunteer.get("/me/hours.pdf")
    assert answer.mimetype == "application/pdf"
    text = pdf_text(answer.data)
    assert cast.app.config["ORGANISATION"] in text or locale == "ar"
    assert "ليلى" in text and "حداد" in text
    assert "10.0" in text.replace(",", ".") or "10" in text
    assert {"en": "Issued on", "de": "Ausgestellt", "ar": "صدر"}[locale] in text
    if locale == "en":
        assert "Certificate of hours" in text and "1 April 2027" in text
        assert "From 2 May 2026 to 1 July 2026" in text
    narrowed = pdf_text(volunteer.get("/me/hours.pdf?until=2026-05-02").data)
    assert "8.0" in narrowed.replace(",", ".") and "10.0" not in narrowed.replace(",", ".")


@ONE_DATABASE
def test_arabic_words_are_copied_out_of_a_certificate_whole(cast, desk):
    _coordinator, volunteer = desk
    shift = b.a_shift(cast.section, title="تدريب الإسعاف", place="القاعة الكبرى", starts_at=NOON)
    b.a_participation(shift, cast.volunteer, State.ATTENDED)
    cast.volunteer.locale = "ar"
    text = pdf_text(volunteer.get("/me/hours.pdf").data)
    for words in ("تدريب الإسعاف", "القاعة الكبرى", "مناوبة أو تدريب"):
        assert words in text


def test_a_span_typed_the_other_way_round_is_turned(cast, desk):
    coordinator, volunteer = desk
    shift = b.a_shift(cast.section, title="Wall day", starts_at=NOON)
    b.a_participation(shift, cast.volunteer, State.ATTENDED)
    turned = "?since=2026-12-31&until=2026-01-01"
    assert [row["Title"] for row in rows(coordinator, turned)] == ["Wall day"]
    text = pdf_text(volunteer.get(f"/me/hours.pdf{turned}").data)
    assert "From 1 January 2026 to 31 December 2026" in text
