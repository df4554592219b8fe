"""The list of shifts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from brigades.people.levels import Level
from brigades.people.skills import Skill
from brigades.schedule.models import Status
from brigades.schedule.states import State
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.shifts.cast import Cast
from tests.support.statements import counted

MASON = {"skill": Skill.CONSTRUCTION, "trade": "bricklaying"}


def titles(client: Any, query: str = "") -> list[str]:
    page = client.get(f"/shifts{query}")
    assert page.status_code == 200
    return [part.split("</bdi>")[0] for part in page.text.split("<b><bdi>")[1:]]


def test_upcoming_published_shifts_of_the_scope_are_listed_by_start(cast: Cast) -> None:
    b.a_shift(cast.section, title="Second", starts_at=NOON + 2 * DAY)
    b.a_shift(cast.top, title="First, of the body above", starts_at=NOON + DAY)
    b.a_shift(cast.section, title="Draft", status=Status.DRAFT)
    b.a_shift(cast.section, title="Over", starts_at=NOON - 2 * DAY)
    b.a_shift(cast.section, title="Called off", status=Status.CANCELLED)
    b.a_shift(cast.strange_section, title="Of strangers")
    assert titles(cast.as_(cast.volunteer)) == ["First, of the body above", "Second"]


def test_staff_find_drafts_cancelled_and_past_ones_by_state(cast: Cast) -> None:
    b.a_shift(cast.section, title="Draft", status=Status.DRAFT)
    b.a_shift(cast.section, title="Over", starts_at=NOON - 2 * DAY)
    b.a_shift(cast.section, title="Called off", status=Status.CANCELLED)
    b.a_shift(cast.strange_section, title="Strange draft", status=Status.DRAFT)
    boss = cast.as_(cast.coordinator)
    assert titles(boss, "?state=draft") == ["Draft"]
    assert titles(boss, "?state=past") == ["Over"]
    assert titles(boss, "?state=cancelled") == ["Called off"]
    assert titles(cast.as_(cast.volunteer), "?state=draft") == []


def test_a_full_shift_stays_in_the_list_and_can_be_left(cast: Cast) -> None:  # SHIFT-10
    need = b.a_need(**MASON, least=1, most=2)
    shift = b.a_shift(cast.section, title="Full", needs=[need])
    b.a_participation(shift, cast.volunteer)
    b.a_participation(shift, b.a_person(cast.section, "bricklaying"))
    client = cast.as_(cast.volunteer)

    listed = client.get("/shifts?skill=construction")
    assert "Full" in listed.text
    assert "2 of 1–2" in listed.text.replace("\u2068", "").replace("\u2069", "")
    page = client.get(f"/shifts/{shift.id}")
    assert f'action="/shifts/{shift.id}/leave"' in page.text
    assert f'action="/shifts/{shift.id}/leave"' in client.get(f"/shifts/{shift.id}/leave").text

    assert client.post(f"/shifts/{shift.id}/leave").status_code == 303
    assert "1 of 1–2" in client.get("/shifts?skill=construction").text


def test_filters_narrow_the_list(cast: Cast) -> None:
    b.a_shift(cast.section, title="Wall", needs=[b.a_need(**MASON, least=1)], place="Gate B")
    b.a_shift(cast.top, title="Clinic", needs=[b.a_need(skill=Skill.MEDICAL)])
    client = cast.as_(cast.volunteer)
    assert titles(client, "?q=wall") == ["Wall"]
    assert titles(client, "?q=GATE") == ["Wall"]
    assert titles(client, "?skill=medical") == ["Clinic"]
    assert titles(client, f"?section={cast.top.id}") == ["Clinic"]
    assert titles(client, "?gaps=1") == ["Wall"]


def test_a_day_is_the_day_at_the_place(cast: Cast) -> None:  # TIME-02
    beirut = "Asia/Beirut"
    for title, start, end in (
        ("X", datetime(2025, 3, 29, 22, tzinfo=UTC), datetime(2025, 3, 30, 2, tzinfo=UTC)),
        ("Y", datetime(2025, 3, 30, 19, 30, tzinfo=UTC), datetime(2025, 3, 30, 20, 30, tzinfo=UTC)),
        ("Z", datetime(2025, 3, 30, 21, 15, tzinfo=UTC), datetime(2025, 3, 30, 23, tzinfo=UTC)),
    ):
        b.a_shift(cast.section, title=title, zone=beirut, starts_at=start, ends_at=end)
    assert titles(cast.as_(cast.volunteer), "?day=2025-03-30") == ["X", "Y"]


def test_i_could_take_it_judges_as_joining_would(cast: Cast) -> None:
    start = NOON + 7 * DAY
    kind = b.a_kind()
    b.a_shift(cast.section, title="Mine to take", needs=[b.a_need(**MASON)], starts_at=start)
    b.a_shift(cast.section, title="Nurses", needs=[b.a_need(skill=Skill.MEDICAL)])
    b.a_shift(cast.section, title="Certified", needs=[b.a_need(**MASON, kind_id=kind.id)])
    b.a_shift(
        cast.section, title="Talk", needs=[b.a_need(language="ar", level=Level.B2)], starts_at=start
    )
    taken = b.a_shift(cast.section, title="Taken", starts_at=NOON + 20 * DAY)
    b.a_participation(taken, cast.volunteer)
    b.a_shift(cast.section, title="Overlaps", starts_at=NOON + 20 * DAY + HOUR)
    assert titles(cast.as_(cast.volunteer), "?mine=1") == ["Mine to take"]


def test_my_state_stands_in_the_list(cast: Cast) -> None:
    shift = b.a_shift(cast.section)
    b.a_participation(shift, cast.volunteer, State.WAITLISTED)
    assert "Waiting list" in cast.as_(cast.volunteer).get("/shifts").text


@pytest.mark.parametrize(
    "query",
    [
        "?day=2026-13-45",
        "?day=abc",
        "?section=99999999999999999999",
        "?section=-1",
        "?skill=nope",
        "?state=nope",
        "?page=0",
        "?page=x",
        "?q=%25_%5C",
    ],
)
def test_odd_filters_filter_nothing_and_break_nothing(cast: Cast, query: str) -> None:
    assert cast.as_(cast.coordinator).get(f"/shifts{query}").status_code == 200


@pytest.mark.parametrize("query", ["", "?mine=1", "?gaps=1", "?state=draft", "?day=2026-06-17"])
def test_the_list_costs_the_same_for_one_row_and_for_thirty(cast: Cast, query: str) -> None:
    def more(number: int) -> None:
        for n in range(number):
            status = Status.DRAFT if "draft" in query else Status.PUBLISHED
            needs = [b.a_need(**MASON, least=1), b.a_need(skill=Skill.MEDICAL, least=2)]
            b.a_shift(cast.section, needs=needs, starts_at=NOON + 7 * DAY + n * HOUR, status=status)

    client = cast.as_(cast.coordinator if "draft" in query else cast.volunteer)
    more(1)
    with counted() as few:
        assert "Shift" in client.get(f"/shifts{query}").text
    more(29)
    with counted() as many:
        assert client.get(f"/shifts{query}").status_code == 200
    assert len(few) == len(many) <= 8


def test_pages_hold_fifty(cast: Cast) -> None:
    for n in range(51):
        b.a_shift(cast.section, title=f"Number {n:02}", starts_at=NOON + DAY + n * HOUR)
    client = cast.as_(cast.volunteer)
    assert len(titles(client)) == 50
    assert titles(client, "?page=2") == ["Number 50"]
    assert titles(client, "?page=99") == ["Number 50"]


def test_a_row_says_its_day_once_and_the_year_where_it_is_another(cast: Cast) -> None:
    b.a_shift(cast.section, starts_at=NOON + DAY)
    b.a_shift(cast.section, starts_at=NOON + 300 * DAY)
    page = " ".join(cast.as_(cast.volunteer).get("/shifts").text.split())
    assert '<span class="br-day">Thu<b>11</b>Jun</span>' in page
    assert "11 Jun 2026" not in page
    assert "<b>6</b>Apr 2027</span>" in page
