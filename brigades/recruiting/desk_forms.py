"""What a coordinator types to decide on an application."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from brigades.sections.models import Section
from brigades.web import Form


class DeclineForm(Form):
    """Why an application is declined, in the words the applicant will read."""

    reason = TextAreaField(
        _l("Reason"),
        [DataRequired(_l("Give a reason. The applicant reads it in the mail.")), Length(max=1000)],
    )


class MoveForm(Form):
    """Where an application goes instead."""

    section = SelectField(_l("Section"), coerce=str, validate_choice=False)
    why = StringField(_l("Reason"), [Length(max=300)])

    def prepare(self, sections: Sequence[Section]) -> "MoveForm":
        """Give the form the sections that may be chosen."""
        self.section.choices = [(str(section.id), section.name) for section in sections]
        return self

    def validate_section(self, field: Any) -> None:
        """One of those that stand in the list."""
        if field.data not in {choice[0] for choice in self.section.choices or ()}:
            raise ValidationError(_("Choose a section from the list."))
