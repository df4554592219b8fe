"""Steps, stages, levels and years as people say them, in the reader's language."""

from flask_babel import gettext as _
from flask_babel import ngettext

from brigades.people.levels import Level
from brigades.people.skills import label
from brigades.recruiting.forms import Step
from brigades.recruiting.models import Stage


def step_words(step: Step) -> str:
    """The name of a step, short enough for four beside each other on a phone."""
    words: dict[Step, str] = {
        Step.YOU: _("You"),
        Step.SKILLS: _("Skills"),
        Step.AVAILABILITY: _("Availability"),
        Step.REVIEW: _("Review"),
    }
    return words[step]


def stage_words(stage: Stage) -> str:
    """A stage as coordinators read it."""
    words: dict[Stage, str] = {
        Stage.SENT: _("Address not confirmed"),
        Stage.CONFIRMED: _("New"),
        Stage.IN_REVIEW: _("In review"),
        Stage.ACCEPTED: _("Accepted"),
        Stage.DECLINED: _("Declined"),
        Stage.WITHDRAWN: _("Withdrawn"),
    }
    return words[stage]


def level_choices() -> list[tuple[str, str]]:
    """Every level with what it means."""
    return [
        (Level.NATIVE, _("Mother tongue")),
        (Level.C2, _("C2, like a mother tongue")),
        (Level.C1, _("C1, fluent")),
        (Level.B2, _("B2, talk at work")),
        (Level.B1, _("B1, everyday talk")),
        (Level.A2, _("A2, simple talk")),
        (Level.A1, _("A1, a few words")),
    ]


def years_choices() -> list[tuple[str, str]]:
    """Years of experience to choose from; any number may be sent."""
    return [("0", _("Less than a year"))] + [
        (str(years), years_words(years)) for years in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30)
    ]


def years_words(years: int | None) -> str:
    """Years of experience; empty where nobody said."""
    if years is None:
        return ""
    words = ngettext("%(num)s year", "%(num)s years", years) if years else _("Less than a year")
    return str(words)


def entry_words(kept: dict[str, object]) -> str:
    """A kept skill: its trade, or the skill itself where no trade was named."""
    return label(str(kept.get("trade") or kept.get("skill") or ""))


def waiting_words(days: int) -> str:
    """How long somebody has waited."""
    return str(ngettext("%(num)s day", "%(num)s days", days) if days else _("since today"))
