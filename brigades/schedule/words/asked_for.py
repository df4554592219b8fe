"""Refusals said aloud: what a place asks of people, papers and age."""

from flask_babel import gettext as _
from flask_babel import ngettext

from brigades.people.languages import language_name
from brigades.people.skills import label
from brigades.people.words import level_words
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.words.parts import Words
from brigades.texts import day_words, number_words


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
    if refusal.months:
        return _past_end(refusal)
    return (
        _(
            "%(kind)s is valid until %(on)s, this ends on %(until)s.",
            kind=refusal.kind,
            **_in_time(refusal),
        ),
        _("A renewed certificate removes this."),
    )


def _in_time(refusal: Refusal) -> dict[str, str]:
    """How long a paper is valid, until when the slot goes, and how much longer it must hold."""
    assert refusal.on is not None and refusal.until is not None
    return {"on": day_words(refusal.on), "until": day_words(refusal.until)}


def _past_end(refusal: Refusal) -> tuple[str, str]:
    return (
        ngettext(
            "%(kind)s is valid until %(on)s; it must hold %(num)s month longer than this, "
            "which ends on %(until)s.",
            "%(kind)s is valid until %(on)s; it must hold %(num)s months longer than this, "
            "which ends on %(until)s.",
            refusal.months,
            kind=refusal.kind,
            **_in_time(refusal),
        ),
        _("A renewed certificate removes this."),
    )


def _age(refusal: Refusal) -> dict[str, str]:
    assert refusal.on is not None
    return {"age": number_words(refusal.age), "day": day_words(refusal.on)}


WORDS: Words = {
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
    Code.SAFEGUARDING_MISSING: lambda r: (
        _("Work with children asks for a safeguarding check, and none is known."),
        _("The section coordinator records the check once they have seen it."),
    ),
    Code.SAFEGUARDING_UNVERIFIED: lambda r: (
        _("The safeguarding check has not been looked at by anybody yet."),
        _("The section coordinator checks it."),
    ),
    Code.SAFEGUARDING_EXPIRES: lambda r: (
        _(
            "The safeguarding check is valid until %(on)s, this ends on %(until)s.",
            **_in_time(r),
        ),
        _("A new check removes this."),
    ),
    Code.AGE_UNKNOWN: lambda r: (
        _(
            "This asks for an age of %(least)s, and no date of birth is known.",
            least=number_words(r.least_age),
        ),
        _("It opens once the date of birth stands in the profile."),
    ),
    Code.TOO_YOUNG: lambda r: (
        _(
            "Aged %(age)s on %(day)s; this asks for an age of %(least)s.",
            least=number_words(r.least_age),
            **_age(r),
        ),
        "",
    ),
    Code.GUARDIAN: lambda r: (
        _("Aged %(age)s on %(day)s, and no guardian has agreed yet.", **_age(r)),
        _("The section coordinator records the guardian's consent."),
    ),
}
