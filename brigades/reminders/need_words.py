"""A need in the reader's words, for letters; on pages templates/shifts/parts.html says it."""

from flask_babel import gettext as _

from brigades.people.languages import language_name
from brigades.people.skills import Skill, label
from brigades.schedule.rules import NeedFacts
from brigades.schedule.words import level_words


def need_words(need: NeedFacts) -> str:
    """Such as "Construction: Bricklaying", "Interpreting: Arabic–English, B2"."""
    parts = []
    if need.skill == Skill.INTERPRETING and need.languages:
        parts.append(_("Interpreting: %(languages)s", languages=_languages(need)))
    elif need.trade:
        parts.append(_("%(skill)s: %(trade)s", skill=label(need.skill), trade=label(need.trade)))
    elif need.skill:
        parts.append(label(need.skill))
    if need.languages and need.skill != Skill.INTERPRETING:
        parts.append(_languages(need))
    if need.kind_name and not parts:
        parts.append(need.kind_name)
    return " · ".join(parts) or str(_("Anybody who can come"))


def _languages(need: NeedFacts) -> str:
    names = [language_name(code) for code in need.languages]
    told: str = names[0]
    if len(names) == 2:
        # NOTE: the two languages of an interpreter, such as "Arabic–English".
        told = _("%(one)s–%(other)s", one=names[0], other=names[1])
    if need.level:
        told = _("%(languages)s, %(level)s", languages=told, level=level_words(need.level))
    return told
