"""What a coordinator types about somebody's place."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from brigades.web import Form

LONGEST = 1000


class ReasonForm(Form):
    """Why somebody is taken off or gets no place; they are told, and the trail keeps it."""

    reason = TextAreaField(
        _l("What shall we tell them?"), validators=[DataRequired(), Length(max=LONGEST)]
    )

    @property
    def said(self) -> str:
        """The reason, once it is valid."""
        return str(self.reason.data or "")


class OverrideForm(Form):
    """Why a warning is overruled; kept with the place."""

    override = TextAreaField(_l("Why make an exception?"), validators=[Length(max=LONGEST)])

    @property
    def said(self) -> str:
        """The reason, once it is valid; empty where no exception is made."""
        return str(self.override.data or "")
