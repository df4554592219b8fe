"""Each reason to say no has a situation that leads to it, and nothing else does there."""

from datetime import date
from typing import Any

import pytest

from brigades.people.levels import Level
from brigades.schedule.rules import Code, Holding, NeedFacts
from tests.schedule.rules.given import HOUR, a_slot, busy, codes, somebody, utc

AIDER = NeedFacts(1, kind_id=7, kind_name="First aid")
ARABIC = NeedFacts(1, languages=("ar",), level=Level.B2)
CHILDREN = a_slot(with_children=True, safeguarding=frozenset({7}))
UNCHECKED = {7: (Holding(None, verified=False),)}
OLD = {7: (Holding(date(2026, 4, 30)),)}
WEEK = tuple(busy(utc(day, 8), utc(day, 14), day) for day in range(3, 9))
FULL_WEEK = tuple(busy(utc(day, 8), utc(day, 20), day) for day in range(4, 8))

SITUATIONS: dict[Code, dict[str, Any]] = {
    Code.NOT_OPEN: {"slot": a_slot(published=False)},
    Code.CANCELLED: {"slot": a_slot(cancelled=True)},
    Code.ASSIGNED_ONLY: {"slot": a_slot(by_oneself=False)},
    Code.SIGNUP_CLOSED: {"slot": a_slot(signup_ends=utc(1))},
    Code.OVER: {"now": utc(3)},
    Code.STARTED: {"now": utc(2, 9)},
    Code.NOT_ACTIVE: {"person": somebody(active=False)},
    Code.ON_LEAVE: {"person": somebody(active=False, on_leave=True)},
    Code.ALREADY_IN: {"person": somebody(live_in=frozenset({1}))},
    Code.FULL: {"slot": a_slot(waitlist=False), "need": NeedFacts(1, most=2, held=2)},
    Code.SKILL_MISSING: {"need": NeedFacts(1, skill="medical")},
    Code.LANGUAGE_MISSING: {"need": ARABIC},
    Code.LEVEL_TOO_LOW: {"need": ARABIC, "person": somebody(languages={"ar": Level.A2})},
    Code.QUALIFICATION_MISSING: {"need": AIDER},
    Code.QUALIFICATION_UNVERIFIED: {"need": AIDER, "person": somebody(holdings=UNCHECKED)},
    Code.QUALIFICATION_EXPIRES: {"need": AIDER, "person": somebody(holdings=OLD)},
    Code.SAFEGUARDING_MISSING: {"slot": CHILDREN},
    Code.SAFEGUARDING_UNVERIFIED: {"slot": CHILDREN, "person": somebody(holdings=UNCHECKED)},
    Code.SAFEGUARDING_EXPIRES: {"slot": CHILDREN, "person": somebody(holdings=OLD)},
    Code.AGE_UNKNOWN: {"slot": a_slot(min_age=16)},
    Code.TOO_YOUNG: {"slot": a_slot(min_age=21), "person": somebody(born=date(2006, 1, 1))},
    Code.GUARDIAN: {"person": somebody(born=date(2010, 1, 1))},
    Code.UNAVAILABLE: {"person": somebody(weekdays=frozenset({1}))},
    Code.OVERLAP: {"person": somebody(commitments=(busy(utc(2, 9), utc(2, 10)),))},
    Code.REST: {"person": somebody(commitments=(busy(utc(2, 20), utc(2, 22)),))},
    Code.STRETCH: {"person": somebody(commitments=(busy(utc(2, 12), utc(2, 12) + 10 * HOUR),))},
    Code.WEEK: {"slot": a_slot(utc(8, 8), utc(8, 18)), "person": somebody(commitments=FULL_WEEK)},
    Code.WEEKLY_REST: {"person": somebody(commitments=WEEK)},
}
# Said by what is done to a place, not by the rules: checking in too early, answering what is gone,
# taking off who came, publishing what is past.
OF_ACTIONS = {Code.TOO_EARLY, Code.NO_PLACE, Code.CAME, Code.PAST, Code.UNDER_WAY}


@pytest.mark.parametrize("code", sorted(set(Code) - OF_ACTIONS))
def test_a_situation_leads_to_this_reason_alone(code: Code):
    given = {"slot": a_slot(), "person": somebody(), "need": None} | SITUATIONS[code]
    assert codes(**given).keys() == {code}
