"""Refusals said aloud: whether a slot is open to somebody, and a place still theirs to answer."""

from flask_babel import gettext as _

from brigades.schedule.rules import Code, Refusal
from brigades.schedule.words.parts import Words, day_of


def _signup_closed(refusal: Refusal) -> tuple[str, str]:
    return (
        _("Sign-up closed on %(day)s.", day=day_of(refusal)),
        _("Your coordinator can still add you."),
    )


WORDS: Words = {
    Code.NOT_OPEN: lambda r: (
        _("This is still a draft."),
        _("It opens once it is published."),
    ),
    Code.CANCELLED: lambda r: (_("This was cancelled."), ""),
    Code.ASSIGNED_ONLY: lambda r: (
        _("Places here are given by the coordinator."),
        _("Write to your coordinator if you would like to come."),
    ),
    Code.SIGNUP_CLOSED: _signup_closed,
    Code.OVER: lambda r: (_("This is over."), ""),
    Code.STARTED: lambda r: (
        _("This has already started."),
        _("Your coordinator can still add you."),
    ),
    Code.PAST: lambda r: (
        _("Its start is in the past, so nobody could take part any more."),
        _("Change the dates, then it can be published."),
    ),
    Code.TOO_EARLY: lambda r: (_("This has not started yet."), _("Come back when it starts.")),
    Code.NO_PLACE: lambda r: (
        _("This was answered or given up before, nothing was changed."),
        _("The page shows how it stands now."),
    ),
    Code.CAME: lambda r: (
        _("It is written down that they came."),
        _("Take that back in the attendance first, then they can be taken off."),
    ),
    Code.UNDER_WAY: lambda r: (
        _("This has already started, so no place is given up here any more."),
        _("Tell whoever leads it, or your coordinator."),
    ),
    Code.NOT_ACTIVE: lambda r: (
        _("The membership is not active."),
        _("The section coordinator can make it active again."),
    ),
    Code.ON_LEAVE: lambda r: (
        _("The membership is on leave."),
        _("The section coordinator can make it active again."),
    ),
    Code.ALREADY_IN: lambda r: (_("Already in this one."), ""),
    Code.FULL: lambda r: (
        _("All places are taken and there is no waiting list."),
        _("It opens again when somebody leaves."),
    ),
}
