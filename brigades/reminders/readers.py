"""Who is meant by an audience: the people with a place in slots, and those who answer for them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select

from brigades.access import Role
from brigades.accounts.models import Account
from brigades.clock import local_day
from brigades.db import session
from brigades.people.models import STILL_HERE, Person
from brigades.reminders.posting import Reader
from brigades.reminders.rules import Audience
from brigades.reminders.stands import Stand, reachable, reader, reader_columns
from brigades.schedule.coordinators import ANSWER
from brigades.schedule.models import Participation
from brigades.schedule.rules.answering import Appointed, nearest, upward
from brigades.schedule.states import COMING, State
from brigades.sections.models import Appointment, Section

STATES = {Audience.COMING: COMING, Audience.WAITLISTED: frozenset({State.WAITLISTED})}
_HAVE_OR_WAIT = frozenset(COMING | {State.WAITLISTED})


@dataclass(frozen=True)
class Placed:
    """Somebody with a place in a slot, and since when it is in its state."""

    reader: Reader
    place_id: int
    state: State
    sequence: int
    changed_at: datetime
    asked_at: datetime | None
    answer_by: datetime | None


def in_slots(slot_ids: Iterable[int], offering_ids: Iterable[int] = ()) -> dict[int, list[Placed]]:
    """The people whom a letter reaches that have, wait for, or are offered a place; one statement.

    By the slot's id, in the order in which they came. Of ``offering_ids`` only who is offered one.
    """
    ids, offering = sorted(set(slot_ids)), sorted(set(offering_ids))
    if not ids and not offering:
        return {}
    place = Participation
    query = (
        select(
            place.slot_id,
            place.id,
            place.state,
            place.sequence,
            place.changed_at,
            place.asked_at,
            place.answer_by,
            *reader_columns(Person),
        )
        .join(Person, Person.id == place.person_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(
            or_(
                and_(place.slot_id.in_(ids), place.state.in_(_HAVE_OR_WAIT)),
                and_(place.slot_id.in_(offering or ids), place.state == State.OFFERED),
            ),
            reachable(Person, Account, STILL_HERE),  # on leave, they keep their places
        )
        .order_by(place.slot_id, place.id)
    )
    found: dict[int, list[Placed]] = defaultdict(list)
    for slot_id, id, state, sequence, changed, asked, answer_by, *who in session.execute(query):
        found[slot_id].append(Placed(reader(*who), id, state, sequence, changed, asked, answer_by))
    return found


class Answerable:
    """Who answers for slots, of those whom a letter reaches; read at once in one statement."""

    def __init__(self, stands: Sequence[Stand], at: datetime) -> None:
        self._known: dict[int, Reader] = {}
        self._here: dict[str, list[tuple[Role, Appointed, date, date]]] = defaultdict(list)
        paths = {path for stand in stands for path in upward(stand.path)}
        if paths:
            self._read(paths, at)

    def _read(self, paths: set[str], at: datetime) -> None:
        given = Appointment
        yesterday = at.date() - timedelta(days=1)  # it may still be that day at the slot
        query = (
            select(
                Section.path,
                given.role,
                given.deputy,
                given.since,
                given.until,
                *reader_columns(Person),
            )
            .join(Section, Section.id == given.section_id)
            .join(Person, Person.id == given.person_id)
            .outerjoin(Account, Account.person_id == Person.id)
            .where(
                Section.path.in_(sorted(paths)),
                given.role.in_(ANSWER),
                or_(given.until.is_(None), given.until >= yesterday),
                reachable(Person, Account),
            )
            .order_by(Person.id)
        )
        for path, role, deputy, since, until, *who in session.execute(query):
            one = reader(*who)
            self._known[one.id] = one
            held = Appointed(one.id, path, deputy)
            self._here[path].append((role, held, since, until or date.max))

    def of(self, stand: Stand, to: Audience, at: datetime) -> list[Reader]:
        """Who answers for a slot's section on its day, each once.

        For ORGANIZERS only organizers count.
        """
        roles = (Role.ORGANIZER,) if to is Audience.ORGANIZERS else ANSWER
        today = local_day(at, stand.slot.zone)
        appointed = {
            path: [
                one
                for role, one, since, until in self._here.get(path, ())
                if role in roles and since <= today <= until
            ]
            for path in upward(stand.path)
        }
        return [self._known[id] for id in sorted(nearest([stand.path], appointed))]
