"""What is typed in about qualifications and their kinds."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput

from brigades.people.day_field import Day
from brigades.qualifications.kinds import Asks
from brigades.qualifications.models import Kind
from brigades.qualifications.service import Paper
from brigades.web import Form


class PaperForm(Form):
    """What stands on a certificate."""

    kind_id = SelectField(_l("Kind"), [DataRequired(_l("Choose a kind."))])
    number = StringField(_l("Number"), [Length(max=120)])
    authority = StringField(_l("Issued by"), [Length(max=200)])
    issued_on = Day(_l("Issued on"), [InputRequired(_l("Write the day it was issued."))])
    valid_until = Day(_l("Valid until"), [Optional()])

    def __init__(self, kinds: Sequence[Kind], today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind_id.choices = [("", _("Choose…")), *((str(kind.id), kind.name) for kind in kinds)]
        self._today = today

    def validate_issued_on(self, field: Day) -> None:
        """Nothing is issued tomorrow; a day is left for zones ahead of ours."""
        if field.data and (field.data - self._today).days > 1:
            raise ValidationError(_("This day is still to come."))

    def validate_valid_until(self, field: Day) -> None:
        """Not before it was issued."""
        if field.data and self.issued_on.data and field.data < self.issued_on.data:
            raise ValidationError(_("This is before the day it was issued."))

    @property
    def paper(self) -> Paper:
        """What was typed, checked."""
        assert self.issued_on.data is not None
        return Paper(
            kind_id=int(self.kind_id.data),
            issued_on=self.issued_on.data,
            valid_until=self.valid_until.data,
            number=self.number.data or "",
            authority=self.authority.data or "",
        )


class CheckedPaperForm(PaperForm):
    """The same by a coordinator, who may have seen it."""

    seen = BooleanField(_l("I have seen it and verify it"))


class RemoveForm(Form):
    """Why a qualification should not stand there."""

    why = TextAreaField(
        _l("Reason"), [DataRequired(_l("Write why; it stays in the trail.")), Length(max=1000)]
    )


class KindForm(Form):
    """A kind's name, how long one holds, and what it includes."""

    name = StringField(_l("Name"), [DataRequired(_l("Give the kind a name.")), Length(max=120)])
    lasts = RadioField(
        _l("How long one holds"),
        [DataRequired(_l("Choose how long one holds."))],
        choices=[
            ("endless", _l("Without end")),
            ("months", _l("Months from the day of issue")),
            ("year_end", _l("To the end of a year")),
        ],
    )
    months = IntegerField(
        _l("Months"), [Optional(), NumberRange(1, 1200, _l("Write a number from 1 to 1200."))]
    )
    year_end = IntegerField(
        _l("Years after the year of issue"),
        [Optional(), NumberRange(0, 100, _l("Write a number from 0 to 100."))],
    )
    safeguarding = BooleanField(_l("Allows work with children"))
    travel = BooleanField(_l("It is for the journey, such as a passport, a visa or an insurance"))
    months_past_end = IntegerField(
        _l("Months it must hold past the end"),
        [Optional(), NumberRange(0, 120, _l("Write a number from 0 to 120."))],
    )
    includes = SelectMultipleField(_l("Includes"), [Optional()], option_widget=CheckboxInput())

    def __init__(self, kinds: Sequence[Kind], kind: Kind | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.record = kind
        self.includes.choices = [
            (str(other.id), other.name) for other in kinds if kind is None or other.id != kind.id
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate; the number that goes with the choice must be there. 0 years is a number."""
        good = super().validate(extra_validators)
        for field, text in (
            (self.months, _("Write the number of months.")),
            (self.year_end, _("Write 0 for the year of issue, 1 for the next one.")),
        ):
            if self.lasts.data == field.name and field.data is None and not field.errors:
                field.errors = [text]
                good = False
        return good

    @property
    def asks(self) -> Asks:
        """What a slot asks of a qualification of this kind."""
        return Asks(
            safeguarding=bool(self.safeguarding.data),
            travel=bool(self.travel.data),
            months_past_end=self.months_past_end.data or 0,
        )

    @property
    def kept_months(self) -> int | None:
        """Months, where they are what was chosen."""
        value: int | None = self.months.data
        return value if self.lasts.data == "months" else None

    @property
    def kept_year_end(self) -> int | None:
        """Years to the end of which it holds, where that is what was chosen."""
        value: int | None = self.year_end.data
        return value if self.lasts.data == "year_end" else None
