"""A field for a day, as forms of every folder use it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField
from wtforms.validators import ValidationError

from brigades.web import Form

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


class Day(DateField):
    """A day; what is typed and is none stays in the field."""

    def __init__(self, label: Any, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, [*validators, within_reason], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """As the library does, with a sentence in the reader's language."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Write the day as year-month-day, such as 2026-09-30.")) from error


def within_reason(_form: Form, field: Any) -> None:
    """Years that a calendar on paper could have; PostgreSQL and people agree on those."""
    if field.data and not EARLIEST <= field.data <= LATEST:
        raise ValidationError(_("Check the year."))
