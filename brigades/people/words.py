"""Levels, standings, and what the trail keeps of skills and languages, in the reader's words."""

from flask_babel import gettext as _

from brigades.people.languages import language_name
from brigades.people.levels import Level
from brigades.people.models import Standing
from brigades.people.skills import label


def language_words(value: str) -> str:
    """A language and its level, kept as "ar C1", such as "Arabic C1"."""
    code, _space, level = value.partition(" ")
    return f"{language_name(code)} {level_words(level)}".strip()


def level_words(level: str | None) -> str:
    """A level, or its code, as people say it; empty where none is named."""
    return str(_("mother tongue") if level == Level.NATIVE else level or "")


def standing_words(standing: Standing) -> str:
    """A standing in the reader's language."""
    words = {
        Standing.ACTIVE: _("Active"),
        Standing.ON_LEAVE: _("On leave"),
        Standing.LEFT: _("Left"),
        Standing.ARCHIVED: _("Archived"),
    }
    return str(words[standing])


TRAIL = {
    "skill": label,
    "skill removed": label,
    "skill verified": label,
    "language": language_words,
    "language removed": language_words,
}
