"""Times written down by hand, as the clock at the slot showed them."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from brigades.clock import Trouble, Wall, to_wall
from brigades.schedule.attendance import Times
from brigades.schedule.models import Participation, Slot
from brigades.web import Form

_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
_FOLDS = [
    ("", _l("Only once that day")),
    ("0", _l("The first time, before the clocks go back")),
    ("1", _l("The second time, after the clocks went back")),
]


class TimesForm(Form):
    """When somebody came and left, on the wall of the slot's place. No leaving: until the end."""

    came = DateTimeLocalField(_l("Came at"), format=_FORMATS, validators=[InputRequired()])
    came_fold = SelectField(_l("If the clocks show this time twice"), choices=_FOLDS, default="")
    left = DateTimeLocalField(_l("Left at"), format=_FORMATS, validators=[Optional()])
    left_fold = SelectField(_l("If the clocks show this time twice"), choices=_FOLDS, default="")
    more = BooleanField(_l("Longer than planned, and that is right"))
    why = TextAreaField(_l("Why it is corrected"), validators=[Length(max=1000)])

    def __init__(self, slot: Slot, *args: Any, **kwargs: Any) -> None:
        self.zone = slot.zone
        super().__init__(*args, **kwargs)

    def validate_came(self, field: DateTimeLocalField) -> None:
        """A time that exists, and exists once unless it is said which."""
        self._one_moment(field.data, self.came_fold)

    def validate_left(self, field: DateTimeLocalField) -> None:
        """The same."""
        self._one_moment(field.data, self.left_fold)

    def _one_moment(self, local: datetime | None, fold: SelectField) -> None:
        if local is None:
            return
        if not 2000 <= local.year <= 2100:
            raise ValidationError(_("Check the year."))
        wall = _wall(local, self.zone, fold)
        if wall.trouble is Trouble.SKIPPED:
            raise ValidationError(
                _(
                    "The clocks go forward that night and this time does not exist. "
                    "The next one that does is %(time)s.",
                    time=to_wall(wall.instant, self.zone).local.strftime("%H:%M"),
                )
            )
        if wall.trouble is Trouble.TWICE and fold.data not in ("0", "1"):
            raise ValidationError(
                _("The clocks go back that night and show this time twice. Say which one below.")
            )

    def fill_from(self, place: Participation, slot: Slot) -> None:
        """Show what is known; what is not, as the slot was planned."""
        for name, at in (
            ("came", place.came_at or slot.starts_at),
            ("left", place.left_at or slot.ends_at),
        ):
            wall = to_wall(at, slot.zone)
            self[name].data = wall.local
            twice = wall.trouble is Trouble.TWICE
            self[f"{name}_fold"].data = str(wall.fold) if twice else ""

    @property
    def times(self) -> Times:
        """What was typed, once the form was found valid."""
        assert self.came.data is not None
        left = self.left.data
        return Times(
            came=_wall(self.came.data, self.zone, self.came_fold),
            left=_wall(left, self.zone, self.left_fold) if left else None,
            more=bool(self.more.data),
            why=self.why.data or "",
        )


def _wall(local: datetime, zone: str, fold: SelectField) -> Wall:
    return Wall(local, zone, int(fold.data == "1"))
