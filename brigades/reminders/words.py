"""Reminders in the reader's words: whom a plan reminds, when, by whose word, and why a letter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from brigades.clock import HOUR, Wall, to_wall
from brigades.reminders.keeping import AS_ABOVE, NONE, Owner
from brigades.reminders.plans import Plan
from brigades.reminders.posting import Because, Source
from brigades.reminders.rules import IN_PLANS, Audience, Rule
from brigades.texts import day_words

_AUDIENCES: dict[Audience, tuple[str, Callable[[], str], Callable[[], str]]] = {
    Audience.COMING: (
        "people",
        lambda: _("Everybody who has a place"),
        lambda: _("When and where, and a link for whoever cannot come."),
    ),
    Audience.WAITLISTED: (
        "list-ol",
        lambda: _("Everybody on the waiting list"),
        lambda: _("Their number on it, and that a place is not certain."),
    ),
    Audience.LEAD: (
        "person",
        lambda: _("Whoever leads it"),
        lambda: _("Who comes, with their phone numbers, and what is still unfilled."),
    ),
    Audience.COORDINATORS: (
        "person-check",
        lambda: _("Coordinators nearby"),
        lambda: _("What is unfilled, and who would fit."),
    ),
    Audience.ORGANIZERS: (
        "diagram-3",
        lambda: _("Organizers, here or above"),
        lambda: _("What is unfilled, and who would fit."),
    ),
    Audience.OFFERED: (
        "hourglass-split",
        lambda: _("Everybody to whom a place is offered"),
        lambda: _("Until when their answer is awaited."),
    ),
}


@dataclass(frozen=True)
class Time:
    """One moment at which an audience is reminded; ``at`` where the plan is a slot's."""

    before: str
    only_unfilled: bool
    at: Wall | None = None
    over: bool = False


@dataclass(frozen=True)
class Line:
    """An audience, what it reads, and when; no times where it is not reminded."""

    icon: str
    who: str
    reads: str
    times: list[Time]


def lines(plan: Plan, owner: Owner, now: datetime) -> list[Line]:
    """Who hears what and when by a plan, every audience in turn."""
    return [
        Line(*_line(to), [_time(rule, owner, now) for rule in _of(plan, to)]) for to in IN_PLANS
    ]


def _line(to: Audience) -> tuple[str, str, str]:
    icon, who, reads = _AUDIENCES[to]
    return icon, who(), reads()


def _of(plan: Plan, to: Audience) -> list[Rule]:
    return sorted((rule for rule in plan.rules if rule.to is to), key=lambda rule: -rule.hours)


def _time(rule: Rule, owner: Owner, now: datetime) -> Time:
    before = before_words(rule.hours)
    if owner.slot is None:
        return Time(before, rule.only_unfilled)
    moment = owner.slot.starts_at - rule.hours * HOUR
    over = moment <= now
    return Time(before, rule.only_unfilled, to_wall(moment, owner.slot.zone), over)


def audience_words(to: Audience) -> str:
    """Who is meant."""
    return _AUDIENCES[to][1]()


def before_words(hours: int) -> str:
    """How long before the start: "7 days before", "12 hours before"."""
    text: str
    if hours % 24 == 0:
        text = ngettext("%(num)s day before", "%(num)s days before", hours // 24)
    else:
        text = ngettext("%(num)s hour before", "%(num)s hours before", hours)
    return text


def plan_words(plan: Plan) -> str:
    """Where a plan comes from."""
    return source_words(plan.source, plan.named)


def source_words(source: Source, named: str) -> str:
    """The same, by what it is of."""
    text: str
    if source is Source.SLOT:
        text = _("its own plan")
    elif source is Source.COURSE:
        text = _("the plan of the course %(course)s", course=named)
    elif source is Source.SECTION:
        text = _("the plan of %(section)s", section=named)
    else:
        text = _("the usual reminders")
    return text


def because_words(why: Because | None) -> str:
    """Why a letter goes out, in a line."""
    text: str
    if why is None:
        return ""
    if why.to is None:
        day = day_words(why.starts.local.date())
        text = _("Holds %(papers)s, valid until %(day)s", papers=why.title, day=day)
    elif why.to is Audience.OFFERED:
        text = _("A place is offered and the answer due a day later")
    else:
        text = _(
            "%(who)s, %(before)s, by %(plan)s",
            who=audience_words(why.to),
            before=before_words(why.hours),
            plan=source_words(why.source, why.named),
        )
    return text


def trail_words(value: str) -> str:
    """A plan as the trail keeps it, said aloud."""
    if value == AS_ABOVE:
        return str(_("as its course or section does"))
    if value == NONE:
        return str(_("nobody"))
    return str(_(", ")).join(_rule_words(part) for part in value.split(", ")) if value else ""


def _rule_words(part: str) -> str:
    to, _space, rest = part.partition(" ")
    hours, _space, unfilled = rest.partition(" ")
    if to not in set(Audience) or not hours.isdigit():
        return part
    text: str = _(
        "%(who)s %(before)s", who=audience_words(Audience(to)), before=before_words(int(hours))
    )
    return str(_("%(reminder)s while unfilled", reminder=text)) if unfilled else text
