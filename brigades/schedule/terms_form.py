"""The fields on who can come, what they must bring, and how places are taken and given up."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput

from brigades.clock import HOUR
from brigades.schedule.limits import limits
from brigades.schedule.models import SignUp, Slot
from brigades.schedule.rules.doubts import Doubt, doubts, grave
from brigades.web import Form

_PLAIN = ("min_age", "leave_by_hours", "signup_until")
_TICKS = ("with_children", "waitlist", "fills_at_once", "swaps_asked")


class TermsForm(Form):
    """Terms of a slot: they follow no clock, so that they are the same for shift and session."""

    meet_before = IntegerField(
        _l("Minutes before the start at which people meet"),
        [Optional(), NumberRange(0, 1440, _l("Write a number of minutes from 0 to 1440."))],
    )
    min_age = IntegerField(
        _l("Least age in years"),
        [Optional(), NumberRange(1, 99, _l("Write a number of years from 1 to 99."))],
    )
    with_children = BooleanField(_l("It is work with children"))
    papers = SelectMultipleField(
        _l("What everybody must hold"), [Optional()], option_widget=CheckboxInput(), choices=[]
    )
    signup = SelectField(
        _l("Who can sign up"),
        choices=[
            (SignUp.OPEN.value, _l("Everybody who fits, by themselves")),
            (SignUp.REQUEST.value, _l("Everybody who fits may ask; the coordinator decides")),
            (SignUp.ASSIGNED.value, _l("Nobody: the coordinator assigns")),
        ],
        default=SignUp.OPEN.value,
    )
    waitlist = BooleanField(_l("Keep a waiting list when it is full"), default=True)
    fills_at_once = BooleanField(_l("Who waits gets a free place at once, without being asked"))
    signup_until = DateField(_l("Last day to sign up"), validators=[Optional()])
    leave_by_hours = IntegerField(
        _l("Hours before the start until which a place can be given up"),
        [Optional(), NumberRange(0, 8760, _l("Write a number of hours from 0 to 8760."))],
    )
    swaps_asked = BooleanField(_l("The coordinator approves when two people swap"))
    sure = BooleanField(_l("Yes, I mean it"))

    unsure: Sequence[str] = ()  # what to think about again, once it was found

    def offer_kinds(self, kinds: Iterable[tuple[int, str]]) -> None:
        """Set which qualifications can be asked of everybody."""
        self.papers.choices = [(str(one), name) for one, name in kinds]

    @property
    def kind_ids(self) -> list[int]:
        """Ids of the kinds that everybody must hold, once the form is valid."""
        return [int(one) for one in self.papers.data or ()]

    @property
    def usual_leave(self) -> str:
        """Until when a place is given up where the field is left blank, in words."""
        hours = limits().leave // HOUR
        return str(ngettext("%(num)s hour", "%(num)s hours", hours))

    def show_terms(self, slot: Slot, kind_ids: Iterable[int]) -> None:
        """Show the terms of a slot that exists."""
        for name in _PLAIN + _TICKS:
            getattr(self, name).data = getattr(slot, name)
        self.meet_before.data = slot.meet_before or None
        self.signup.data = slot.signup.value
        self.papers.data = [str(one) for one in kind_ids]

    def apply_terms(self, slot: Slot) -> None:
        """Write the terms to a slot; what everybody must hold is kept beside it."""
        for name in _PLAIN:
            setattr(slot, name, getattr(self, name).data)
        for name in _TICKS:
            setattr(slot, name, bool(getattr(self, name).data))
        slot.meet_before = self.meet_before.data or 0
        slot.signup = SignUp(self.signup.data)

    def stops_to_ask(
        self, starts_at: datetime, ends_at: datetime, now: datetime, *, draft: bool
    ) -> bool:
        """Whether to show the form again, since what was typed is rarely meant and not ticked.

        A draft is stopped only where it is hardly ever meant: the rest is said after saving.
        """
        if draft and not grave(starts_at, ends_at, now):
            return False
        self.unsure = doubt_words(starts_at, ends_at, now)
        if not self.unsure or self.sure.data:
            return False
        self.ask(self.unsure)
        return True

    def ask(self, unsure: Sequence[str]) -> None:
        """Say what to think about again, and that a tick confirms it."""
        self.unsure = unsure
        self.sure.errors = [_("Tick this if it is right, or change the dates.")]


def doubt_words(starts_at: datetime, ends_at: datetime, now: datetime) -> list[str]:
    """What makes one doubt a slot's times, as sentences; none where nothing does."""
    return [_doubt(doubt, starts_at, ends_at) for doubt in doubts(starts_at, ends_at, now)]


def _doubt(doubt: Doubt, starts_at: datetime, ends_at: datetime) -> str:
    if doubt is Doubt.PAST:
        return str(_("The start is in the past: nobody can sign up by themselves."))
    if doubt is Doubt.FAR:
        return str(_("The start is years away. Check the year."))
    days: Any = -(-(ends_at - starts_at) // (24 * HOUR))
    return str(
        ngettext("It lasts %(num)s day.", "It lasts %(num)s days, more than fourteen.", days)
    )
