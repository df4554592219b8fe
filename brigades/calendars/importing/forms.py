"""What is typed in about a calendar file: the file itself, and how its events become slots."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from brigades.calendars.reading.lines import LARGEST
from brigades.web import Form

MOST_PLACES = 9999


class FileForm(Form):
    """A calendar file, and where its events go."""

    file = FileField(_l("Calendar file"))
    section = SelectField(_l("Section"), validators=[InputRequired()])
    course = SelectField(_l("Course"), validators=[InputRequired()])

    content = b""  # of the file, once the form is valid

    def offer(
        self, sections: Sequence[tuple[int, str]], courses: Sequence[tuple[int, str]] | None
    ) -> None:
        """Set what can be chosen; without courses it is not asked for one."""
        self.section.choices = [(str(one), name) for one, name in sections]
        if courses is None:
            del self.course
        else:
            self.course.choices = [("", _("Choose…")), *((str(one), name) for one, name in courses)]

    def validate_file(self, field: FileField) -> None:
        """A file was chosen; it is read, and one byte more than may be."""
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose a file that ends in .ics."))
        self.content = field.data.read(LARGEST + 1)

    @property
    def name(self) -> str:
        """How the file is called."""
        return str(self.file.data.filename or "")


class SlotsForm(Form):
    """How events become slots: places for each, and the hours of whole days."""

    day_from = TimeField(_l("Each day from"), validators=[Optional()])
    day_until = TimeField(_l("Each day until"), validators=[Optional()])
    least = IntegerField(_l("At least"), validators=[Optional(), NumberRange(0, MOST_PLACES)])
    most = IntegerField(
        _l("At most"),
        validators=[Optional(), NumberRange(0, MOST_PLACES)],
        description=_l("Blank: no limit. 0: nobody, people wait."),
    )

    def validate_most(self, field: IntegerField) -> None:
        """The most is not below the least."""
        if field.data is not None and field.data < (self.least.data or 0):
            raise ValidationError(_("The most cannot be lower than the least."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate, and find both times or none."""
        if not super().validate(extra_validators):
            return False
        if (self.day_until.data is None) != (self.day_from.data is None):
            self.ask_times()
            return False
        return True

    def ask_times(self) -> None:
        """Say that whole days need their times."""
        self.day_from.errors = [_("Say from when until when whole days go.")]

    def fill_from(self, day_from: time | None, day_until: time | None, least: int) -> None:
        """Show the times that were kept, and what a new slot begins with."""
        self.day_from.data, self.day_until.data = day_from, day_until
        self.least.data = least
