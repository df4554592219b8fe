"""Adding people to a session: who could be meant, and what stands against each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from brigades.access import Can, Scope
from brigades.asking import MOST_ID
from brigades.db import session
from brigades.people.models import Person, Standing, plain
from brigades.schedule import facts, people_facts
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation
from brigades.schedule.rules import NeedFacts, Refusal, blocking, refusals
from brigades.schedule.states import LIVE
from brigades.trainings.models import Session

MOST_FOUND = 20


@dataclass(frozen=True)
class Candidate:
    """Somebody who was searched for, and every reason against giving them a place."""

    person: Person
    reasons: list[Refusal]

    @property
    def blocked(self) -> bool:
        """Whether no reason of a coordinator's can overrule what stands against them."""
        return bool(blocking(self.reasons))


@dataclass(frozen=True)
class Search:
    """What a search found; ``more`` says that there are others."""

    need: NeedFacts
    found: list[Candidate]
    more: bool


def search(scope: Scope, one: Session, q: str, *, now: datetime) -> Search:
    """People by name or address, at most twenty, in four statements."""
    needs = facts.facts_of([one])[0]
    words = plain(q).split()
    people: list[Person] = []
    if words:
        query = scope.select(Person, Can.SEE_PEOPLE).where(
            Person.standing.in_((Standing.ACTIVE, Standing.ON_LEAVE)),
            *(Person.search.contains(word, autoescape=True) for word in words),
        )
        query = query.options(joinedload(Person.section))
        people = list(
            session.scalars(query.order_by(Person.sort_name, Person.id).limit(MOST_FOUND + 1))
        )
    shown = people[:MOST_FOUND]
    judged = people_facts.facts_around(shown, [one]) if shown else {}
    need = needs.needs[0]
    return Search(
        need,
        [
            Candidate(
                person,
                list(refusals(needs, need, judged[person.id], now, by_self=False, limits=limits())),
            )
            for person in shown
        ],
        len(people) > MOST_FOUND,
    )


def find(scope: Scope, person_id: int) -> Person | None:
    """Somebody whom this scope may give a place."""
    query = scope.select(Person, Can.SEE_PEOPLE).where(Person.id == min(person_id, MOST_ID))
    found: Person | None = session.scalar(query)
    return found


def concerned(session_id: int) -> int:
    """How many people hear of it when the session is called off."""
    live = select(func.count(Participation.id)).where(
        Participation.slot_id == session_id, Participation.state.in_(LIVE)
    )
    return session.scalar(live) or 0
