"""The daily mail: what needs a coordinator or organizer, over all sections they answer for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from brigades.clock import DAY, Wall, is_zone, local_day, to_wall
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.reminders.duties import listing
from brigades.reminders.duties.appointed import Appointments, Place, appointments
from brigades.reminders.duties.links import list_link, row_link
from brigades.reminders.duties.what import What
from brigades.reminders.zones import is_sound
from brigades.texts import zone_words
from brigades.web import link


@dataclass(frozen=True)
class Row:
    """One thing to do. ``days`` it has waited, 0 where that is not for too long yet."""

    what: str
    name: str
    title: str
    at: Wall | None
    zone: str
    number: int
    held: int
    of: int
    days: int
    since: date | None
    section: Place
    answering: list[str]
    link: str


@dataclass(frozen=True)
class Listed:
    """The first of some things to do, how many there are, and the page that lists them all."""

    what: str
    count: int
    rows: list[Row]
    more: int
    link: str
    oldest: date | None  # the local day since when the first has waited


@dataclass(frozen=True)
class Below:
    """A section further down with unfilled places, the first of them on a local day."""

    name: str
    number: int
    day: date
    link: str


@letter("digest", Kind.DUTY)
def digest(to: Letter) -> Content | None:
    """The daily mail; dropped where nothing needs its reader any more, or its day is over."""
    appointed = appointments(now())
    reader = appointed.readers.get(to.about["person"])
    if reader is None:
        return None
    zone = appointed.zone_of(reader.id)
    if not is_zone(zone) or local_day(now(), zone).isoformat() != to.about["day"]:
        return None
    reach = listing.reach(appointed, reader.id)
    lists = [
        _listed(found, appointed, reader.id, zone)
        for found in listing.undone_of(reach, reader.id, now())
    ]
    lists = [found for found in lists if found.count]
    below = listing.gaps_below(reach, now())
    total = sum(found.count for found in lists) + (below[0].in_all if below else 0)
    if not total:
        return None
    return Content(
        why=_("You get this each morning while something needs you: you coordinate or organize."),
        context={
            "person": reader,
            "zone": zone,
            "lists": [found for found in lists if found.what],
            "climbed": next((found for found in lists if not found.what), None),
            "below": [_below(row, appointed) for row in below],
            "in_below": below[0].in_all if below else 0,
            "more_below": below[0].sections - len(below) if below else 0,
            "below_link": link("home.index"),
            "total": total,
        },
        reply_to=appointed.places[appointed.home_of(reader.id)].contact,
    )


def _listed(found: listing.Undone, appointed: Appointments, reader_id: int, zone: str) -> Listed:
    since = found.rows[0].since
    sound = [row for row in found.rows if not row.slot_id or is_sound(row.slot_id, row.zone)]
    odd = len(found.rows) - len(sound)
    return Listed(
        what=found.what or "",
        count=found.number - sum(row.number for row in found.rows if row not in sound),
        rows=[_row(row, appointed, reader_id, zone) for row in sound],
        more=found.rows_in_all - odd - len(sound),
        link=list_link(found.what),
        oldest=local_day(since, zone) if since else None,
    )


def _row(row: Any, appointed: Appointments, reader_id: int, zone: str) -> Row:
    place = appointed.places[row.section_id]
    answering = appointed.ladder(row.section_id).nearest - {reader_id}
    return Row(
        what=row.what,
        name=row.name,
        title=row.title,
        at=to_wall(row.at, row.zone) if row.zone and row.at else None,
        zone=zone_words(row.zone, row.at) if row.zone and row.at else "",
        number=row.number,
        held=row.of - row.number,
        of=row.of,
        days=(now() - row.since) // DAY if row.late else 0,
        since=local_day(row.since, zone) if row.since else None,
        section=place,
        answering=[appointed.readers[id].name for id in sorted(answering)],
        link=row_link(What(row.what), row.id, row.slot_id, row.type),
    )


def _below(row: Any, appointed: Appointments) -> Below:
    place = appointed.places[row.section_id]
    return Below(
        name=place.name,
        number=row.number,
        day=local_day(row.at, place.zone),
        link=f"{link('shifts.index')}?gaps=1&section={place.id}",
    )
