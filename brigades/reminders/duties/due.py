"""What coordinators and organizers get in the morning, from seven on: only what there is to say."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from brigades.db import session
from brigades.reminders import mornings, turns
from brigades.reminders.duties import papers
from brigades.reminders.duties.appointed import Appointments, Reader, appointments, zones
from brigades.reminders.duties.concerned import concerned
from brigades.reminders.keys import digest_key
from brigades.reminders.posting import Posting

MORNING = "morning"  # the mark that a zone's readers were looked at


@dataclass(frozen=True)
class Morning:
    """What is due: letters, the marks of what they tell, and the zones that were looked at."""

    postings: list[Posting] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)


def due_digests(now: datetime) -> list[Posting]:
    """Daily mails due at ``now``, and letters about papers that lapse; nobody gets an empty one.

    At most one of each for a person and local day. Two statements while no zone's morning is
    due, six for any number of readers. Reads only.
    """
    return _due(now).postings


def looked(now: datetime) -> None:
    """Keep that everybody whose morning had come was looked at; what comes later waits a day."""
    due = _due(now)
    turns.mark(due.marks, now)
    mornings.keep(MORNING, due.zones, now)


def _due(now: datetime) -> Morning:
    """What is due, computed once for posting it and for keeping that it was."""
    kept = session().info
    if kept.get("morning", (None,))[0] != now:
        kept["morning"] = (now, _computed(now))
    found: Morning = kept["morning"][1]
    return found


def _computed(now: datetime) -> Morning:
    in_zones = mornings.due(MORNING, zones(now), now)
    if not in_zones:
        return Morning()
    appointed = appointments(now)
    days = {
        id: in_zones[zone]
        for id in appointed.readers
        if (zone := appointed.zone_of(id)) in in_zones
    }
    if not days:
        return Morning(zones=list(in_zones))
    readers = concerned(appointed, now) & days.keys()
    lapsing = papers.newly_crossed(appointed, days, now)
    people = {id: reader for id, reader in appointed.readers.items() if reader.email}
    digests = [
        _posting("digest", people[id], days[id], digest_key(id, days[id].isoformat()), appointed)
        for id in sorted(readers & people.keys())
    ]
    lapses = [
        _posting(
            "papers-lapse",
            people[id],
            days[id],
            f"papers-lapse:{id}:{days[id].isoformat()}",
            appointed,
            papers=ids,
        )
        for id, ids in sorted(lapsing.papers.items())
        if id in people
    ]
    return Morning([*digests, *lapses], lapsing.marks, list(in_zones))


def _posting(
    name: str, person: Reader, day: date, key: str, appointed: Appointments, **about: Any
) -> Posting:
    return Posting(
        name=name,
        to=person,
        about={"person": person.id, "day": day.isoformat(), **about},
        key=key,
        section_id=appointed.home_of(person.id),
    )
