"""What there is to choose from in forms about people, in the reader's language."""

from flask_babel import get_locale
from flask_babel import gettext as _

from brigades.people.languages import country_names, language_names
from brigades.people.levels import Level
from brigades.people.skills import SKILL_LABELS, Skill, trades_of
from brigades.people.words import level_words
from brigades.texts import weekday_name


def countries() -> list[tuple[str, str]]:
    """Country codes with their names in the reader's language."""
    return list(country_names(_locale()).items())


def languages() -> list[tuple[str, str]]:
    """Language codes with their names in the reader's language."""
    return list(language_names(_locale()).items())


def skills() -> list[tuple[str, str]]:
    """Codes of skills with their names in the reader's language."""
    return [(skill.value, str(label)) for skill, label in SKILL_LABELS.items()]


def trades() -> dict[str, list[tuple[str, str]]]:
    """Each skill with itself and the trades under it, as groups to choose from."""
    return {
        str(SKILL_LABELS[skill]): [
            (skill.value, _("%(skill)s, any trade", skill=SKILL_LABELS[skill])),
            *((trade.code, str(trade)) for trade in trades_of(skill) if trade.code != skill.value),
        ]
        for skill in Skill
    }


def levels() -> list[tuple[str, str]]:
    """Levels of a language, from a beginner's to the mother tongue."""
    return [(level.value, level_words(level)) for level in Level]


def weekday_choices() -> list[tuple[str, str]]:
    """ISO numbers of the days of the week with their names in the reader's language."""
    return [(str(number), weekday_name(number)) for number in range(1, 8)]


def _locale() -> str:
    return str(get_locale() or "en")
