"""How the trail says when and where a slot was and is; `following.when_and_where` writes it."""

import re
from datetime import datetime

from flask_babel import gettext as _

from brigades.clock import Wall
from brigades.texts import day_words, time_words

_KEPT = re.compile(r"(\S+ \d\d:\d\d) – (\S+ \d\d:\d\d) (\S+?)(?:, (.*))?", re.DOTALL)


def trail_words(value: str) -> str:
    """The kept value in words, such as "Wed, 30 Sep 2026 20:00 to 23:00, Oslo, Gate B".

    Empty where it is another one, such as a state.
    """
    kept = _KEPT.fullmatch(value)
    if kept is None:
        return ""
    zone = kept[3]
    starts, ends = (Wall(datetime.fromisoformat(kept[n]), zone) for n in (1, 2))
    first, last = starts.local.date(), ends.local.date()
    end = time_words(ends) if first == last else f"{day_words(last)} {time_words(ends)}"
    said = _("%(start)s to %(end)s", start=f"{day_words(first)} {time_words(starts)}", end=end)
    place = zone.rsplit("/", 1)[-1].replace("_", " ")
    return str(_(", ")).join(part for part in (said, place, kept[4]) if part)
