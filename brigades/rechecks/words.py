"""What stands against a place, in a word or two: for filters and the trail."""

from flask_babel import gettext as _

from brigades.schedule.rules import Code


def reason_words(code: str) -> str:
    """A reason in short; a code without words stands for itself."""
    words: dict[str, str] = {
        Code.NOT_ACTIVE: _("membership not active"),
        Code.ON_LEAVE: _("on leave"),
        Code.QUALIFICATION_EXPIRES: _("qualification runs out"),
        Code.QUALIFICATION_MISSING: _("qualification missing"),
        Code.QUALIFICATION_UNVERIFIED: _("qualification not checked"),
        Code.SAFEGUARDING_EXPIRES: _("safeguarding check runs out"),
        Code.SAFEGUARDING_MISSING: _("safeguarding check missing"),
        Code.SAFEGUARDING_UNVERIFIED: _("safeguarding check not looked at"),
        Code.SKILL_MISSING: _("skill missing"),
        Code.LANGUAGE_MISSING: _("spoken language missing"),
        Code.LEVEL_TOO_LOW: _("language level too low"),
        Code.OVERLAP: _("overlaps something else"),
        Code.TOO_YOUNG: _("too young"),
        Code.AGE_UNKNOWN: _("date of birth unknown"),
        Code.GUARDIAN: _("guardian has not agreed"),
    }
    return words.get(code, code)


def trail_words(codes: str) -> str:
    """What stood against a place, as the trail says it."""
    return str(_(", ")).join(reason_words(code) for code in codes.split(",")) if codes else ""
