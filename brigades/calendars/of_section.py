"""iCalendar text about a section's slots, for whoever answers for them: who comes, who is missing.

An event's UID names the slot and ends in our host. Its SEQUENCE rises when the slot itself changes;
when people come and go only its LAST-MODIFIED moves, as calendars are told of what they show.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from brigades.calendars.feeds import Shown
from brigades.calendars.parts import (
    a_calendar,
    an_event,
    local_time,
    meeting,
    one_line,
    paragraphs,
    slot_link,
)
from brigades.schedule.models import Participation, Status
from brigades.schedule.need_words import need_words
from brigades.schedule.rules import NeedFacts
from brigades.schedule.states import HOLDING, SAID, State
from brigades.sections.models import Section

if TYPE_CHECKING:
    from icalendar import Event


def feed(section: Section, slots: Sequence[Shown]) -> bytes:
    """All of a section's slots as one calendar, in the reader's language."""
    organisation = str(current_app.config["ORGANISATION"])
    name = _("%(section)s, %(organisation)s", section=section.name, organisation=organisation)
    calendar = a_calendar(one_line(name))
    for shown in slots:
        calendar.add_component(event(shown))
    return bytes(calendar.to_ical())


def event(shown: Shown) -> "Event":
    """The event of one slot. It takes none of the reader's time: they need not be there."""
    slot = shown.slot
    page = slot_link(slot) + ("/board" if slot.type == "shift" else "")
    entry = an_event(slot, f"slot-{slot.id}", sequence=slot.sequence, changed=shown.changed_at)
    off = slot.status is Status.CANCELLED
    title = slot.title if off else f"{slot.title} ({filled(shown.needs)})"
    entry.add("summary", one_line(title))
    people = [] if off else [_of_need(need, shown) for need in shown.needs]
    details = _("Details: %(link)s", link=page)
    parts = (local_time(slot), meeting(slot), *people, slot.note, slot.online_url, details)
    entry.add("description", paragraphs(*parts))
    entry.add("url", page)
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    return entry


def filled(needs: Sequence[NeedFacts]) -> str:
    """How many said yes, such as "3 of 5"; without a limit "3 of at least 2", or "3 people"."""
    come = sum(need.held - need.offered for need in needs)
    least = sum(need.least for need in needs)
    most = [need.most for need in needs if need.most is not None]
    if needs and len(most) == len(needs):
        return str(_("%(filled)s of %(places)s", filled=come, places=sum(most)))
    if least:
        return str(_("%(filled)s of at least %(least)s", filled=come, least=least))
    return str(ngettext("%(num)s person", "%(num)s people", come))


def _of_need(need: NeedFacts, shown: Shown) -> str:
    """A need, how it is filled, what is missing, and who comes, a line each."""
    words = [filled([need])]
    over = any(place.state in SAID for place in shown.places)  # nobody is missing any more
    if (short := max(0, need.least - need.held + need.offered)) and not over:
        words.append(ngettext("%(num)s short", "%(num)s short", short))
    if need.waiting and not over:
        words.append(ngettext("%(num)s waiting", "%(num)s waiting", need.waiting))
    head = _("%(what)s: %(how)s", what=need_words(need), how=_(", ").join(map(str, words)))
    people = [one for one in shown.places if one.need_id == need.id and comes(one)]
    lines = [head, *(f"- {_name(place)}" for place in people)]
    return "\n".join(one_line(str(line)) for line in lines)


def _name(place: Participation) -> str:
    name = place.person.name
    words = {
        State.OFFERED: _("%(name)s (asked, no answer yet)", name=name),
        State.SEEKING_COVER: _("%(name)s (looks for cover)", name=name),
        State.ABSENT: _("%(name)s (did not come)", name=name),
    }
    return str(words.get(place.state, name))


def comes(place: Participation) -> bool:
    """Whether somebody is named: who holds a place, or was expected and did not come."""
    return place.state in HOLDING or place.state is State.ABSENT
