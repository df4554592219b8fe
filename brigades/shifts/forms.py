"""What is typed in about a shift: the slot's fields, and a list of needs."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.fields import HiddenField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from brigades.people.languages import language_name, language_names
from brigades.people.levels import Level
from brigades.people.skills import SKILL_LABELS, TRADES, Skill, trades_of
from brigades.people.words import level_words
from brigades.schedule.forms import SlotForm
from brigades.schedule.models import Need
from brigades.web import Form

MOST_NEEDS = 30
LARGEST = 9999


def ability_choices() -> dict[str, list[tuple[str, str]]]:
    """Skills with the trades under them, in groups."""
    return {
        str(SKILL_LABELS[skill]): [
            (skill.value, _("%(skill)s, any trade", skill=SKILL_LABELS[skill])),
            *((trade.code, str(trade)) for trade in trades_of(skill)),
        ]
        for skill in Skill
    }


def language_choices() -> list[tuple[str, str]]:
    """Every language by its name in the reader's language."""
    return list(language_names(str(get_locale() or "en")).items())


class NeedForm(PlainForm):
    """One kind of place in a shift. Everything said here must be met by one person."""

    id = HiddenField()
    ability = SelectField(_l("Skill or trade"), default="")
    language = SelectField(_l("Language"), default="")
    language_to = SelectField(_l("And, for interpreting"), default="")
    level = SelectField(_l("At least at level"), default="")
    kind = SelectField(_l("Qualification"), default="")
    least = IntegerField(
        _l("At least"), validators=[Optional(), NumberRange(0, LARGEST)], default=1
    )
    most = IntegerField(
        _l("At most"),
        validators=[Optional(), NumberRange(0, LARGEST)],
        description=_l("Blank: no limit. 0: nobody, people wait."),
    )

    def offer(self, kinds: Sequence[tuple[int, str]]) -> None:
        """Fill the lists to choose from."""
        self.ability.choices = {"": [("", _("Nothing special"))], **ability_choices()}
        languages = [("", _("None")), *language_choices()]
        for field in (self.language, self.language_to):
            known = {code for code, _name in languages}
            extra = [(field.data, language_name(field.data))] if self._kept(field, known) else []
            field.choices = languages + extra
        self.level.choices = [
            ("", _("Any level")),
            *((one.value, level_words(one)) for one in Level),
        ]
        self.kind.choices = [("", _("None")), *((str(one), name) for one, name in kinds)]

    @staticmethod
    def _kept(field: SelectField, known: set[str]) -> bool:
        """Whether the stored language is one that this reader's list does not name."""
        return bool(field.data) and field.data == field.object_data and field.data not in known

    def validate_most(self, field: IntegerField) -> None:
        """The most is not below the least."""
        if field.data is not None and field.data < (self.least.data or 0):
            raise ValidationError(_("The most cannot be lower than the least."))

    def validate_language_to(self, field: SelectField) -> None:
        """A pair has two different languages."""
        if field.data and not self.language.data:
            raise ValidationError(_("Choose the first language of the pair too."))
        if field.data and field.data == self.language.data:
            raise ValidationError(_("Choose two different languages."))

    def validate_level(self, field: SelectField) -> None:
        """A level is one of a language."""
        if field.data and not self.language.data:
            raise ValidationError(_("Choose the language that this level is about."))

    def apply_to(self, need: Need) -> None:
        """Write the fields to a need."""
        code = self.ability.data
        trade = TRADES.get(code)
        need.skill = trade.skill if trade else Skill(code) if code else None
        need.trade = code if trade else ""
        need.language = self.language.data or None
        need.language_to = self.language_to.data or None
        need.level = Level(self.level.data) if self.level.data else None
        need.kind_id = int(self.kind.data) if self.kind.data else None
        need.least, need.most = self.least.data or 0, self.most.data


def typed_from(need: Need) -> dict[str, Any]:
    """A stored need as the fields show it."""
    return {
        "id": str(need.id),
        "ability": need.trade or (need.skill.value if need.skill else ""),
        "language": need.language or "",
        "language_to": need.language_to or "",
        "level": need.level.value if need.level else "",
        "kind": str(need.kind_id or ""),
        "least": need.least,
        "most": need.most,
    }


class Rows(FieldList):  # type: ignore[type-arg]
    """A list of rows; names in the request that are no plain number are passed over."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for key in formdata:
            number = key.removeprefix(f"{prefix}-").split("-", 1)[0]
            plain = number.isascii() and number.isdigit() and len(number) < 5
            if plain and key.startswith(f"{prefix}-"):
                yield int(number)


class ShiftForm(SlotForm):
    """A shift with its needs. Rows come and go through named buttons, nothing typed is lost."""

    section = SelectField(_l("Section"), validators=[InputRequired()])
    lead = SelectField(_l("Who leads"), default="")
    lead_was = HiddenField()  # who led when the form was shown
    needs = Rows(FormField(NeedForm), label=_l("Places"), max_entries=MOST_NEEDS)

    def offer(
        self,
        sections: Sequence[tuple[int, str]],
        leads: Sequence[tuple[int, str]],
        kinds: Sequence[tuple[int, str]],
    ) -> None:
        """Fill the lists to choose from, in each row too."""
        if self.section is not None:  # a shift stays in its section, whose people are on it
            self.section.choices = [(str(one), name) for one, name in sections]
        offered = [("", _("Nobody yet")), *((str(one), name) for one, name in leads)]
        self.lead.choices = offered
        if not self.lead_touched and self.lead.data not in dict(offered):
            self.lead.data = self.lead_was.data = ""  # who led has left meanwhile
        for entry in self.needs:
            entry.form.offer(kinds)
        self.offer_kinds(kinds)
        self._kinds = kinds

    @property
    def lead_touched(self) -> bool:
        """Whether another lead was chosen than the form showed, or it does not say whom it did."""
        return not self.lead_was.raw_data or self.lead.data != self.lead_was.data

    def add_need(self, typed: dict[str, Any] | None = None) -> None:
        """One more row, empty or with what is stored."""
        if len(self.needs) < MOST_NEEDS:
            entry = self.needs.append_entry(typed)
            entry.form.offer(self._kinds)

    def drop_need(self, number: int) -> None:
        """Leave out the row that is the ``number``th on the page, counted from 0."""
        if 0 <= number < len(self.needs.entries):
            del self.needs.entries[number]

    def validate_needs(self, field: Rows) -> None:
        """A shift without places would be one that nobody can take."""
        if not field.entries:
            raise ValidationError(_("Add at least one kind of place."))


class CancelForm(Form):
    """Why a shift will not happen; everyone who has a place reads it."""

    reason = TextAreaField(
        _l("What shall we tell everyone?"), validators=[DataRequired(), Length(max=1000)]
    )
