"""Refusals in words: each names what was judged, and what would remove it."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import Babel

from brigades.people.levels import Level
from brigades.schedule.rules import Code, Commitment, Refusal
from brigades.schedule.words import Said, say

OTHER = Commitment(
    slot_id=2,
    title="Night watch",
    starts_at=datetime(2026, 5, 1, 8, tzinfo=UTC),
    ends_at=datetime(2026, 5, 1, 12, tzinfo=UTC),
    zone="Europe/Berlin",
)
ON, UNTIL = date(2026, 4, 30), date(2026, 5, 2)
PAPER = {"kind": "First aid", "on": ON, "until": UNTIL}
ARABIC = {"language": "ar", "level": Level.B2}
REST = {"other": OTHER, "hours": 5.0, "limit": 11.0}

# What it was judged on, words for it, and words for what would remove it (none: nothing would).
WORDS: dict[Code, tuple[dict[str, object], tuple[str, ...], str]] = {
    Code.NOT_OPEN: ({}, ("draft",), "published"),
    Code.CANCELLED: ({}, ("cancelled",), ""),
    Code.ASSIGNED_ONLY: ({}, ("given by the coordinator",), "Write to your coordinator"),
    Code.SIGNUP_CLOSED: ({"on": ON}, ("Thu, 30 Apr 2026",), "coordinator can still add you"),
    Code.OVER: ({}, ("over",), ""),
    Code.STARTED: ({}, ("already started",), "coordinator can still add you"),
    Code.TOO_EARLY: ({}, ("not started yet",), "Come back"),
    Code.NO_PLACE: ({}, ("before",), "how it stands now"),
    Code.UNDER_WAY: ({}, ("already started",), "Tell whoever leads it"),
    Code.CAME: ({}, ("written down that they came",), "Take that back"),
    Code.PAST: ({}, ("in the past",), "Change the dates"),
    Code.NOT_ACTIVE: ({}, ("membership is not active",), "coordinator can make it active"),
    Code.ON_LEAVE: ({}, ("on leave",), "coordinator can make it active"),
    Code.ALREADY_IN: ({}, ("Already in",), ""),
    Code.FULL: ({}, ("All places are taken",), "when somebody leaves"),
    Code.SKILL_MISSING: ({"skill": "bricklaying"}, ("Bricklaying",), "in the profile"),
    Code.LANGUAGE_MISSING: (ARABIC, ("Arabic", "B2"), "in the profile"),
    Code.LEVEL_TOO_LOW: (ARABIC | {"has": Level.A2}, ("Arabic", "A2", "B2"), "correct the level"),
    Code.QUALIFICATION_MISSING: ({"kind": "First aid"}, ("First aid",), "training that grants it"),
    Code.QUALIFICATION_UNVERIFIED: ({"kind": "First aid"}, ("First aid",), "coordinator checks"),
    Code.QUALIFICATION_EXPIRES: (
        PAPER,
        ("First aid", "valid until Thu, 30 Apr 2026", "ends on Sat, 2 May 2026"),
        "renewed certificate",
    ),
    Code.SAFEGUARDING_MISSING: ({}, ("children", "safeguarding check"), "records the check"),
    Code.SAFEGUARDING_UNVERIFIED: ({}, ("safeguarding check",), "coordinator checks it"),
    Code.SAFEGUARDING_EXPIRES: (
        {"on": ON, "until": UNTIL},
        ("valid until Thu, 30 Apr 2026", "ends on Sat, 2 May 2026"),
        "new check",
    ),
    Code.AGE_UNKNOWN: ({"least_age": 16}, ("age of 16", "no date of birth"), "date of birth"),
    Code.TOO_YOUNG: (
        {"age": 15, "least_age": 16, "on": UNTIL},
        ("Aged 15 on Sat, 2 May 2026", "age of 16"),
        "",
    ),
    Code.GUARDIAN: (
        {"age": 15, "least_age": 18, "on": UNTIL},
        ("Aged 15 on Sat, 2 May 2026", "no guardian has agreed"),
        "records the guardian's consent",
    ),
    Code.UNAVAILABLE: ({"on": UNTIL}, ("Sat, 2 May 2026", "outside the days"), "Changing the days"),
    Code.OVERLAP: ({"other": OTHER}, ("Night watch", "10:00", "14:00"), "Leaving that one"),
    Code.REST: (REST, ("5 h of rest", "Night watch", "asks for 11 h"), "Leaving that one"),
    Code.STRETCH: (
        {"other": OTHER, "hours": 14.0, "limit": 13.0},
        ("Night watch", "14 h of duty", "allows 13 h"),
        "Leaving that one",
    ),
    Code.WEEK: (
        {"other": OTHER, "hours": 52.0, "limit": 48.0, "on": ON},
        ("52 h of duty", "Thu, 30 Apr 2026", "Night watch", "allows 48 h"),
        "Leaving another one",
    ),
    Code.WEEKLY_REST: (
        {"other": OTHER, "hours": 18.0, "limit": 35.0},
        ("Night watch", "longest rest is 18 h", "asks for 35 h"),
        "Leaving another one",
    ),
}


@pytest.fixture(scope="module")
def app() -> Flask:
    """An application with languages and nothing else: words need no database."""
    bare = Flask(__name__)
    Babel(bare)
    return bare


def said(app: Flask, refusal: Refusal) -> Said:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        return say(refusal)


@pytest.mark.parametrize("code", list(Code))
def test_every_reason_says_what_was_judged_and_what_would_remove_it(app, code: Code):
    judged_on, whats, remedy = WORDS[code]
    words = said(app, Refusal(code, **judged_on))  # type: ignore[arg-type]
    for what in whats:
        assert what in words.what
    assert remedy in words.remedy
    assert bool(words.remedy) is bool(remedy)


def test_a_paper_that_must_outlast_the_stay_says_by_how_much(app):
    passport = Refusal(
        Code.QUALIFICATION_EXPIRES, kind="Passport", on=ON, until=UNTIL, months=6, blocks=False
    )
    words = said(app, passport)
    assert "Passport is valid until Thu, 30 Apr 2026" in words.what
    assert "must hold 6 months longer" in words.what
    assert not words.blocks


def test_a_language_without_a_level_is_asked_for_by_its_name(app):
    assert said(app, Refusal(Code.LANGUAGE_MISSING, language="ar")).what.endswith("Arabic.")


@pytest.mark.parametrize(("minutes", "words"), [(659, "10.9"), (540, "9"), (0.5, "0")])
def test_rest_that_is_a_minute_short_never_reads_as_enough(app, minutes, words):
    what = said(app, Refusal(Code.REST, other=OTHER, hours=minutes / 60)).what
    assert what.startswith(f"Only {words} h of rest beside Night watch, ")


def test_duty_that_is_a_minute_too_long_never_reads_as_allowed(app):
    week = Refusal(Code.WEEK, other=OTHER, hours=48 + 1 / 60, limit=48.0, on=ON)
    assert said(app, week).what.startswith("48.1 h of duty")
