"""What is typed in about days: those on which somebody is away, and a guardian's consent."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from brigades.people.day_field import Day
from brigades.web import Form


class AwayForm(Form):
    """Days on which somebody cannot come; one day where the last one is left blank."""

    first_day = Day(_l("First day away"), [InputRequired(_l("Write the first day."))])
    last_day = Day(_l("Last day away"), [Optional()])
    note = StringField(_l("Note"), [Length(max=200)])

    def validate_last_day(self, field: DateField) -> None:
        """Not before it begins."""
        if field.data and self.first_day.data and field.data < self.first_day.data:
            raise ValidationError(_("This is before the first day."))


class ConsentForm(Form):
    """Which guardian of a minor agreed, and when."""

    guardian = StringField(
        _l("Name of the parent or guardian"),
        [DataRequired(_l("Write who agreed.")), Length(max=200)],
    )
    guardian_consent_on = Day(
        _l("Agreed on"), [InputRequired(_l("Write the day on which they agreed."))]
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def validate_guardian_consent_on(self, field: DateField) -> None:
        """Nobody has agreed tomorrow; a day is left for zones ahead of ours."""
        if field.data and (field.data - self._today).days > 1:
            raise ValidationError(_("This day is still to come."))


class WithdrawConsentForm(Form):
    """Why a guardian's consent does not count any more."""

    why = TextAreaField(
        _l("Reason"), [DataRequired(_l("Write why; it stays in the trail.")), Length(max=1000)]
    )
