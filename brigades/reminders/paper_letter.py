"""What holders of papers get before these lapse: until when, and what they need them for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from brigades.clock import Wall, local_day
from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.people.service import GONE
from brigades.qualifications.models import Qualification
from brigades.reminders.lapsing_papers import replaced
from brigades.schedule.again import judged
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.rules import Code
from brigades.schedule.states import COMING
from brigades.texts import ahead_words, zone_words
from brigades.web import link

_EXPIRES = frozenset({Code.QUALIFICATION_EXPIRES, Code.SAFEGUARDING_EXPIRES})


@dataclass(frozen=True)
class Needed:
    """A slot for which a paper does not hold long enough."""

    title: str
    starts: Wall
    zone: str


@dataclass(frozen=True)
class Ends:
    """A paper, its last day, how far ahead that is, and what needs it beyond."""

    kind: str
    day: date
    ahead: str
    needed: list[Needed]


@letter("paper-lapses", Kind.REMINDER)
def paper_lapses(to: Letter) -> Content | None:
    """Dropped where each of the papers was replaced, corrected or removed, or has lapsed."""
    person = session.scalar(
        select(Person).where(Person.id == to.about["person"]).options(joinedload(Person.section))
    )
    if person is None or person.standing in GONE:
        return None
    today = local_day(now(), person.section.zone)
    papers = [paper for paper in _papers(to) if _tells(to, paper) and paper.valid_until >= today]
    if not papers:
        return None
    beyond = _needed(person.id)
    return Content(
        why=_("You get this because you hold this qualification."),
        context={
            "person": person,
            "papers": [
                Ends(
                    paper.kind.name,
                    paper.valid_until,
                    ahead_words(paper.valid_until - today) if paper.valid_until > today else "",
                    beyond.get(paper.valid_until, []),
                )
                for paper in papers
            ],
            "page": link("people.me"),
        },
        reply_to=person.section.contact,
    )


def _papers(to: Letter) -> list[Any]:
    query = (
        select(Qualification)
        .options(joinedload(Qualification.kind))
        .where(
            Qualification.id.in_(to.about["papers"]),
            Qualification.person_id == to.about["person"],
            Qualification.valid_until.is_not(None),
            ~replaced(),
        )
        .order_by(Qualification.valid_until, Qualification.id)
    )
    return list(session.scalars(query))


def _tells(to: Letter, paper: Qualification) -> bool:
    """Whether the paper ends on the day that the letter was posted for."""
    assert paper.valid_until is not None
    named = to.key.split(":", 2)[2].split(",")
    day = paper.valid_until.isoformat()
    return any(one.startswith(f"{paper.id}-") and one.endswith(f"-{day}") for one in named)


def _needed(person_id: int) -> dict[date, list[Needed]]:
    """What they are confirmed for and hold no paper long enough, by the last day of that paper."""
    places = session.scalars(
        select(Participation)
        .join(Participation.slot)
        .join(Participation.person)
        .options(contains_eager(Participation.slot), contains_eager(Participation.person))
        .where(
            Participation.person_id == person_id,
            Participation.state.in_(COMING),
            Slot.status == Status.PUBLISHED,
            Slot.starts_at > now(),
        )
        .order_by(Slot.starts_at, Slot.id)
    ).all()
    found: dict[date, list[Needed]] = {}
    reasons = judged(places, now()) if places else {}
    for place in places:
        against = reasons[place.id]
        for day in {one.on for one in against if one.code in _EXPIRES and one.on is not None}:
            slot = place.slot
            one = Needed(slot.title, slot.starts, zone_words(slot.zone, slot.starts_at))
            found.setdefault(day, []).append(one)
    return found
