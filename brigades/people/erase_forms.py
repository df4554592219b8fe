"""What is asked before a person is erased, and before somebody leaves."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length

from brigades.web import Form


class EraseForm(Form):
    """Why, without a name, and that it is meant."""

    why = TextAreaField(
        _l("Reason"), [DataRequired(_l("Write why; it stays in the trail.")), Length(max=300)]
    )
    sure = BooleanField(
        _l("Yes, erase this person for good"), [DataRequired(_l("Tick this if you mean it."))]
    )


class LeaveForm(Form):
    """That somebody wants to leave, and why, if they like to say it."""

    why = TextAreaField(_l("Why do you leave?"), [Length(max=1000)])
    sure = BooleanField(
        _l("I want to end my membership"), [DataRequired(_l("Tick this if you mean it."))]
    )
