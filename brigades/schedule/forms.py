"""The fields that every slot has. What follows a slot's kind is added in its own folder."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    DateTimeLocalField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import URL, DataRequired, InputRequired, Length, Optional, ValidationError

from brigades.clock import Trouble, Wall, is_zone, to_wall, zone_names
from brigades.schedule.models import Slot
from brigades.schedule.terms_form import TermsForm

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
_FOLDS = [
    ("", _l("Only once that day")),
    ("0", _l("The first time, before the clocks go back")),
    ("1", _l("The second time, after the clocks went back")),
]


class SlotForm(TermsForm):
    """Time, place and sign-up of a slot. Times are wall times at the slot's place."""

    title = StringField(_l("Title"), validators=[DataRequired(), Length(max=200)])
    zone = SelectField(_l("Time zone of the place"), validators=[InputRequired()])
    starts = DateTimeLocalField(_l("Starts"), format=FORMATS, validators=[InputRequired()])
    starts_fold = SelectField(_l("If the clocks show this start twice"), choices=_FOLDS, default="")
    ends = DateTimeLocalField(_l("Ends"), format=FORMATS, validators=[InputRequired()])
    ends_fold = SelectField(_l("If the clocks show this end twice"), choices=_FOLDS, default="")
    place = StringField(_l("Place"), validators=[Length(max=300)])
    online_url = StringField(
        _l("Link, if it is online"),
        validators=[Optional(), URL(require_tld=False), Length(max=500)],
    )
    note = TextAreaField(_l("What people should know"), validators=[Length(max=5000)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_zones(zone_names())

    def _offer_zones(self, names: list[str]) -> None:
        self.zone_names = names
        self.zone.choices = [(name, name.replace("_", " ")) for name in names]

    def validate_starts(self, field: DateTimeLocalField) -> None:
        """A start that exists, and exists once unless it is said which."""
        self._one_moment(field, self.starts_fold)

    def validate_ends(self, field: DateTimeLocalField) -> None:
        """An end that exists and lies after the start, measured between instants."""
        self._one_moment(field, self.ends_fold)
        if not (self.starts.data and field.data and self._known_zone()) or self.starts.errors:
            return
        start = self._wall(self.starts.data, self.starts_fold).instant
        if self._wall(field.data, self.ends_fold).instant <= start:
            raise ValidationError(
                _("The end must be after the start. Over midnight? Take the next day.")
            )

    def validate_signup_until(self, field: DateField) -> None:
        """Sign-up cannot close after the start."""
        if field.data and self.starts.data and field.data > self.starts.data.date():
            raise ValidationError(_("Sign-up must close on the day of the start or before."))

    def _known_zone(self) -> bool:
        return self.zone.data in self.zone_names

    def _wall(self, local: datetime, fold: SelectField) -> Wall:
        return Wall(local, self.zone.data, int(fold.data == "1"))

    def _one_moment(self, field: DateTimeLocalField, fold: SelectField) -> None:
        if not field.data or not self._known_zone():
            return
        if not 2000 <= field.data.year <= 2100:
            raise ValidationError(_("Check the year."))
        trouble = self._wall(field.data, fold).trouble
        if trouble is Trouble.SKIPPED:
            later = to_wall(self._wall(field.data, fold).instant, self.zone.data).local
            raise ValidationError(
                _(
                    "The clocks go forward that night and this time does not exist. "
                    "The next one that does is %(time)s.",
                    time=later.strftime("%H:%M"),
                )
            )
        if trouble is Trouble.TWICE and fold.data not in ("0", "1"):
            raise ValidationError(
                _("The clocks go back that night and show this time twice. Say which one below.")
            )

    def must_ask(
        self, now: datetime, before: tuple[datetime, datetime] | None = None, *, draft: bool
    ) -> bool:
        """Whether times that are rarely meant were typed and not ticked; the form says so then.

        ``before``: start and end as they are; what does not change is not asked about again.
        ``draft``: nobody but its staff sees it, so only of what is hardly ever meant.
        """
        assert self.starts.data and self.ends.data, "only after the form was found valid"
        start = self._wall(self.starts.data, self.starts_fold).instant
        end = self._wall(self.ends.data, self.ends_fold).instant
        return before != (start, end) and self.stops_to_ask(start, end, now, draft=draft)

    def fill_from(self, slot: Slot, kind_ids: Iterable[int] = ()) -> None:
        """Show a slot that exists; ``kind_ids``: of what everybody in it must hold."""
        for name in ("title", "zone", "place", "online_url", "note"):
            getattr(self, name).data = getattr(slot, name)
        self.show_terms(slot, kind_ids)
        self.starts.data, self.ends.data = slot.starts_local, slot.ends_local
        if not is_zone(slot.zone):  # it came in past this form; whoever edits chooses one
            return
        for wall, fold in ((slot.starts, self.starts_fold), (slot.ends, self.ends_fold)):
            fold.data = str(wall.fold) if wall.trouble is Trouble.TWICE else ""
        if slot.zone not in self.zone_names:
            self._offer_zones([slot.zone, *self.zone_names])

    def apply_to(self, slot: Slot) -> bool:
        """Write the fields to a slot; returns whether its time or place changed."""
        before = (slot.zone, slot.starts_at, slot.ends_at, slot.place, slot.online_url)
        for name in ("title", "zone", "place", "online_url", "note"):
            setattr(slot, name, getattr(self, name).data or "")
        self.apply_terms(slot)
        assert self.starts.data and self.ends.data, "only after the form was found valid"
        slot.starts_local, slot.starts_fold = self.starts.data, int(self.starts_fold.data or 0)
        slot.ends_local, slot.ends_fold = self.ends.data, int(self.ends_fold.data or 0)
        slot.derive_instants()
        return before != (slot.zone, slot.starts_at, slot.ends_at, slot.place, slot.online_url)
