"""What is said of what goes, when and why, and of what went, in the reader's language."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _

from brigades.keeping.rules import Against, Ground, Keep, Leaver
from brigades.recruiting.models import Application, Stage
from brigades.texts import day_words

_KINDS: dict[str, Callable[[str], str]] = {
    "letters": lambda number: _("letters: %(number)s", number=number),
    "letters of mailings": lambda number: _("names in mailings: %(number)s", number=number),
    "addresses that sent mail back": lambda number: _(
        "addresses that sent mail back: %(number)s", number=number
    ),
    "members who left": lambda number: _("members who left: %(number)s", number=number),
    "calendar files": lambda number: _("calendar files: %(number)s", number=number),
    "applications": lambda number: _("applications: %(number)s", number=number),
}


def trail_words(value: str) -> str:
    """How many of each kind went; what is none of ours as it was written."""
    said = []
    for part in value.split(", ") if value else []:
        name, _space, number = part.rpartition(" ")
        said.append(_KINDS[name](number) if name in _KINDS else part)
    return str(_(", ")).join(said)


_GROUNDS: dict[Ground, Callable[[], str]] = {
    Ground.ASKED: lambda: _("They want to be kept"),
    Ground.REQUEST: lambda: _("A request about their data is open"),
    Ground.INQUIRY: lambda: _("Something that happened is looked into"),
    Ground.OTHER: lambda: _("Something else"),
}

_AGAINST: dict[Against, Callable[[], str]] = {
    Against.PLACE: lambda: _("Holds a place in what is to come, or leads it."),
    Against.ROLE: lambda: _("Has a role."),
    Against.ACCOUNT: lambda: _("Can still sign in."),
    Against.APPLICATION: lambda: _("Asks to join again."),
    Against.REQUEST: lambda: _("Was given all their data less than a month ago."),
}


def ground_words(ground: Ground) -> str:
    """Why somebody is kept longer."""
    return _GROUNDS[ground]()


def kept_trail(value: str) -> str:
    """A day, and with it a ground."""
    day, _comma, ground = value.partition(", ")
    try:
        said = _("until %(day)s", day=day_words(date.fromisoformat(day)))
    except ValueError:
        return value
    known = ground in {one.value for one in Ground}
    return str(_(", ")).join([said, ground_words(Ground(ground))]) if known else str(said)


def left_words(leaver: Leaver) -> str:
    """When somebody left."""
    return str(_("Left on %(day)s.", day=day_words(leaver.left_on)))


def against_words(leaver: Leaver, keep: Keep, ground: Ground | None, today: date) -> list[str]:
    """What keeps somebody from being erased, or for longer than having left does."""
    said = [_AGAINST[one]() for one in Against if one in leaver.against]
    if leaver.kept_until and leaver.kept_until >= today:
        why, day = ground_words(ground or Ground.OTHER), day_words(leaver.kept_until)
        said.append(_("Kept until %(day)s: %(why)s.", day=day, why=why))
    alone = replace(leaver, children_on=None).planned(keep)
    if leaver.children_on and alone != leaver.planned(keep):
        day = day_words(leaver.children_on)
        said.append(_("Was there for children, last on %(day)s: kept for longer.", day=day))
    return said


def told_words(leaver: Leaver, keep: Keep, has_address: bool) -> str:
    """Whether they know of it."""
    if leaver.told_on is None or leaver.told_for != leaver.planned(keep):
        return ""
    day = day_words(leaver.told_on)
    if not has_address:
        return str(_("Has no address: no letter could go out on %(day)s.", day=day))
    return str(_("Was written to on %(day)s.", day=day))


def ended_words(application: Application) -> str:
    """How an application ended, or that nobody confirmed it."""
    if application.decided_at is None:
        day = day_words(application.sent_at.date())
        return str(_("Sent on %(day)s; nobody confirmed the address.", day=day))
    day = day_words(application.decided_at.date())
    if application.stage is Stage.DECLINED:
        return str(_("Declined on %(day)s.", day=day))
    return str(_("Withdrawn on %(day)s.", day=day))
