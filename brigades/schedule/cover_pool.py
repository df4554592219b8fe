"""Who could take a place whose holder cannot come, in the order in which they are asked."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from brigades.db import session
from brigades.people.models import Person, PersonLanguage, PersonSkill, Standing
from brigades.schedule import people_facts
from brigades.schedule.finding import waits_for_answer
from brigades.schedule.judging import FOR_NEWCOMERS
from brigades.schedule.limits import limits
from brigades.schedule.models import CoverAsk, Participation, Slot
from brigades.schedule.rules import NeedFacts, SlotFacts, refusals
from brigades.schedule.states import LIVE, State
from brigades.sections.models import Section

AT_ONCE = 200  # people judged together; few slots need a second round
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def next_to_ask(
    place: Participation, slot: Slot, slot_facts: SlotFacts, need: NeedFacts, now: datetime
) -> list[Person]:
    """The next wave: whom nothing stands against, not even a warning, and who was not asked yet.

    Who was asked in an earlier search for the same place, and did not say no, is asked again. Whom
    somebody else in this slot asks just now is not: of two open questions nobody knows which place
    a yes would take.

    Who waits for a place here comes first, longest first; then who was asked for anything least
    recently; last who said no to this slot or left it. Four statements, three more for each further
    200 people of whom nobody can.
    """
    wanted = limits().wave
    ids = _in_order(place, slot, need)
    found: list[Person] = []
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        people = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(some)))}
        known = people_facts.facts_around(list(people.values()), [slot])
        for person_id in some:
            reasons = refusals(slot_facts, need, known[person_id], now, limits=limits())
            if all(reason.code in FOR_NEWCOMERS for reason in reasons):
                found.append(people[person_id])
            if len(found) == wanted:
                return found
    return found


def _in_order(place: Participation, slot: Slot, need: NeedFacts) -> list[int]:
    rows = session.execute(_could_be_asked(place, slot, need)).tuples()

    def first(row: tuple[int, datetime | None, bool, datetime | None, datetime | None]) -> Any:
        person_id, waits_since, said_no, offered, asked = row
        last = max(offered or _NEVER, asked or _NEVER)
        return waits_since is None, waits_since or said_no, last, person_id

    return [row[0] for row in sorted(rows, key=first)]


def _asks_here(slot: Slot) -> Select[tuple[int]]:
    """What a person was asked for cover in a slot, whoever looked for it."""
    return (
        select(CoverAsk.id)
        .join(CoverAsk.place)
        .where(Participation.slot_id == slot.id, CoverAsk.person_id == Person.id)
        .correlate(Person)
    )


def _could_be_asked(place: Participation, slot: Slot, need: NeedFacts) -> Select[Any]:
    """Ids of active people of the slot's section and below, with since when each waits here.

    And whether they said no here, to whatever they were asked, when a place was last offered to
    them anywhere, and when they were last asked for cover. Nobody whose own place here somebody
    has taken over: they said that they cannot come.
    """
    own = aliased(Section)
    here = and_(Participation.slot_id == slot.id, Participation.person_id == Person.id)
    waits = select(func.min(Participation.queued_at)).where(
        here, Participation.state == State.WAITLISTED
    )
    said_no = or_(
        exists().where(here, Participation.state.in_((State.DECLINED, State.WITHDRAWN))),
        _asks_here(slot).where(CoverAsk.said_yes.is_(False)).exists(),
    )
    offered = select(func.max(Participation.asked_at)).where(Participation.person_id == Person.id)
    asked = select(func.max(CoverAsk.asked_at)).where(CoverAsk.person_id == Person.id)
    query = (
        select(
            Person.id,
            waits.correlate(Person).scalar_subquery(),
            said_no,
            offered.correlate(Person).scalar_subquery(),
            asked.correlate(Person).scalar_subquery(),
        )
        .join(Section, Section.id == Person.section_id)
        .join(own, Section.path.startswith(own.path, autoescape=False))
        .where(
            own.id == slot.section_id,
            Person.standing == Standing.ACTIVE,
            ~exists().where(here, Participation.state.in_(LIVE - {State.WAITLISTED})),
            ~exists().where(
                CoverAsk.place_id == place.id,
                CoverAsk.person_id == Person.id,
                or_(CoverAsk.asked_at >= place.cover_since, CoverAsk.said_yes.is_(False)),
            ),
            ~_asks_here(slot).where(*waits_for_answer()).exists(),
            ~exists().where(
                here, CoverAsk.place_id == Participation.id, CoverAsk.said_yes.is_(True)
            ),
        )
    )
    if need.skill:
        query = query.where(
            exists().where(
                PersonSkill.person_id == Person.id,
                PersonSkill.skill == need.skill,
                PersonSkill.trade == need.trade if need.trade else PersonSkill.id.is_not(None),
            )
        )
    for language in need.languages:
        query = query.where(
            exists().where(
                PersonLanguage.person_id == Person.id, PersonLanguage.language == language
            )
        )
    return query
