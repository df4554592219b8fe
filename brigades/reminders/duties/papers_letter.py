"""What those who answer for people hear of papers about to lapse: whose, until when, for what."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from brigades.clock import Wall, local_day
from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.qualifications.models import Kind as KindOfPaper
from brigades.qualifications.models import Qualification
from brigades.reminders.duties.appointed import appointments
from brigades.reminders.lapsing import DAYS
from brigades.reminders.lapsing_papers import replaced
from brigades.reminders.zones import has_zone
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import COMING
from brigades.texts import zone_words
from brigades.web import link

SLOTS = 3  # named of each person; the page shows all


@dataclass(frozen=True)
class Expected:
    """A slot in which somebody is expected."""

    title: str
    starts: Wall
    zone: str


@dataclass(frozen=True)
class Lapse:
    """A paper and its last day, whose it is, what they are expected for, and their page."""

    name: str
    kind: str
    until: date
    days: int
    slots: list[Expected]
    more: int
    link: str


@letter("papers-lapse", Kind.DUTY)
def papers_lapse(to: Letter) -> Content | None:
    """Dropped where each was renewed or is of somebody who is not expected any more."""
    appointed = appointments(now())
    reader = appointed.readers.get(to.about["person"])
    if reader is None:
        return None
    today = local_day(now(), appointed.zone_of(reader.id))
    within = {place.id for place in appointed.below(reader.id)}
    papers = [row for row in _papers(to, today) if row[0].section_id in within]
    slots = _slots({person.id for person, _kind, _until in papers})
    papers = [row for row in papers if row[0].id in slots]
    if not papers:
        return None
    return Content(
        why=_("You get this because you answer for these people."),
        context={
            "person": reader,
            "lapses": [
                Lapse(
                    name=person.name,
                    kind=kind,
                    until=until,
                    days=(until - today).days,
                    slots=[_expected(slot) for slot in slots[person.id][:SLOTS]],
                    more=max(0, len(slots[person.id]) - SLOTS),
                    link=link("people.show", person_id=person.id),
                )
                for person, kind, until in papers
            ],
        },
        reply_to=appointed.places[appointed.home_of(reader.id)].contact,
    )


def _papers(to: Letter, today: date) -> list[tuple[Person, str, date]]:
    query = (
        select(Person, KindOfPaper.name, Qualification.valid_until)
        .join(Person, Person.id == Qualification.person_id)
        .join(KindOfPaper, KindOfPaper.id == Qualification.kind_id)
        .where(
            Qualification.id.in_(to.about["papers"]),
            Qualification.valid_until.between(today, today + timedelta(days=max(DAYS))),
            ~replaced(),
        )
        .order_by(Qualification.valid_until, Person.sort_name, Qualification.id)
    )
    return list(session.execute(query).all())  # type: ignore[arg-type]


def _slots(person_ids: set[int]) -> dict[int, list[Slot]]:
    """What each is expected for, the soonest first."""
    query = (
        select(Participation.person_id, Slot)
        .join(Slot, Slot.id == Participation.slot_id)
        .where(
            Participation.person_id.in_(person_ids),
            Participation.state.in_(COMING),
            Slot.status == Status.PUBLISHED,
            Slot.ends_at > now(),
        )
        .order_by(Slot.starts_at, Slot.id)
    )
    found: dict[int, list[Slot]] = defaultdict(list)
    for person_id, slot in session.execute(query):
        if has_zone(slot):
            found[person_id].append(slot)
    return found


def _expected(slot: Slot) -> Expected:
    return Expected(slot.title, slot.starts, zone_words(slot.zone, slot.starts_at))
