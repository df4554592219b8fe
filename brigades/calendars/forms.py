"""What is typed in about calendars of sections."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from brigades.web import Form


class SectionCalendarForm(Form):
    """Of which section somebody would like the calendar."""

    section = SelectField(_l("Section"), coerce=int, validate_choice=True)

    def offer(self, sections: Sequence[tuple[int, str]]) -> "SectionCalendarForm":
        """Let one of these sections be chosen."""
        self.section.choices = list(sections)
        return self
