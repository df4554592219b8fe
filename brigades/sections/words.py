"""Sections in the reader's words: searching them by name and country, saying what they hold."""

import unicodedata
from collections.abc import Sequence

from flask_babel import gettext as _

from brigades import characters
from brigades.sections import parts
from brigades.sections.models import Section


def found(sections: Sequence[Section], typed: str, *, recruiting: bool) -> list[Section]:
    """Those whose name or country, in the reader's language, contains every word typed."""
    wanted = _plain(typed).split()
    countries = dict(parts.choices["countries"]()) if wanted else {}
    return [
        section
        for section in sections
        if (section.recruits or not recruiting)
        and all(
            word in _plain(f"{section.name} {countries.get(section.country or '', '')}")
            for word in wanted
        )
    ]


def tables(names: Sequence[str]) -> list[str]:
    """What the tables' rows are called; several that mean the same are said once."""
    known = {
        "section": _("sections below it"),
        "person": _("people"),
        "membership": _("past or present memberships"),
        "appointment": _("appointments"),
        "application": _("applications"),
        "slot": _("shifts or trainings"),
        "course": _("courses"),
        "letter": _("letters"),
        "reminder_plan": _("reminders"),
        "mailing": _("mailings"),
    }
    return list(dict.fromkeys(known.get(name, _("other records")) for name in names))


def _plain(words: str) -> str:
    spread = unicodedata.normalize("NFKD", characters.one_line(words).casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter))
