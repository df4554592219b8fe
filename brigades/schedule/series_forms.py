"""What is typed in about slots that repeat, and about copies."""

from datetime import date
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from brigades.schedule.rules.series import MOST, Every, Pattern, TooMany, days
from brigades.schedule.series_words import weekday_names
from brigades.web import Form

LAST_YEAR = 2100
MOST_STEP = 52


def _within_sight(_form: Form, field: DateField) -> None:
    if field.data and not 2000 <= field.data.year <= LAST_YEAR:
        raise ValidationError(_("Check the year."))


class RepeatForm(Form):
    """How a slot repeats from its own day on."""

    every = SelectField(
        _l("How often"),
        choices=[(Every.WEEK.value, _l("Weekly")), (Every.DAY.value, _l("Daily"))],
        default=Every.WEEK.value,
    )
    step = IntegerField(
        _l("Every so many weeks or days"),
        validators=[InputRequired(), NumberRange(1, MOST_STEP)],
        default=1,
    )
    weekdays = SelectMultipleField(
        _l("On these days, if weekly"),
        validators=[Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    until = DateField(_l("Until this day"), validators=[Optional(), _within_sight])
    count = IntegerField(
        _l("Or so many times, the first included"), validators=[Optional(), NumberRange(2, MOST)]
    )
    publish = BooleanField(_l("Publish them at once, as this one is"))

    def __init__(self, first: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = first
        names = weekday_names(str(get_locale() or "en"))
        self.weekdays.choices = [(str(number), name) for number, name in names.items()]

    def propose(self) -> None:
        """Start with the weekday of the first."""
        self.weekdays.data = [str(self.first.isoweekday())]

    @property
    def pattern(self) -> Pattern:
        """What was typed, once it is valid."""
        weekly = self.every.data == Every.WEEK
        chosen = frozenset(int(number) for number in self.weekdays.data or ())
        return Pattern(
            every=Every(self.every.data),
            step=self.step.data or 1,
            weekdays=(chosen or frozenset({self.first.isoweekday()})) if weekly else frozenset(),
            until=self.until.data,
            count=self.count.data,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate, and find that the series ends, in sight, with at most ``MOST`` slots."""
        if not super().validate(extra_validators):
            return False
        if (field := self._end()) is not None:
            field[0].errors = [field[1]]
            return False
        return True

    def _end(self) -> tuple[Any, str] | None:
        if (self.until.data is None) == (self.count.data is None):
            return self.until, _("Say until which day, or how many times. One of the two.")
        if self.until.data and self.until.data <= self.first:
            return self.until, _("This must be after the day of the first.")
        ends = self.until if self.until.data else self.count
        try:
            found = days(self.first, self.pattern)
        except TooMany:
            return ends, _("That is more than %(most)s. Choose an earlier end.", most=MOST)
        if found[-1].year > LAST_YEAR:
            return ends, _("Check the year.")
        if len(found) < 2:
            return ends, _("No day would follow the first one. Choose a later end.")
        return None


class CopyForm(Form):
    """On which day a copy takes place."""

    on = DateField(_l("New day"), validators=[InputRequired(), _within_sight])
    anyway = BooleanField(_l("Yes, copy it with the time that the clocks show then"))
    twin = BooleanField(_l("Yes, make one more of the same title and time"))


class SeriesCopyForm(Form):
    """On which day the copy of a series begins."""

    on = DateField(_l("Day of the first one"), validators=[InputRequired(), _within_sight])
    publish = BooleanField(_l("Publish those whose original is published"))


class WeekForm(Form):
    """Which week of which section is copied to which other one; any day of a week names it."""

    section = SelectField(_l("Section"), validators=[InputRequired()])
    week = DateField(_l("A day of the week to copy"), validators=[InputRequired(), _within_sight])
    to = DateField(_l("A day of the new week"), validators=[InputRequired(), _within_sight])

    def offer(self, sections: list[tuple[int, str]]) -> None:
        """Set what can be chosen."""
        self.offered = {str(id) for id, _name in sections}
        self.section.choices = [(str(id), name) for id, name in sections]

    def validate_to(self, field: DateField) -> None:
        """The weeks differ."""
        if field.data and self.week.data and monday(field.data) == monday(self.week.data):
            raise ValidationError(_("This is the same week. Choose another one."))


class ReachForm(Form):
    """Whether a change is for one slot of a series, or for those that follow too."""

    class Meta(Form.Meta):
        csrf = False  # it stands inside another form, which has the token

    reach = RadioField(
        _l("Which ones of the series?"),
        choices=[("one", _l("Only this one")), ("following", _l("This and the following ones"))],
        default="one",
    )
    odd = BooleanField(
        _l("If the clocks skip a time or show it twice, take the next one, or the first of the two")
    )

    @property
    def follows(self) -> bool:
        """Whether those that follow are meant too."""
        return bool(self.reach.data == "following")


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return date.fromordinal(day.toordinal() - day.weekday())
