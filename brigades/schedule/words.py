"""Refusals said aloud: what was judged, and what would remove it. Every sentence is translated."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from brigades.people.languages import language_name
from brigades.people.levels import Level
from brigades.people.skills import label
from brigades.schedule.rules import Code, Commitment, Refusal
from brigades.texts import day_words, moment_words, number_words


@dataclass(frozen=True)
class Said:
    """A refusal in words. ``remedy`` is empty where nothing would help."""

    code: str
    blocks: bool
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}".strip()


def level_words(level: Level | None) -> str:
    """A level as people say it."""
    if level is None:
        return ""
    return _("mother tongue") if level is Level.NATIVE else level.value


def say(refusal: Refusal) -> Said:
    """The refusal as sentences in the reader's language."""
    what, remedy = _WORDS[refusal.code](refusal)
    return Said(refusal.code.value, refusal.blocks, what, remedy)


def _at(instant: datetime, other: Commitment) -> str:
    return moment_words(instant, other.zone)


def _other(refusal: Refusal) -> dict[str, str]:
    other = refusal.other
    assert other is not None
    return {
        "title": other.title,
        "start": _at(other.starts_at, other),
        "end": _at(other.ends_at, other),
    }


def _skill(refusal: Refusal) -> tuple[str, str]:
    return (
        _("This place asks for %(skill)s.", skill=label(refusal.skill)),
        _("It opens once the skill stands in the profile."),
    )


def _language(refusal: Refusal) -> tuple[str, str]:
    name = language_name(refusal.language)
    if refusal.level is None:
        return (
            _("This place asks for %(language)s.", language=name),
            _("It opens once the language stands in the profile."),
        )
    return (
        _(
            "This place asks for %(language)s at %(level)s.",
            language=name,
            level=level_words(refusal.level),
        ),
        _("It opens once the language stands in the profile."),
    )


def _level(refusal: Refusal) -> tuple[str, str]:
    return (
        _(
            "%(language)s is %(has)s in the profile, this place asks for %(level)s.",
            language=language_name(refusal.language),
            has=level_words(refusal.has),
            level=level_words(refusal.level),
        ),
        _("A coordinator can correct the level."),
    )


def _expires(refusal: Refusal) -> tuple[str, str]:
    assert refusal.on is not None and refusal.until is not None
    return (
        _(
            "%(kind)s is valid until %(on)s, this ends on %(until)s.",
            kind=refusal.kind,
            on=day_words(refusal.on),
            until=day_words(refusal.until),
        ),
        _("A renewed certificate removes this."),
    )


def _signup_closed(refusal: Refusal) -> tuple[str, str]:
    assert refusal.on is not None
    return (
        _("Sign-up closed on %(day)s.", day=day_words(refusal.on)),
        _("Your coordinator can still add you."),
    )


_WORDS: dict[Code, Callable[[Refusal], tuple[str, str]]] = {
    Code.NOT_OPEN: lambda r: (
        _("This is still a draft."),
        _("It opens once it is published."),
    ),
    Code.CANCELLED: lambda r: (_("This was cancelled."), ""),
    Code.ASSIGNED_ONLY: lambda r: (
        _("Places here are given by the coordinator."),
        _("Write to your coordinator if you would like to come."),
    ),
    Code.SIGNUP_CLOSED: _signup_closed,
    Code.OVER: lambda r: (_("This is over."), ""),
    Code.STARTED: lambda r: (
        _("This has already started."),
        _("Your coordinator can still add you."),
    ),
    Code.TOO_EARLY: lambda r: (_("This has not started yet."), _("Come back when it starts.")),
    Code.NO_PLACE: lambda r: (
        _("This was answered or given up before, nothing was changed."),
        _("The page shows how it stands now."),
    ),
    Code.NOT_ACTIVE: lambda r: (
        _("The membership is not active."),
        _("The section coordinator can make it active again."),
    ),
    Code.ALREADY_IN: lambda r: (_("Already in this one."), ""),
    Code.FULL: lambda r: (
        _("All places are taken and there is no waiting list."),
        _("It opens again when somebody leaves."),
    ),
    Code.SKILL_MISSING: _skill,
    Code.LANGUAGE_MISSING: _language,
    Code.LEVEL_TOO_LOW: _level,
    Code.QUALIFICATION_MISSING: lambda r: (
        _("This place asks for: %(kind)s.", kind=r.kind),
        _("A training that grants it, or a certificate in the profile, removes this."),
    ),
    Code.QUALIFICATION_UNVERIFIED: lambda r: (
        _("%(kind)s has not been checked by anybody yet.", kind=r.kind),
        _("The section coordinator checks it."),
    ),
    Code.QUALIFICATION_EXPIRES: _expires,
    Code.OVERLAP: lambda r: (
        _("Overlaps %(title)s, %(start)s to %(end)s.", **_other(r)),
        _("Leaving that one removes this."),
    ),
    Code.REST: lambda r: (
        _(
            "Only %(hours)s h of rest beside %(title)s, %(start)s to %(end)s; "
            "the rule asks for 11 h.",
            # Down, never up: a minute short must not read as all of what the rule asks.
            hours=number_words(math.floor(r.hours * 10) / 10),
            **_other(r),
        ),
        _("Leaving that one removes this."),
    ),
}
