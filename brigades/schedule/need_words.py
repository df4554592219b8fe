"""A need in words, as texts without markup say it: calendars, sheets, letters."""

from flask_babel import gettext as _

from brigades.people.languages import language_name
from brigades.people.skills import Skill, label
from brigades.people.words import level_words
from brigades.reader import language
from brigades.schedule.rules import NeedFacts


def need_words(need: NeedFacts) -> str:
    """What a need asks for in the reader's language, such as "Interpreting: Arabic–English, B2"."""
    spoken = _languages(need)
    if need.skill == Skill.INTERPRETING and spoken:
        return str(_("Interpreting: %(languages)s", languages=spoken))
    parts = []
    if need.trade:
        parts.append(_("%(skill)s: %(trade)s", skill=label(need.skill), trade=label(need.trade)))
    elif need.skill:
        parts.append(label(need.skill))
    if spoken:
        parts.append(spoken)
    if need.kind_name and not parts:
        parts.append(need.kind_name)
    return " · ".join(map(str, parts)) or str(_("Anybody who can come"))


def _languages(need: NeedFacts) -> str:
    names = [language_name(code, language()) for code in need.languages]
    if not names:
        return ""
    # NOTE: the two languages of an interpreter, such as "Arabic–English".
    pair = _("%(one)s–%(other)s", one=names[0], other=names[1]) if len(names) == 2 else names[0]
    if not need.level:
        return str(pair)
    return str(_("%(languages)s, %(level)s", languages=pair, level=level_words(need.level)))
