"""The schedule as a table that leaves the system: a row for each need."""

from collections.abc import Iterator

from flask_babel import gettext as _

from brigades.people.languages import language_name
from brigades.people.skills import label
from brigades.people.words import level_words
from brigades.schedule.rules import NeedFacts
from brigades.sheets import Cell
from brigades.timetable.service import Frame
from brigades.timetable.slots import SlotShown, missing


def head() -> list[str]:
    """What stands above the columns."""
    return [
        _("Title"),
        _("Kind"),
        _("Section"),
        _("Place"),
        _("Starts"),
        _("Ends"),
        _("Time zone"),
        _("Hours"),
        _("Need"),
        _("Least"),
        _("Most"),
        _("Confirmed"),
        _("Offered"),
        _("Waiting"),
        _("Short"),
        _("State"),
    ]


def rows(slots: list[SlotShown], frame: Frame) -> Iterator[list[Cell]]:
    """A row for each need; times are those on the wall of the place, its zone beside them."""
    names = dict(frame.sections)
    for slot in slots:
        hours = round((slot.ends_at - slot.starts_at).total_seconds() / 3600, 2)
        for need in slot.needs:
            yield [
                slot.title,
                _("Training") if slot.type == "session" else _("Shift"),
                names.get(slot.section_id, ""),
                slot.place or (_("online") if slot.online else ""),
                slot.starts.local,
                slot.ends.local,
                slot.zone,
                hours,
                asks(need),
                need.least,
                need.most,
                need.held - need.offered,
                need.offered,
                need.waiting,
                missing(need),
                _("Draft") if slot.draft else _("Published"),
            ]


def asks(need: NeedFacts) -> str:
    """What a need asks for, in a line; empty where anybody may come."""
    parts = [label(need.trade or need.skill)] if need.trade or need.skill else []
    if need.languages:
        spoken = " – ".join(language_name(code) for code in need.languages)
        parts.append(f"{spoken} {level_words(need.level)}".strip())
    if need.kind_name:
        parts.append(need.kind_name)
    return ", ".join(parts)
