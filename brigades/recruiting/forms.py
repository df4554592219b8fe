"""What an applicant types, in steps."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional

from brigades.people import phones
from brigades.people.addresses import written
from brigades.people.languages import country_names
from brigades.recruiting.fields import DayField, LanguagesField, Pairs, TradesField
from brigades.recruiting.rules import proposed
from brigades.sections.models import Section
from brigades.web import Form

NO = (False, "", "0", "false", "no", "n", "off")


class Step(StrEnum):
    """A page of signing up, in their order."""

    YOU = "you"
    SKILLS = "skills"
    AVAILABILITY = "availability"
    REVIEW = "review"


STEPS = list(Step)
FIELDS = {
    Step.YOU: ("given_name", "family_name", "email", "phone", "country", "section"),
    Step.SKILLS: ("skills", "languages"),
    Step.AVAILABILITY: ("available_from", "available_until", "availability_note", "why"),
    Step.REVIEW: ("consent",),
}


class JoinForm(Form):
    """All steps of signing up as one form; each step is checked by itself."""

    given_name = StringField(_l("Given name"), [Length(max=100)])
    family_name = StringField(_l("Family name"), [Length(max=100)])
    email = EmailField(_l("Email"), [DataRequired(_l("Enter your email address."))])
    phone = TelField(_l("Phone"), [Length(max=60)])
    country = SelectField(
        _l("Country you live in"),
        [DataRequired(_l("Choose the country you live in."))],
        validate_choice=False,
    )
    section = SelectField(_l("Section"), validate_choice=False)
    skills = TradesField(_l("Skills"))
    languages = LanguagesField(_l("Languages"))
    available_from = DayField(_l("Available from"), [Optional()])
    available_until = DayField(_l("Available until"), [Optional()])
    availability_note = TextAreaField(_l("More about when you can come"), [Length(max=500)])
    why = TextAreaField(_l("Why do you want to join?"), [Length(max=2000)])
    consent = BooleanField(
        _l("I agree"),
        [DataRequired(_l("We need your consent to keep what you wrote."))],
        false_values=NO,
    )

    def prepare(self, sections: Sequence[Section], locale: str, today: date) -> "JoinForm":
        """Give the form what it can be checked against; a section's id becomes its slug."""
        self.sections, self.today = sections, today
        ids = {str(section.id): section.slug for section in sections}
        self.section.data = ids.get(self.section.data or "", self.section.data or "")
        self.country.data = (self.country.data or "").upper()
        choose = [("", _("Choose…"))]
        self.country.choices = choose + list(country_names(locale).items())
        own = [("", _("The one for my country"))]
        self.section.choices = own + [(section.slug, section.name) for section in sections]
        return self

    @property
    def chosen(self) -> Section | None:
        """The section as chosen; None where it is none that recruits."""
        return next((s for s in self.sections if s.slug == self.section.data), None)

    def propose(self) -> Section | None:
        """Choose the section that the country proposes, where none was chosen."""
        section = None if self.section.data else proposed(self.country.data, self.sections)
        if section is not None:
            self.section.data = section.slug
        return section

    def first_wrong(self, steps: Sequence[Step]) -> Step | None:
        """Check some steps; the first that cannot stay as it is, None if all can."""
        wrong = [step for step in steps for name in FIELDS[step] if not self._check(name)]
        return wrong[0] if wrong else None

    def _check(self, name: str) -> bool:
        field = self[name]
        own = getattr(self, f"validate_{name}", None)
        good = bool(field.validate(self, [lambda form, field: own(field)] if own else ()))
        if any("\x00" in value for value in field.raw_data or () if isinstance(value, str)):
            field.errors = [*field.errors, _("This contains a character that cannot be kept.")]
            good = False
        return good

    def is_stale(self) -> bool:
        """Whether the page was open for too long; checks the token, and nothing else."""
        token = getattr(self, "csrf_token", None)
        return token is not None and not token.validate(self)

    def carried(self, here: Step) -> Pairs:
        """Names and values of the other steps, which travel along as hidden fields."""
        pairs: Pairs = []
        for field in (self[name] for step in STEPS if step is not here for name in FIELDS[step]):
            if isinstance(field, TradesField | LanguagesField):
                pairs += field.pairs()
            elif isinstance(field, BooleanField):
                pairs += [(field.name, "y")] if field.data else []
            else:
                value = field.typed if isinstance(field, DayField) else field.data
                pairs += [(field.name, value)] if value else []
        return pairs

    def validate_given_name(self, field: Any) -> None:
        """One name is enough; both empty is not."""
        if not field.data and not self.family_name.data:
            raise ValidationError(_("Enter your name. One name is enough."))

    def validate_email(self, field: Any) -> None:
        """An address that mail can be sent to; kept as it was typed."""
        try:
            field.data = written(field.data)
        except ValueError as error:
            raise ValidationError(
                _("This is not an email address we can write to, such as name@example.org.")
            ) from error

    def validate_phone(self, field: Any) -> None:
        """Bring the number into its international form."""
        if not field.data:
            return
        try:
            field.data = phones.normal(field.data, self.country.data or None)
        except ValueError as error:
            raise ValidationError(
                _("This is not a phone number. Start with + and the country code.")
            ) from error

    def validate_country(self, field: Any) -> None:
        """One that CLDR knows."""
        if field.data not in country_names("en"):
            raise ValidationError(_("Choose the country you live in."))

    def validate_section(self, field: Any) -> None:
        """One that takes new people; not judged before there is a country to judge it by."""
        if self.chosen is None and (field.data or self.country.data):
            raise ValidationError(self._why_no_section(field.data))

    def _why_no_section(self, typed: str) -> str:
        if typed:
            return str(_("This section takes no new people at present. Choose another."))
        if self.propose() is not None:
            return str(_("Choose a section. We have picked the one in your country."))
        return str(_("No section in your country takes new people. Choose another."))

    def validate_available_until(self, field: Any) -> None:
        """Not before the first day, and not gone by."""
        if field.data and self.available_from.data and field.data < self.available_from.data:
            raise ValidationError(_("The last day is before the first."))
        if field.data and field.data < self.today:
            raise ValidationError(_("This day has gone by."))
