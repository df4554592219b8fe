"""The schedule by day, week, month and timeline: what stands on it, for whom, at what cost."""

import csv
import io
import logging
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from sqlalchemy import update

from brigades.db import session
from brigades.people.skills import Skill
from brigades.schedule.models import Slot, Status
from brigades.schedule.states import State
from brigades.shifts.models import Shift
from brigades.trainings.models import Session
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.shifts.cast import Cast
from tests.support.statements import counted

MASON = {"skill": Skill.CONSTRUCTION, "trade": "bricklaying"}
NURSE = {"skill": Skill.MEDICAL, "trade": "nursing"}
VIEWS = ("day", "week", "month", "timeline", "timeline&span=month", "timeline&rows=skill")


def plain(page: str) -> str:
    """What stands on a page, without tags and the marks of direction."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", page)).split())


def seen(client: Any, query: str) -> str:
    page = client.get(f"/schedule{query}")
    assert page.status_code == 200
    return str(page.text)


def in_beirut(section: Any, title: str, *local: tuple[int, int, int]) -> None:
    starts, ends = (datetime(2025, 3, *one, tzinfo=UTC) for one in local)
    b.a_shift(section, title=title, starts_at=starts, ends_at=ends)


def test_a_day_without_midnight_lists_what_is_on_it(app: Any):  # TIME-02
    section = b.a_section(zone="Asia/Beirut")
    in_beirut(section, "Early X", (29, 23, 0), (30, 2, 0))  # 01:00–05:00
    in_beirut(section, "Late Y", (30, 19, 30), (30, 20, 30))  # 22:30–23:30
    in_beirut(section, "Next Z", (30, 21, 15), (30, 23, 0))  # 00:15 on the next day
    client = b.signed_in(app, b.a_person(section))

    page = seen(client, "?view=day&day=2025-03-30")

    assert "Early X" in page and "Late Y" in page
    assert "Next Z" not in page
    assert "22:30–23:30" in plain(page)
    assert "it has 23 hours" in page
    assert "Beirut (UTC+3)" in plain(page)  # the day begins at 01:00, under summer time
    assert "Next Z" in seen(client, "?view=day&day=2025-03-31")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_names_its_zone_and_shows_wall_times_of_the_place(  # TIME-08
    cast: Cast, view: str
):
    denver = b.a_section(cast.section, zone="America/Denver")
    boss = b.a_person(denver)
    b.a_shift(cast.section, title="At home", starts_at=datetime(2026, 6, 12, 8, tzinfo=UTC))
    b.a_shift(
        denver, title="In the mountains", starts_at=datetime(2026, 6, 12, 16, tzinfo=UTC), hours=4
    )
    page = plain(seen(b.signed_in(cast.app, boss), f"?view={view}&day=2026-06-12"))
    assert "Denver (UTC-6)" in page
    wall = {"day": "10:00–14:00", "week": "10:00–14:00", "month": "10 In the mountains"}
    assert wall.get(view, "10–14") in page


def test_days_are_those_where_the_reader_lives_unless_a_section_is_chosen(cast: Cast):  # TIME-08
    reader = b.a_person(cast.section, zone="Asia/Tokyo")
    b.a_shift(cast.section, title="Late", starts_at=datetime(2026, 6, 12, 16, tzinfo=UTC), hours=2)
    client = b.signed_in(cast.app, reader)
    day = plain(seen(client, "?view=day&day=2026-06-13"))
    assert "Tokyo (UTC+9)" in day and "Late" in day
    assert "Berlin (UTC+2)" in day and "18:00" in day
    chosen = plain(seen(client, f"?view=day&day=2026-06-13&section={cast.section.id}"))
    assert "Tokyo" not in chosen and "Late" not in chosen


def test_a_slot_of_another_zone_says_its_own_time_and_zone(cast: Cast):  # TIME-08
    b.a_shift(
        cast.section,
        title="Far away",
        zone="America/Denver",
        starts_at=datetime(2026, 6, 12, 3, tzinfo=UTC),  # 21:00 on the 11th there
        hours=4,
        needs=[b.a_need(**MASON, least=1)],
    )
    client = cast.as_(cast.volunteer)
    day = plain(seen(client, "?view=day&day=2026-06-12"))
    assert "Far away" in day
    assert "Thu 21:00 to Fri 01:00" in day or "Thu 21:00 to 01:00" in day
    assert "Denver (UTC-6)" in day
    assert "Far away" not in seen(client, "?view=day&day=2026-06-11")
    assert "UTC-6" in plain(seen(client, "?view=timeline&day=2026-06-12"))


@pytest.mark.parametrize("view", VIEWS)
def test_a_slot_without_a_zone_takes_no_view_with_it(  # TIME-10
    cast: Cast, view: str, caplog: pytest.LogCaptureFixture
):
    broken = b.a_shift(cast.section, title="Broken", starts_at=NOON + HOUR)
    b.a_shift(cast.section, title="Sound", starts_at=NOON + 2 * HOUR)
    session.execute(update(Slot).where(Slot.id == broken.id).values(zone=""))
    with caplog.at_level(logging.CRITICAL):
        page = seen(cast.as_(cast.coordinator), f"?view={view}")
    assert "Broken" in page and "Sound" in page


def test_a_night_stands_on_both_its_days_and_a_long_duty_on_all(cast: Cast):  # SHIFT-04
    night = {"starts_at": datetime(2026, 8, 14, 18, tzinfo=UTC), "hours": 12}
    b.a_shift(cast.section, title="Night watch", **night)
    b.a_shift(
        cast.section, title="Long duty", starts_at=datetime(2026, 8, 15, 4, tzinfo=UTC), hours=30
    )
    client = cast.as_(cast.volunteer)
    first = plain(seen(client, "?view=day&day=2026-08-14"))
    assert "20:00 to Sat 08:00" in first and "into the next day" in first
    second = plain(seen(client, "?view=day&day=2026-08-15"))
    assert "Fri 20:00 to 08:00" in second and "from the day before" in second
    assert "06:00 to Sun 12:00" in second
    assert "Long duty" in seen(client, "?view=day&day=2026-08-16")
    assert "Night watch" not in seen(client, "?view=day&day=2026-08-16")
    week = seen(client, "?view=week&day=2026-08-14")
    assert (week.count("Night watch"), week.count("Long duty")) == (2, 2)


@pytest.mark.parametrize("view", ["day", "week", "timeline"])
def test_a_full_slot_stays_on_the_page_for_those_in_it_and_the_rest(  # SHIFT-10
    cast: Cast, view: str
):
    shift = b.a_shift(
        cast.section,
        title="Crowded",
        starts_at=NOON + DAY,
        needs=[b.a_need(**MASON, least=1, most=2)],
    )
    b.a_participation(shift, cast.volunteer)
    b.a_participation(shift, b.a_person(cast.section))
    for query in ("", "&skill=construction", "&state=full", "&mine=1" if view != "week" else ""):
        page = seen(cast.as_(cast.volunteer), f"?view={view}&day=2026-06-11{query}")
        assert "Crowded" in page
        assert "2 of 1–2" in plain(page)
        assert f"/shifts/{shift.id}" in page
    assert "Crowded" not in seen(
        cast.as_(cast.volunteer), f"?view={view}&day=2026-06-11&state=open"
    )


@pytest.mark.parametrize("view", VIEWS)
def test_a_section_out_of_scope_shows_nothing(cast: Cast, view: str):  # AUTHZ-01
    b.a_shift(cast.strange_section, title="Of strangers", starts_at=NOON + HOUR)
    b.a_shift(cast.strange_section, title="Strange draft", status=Status.DRAFT, starts_at=NOON)
    b.a_shift(cast.section, title="Of ours", starts_at=NOON + HOUR)
    for person in (cast.volunteer, cast.coordinator):
        for more in ("", f"&section={cast.strange_section.id}", "&state=draft", "&state=gaps"):
            page = seen(cast.as_(person), f"?view={view}{more}")
            assert "trange" not in page
            assert f"{cast.strange_section.name}<" not in page
            if "section" in more:
                assert "Of ours" not in page


@pytest.mark.parametrize("view", VIEWS)
def test_what_somebody_has_a_place_in_is_theirs_to_see_wherever_it_is(cast: Cast, view: str):
    away = b.a_shift(cast.strange_section, title="Faraway", starts_at=NOON)
    b.a_shift(cast.strange_section, title="Of others", starts_at=NOON)
    b.a_participation(away, cast.volunteer)
    b.a_participation(away, cast.coordinator)
    page = seen(cast.as_(cast.volunteer), f"?view={view}&mine=1")
    assert "Faraway" in page
    assert "Of others" not in page
    table = cast.as_(cast.coordinator).get(f"/schedule.csv?view={view}&mine=1")
    assert (table.status_code, "Faraway" in table.text) == (200, True)


def test_drafts_are_for_those_who_plan(cast: Cast):
    b.a_shift(cast.section, title="Draft shift", status=Status.DRAFT, starts_at=NOON)
    course = b.a_course(cast.section)
    b.a_session(
        course, cast.section, title="Draft lesson", status=Status.DRAFT, starts_at=NOON + HOUR
    )
    b.a_shift(cast.section, title="Called off", status=Status.CANCELLED, starts_at=NOON)
    planned = seen(cast.as_(cast.coordinator), "?view=week&state=draft")
    assert "Draft shift" in planned and "Draft lesson" in planned
    assert "Draft shift" not in seen(cast.as_(cast.coordinator), "?view=week")
    for query in ("?view=week", "?view=week&state=draft"):
        page = seen(cast.as_(cast.volunteer), query)
        assert "Draft shift" not in page and "Called off" not in page


def test_trainings_stand_among_the_shifts(cast: Cast):
    b.a_shift(cast.section, title="Night pour", starts_at=NOON + HOUR)
    lesson = b.a_session(
        b.a_course(cast.section), cast.section, title="First aid", starts_at=NOON + HOUR
    )
    for view in VIEWS:
        page = seen(cast.as_(cast.volunteer), f"?view={view}")
        assert "Night pour" in page and "First aid" in page
    assert f"/trainings/{lesson.id}" in seen(cast.as_(cast.volunteer), "?view=timeline")


def short_of(cast: Cast) -> Any:
    """Two masons needed, one has said yes and one was asked; a nurse needed, nobody asked."""
    needs = [b.a_need(**MASON, least=2, most=4), b.a_need(**NURSE, least=1, position=1)]
    shift = b.a_shift(
        cast.section, title="Night pour", place="Gate B", starts_at=NOON + DAY, needs=needs
    )
    b.a_participation(shift, b.a_person(cast.section))
    b.a_participation(shift, b.a_person(cast.section), State.OFFERED)
    enough = b.a_shift(
        cast.section, title="Calm", starts_at=NOON + DAY, needs=[b.a_need(**MASON, least=1)]
    )
    b.a_participation(enough, b.a_person(cast.section))
    return shift


def test_gaps_stand_on_top_and_lead_to_the_board_of_their_need(cast: Cast):
    shift = short_of(cast)
    needs = [need.id for need in shift.needs]
    for view in ("timeline", "month"):
        page = seen(cast.as_(cast.coordinator), f"?view={view}&day=2026-06-11")
        assert "2 places short in 1 shift" in page
        for need_id in needs:
            assert f'href="/shifts/{shift.id}/board#need-{need_id}"' in page
    page = seen(cast.as_(cast.volunteer), "?view=timeline&day=2026-06-11")
    assert "2 places short in 1 shift" in page
    assert "/board" not in page
    assert f'href="/shifts/{shift.id}"' in page


def test_a_bar_says_all_it_shows_in_words(cast: Cast):
    short_of(cast)
    page = plain(seen(cast.as_(cast.coordinator), "?view=timeline&day=2026-06-11"))
    assert "Night pour, Thu 11 14–22 1 of 2–4" in page
    assert "1 short" in page
    assert "Calm, Thu 11 14–22 1 of 1+" in page
    assert "Enough" in page


def test_filters_narrow_what_is_shown(cast: Cast):
    short_of(cast)
    client = cast.as_(cast.volunteer)
    week = "?view=week&day=2026-06-11"
    assert "Calm" not in seen(client, week + "&state=gaps")
    medical = plain(seen(client, week + "&skill=medical"))
    assert "Nursing" in medical and "Bricklaying" not in medical
    assert "Calm" not in medical
    assert "Calm" in seen(client, week + "&state=open")
    assert "Night pour" not in seen(client, week + f"&section={cast.top.id}")


def test_what_is_over_is_no_gap(cast: Cast):
    b.a_shift(cast.section, title="Gone", starts_at=NOON - DAY, needs=[b.a_need(**MASON, least=3)])
    page = seen(cast.as_(cast.coordinator), "?view=timeline")
    assert "Gone" in page
    assert "places short" not in page


def test_rows_are_places_or_skills(cast: Cast):
    shift = short_of(cast)
    b.a_shift(cast.section, starts_at=NOON + 2 * DAY, place="Gate B", needs=[b.a_need(**MASON)])
    client = cast.as_(cast.coordinator)
    places = re.findall(r'br-tl-place">(.*?)</h3>', seen(client, "?view=timeline"), re.DOTALL)
    assert [plain(one).split(" ·")[0] for one in places] == ["Gate B", "Online, or no place given"]
    page = seen(client, "?view=timeline&rows=skill")
    skills = re.findall(r'br-tl-place">(.*?)</h3>', page, re.DOTALL)
    assert [plain(one) for one in skills] == ["Construction", "Medical"]
    assert str(shift.id) in page


def test_staff_take_what_is_shown_along_as_a_table(cast: Cast):
    short_of(cast)
    b.a_shift(cast.strange_section, title="Of strangers", starts_at=NOON + DAY)
    answer = cast.as_(cast.coordinator).get("/schedule.csv?view=week&day=2026-06-11&state=gaps")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [(row["Title"], row["Need"], row["Short"]) for row in rows] == [
        ("Night pour", "Bricklaying", "1"),
        ("Night pour", "Nursing", "1"),
    ]
    assert (rows[0]["Starts"], rows[0]["Time zone"]) == ("2026-06-11T14:00", "Europe/Berlin")
    book = cast.as_(cast.coordinator).get("/schedule.xlsx?view=week")
    assert book.status_code == 200 and book.data[:2] == b"PK"
    assert cast.as_(cast.volunteer).get("/schedule.csv").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "?view=nope",
        "?view=day&day=2026-13-45",
        "?day=9999-12-31",
        "?view=month&day=1900-01-01",
        "?section=99999999999999999999",
        "?section=-1",
        "?skill=nope&state=nope&rows=nope&span=nope",
        "?view=timeline&day=2199-12-31&span=month",
    ],
)
def test_odd_addresses_break_nothing(cast: Cast, query: str):
    assert cast.as_(cast.coordinator).get(f"/schedule{query}").status_code == 200


def test_an_empty_page_says_what_to_do_next(cast: Cast):
    for view in VIEWS:
        assert "/shifts/new" in seen(cast.as_(cast.coordinator), f"?view={view}&day=2027-01-05")
        page = seen(cast.as_(cast.volunteer), f"?view={view}&day=2027-01-05")
        assert "See all shifts" in page
        assert "Clear filters" in seen(
            cast.as_(cast.volunteer), f"?view={view}&day=2027-01-05&state=gaps"
        )


def test_a_page_costs_the_same_for_few_slots_and_for_three_hundred(cast: Cast):
    queries = [f"?view={view}" for view in VIEWS]
    queries += ["?view=week&mine=1", "?view=timeline&skill=construction&state=gaps"]
    queries += ["?view=day&mine=1"]

    def more(number: int) -> None:
        for n in range(number):
            kind = Shift if n % 5 or number == 30 else Session
            needs = [b.a_need(**MASON, least=3), b.a_need(**NURSE, least=2, position=1)]
            at = {"starts_at": NOON + (n % 9) * HOUR / 2, "hours": 3, "needs": needs}
            if kind is Shift:
                slot = b.a_shift(cast.section, place=f"Gate {n % 7}", **at)
            else:
                slot = b.a_session(course, cast.section, **at)
            b.a_participation(slot, cast.coordinator, State.OFFERED)

    def cost(query: str) -> tuple[int, str]:
        with counted() as statements:
            page = seen(client, query)
        return len(statements), page

    course = b.a_course(cast.section)
    client = cast.as_(cast.coordinator)
    more(30)
    few = {}
    for query in queries:
        few[query], page = cost(query)
        assert "br-" in page
    more(270)
    for query in queries:
        many, page = cost(query)
        assert page.count("/shifts/") > 100 or "300 shifts and trainings" in page, query
        assert few[query] == many <= 8, query
