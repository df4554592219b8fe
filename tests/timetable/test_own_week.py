"""A volunteer's own week: places in every state, free days, hours."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

from brigades.schedule.states import State
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.shifts.cast import Cast

MONDAY = NOON - 2 * DAY


def week(client: Any, more: str = "") -> str:
    page = client.get(f"/schedule?view=week&mine=1{more}")
    assert page.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.text)).split())


def test_it_shows_every_place_with_its_state_in_words(cast: Cast):
    states = {
        State.CONFIRMED: "Confirmed",
        State.OFFERED: "Offered",
        State.SEEKING_COVER: "Looks for cover",
        State.ATTENDED: "Came",
    }
    for n, state in enumerate(states):
        shift = b.a_shift(cast.section, title=f"Shift of {n}", starts_at=MONDAY + n * DAY)
        b.a_participation(shift, cast.volunteer, state)
    lesson = b.a_session(
        b.a_course(cast.section), cast.section, title="Lesson", starts_at=MONDAY + 4 * DAY
    )
    for person in (b.a_person(cast.section), cast.volunteer):
        b.a_participation(lesson, person, State.WAITLISTED)
    gone = b.a_shift(cast.section, title="Given up", starts_at=MONDAY)
    b.a_participation(gone, cast.volunteer, State.WITHDRAWN)
    b.a_shift(cast.section, title="Of others", starts_at=MONDAY)

    page = week(cast.as_(cast.volunteer))

    for n, word in enumerate(states.values()):
        assert f"Shift of {n}" in page and word in page
    assert "Lesson" in page and "Waiting list, number 2" in page
    assert "Given up" not in page and "Of others" not in page


def test_free_days_stand_there_with_a_way_to_a_shift(cast: Cast):
    b.a_participation(b.a_shift(cast.section, starts_at=NOON), cast.volunteer)
    page = cast.as_(cast.volunteer).get("/schedule?view=week&mine=1").text
    assert page.count(">Free<") == 6
    assert 'href="/shifts?day=2026-06-11&amp;mine=1"' in page
    assert 'href="/shifts?day=2026-06-09&amp;mine=1"' not in page  # that day is over


def test_hours_are_those_within_the_week_that_are_certain(cast: Cast):
    b.a_participation(b.a_shift(cast.section, starts_at=NOON, hours=6), cast.volunteer)
    asked = b.a_shift(cast.section, starts_at=NOON + DAY, hours=5)
    b.a_participation(asked, cast.volunteer, State.OFFERED)
    sunday = datetime(2026, 6, 14, 20, tzinfo=UTC)  # 22:00 in Berlin, two hours of this week
    b.a_participation(b.a_shift(cast.section, starts_at=sunday, hours=8), cast.volunteer)
    client = cast.as_(cast.volunteer)
    page = week(client)
    assert "8 h this week" in page
    assert "1 offer waits for your answer: 5 h more" in page
    after = week(client, "&day=2026-06-15")
    assert "6 h this week" in after and "Sun 22:00 to 06:00" in after


def test_a_night_on_which_the_clocks_change_counts_as_long_as_it_was(cast: Cast):
    night = b.a_shift(
        cast.section,
        starts_at=datetime(2026, 10, 24, 20, tzinfo=UTC),  # 22:00 to 06:00, nine hours
        ends_at=datetime(2026, 10, 25, 5, tzinfo=UTC),
    )
    b.a_participation(night, cast.volunteer)
    page = week(cast.as_(cast.volunteer), "&day=2026-10-24")
    assert "9 h this week" in page
    assert "The clocks change: 25 hours" in page


def test_what_one_leads_or_teaches_stands_there_too(cast: Cast):
    b.a_shift(cast.section, title="Led", starts_at=NOON, lead_id=cast.volunteer.id)
    b.a_session(
        b.a_course(cast.section),
        cast.section,
        title="Taught",
        starts_at=NOON + DAY,
        trainer_id=cast.volunteer.id,
    )
    page = week(cast.as_(cast.volunteer))
    assert "Led" in page and "You lead it" in page
    assert "Taught" in page and "You hold it" in page
    assert "12 h this week" in page


def test_a_place_outside_ones_sections_is_still_ones_own(cast: Cast):
    far = b.a_shift(cast.strange_section, title="Far", starts_at=NOON + HOUR)
    b.a_participation(far, cast.volunteer)
    assert "Far" in week(cast.as_(cast.volunteer))
