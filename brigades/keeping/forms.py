"""Keeping somebody longer: until when, and why."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from brigades.keeping.rules import HELD_AT_MOST, Ground
from brigades.keeping.words import ground_words
from brigades.people.day_field import Day
from brigades.web import Form


class HoldForm(Form):
    """Until when somebody is kept, on which ground, and what more there is to say."""

    until = Day(_l("Keep until"), [InputRequired(_l("Write the last day."))])
    ground = SelectField(_l("Reason"), [DataRequired(_l("Choose a reason."))])
    words = TextAreaField(_l("What happened"), [Length(max=1000)])

    def __init__(self, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._today = today
        self.ground.choices = [
            ("", _("Choose…")),
            *((one.value, ground_words(one)) for one in Ground),
        ]

    def validate_until(self, field: Day) -> None:
        """Ahead, and not for ever."""
        if field.data and field.data <= self._today:
            raise ValidationError(_("Choose a day that is still to come."))
        if field.data and field.data > self._today + timedelta(days=HELD_AT_MOST):
            raise ValidationError(_("At most five years ahead. You can do it again then."))

    def validate_words(self, field: TextAreaField) -> None:
        """Something else is said in words."""
        if self.ground.data == Ground.OTHER and not (field.data or "").strip():
            raise ValidationError(_("Write what it is."))
