"""Validity in the reader's words."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from brigades.qualifications import service
from brigades.qualifications.models import Kind, Qualification
from brigades.qualifications.rules import Standing, standing
from brigades.texts import day_words


@dataclass(frozen=True)
class Validity:
    """How a qualification stands: tone, icon and word for its mark, and the sentence beside it."""

    tone: str
    icon: str
    word: str
    text: str


@dataclass(frozen=True)
class Card:
    """A qualification as it is shown with its holder."""

    held: Qualification
    validity: Validity
    checked: str


def of_person(person_id: int, now: datetime) -> list[Card]:
    """All that a person holds or held, expired ones too; one statement."""
    return [
        Card(held, validity(held.valid_until, now.date()), checked(held))
        for held in service.of_person(person_id)
    ]


def validity(until: date | None, on: date) -> Validity:
    """Valid until when, expiring in how many days, or expired since when."""
    stand = standing(until, on)
    if until is None or stand.standing is Standing.ENDLESS:
        return Validity("is-ok", "check-circle-fill", _("Valid"), _("valid without end"))
    day = day_words(until)
    if stand.standing is Standing.EXPIRED:
        return Validity("is-gap", "x-lg", _("Expired"), _("expired on %(day)s", day=day))
    text = _("valid until %(day)s", day=day)
    if stand.standing is Standing.VALID:
        return Validity("is-ok", "check-circle-fill", _("Valid"), text)
    days = stand.days or 0
    if days == 0:
        text = _("valid until %(day)s, today is the last day", day=day)
    else:
        text = ngettext(
            "valid until %(day)s, expires in %(num)s day",
            "valid until %(day)s, expires in %(num)s days",
            days,
            day=day,
        )
    return Validity("is-call", "hourglass-split", _("Expires soon"), text)


def checked(held: Qualification) -> str:
    """Who verified it and when, or that nobody has yet."""
    if held.verified_on is None:
        return str(_("not verified yet"))
    if held.verifier is None:
        return str(_("verified on %(day)s", day=day_words(held.verified_on)))
    return str(
        _(
            "verified by %(name)s on %(day)s",
            name=held.verifier.name,
            day=day_words(held.verified_on),
        )
    )


def lasting(kind: Kind) -> str:
    """How long a qualification of a kind holds."""
    if kind.year_end is not None:
        if kind.year_end == 0:
            return str(_("until the end of the year of issue"))
        return str(
            ngettext(
                "until the end of the year, %(num)s year after issue",
                "until the end of the year, %(num)s years after issue",
                kind.year_end,
            )
        )
    if kind.months is not None:
        return str(ngettext("%(num)s month", "%(num)s months", kind.months))
    return str(_("without end"))
