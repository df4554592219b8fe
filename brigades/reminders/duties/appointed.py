"""Who is appointed where, over all sections: read once for all letters of a batch."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select, union

from brigades.access import Role
from brigades.db import session
from brigades.people.models import Person
from brigades.reminders.rules import home_zone
from brigades.schedule.coordinators import ANSWER, appointed_on
from brigades.schedule.rules.answering import Appointed, Ladder, ladder, upward
from brigades.sections.models import Appointment, Section


@dataclass(frozen=True)
class Place:
    """A section as it is needed here."""

    id: int
    path: str
    name: str
    zone: str
    contact: str | None


@dataclass(frozen=True)
class Post:
    """An appointment that holds."""

    person_id: int
    role: Role
    deputy: bool
    place: Place


@dataclass(frozen=True)
class Reader:
    """Somebody who is appointed; ``zone`` is where they live, if they say so."""

    id: int
    name: str
    email: str | None
    locale: str
    zone: str | None
    section_id: int


@dataclass(frozen=True)
class Appointments:
    """Every section, and the coordinators and organizers who are with us."""

    places: dict[int, Place]
    readers: dict[int, Reader]
    posts: dict[int, list[Post]]  # by person
    by_path: dict[str, list[Appointed]]
    _ladders: dict[str, Ladder] = field(default_factory=dict)
    _overseers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def ladder(self, section_id: int) -> Ladder:
        """Whom what waits in a section reaches."""
        path = self.places[section_id].path
        if path not in self._ladders:
            self._ladders[path] = ladder(path, self.by_path)
        return self._ladders[path]

    def below(self, person_id: int) -> list[Place]:
        """The sections in which somebody is appointed, and all below them."""
        tops = {post.place.path for post in self.posts.get(person_id, ())}
        return [place for place in self.places.values() if place.path.startswith(tuple(tops))]

    def overseers(self, section_id: int) -> set[int]:
        """Ids of the organizers, no deputies, who keep watch over a section."""
        if not self._overseers:
            for post in (post for posts in self.posts.values() for post in posts):
                if post.role is Role.ORGANIZER and not post.deputy:
                    self._overseers[post.place.path].add(post.person_id)
        levels = upward(self.places[section_id].path)
        return set().union(*(self._overseers[level] for level in levels))

    def overseen(self, person_id: int) -> set[int]:
        """Ids of the sections over which somebody keeps watch as an organizer, and no deputy."""
        tops = tuple(
            {
                post.place.path
                for post in self.posts.get(person_id, ())
                if post.role is Role.ORGANIZER and not post.deputy
            }
        )
        return {place.id for place in self.places.values() if place.path.startswith(tops)}

    def zone_of(self, person_id: int) -> str:
        """The zone that a reader's day follows: where they live, else where they are appointed."""
        return self.readers[person_id].zone or self._appointed_in(person_id)

    def home_of(self, person_id: int) -> int:
        """The section that writes to a reader: the first of theirs in the zone of their posts."""
        zone = self._appointed_in(person_id)
        return min(post.place.id for post in self.posts[person_id] if post.place.zone == zone)

    def _appointed_in(self, person_id: int) -> str:
        zones = [(post.place.id, post.place.zone) for post in self.posts[person_id]]
        return home_zone(zones, self.readers[person_id].section_id)


def zones(now: datetime) -> list[str]:
    """Every zone that the day of somebody who is appointed may follow; one statement."""
    holds = Appointment.role.in_(ANSWER), Appointment.holds_on(now.date())
    where = (
        select(Section.zone).join(Appointment, Appointment.section_id == Section.id).where(*holds)
    )
    home = (
        select(Person.zone)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(Person.zone.is_not(None), *holds)
    )
    return list(session.scalars(union(where, home)))


def appointments(now: datetime) -> Appointments:
    """Who is appointed on the day of ``now``, in two statements.

    Once for as long as the session lives that reads it: fifty letters of a batch cost no more.
    """
    kept = session().info
    if kept.get("appointments", (None,))[0] != now:
        kept["appointments"] = (now, _read(now.date()))
    found: Appointments = kept["appointments"][1]
    return found


def _read(today: date) -> Appointments:
    columns = (Section.id, Section.path, Section.name, Section.zone, Section.contact)
    places = {row.id: Place(*row) for row in session.execute(select(*columns))}
    rows = session.execute(
        select(
            Appointment.section_id,
            Appointment.role,
            Appointment.deputy,
            Person.id,
            Person.given_name,
            Person.family_name,
            Person.email,
            Person.locale,
            Person.zone,
            Person.section_id,
        )
        .join(Person, Person.id == Appointment.person_id)
        .where(*appointed_on(today))
        .order_by(Appointment.id)
    )
    readers: dict[int, Reader] = {}
    posts: dict[int, list[Post]] = defaultdict(list)
    by_path: dict[str, list[Appointed]] = defaultdict(list)
    for section_id, role, deputy, id, given, family, *rest in rows:
        place = places[section_id]
        readers[id] = Reader(id, f"{given} {family}".strip(), *rest)
        posts[id].append(Post(id, role, deputy, place))
        by_path[place.path].append(Appointed(id, place.path, deputy))
    return Appointments(places, readers, dict(posts), dict(by_path))
