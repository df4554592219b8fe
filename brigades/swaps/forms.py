"""What a coordinator types about a swap."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from brigades.web import Form


class DecideForm(Form):
    """Why a swap is not approved; needed for a no alone."""

    reason = TextAreaField(
        _l("Why not, where you say no"),
        validators=[Optional(), Length(max=1000, message=_l("Say it in fewer words."))],
        description=_l("Both of them read it."),
    )
