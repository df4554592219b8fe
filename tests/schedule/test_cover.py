"""Leaving late, and somebody else taking the place over, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from brigades import db
from brigades.access import Role
from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.schedule import cover, service
from brigades.schedule.finding import asks_of, my_ask, waits_for_answer, whole_ask
from brigades.schedule.models import CoverAsk, Participation
from brigades.schedule.rules import Code
from brigades.schedule.service import Refused
from brigades.schedule.standing import stand
from brigades.schedule.states import State
from brigades.sections.models import Section
from tests.builders import (
    DAY,
    HOUR,
    NOON,
    a_need,
    a_participation,
    a_person,
    a_section,
    a_shift,
    an_appointment,
)
from tests.support.statements import counted

pytestmark = pytest.mark.usefixtures("app")
START = NOON + 7 * DAY
LATE = START - 24 * HOUR


def states(slot_id: int) -> list[State]:
    query = select(Participation.state).where(Participation.slot_id == slot_id)
    return list(session.scalars(query.order_by(Participation.id)))


def letters(name: str) -> list[str]:
    query = select(Letter.to_address).where(Letter.name == name).order_by(Letter.id)
    return list(session.scalars(query))


def asked() -> list[tuple[int, int]]:
    """Whom, in which wave, in the order of being asked."""
    query = select(CoverAsk.person_id, CoverAsk.wave).order_by(CoverAsk.id)
    return list(session.execute(query).tuples())


def a_late_leaver(people: int = 0, **need: Any) -> tuple[Any, Participation, list[Person]]:
    """Somebody who asks for cover a day before, and others who could come."""
    section = a_section()
    shift = a_shift(section, starts_at=START, needs=[a_need(**{"most": 1, **need})])
    place = a_participation(shift, a_person(section))
    others = [a_person(section) for _ in range(people)]
    return shift, place, others


def section_of(shift: Any) -> Section:
    return session.get_one(Section, shift.section_id)


def leave(place: Participation, now: Any = LATE) -> None:
    service.leave(place, now=now, why="ill")
    session.commit()


def ask_of(person: Person) -> CoverAsk:
    ask_id = session.scalar(select(CoverAsk.id).where(CoverAsk.person_id == person.id))
    found = whole_ask(ask_id or 0)
    assert found is not None
    return found


def test_until_the_leave_by_time_leaving_frees_the_place():
    _shift, place, _ = a_late_leaver()
    leave(place, START - 48 * HOUR - HOUR / 60)
    assert place.state is State.WITHDRAWN


def test_from_the_leave_by_time_on_leaving_asks_for_cover_and_keeps_the_place():
    shift, place, [other] = a_late_leaver(1)
    leave(place, START - 48 * HOUR)
    assert (place.state, place.cover_since) == (State.SEEKING_COVER, START - 48 * HOUR)
    assert asked() == [(other.id, 1)]
    assert letters("cover-asked") == [other.email]
    leave(place)  # pressed again
    assert states(shift.id) == [State.SEEKING_COVER]
    assert "ill" in session.scalars(select(Entry.why)).all()


def test_a_slot_can_have_a_leave_by_time_of_its_own():
    section = a_section()
    shift = a_shift(section, starts_at=START, leave_by_hours=2)
    place = a_participation(shift, a_person(section))
    leave(place, START - 3 * HOUR)
    assert place.state is State.WITHDRAWN


def test_who_waits_or_was_only_offered_a_place_leaves_whenever():
    section = a_section()
    shift = a_shift(section, starts_at=START)
    need_id = shift.needs[0].id
    for state, became in (
        (State.WAITLISTED, State.WITHDRAWN),
        (State.REQUESTED, State.WITHDRAWN),
        (State.OFFERED, State.DECLINED),
    ):
        place = a_participation(shift, a_person(section), state, need_id=need_id)
        leave(place)
        assert place.state is became


def test_fitting_people_are_asked_in_waves_least_recently_asked_first():
    section = a_section()
    need = a_need(skill="medical", trade="nursing", most=1)
    shift = a_shift(section, starts_at=START, needs=[need])
    place = a_participation(shift, a_person(section, "nursing"))
    long_ago, lately, never = (a_person(section, "nursing") for _ in range(3))
    a_person(section, "bricklaying")  # cannot do it
    busy = a_person(section, "nursing")
    a_participation(a_shift(section, starts_at=START + HOUR), busy)
    away = a_person(section, "nursing", weekdays="1")  # said that they cannot on that day
    stranger = a_person(a_section(), "nursing")
    elsewhere = a_shift(section, starts_at=START + 20 * DAY)
    for person, at in ((long_ago, NOON - 20 * DAY), (lately, NOON)):
        a_participation(elsewhere, person, State.DECLINED, asked_at=at)
    below = a_person(a_section(section), "nursing")
    leave(place)
    assert asked() == [(one.id, 1) for one in (never, below, long_ago, lately)]
    assert not {busy.id, away.id, stranger.id} & {person_id for person_id, _wave in asked()}


def open_asks(slot_id: int) -> list[tuple[int, int]]:
    """The places for which people are asked just now, and whom."""
    query = select(CoverAsk.place_id, CoverAsk.person_id).join(CoverAsk.place)
    rows = session.execute(
        query.where(Participation.slot_id == slot_id, *waits_for_answer())
    ).tuples()
    return sorted(rows)


def two_late_leavers(others: int) -> tuple[Any, list[Participation], list[Person]]:
    """Two in one shift who ask for cover, one after the other, and others who could come."""
    shift, first, people = a_late_leaver(others, most=2)
    second = a_participation(shift, a_person(section_of(shift)))
    leave(first)
    leave(second)
    return shift, [first, second], people


def test_nobody_is_asked_for_two_places_of_a_shift_at_once():
    shift, [first, second], people = two_late_leavers(7)
    asks = open_asks(shift.id)
    assert [person for place, person in asks if place == first.id] == [one.id for one in people[:5]]
    assert [person for place, person in asks if place == second.id] == [
        one.id for one in people[5:]
    ]
    cover.ask_in_waves(LATE + DAY / 2)
    session.commit()
    assert open_asks(shift.id) == asks  # nobody else is left


def test_who_was_asked_for_a_place_that_is_settled_is_asked_for_the_other_one_at_once():
    shift, [first, second], [taker, other] = two_late_leavers(2)
    assert open_asks(shift.id) == [(first.id, taker.id), (first.id, other.id)]
    cover.answer_ask(ask_of(taker), True, now=LATE + HOUR)
    session.commit()
    assert open_asks(shift.id) == [(second.id, other.id)]
    assert letters("cover-asked").count(other.email) == 2


def test_who_was_asked_for_somebody_who_comes_after_all_is_asked_for_the_other_one():
    shift, [first, second], [one] = two_late_leavers(1)
    cover.come_after_all(first, now=LATE + HOUR)
    session.commit()
    assert open_asks(shift.id) == [(second.id, one.id)]


def test_a_question_of_an_earlier_search_stands_no_longer_beside_a_new_one():
    shift, [first, second], [one] = two_late_leavers(1)
    cover.come_after_all(first, now=LATE + HOUR)
    leave(first, LATE + 2 * HOUR)  # again: they are asked for the second one meanwhile
    assert [ask.place_id for ask in asks_of(one.id, LATE + 2 * HOUR)] == [second.id]
    mine = my_ask(shift.id, one.id)
    assert mine is not None and mine.place_id == second.id
    shown = stand(shift, one, everybody=False, now=LATE + 2 * HOUR).asked
    assert shown is not None and shown.place.id == second.id


def test_who_said_no_to_one_place_of_a_shift_is_asked_for_another_one_last():
    shift, first, [no] = a_late_leaver(1, most=2)
    second = a_participation(shift, a_person(section_of(shift)))
    leave(first)
    cover.answer_ask(ask_of(no), False, now=LATE)
    session.commit()
    later = a_person(section_of(shift))
    elsewhere = a_shift(section_of(shift), starts_at=START + 20 * DAY)
    a_participation(elsewhere, later, State.DECLINED, asked_at=LATE + HOUR)
    leave(second, LATE + 2 * HOUR)
    mine = select(CoverAsk.person_id).where(CoverAsk.place_id == second.id).order_by(CoverAsk.id)
    assert session.scalars(mine).all() == [later.id, no.id]


def test_who_was_asked_for_another_place_comes_later():
    shift, place, others = a_late_leaver(2)
    second = a_participation(
        a_shift(section_of(shift), starts_at=START + 3 * DAY), a_person(section_of(shift))
    )
    session.add(CoverAsk(place_id=second.id, person_id=others[0].id, wave=1, asked_at=NOON))
    session.commit()
    leave(place)
    mine = select(CoverAsk.person_id).where(CoverAsk.place_id == place.id).order_by(CoverAsk.id)
    assert session.scalars(mine).all() == [others[1].id, second.person_id, others[0].id]


def test_who_left_this_slot_or_said_no_to_it_is_asked_last():
    shift, place, others = a_late_leaver(3)
    for person, state in ((others[0], State.WITHDRAWN), (others[1], State.DECLINED)):
        a_participation(shift, person, state, need_id=place.need_id)
    leave(place)
    assert [person_id for person_id, _ in asked()] == [
        others[2].id,
        others[0].id,
        others[1].id,
    ]


def test_the_next_wave_goes_out_after_the_interval_and_nobody_is_asked_twice():
    _shift, place, others = a_late_leaver(7)
    leave(place)
    assert [wave for _, wave in asked()] == [1] * 5
    assert cover.ask_in_waves(LATE + HOUR) == 0
    assert cover.ask_in_waves(LATE + 2 * HOUR) == 2
    assert cover.ask_in_waves(LATE + 2 * HOUR) == 0  # another worker
    assert cover.ask_in_waves(LATE + 5 * HOUR) == 0
    assert [person_id for person_id, _ in asked()] == [one.id for one in others]
    assert [wave for _, wave in asked()] == [1] * 5 + [2] * 2


def test_nobody_is_asked_once_it_has_started():
    _shift, place, _others = a_late_leaver(7)
    leave(place)
    assert cover.ask_in_waves(START) == 0
    assert len(asked()) == 5


def test_when_nobody_is_left_to_ask_who_answers_for_it_is_told_once():
    shift, place, [other] = a_late_leaver(1)
    near, far, lead = a_person(a_section()), a_person(a_section()), a_person(a_section())
    an_appointment(near, section_of(shift), Role.COORDINATOR)
    an_appointment(far, a_section(), Role.COORDINATOR)
    shift.lead_id = lead.id
    leave(place)
    assert letters("cover-nobody") == []
    for hours in (2, 4, 6):
        cover.ask_in_waves(LATE + hours * HOUR)
        session.commit()
    assert sorted(letters("cover-nobody")) == sorted([near.email, lead.email])
    assert asked() == [(other.id, 1)]


def test_coordinators_of_the_nearest_section_above_answer_where_there_are_none():
    top = a_section()
    middle = a_section(top)
    section = a_section(middle)
    of_top, of_middle = a_person(top), a_person(middle)
    an_appointment(of_top, top, Role.COORDINATOR)
    an_appointment(of_middle, middle, Role.COORDINATOR)
    shift = a_shift(section, starts_at=START)
    leave(a_participation(shift, a_person(section)))
    assert letters("cover-nobody") == [of_middle.email]


def test_the_first_to_accept_has_the_place_and_both_are_told():
    shift, place, [first, second] = a_late_leaver(2)
    leave(place)
    cover.answer_ask(ask_of(first), True, now=LATE + HOUR)
    session.commit()
    assert states(shift.id) == [State.WITHDRAWN, State.CONFIRMED]
    assert letters("place-confirmed") == [first.email]
    holder = session.get_one(Person, place.person_id)
    assert letters("place-covered") == [holder.email]
    with pytest.raises(Refused) as refused:
        cover.answer_ask(ask_of(second), True, now=LATE + HOUR)
    assert [reason.code for reason in refused.value.reasons] == [Code.NO_PLACE]
    session.rollback()
    assert states(shift.id) == [State.WITHDRAWN, State.CONFIRMED]


def test_two_who_accept_at_the_same_moment_get_one_place(app: Flask):
    shift, place, people = a_late_leaver(5)
    leave(place)
    slot_id = shift.id
    asks = [ask_of(person).id for person in people]
    session.commit()
    session.remove()

    def accept(ask_id: int) -> list[Code]:
        try:
            with app.app_context(), db.unit():
                ask = whole_ask(ask_id)
                assert ask is not None
                cover.answer_ask(ask, True, now=LATE + HOUR)
        except Refused as refused:
            return [reason.code for reason in refused.reasons]
        return []

    with ThreadPoolExecutor(5) as pool:
        got = list(pool.map(accept, asks))
    assert sorted(got) == [[], *[[Code.NO_PLACE]] * 4]
    assert sorted(states(slot_id)) == [State.CONFIRMED, State.WITHDRAWN]
    said = session.scalar(select(func.count(CoverAsk.id)).where(CoverAsk.said_yes.is_(True)))
    assert said == 1


def test_taking_over_judges_anew():
    shift, place, [other] = a_late_leaver(1)
    leave(place)
    a_participation(a_shift(section_of(shift), starts_at=START + HOUR), other)
    with pytest.raises(Refused) as refused:
        cover.answer_ask(ask_of(other), True, now=LATE + HOUR)
    assert [reason.code for reason in refused.value.reasons] == [Code.OVERLAP]
    session.rollback()
    assert states(shift.id) == [State.SEEKING_COVER]


def test_a_no_is_kept_and_when_all_have_said_no_the_next_are_asked_at_once():
    _shift, place, others = a_late_leaver(6)
    leave(place)
    for person in others[:5]:
        cover.answer_ask(ask_of(person), False, now=LATE + HOUR)
        session.commit()
    assert [wave for _, wave in asked()] == [1] * 5 + [2]
    said = session.scalars(select(CoverAsk.said_yes).order_by(CoverAsk.id)).all()
    assert said == [False] * 5 + [None]
    with pytest.raises(Refused):  # answered already
        cover.answer_ask(ask_of(others[0]), True, now=LATE + HOUR)


def test_who_can_come_after_all_has_the_place_as_before():
    shift, place, [other] = a_late_leaver(1)
    leave(place)
    cover.come_after_all(place, now=LATE + HOUR)
    session.commit()
    assert (place.state, place.cover_since) == (State.CONFIRMED, None)
    with pytest.raises(Refused):
        cover.answer_ask(ask_of(other), True, now=LATE + HOUR)
    session.rollback()
    with pytest.raises(Refused):
        cover.come_after_all(place, now=LATE + HOUR)
    session.rollback()
    assert states(shift.id) == [State.CONFIRMED]


def test_who_waits_is_asked_first_and_takes_the_place_with_the_waiting_they_have():
    shift, place, others = a_late_leaver(6)
    waiting = others[5]
    waits = a_participation(shift, waiting, State.WAITLISTED)
    leave(place)
    assert asked()[0] == (waiting.id, 1)
    cover.answer_ask(ask_of(waiting), True, now=LATE + HOUR)
    assert (waits.state, place.state) == (State.CONFIRMED, State.WITHDRAWN)


def test_a_coordinator_can_let_them_go_and_the_place_goes_to_who_waits():
    shift, place, [other] = a_late_leaver(1)
    waits = a_participation(shift, other, State.WAITLISTED)
    leave(place)
    service.remove(place, by=other.id, now=LATE + HOUR, why="get well")
    session.commit()
    assert (place.state, waits.state) == (State.CANCELLED, State.OFFERED)


def test_a_wave_costs_the_same_for_ten_people_and_for_a_hundred():
    costs = []
    for number in (10, 100):
        shift, place, _others = a_late_leaver(number)
        slot = service.lock(shift.id)
        with counted() as statements:
            cover.seek(place, slot, now=LATE, why="")
        costs.append(len(statements))
        session.rollback()
    assert costs[0] == costs[1] <= 20
