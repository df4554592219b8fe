"""Whoever holds a paper that lapses hears of it 90, 30 and 7 days before, once each."""

from datetime import date, timedelta

import pytest

from brigades.clock import DAY, HOUR, MINUTE
from brigades.db import session
from brigades.people.models import Standing
from brigades.schedule.states import State
from tests.builders import (
    NOON,
    a_kind,
    a_need,
    a_participation,
    a_person,
    a_qualification,
    a_section,
    a_shift,
)
from tests.reminders.passes import look, posted, run
from tests.support.statements import counted

SEVEN = NOON.replace(hour=5)  # in Berlin, in summer
TODAY = SEVEN.date()


@pytest.fixture
def section(app):
    return a_section()


@pytest.fixture
def holder(section):
    return a_person(section)


def ends(days: int) -> date:
    """The last valid day of a paper with so many days left."""
    return TODAY + timedelta(days=days)


def told_on(*days: int) -> list[int]:
    """On which of these days, counted from today, letters about papers were posted."""
    found = []
    for day in days:
        before = len(posted())
        run(SEVEN + day * DAY + HOUR)
        found += [day] * (len(posted()) - before)
    return found


def test_a_holder_hears_90_30_and_7_days_before(holder, mail):
    address = holder.email
    a_qualification(holder, a_kind("First aid"), valid_until=ends(95))
    assert told_on(0, 4, 5, 6, 40, 64, 65, 66, 87, 88, 89, 95, 97) == [5, 65, 88]
    first, _second, last = mail.to(address)
    assert "First aid is valid until" in first.subject
    assert "lapses in 90 days" in first.text
    assert "lapses in 7 days" in last.text
    assert {name for name, _person in posted()} == {"paper-lapses"}


def test_what_is_late_is_made_up_for_by_the_nearest_alone(holder):
    a_qualification(holder, a_kind(), valid_until=ends(20))
    run(SEVEN + HOUR)
    run(SEVEN + DAY)
    assert len(posted()) == 1
    assert told_on(2, 12, 13, 14, 20, 25) == [13]


def test_they_hear_in_the_morning_and_once_however_many_workers(holder):
    a_qualification(holder, a_kind(), valid_until=ends(7))
    run(SEVEN - MINUTE)
    assert posted() == []
    for minutes in (0, 1, 200):
        run(SEVEN + minutes * MINUTE)
    assert len(posted()) == 1


def test_several_papers_of_a_morning_are_one_letter(holder, mail):
    for name, days in (("First aid", 30), ("Passport", 7), ("Licence", 300)):
        a_qualification(holder, a_kind(name), valid_until=ends(days))
    run(SEVEN + HOUR)
    [got] = mail.to(holder.email)
    assert "2 qualifications of yours lapse" in got.subject
    assert "First aid" in got.text and "Passport" in got.text
    assert "Licence" not in got.text


@pytest.mark.parametrize(
    ("newer", "told"),
    [
        ({"valid_until": date(2030, 1, 1)}, 0),
        ({"valid_until": None}, 0),
        ({"valid_until": date(2030, 1, 1), "verified_on": None}, 1),
        ({"valid_until": date(2026, 6, 12)}, 1),
    ],
)
@pytest.mark.parametrize("wider", [False, True])
def test_nobody_hears_of_what_a_newer_one_replaces(holder, newer, told, wider):
    kind = a_kind("First aid")
    a_qualification(holder, kind, valid_until=ends(30))
    a_qualification(holder, a_kind("Paramedic", kind) if wider else kind, **newer)
    run(SEVEN + HOUR)
    letters = [one for one in posted() if one[1] == holder.id]
    assert bool(letters) >= bool(told)
    if not told:
        assert letters == []


@pytest.mark.parametrize(
    ("standing", "letters"),
    [(Standing.ACTIVE, 1), (Standing.ON_LEAVE, 1), (Standing.LEFT, 0), (Standing.ARCHIVED, 0)],
)
def test_who_left_is_left_alone(holder, standing, letters):
    a_qualification(holder, a_kind(), valid_until=ends(30))
    holder.standing = standing
    session.commit()
    run(SEVEN + HOUR)
    assert len(posted()) == letters


def test_it_says_what_they_are_confirmed_for_beyond_that_day(holder, section, mail):
    kind = a_kind("First aid")
    a_qualification(holder, kind, valid_until=ends(30))
    for title, days, needed, state in (
        ("Within", 20, True, State.CONFIRMED),
        ("Night watch", 35, True, State.CONFIRMED),
        ("Asks for nothing", 36, False, State.CONFIRMED),
        ("Only waits", 37, True, State.WAITLISTED),
    ):
        needs = [a_need(kind_id=kind.id if needed else None)]
        shift = a_shift(section, title=title, starts_at=SEVEN + days * DAY, needs=needs)
        a_participation(shift, holder, state)
    run(SEVEN + HOUR)
    got = next(one for one in mail.to(holder.email) if "First aid" in one.subject)
    assert "You are confirmed for this, which needs it for longer:" in got.text
    assert "Night watch" in got.text
    for other in ("Within", "Asks for nothing", "Only waits"):
        assert other not in got.text


def test_one_that_was_renewed_meanwhile_drops_the_letter(holder, mail):
    paper = a_qualification(holder, a_kind(), valid_until=ends(30))
    address = holder.email
    look(SEVEN)
    session.merge(paper).valid_until = ends(1000)
    session.commit()
    run(SEVEN + HOUR)
    assert len(posted()) == 1
    assert mail.to(address) == []


def test_thirty_papers_cost_as_many_statements_as_one(section):
    from brigades.reminders.papers import due

    def cost() -> int:
        with counted() as seen:
            due(SEVEN)
        return len(seen)

    a_qualification(a_person(section), a_kind(), valid_until=ends(30))
    one = cost()
    for _ in range(30):
        a_qualification(a_person(section), a_kind(), valid_until=ends(30))
    assert cost() == one <= 3
