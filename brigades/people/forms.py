"""What is typed in about people."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput

from brigades.access import Role
from brigades.locales import LOCALES
from brigades.people import phones
from brigades.people.choices import countries, languages, levels, trades, weekday_choices
from brigades.people.day_field import Day
from brigades.people.details import Details
from brigades.people.models import Standing
from brigades.people.rules import weekdays_of
from brigades.people.words import standing_words
from brigades.sections.models import Section
from brigades.web import Form


class DetailsForm(Form):
    """Names, ways to reach somebody, and when they can come. One of the two names is enough."""

    given_name = StringField(_l("Given name"), [Length(max=120)])
    family_name = StringField(_l("Family name"), [Length(max=120)])
    phone = StringField(_l("Phone"), [Length(max=60)])
    country = SelectField(_l("Country"), [Optional()])
    locale = SelectField(_l("Language of letters"), choices=list(LOCALES.items()))
    available_from = Day(_l("Available from"), [Optional()])
    available_until = Day(_l("Available until"), [Optional()])
    weekdays = SelectMultipleField(
        _l("Days of the week"), [Optional()], option_widget=CheckboxInput()
    )
    availability_note = TextAreaField(_l("About the availability"), [Length(max=2000)])
    born = Day(_l("Date of birth"), [Optional()])

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.weekdays.choices = weekday_choices()
        self.country.choices = [("", _("Not said")), *countries()]

    def validate_given_name(self, field: StringField) -> None:
        """One name is enough; none is not."""
        if not field.data and not self.family_name.data:
            raise ValidationError(_("Write at least one name."))

    def validate_phone(self, field: StringField) -> None:
        """Any number that can exist, in any script's digits; kept in international form."""
        if not field.data:
            return
        try:
            self._phone = phones.normal(field.data, self.country.data or None)
        except ValueError:
            raise ValidationError(
                _("Write the number with its country code, such as +49 30 123456.")
            ) from None

    def validate_available_until(self, field: DateField) -> None:
        """Not before it begins."""
        begins = self.available_from.data
        if field.data and begins and field.data < begins:
            raise ValidationError(_("This is before the first day."))

    def validate_born(self, field: Day) -> None:
        """A day on which somebody who lives could be born."""
        if field.data and field.data > self._today:
            raise ValidationError(_("This day is still to come."))

    _phone: str | None = None

    @property
    def details(self) -> Details:
        """What was typed, checked."""
        return Details(
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            phone=self._phone,
            country=self.country.data or None,
            locale=self.locale.data,
            available_from=self.available_from.data,
            available_until=self.available_until.data,
            availability_note=self.availability_note.data or "",
            weekdays=weekdays_of(self.weekdays.data or ()),
        )


class PersonForm(DetailsForm):
    """The same by a coordinator, with the address where they may change it."""

    email = StringField(
        _l("Email"),
        [Optional(), Length(max=254), Email(_l("Write an address such as name@example.org."))],
    )


class SkillForm(Form):
    """A skill or trade and the years of experience in it."""

    skill = SelectField(_l("Skill or trade"), [DataRequired(_l("Choose a skill or a trade."))])
    years = IntegerField(
        _l("Years of experience"),
        [Optional(), NumberRange(0, 80, _l("Write a number of years from 0 to 80."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.skill.choices = {"": [("", _("Choose…"))], **trades()}


class LanguageForm(Form):
    """A language and how well it is spoken."""

    language = SelectField(_l("Language"), [DataRequired(_l("Choose a language."))])
    level = SelectField(_l("Level"), [DataRequired(_l("Choose a level."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = [("", _("Choose…")), *languages()]
        self.level.choices = [("", _("Choose…")), *levels()]


class StandingForm(Form):
    """Whether somebody takes part, and why that changes."""

    standing = SelectField(_l("Standing"), [DataRequired(_l("Choose one."))])
    why = TextAreaField(
        _l("Reason"), [DataRequired(_l("Write why; it stays in the trail.")), Length(max=1000)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing.choices = [
            (one.value, standing_words(one))
            for one in (Standing.ACTIVE, Standing.ON_LEAVE, Standing.LEFT)
        ]


class MoveForm(Form):
    """Another section within reach, and why."""

    section = SelectField(_l("New section"), [DataRequired(_l("Choose a section."))])
    why = TextAreaField(
        _l("Reason"), [DataRequired(_l("Write why; it stays in the trail.")), Length(max=1000)]
    )

    def __init__(self, sections: Sequence[Section], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(str(section.id), section.name) for section in sections]
        self.section.choices = [("", _("Choose…")), *options]


class AppointForm(Form):
    """A role in a section, from a day until a day."""

    role = SelectField(_l("Role"), [DataRequired(_l("Choose a role."))])
    section = SelectField(
        _l("In this section and all below it"), [DataRequired(_l("Choose a section."))]
    )
    since = Day(_l("From"), [InputRequired(_l("Write the first day."))])
    until = Day(_l("Until"), [Optional()])
    deputy = BooleanField(_l("As deputy"))

    def __init__(
        self, sections: Sequence[Section], roles: Sequence[tuple[Role, str]], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.role.choices = [("", _("Choose…")), *((role.value, words) for role, words in roles)]
        options = [(str(section.id), section.name) for section in sections]
        self.section.choices = [("", _("Choose…")), *options]

    def validate_until(self, field: DateField) -> None:
        """Not before it begins."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("This is before the first day."))
