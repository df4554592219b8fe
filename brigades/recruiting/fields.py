"""Two fields that WTForms does not have: ticked trades with years, and languages with levels."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, Field, ValidationError

from brigades.people.languages import language_name, language_names
from brigades.people.levels import Level
from brigades.people.skills import SKILL_LABELS, TRADES, Skill

MOST_YEARS = 70
MOST_LANGUAGES = 20
Pairs = list[tuple[str, str]]


class DayField(DateField):
    """A day; what is none gets a sentence of ours."""

    @property
    def typed(self) -> str:
        """The day as it was typed, or as it is written."""
        if self.raw_data:
            return " ".join(str(value) for value in self.raw_data)
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day such as 2026-09-30."""
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError as error:
            raise ValueError(_("Write the day as year-month-day, such as 2026-09-30.")) from error


class TradesField(Field):
    """Codes of trades or of skills, each with years of experience in ``years-<code>``."""

    codes: list[str]
    years: dict[str, str]

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Keep what was typed beside what was ticked."""
        typed = formdata if formdata is not None else {}
        super().process(formdata, *args, **kwargs)
        self.codes = list(dict.fromkeys(str(code).strip() for code in self.raw_data or [] if code))
        self.years = {
            code: str(typed.get(f"years-{code}", "")).replace("\x00", "").strip()
            for code in self.codes
        }

    def process_formdata(self, valuelist: list[str]) -> None:
        """The codes alone; ``kept`` gives all."""
        self.data = valuelist

    def pre_validate(self, form: Any) -> None:
        """Refuse codes that nobody knows, and years that nobody has."""
        for code in self.codes:
            if code not in TRADES and code not in SKILL_LABELS:
                raise ValidationError(_("“%(code)s” is not in the list of skills.", code=code[:40]))
            if self.years[code] and _years(self.years[code]) is None:
                raise ValidationError(
                    _("Years of experience are a number from 0 to %(most)s.", most=MOST_YEARS)
                )

    def ticked(self, skill: Skill) -> int:
        """How many entries under a skill are ticked."""
        return sum(1 for code in self.codes if skill_of(code) is skill)

    def kept(self) -> list[dict[str, Any]]:
        """What an application keeps of it."""
        return [
            {
                "skill": str(skill_of(code)),
                "trade": code if code in TRADES else "",
                "years": _years(self.years[code]),
            }
            for code in self.codes
        ]

    def pairs(self) -> Pairs:
        """Names and values that carry it through another step."""
        years = [(f"years-{code}", years) for code, years in self.years.items() if years]
        return [(self.name, code) for code in self.codes] + years


@dataclass
class Row:
    """One language as it was typed."""

    language: str
    level: str
    error: str = ""


class LanguagesField(Field):
    """Rows of language and level: ``languages`` and ``levels`` side by side, or ``ar:C1`` alone.

    Scripts may leave the level out; people who see the form are asked for it.
    """

    rows: list[Row]

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Bring languages and levels together by their order."""
        super().process(formdata, *args, **kwargs)
        levels = formdata.getlist("levels") if formdata is not None else []
        self.asked = bool(levels)
        self.rows = []
        for number, typed in enumerate(self.raw_data or []):
            code, _colon, level = str(typed).replace("\x00", "").strip().partition(":")
            beside = levels[number].replace("\x00", "").strip() if number < len(levels) else ""
            self.rows.append(Row(code.strip().lower(), _level(beside or level)))

    def process_formdata(self, valuelist: list[str]) -> None:
        """The codes alone; ``kept`` gives all."""
        self.data = valuelist

    def pre_validate(self, form: Any) -> None:
        """Say at each row what is missing."""
        seen: set[str] = set()
        known = language_names("en")
        for row in self.rows:
            row.error = self._error(row, seen, known)
            seen.add(row.language)
        wrong = [row.error for row in self.rows if row.error]
        if len(self.filled()) > MOST_LANGUAGES:
            wrong.append(_("These are more than %(most)s languages.", most=MOST_LANGUAGES))
        if wrong:
            raise ValidationError(wrong[0])

    def _error(self, row: Row, seen: set[str], known: dict[str, str]) -> str:
        name = language_name(row.language)
        if not row.language:
            return str(_("Choose a language for this level.")) if row.level else ""
        if row.language not in known:
            return str(_("“%(code)s” is not in the list of languages.", code=row.language[:40]))
        if row.language in seen:
            return str(_("%(language)s stands here twice.", language=name))
        if row.level and row.level not in list(Level):
            return str(_("Choose a level for %(language)s from the list.", language=name))
        if not row.level and self.asked:
            return str(
                _("Choose a level for %(language)s. B1 is enough for everyday talk.", language=name)
            )
        return ""

    def filled(self) -> list[Row]:
        """The rows in which something stands."""
        return [row for row in self.rows if row.language or row.level]

    def kept(self) -> list[dict[str, Any]]:
        """What an application keeps of it."""
        return [{"language": row.language, "level": row.level} for row in self.filled()]

    def pairs(self) -> Pairs:
        """Names and values that carry it through another step."""
        return [
            pair
            for row in self.filled()
            for pair in ((self.name, row.language), ("levels", row.level))
        ]


def skill_of(code: str) -> Skill | None:
    """The skill of a trade's code, or the one that the code itself names; None if unknown."""
    if code in TRADES:
        return TRADES[code].skill
    return Skill(code) if code in SKILL_LABELS else None


def _years(typed: str) -> int | None:
    years = int(typed) if typed.isdecimal() and len(typed) < 4 else -1
    return years if 0 <= years <= MOST_YEARS else None


def _level(typed: str) -> str:
    wanted = typed.strip().casefold()
    return next((level.value for level in Level if level.value.casefold() == wanted), wanted)
