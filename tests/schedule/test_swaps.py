"""Two volunteers trade their places where nothing stands against either; else nothing changes."""

import threading

import pytest
from sqlalchemy import func, select

from brigades.access import Role
from brigades.audit.models import Entry
from brigades.clock import DAY, HOUR
from brigades.db import session, writing
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.schedule import open_swaps, slots, swap_counts, swaps
from brigades.schedule import service as schedule
from brigades.schedule.models import Participation, SignUp, Slot, Swap, SwapState
from brigades.schedule.rules import Code
from brigades.schedule.rules.swapping import Fallen
from brigades.schedule.states import LIVE, State
from brigades.schedule.swaps import NoSwap
from tests.builders import (
    NOON,
    a_course,
    a_kind,
    a_need,
    a_participation,
    a_person,
    a_qualification,
    a_section,
    a_session,
    a_shift,
    an_appointment,
)
from tests.reminders.test_reminders import move

START = NOON + 7 * DAY


@pytest.fixture
def section(app):
    return a_section()


def two_places(section, **slot):
    """Ana's place on Monday and Ben's on Wednesday."""
    one = a_shift(section, starts_at=START, title="Monday", **slot)
    other = a_shift(section, starts_at=START + 2 * DAY, title="Wednesday")
    ana = a_participation(one, a_person(section, given_name="Ana"))
    ben = a_participation(other, a_person(section, given_name="Ben"))
    return ana, ben


def live_places() -> set[tuple[int, int]]:
    """(person, slot) of every live place."""
    query = select(Participation.person_id, Participation.slot_id).where(
        Participation.state.in_(LIVE)
    )
    return set(session.execute(query).tuples().all())


def letters() -> list[tuple[str, int | None]]:
    query = select(Letter.name, Letter.person_id).order_by(Letter.name, Letter.person_id)
    return list(session.execute(query).tuples().all())


def asked(ana, ben) -> Swap:
    swap = swaps.ask(ana.id, ben.id, now=NOON)
    session.commit()
    return swap


def test_a_yes_trades_the_places_and_tells_both(section):
    ana, ben = two_places(section)
    swap = asked(ana, ben)
    assert letters() == [("swap-asked", ben.person_id)]
    swaps.answer(swap.id, True, now=NOON + HOUR)
    session.commit()
    assert swap.state is SwapState.DONE
    assert (ana.state, ben.state) == (State.WITHDRAWN, State.WITHDRAWN)
    assert live_places() == {(ana.person_id, ben.slot_id), (ben.person_id, ana.slot_id)}
    new = session.scalars(select(Participation).where(Participation.state.in_(LIVE))).all()
    assert {place.state for place in new} == {State.CONFIRMED}
    assert {place.need_id for place in new} == {ana.need_id, ben.need_id}
    told = [name for name, _person in letters()]
    assert told == ["swap-asked", "swap-done", "swap-done", "swap-given", "swap-given"]
    why = set(session.scalars(select(Entry.why).where(Entry.what == "participation")))
    assert {why_one for why_one in why if "swapped with Ana" in why_one}
    assert {why_one for why_one in why if "swapped with Ben" in why_one}
    changes = select(Entry.became, func.count()).where(Entry.what == "swap").group_by(Entry.became)
    assert dict(session.execute(changes).tuples().all()) == {"asked": 2, "done": 2}


def test_a_no_leaves_everything_and_is_not_asked_again(section):
    ana, ben = two_places(section)
    swap = asked(ana, ben)
    swaps.answer(swap.id, False, now=NOON + HOUR)
    session.commit()
    assert swap.state is SwapState.DECLINED
    assert (ana.state, ben.state) == (State.CONFIRMED, State.CONFIRMED)
    assert ("swap-off", ana.person_id) in letters()
    with pytest.raises(NoSwap) as refused:
        swaps.ask(ana.id, ben.id, now=NOON + 2 * HOUR)
    assert refused.value.answered
    session.rollback()
    assert swaps.ask(ben.id, ana.id, now=NOON + 2 * HOUR).state is SwapState.ASKED


def test_asking_twice_and_asking_each_other_is_one_question(section):
    ana, ben = two_places(section)
    first = asked(ana, ben)
    assert swaps.ask(ana.id, ben.id, now=NOON + HOUR).id == first.id
    assert swaps.ask(ben.id, ana.id, now=NOON + HOUR).id == first.id
    assert session.scalar(select(func.count(Swap.id))) == 1


def test_the_place_that_is_given_up_is_no_overlap_and_no_lack_of_rest(section):
    one = a_shift(section, starts_at=START, hours=8, needs=[a_need(most=1)], waitlist=False)
    other = a_shift(
        section, starts_at=START + 4 * HOUR, hours=8, needs=[a_need(most=1)], signup=SignUp.ASSIGNED
    )
    ana, ben = a_participation(one, a_person(section)), a_participation(other, a_person(section))
    swaps.answer(asked(ana, ben).id, True, now=NOON)
    session.commit()
    assert live_places() == {(ana.person_id, other.id), (ben.person_id, one.id)}


@pytest.mark.parametrize("who", ["mine", "theirs"])
def test_what_stands_against_either_is_said_and_nothing_changes(section, who):
    ana, ben = two_places(section)
    busy = ana if who == "mine" else ben
    taken = START + 2 * DAY if who == "mine" else START
    a_participation(a_shift(section, starts_at=taken), session.get_one(Person, busy.person_id))
    before = live_places()
    with pytest.raises(NoSwap) as refused:
        swaps.ask(ana.id, ben.id, now=NOON)
    session.rollback()
    reasons = getattr(refused.value, who)
    assert [reason.code for reason in reasons] == [Code.OVERLAP]
    assert live_places() == before
    assert letters() == []


def test_who_waits_for_a_place_there_swaps_too_and_waits_no_longer(section):
    ana, ben = two_places(section)
    waits = a_participation(
        session.get_one(Slot, ben.slot_id),
        session.get_one(Person, ana.person_id),
        State.WAITLISTED,
        need_id=ben.need_id,
    )
    swaps.answer(asked(ana, ben).id, True, now=NOON + HOUR)
    session.commit()
    assert (waits.state, ana.state, ben.state) == (State.WITHDRAWN,) * 3
    assert live_places() == {(ana.person_id, ben.slot_id), (ben.person_id, ana.slot_id)}


def test_who_asked_for_a_place_there_does_not_swap_before_it_is_decided(section):
    ana, ben = two_places(section)
    there, person = session.get_one(Slot, ben.slot_id), session.get_one(Person, ana.person_id)
    a_participation(there, person, State.REQUESTED, need_id=ben.need_id)
    with pytest.raises(NoSwap) as refused:
        swaps.ask(ana.id, ben.id, now=NOON)
    assert [reason.code for reason in refused.value.mine] == [Code.ALREADY_IN]


def test_a_certificate_counts_until_the_end_of_the_other_slot(section):  # QUAL-03
    kind = a_kind()
    needs = [a_need(kind_id=kind.id)]
    one = a_shift(section, starts_at=START)
    other = a_shift(section, starts_at=START + 2 * DAY, needs=needs)
    ana, ben = a_participation(one, a_person(section)), a_participation(other, a_person(section))
    a_qualification(session.get_one(Person, ana.person_id), kind, valid_until=(START + DAY).date())
    with pytest.raises(NoSwap) as refused:
        swaps.ask(ana.id, ben.id, now=NOON)
    assert [reason.code for reason in refused.value.mine] == [Code.QUALIFICATION_EXPIRES]


def test_it_is_judged_again_when_the_other_says_yes(section):
    ana, ben = two_places(section)
    swap = asked(ana, ben)
    third = a_shift(section, starts_at=START + 2 * DAY)
    a_participation(third, session.get_one(Person, ana.person_id))
    before = live_places()
    with pytest.raises(NoSwap) as refused:
        swaps.answer(swap.id, True, now=NOON + HOUR)
    session.rollback()
    assert [reason.code for reason in refused.value.mine] == [Code.OVERLAP]
    assert live_places() == before
    session.refresh(swap)
    assert swap.state is SwapState.ASKED


def fall(how, ana, ben):
    """Bring about what makes a question fall away; returns the moment after it."""
    if how is Fallen.GIVEN_UP:
        schedule.leave(ben, now=NOON + HOUR)
    elif how is Fallen.CANCELLED:
        slots.cancel(ana.slot_id, by=ben.person_id, now=NOON + HOUR, why="rain")
    elif how is Fallen.MOVED:
        move(session.get_one(Slot, ben.slot_id), START + 4 * DAY, now=NOON + HOUR)
    session.commit()
    return START if how is Fallen.STARTED else NOON + 2 * HOUR


@pytest.mark.parametrize("how", list(Fallen))
def test_a_question_falls_away_by_itself(section, how):
    ana, ben = two_places(section)
    swap = asked(ana, ben)
    later = fall(how, ana, ben)
    before = live_places()
    with pytest.raises(NoSwap) as refused:
        swaps.answer(swap.id, True, now=later)
    session.rollback()
    assert refused.value.fallen is how
    assert live_places() == before
    found = open_swaps.find(swap.id, later)
    assert found is not None
    assert (found.fallen, found.open) == (how, False)
    given = {"now": later, "person": ben.person_id}
    assert session.scalar(swap_counts.asking(), given) == 0


def test_who_asked_takes_it_back(section):
    ana, ben = two_places(section)
    swap = asked(ana, ben)
    swaps.withdraw(swap.id, now=NOON + HOUR)
    session.commit()
    with pytest.raises(NoSwap) as refused:
        swaps.answer(swap.id, True, now=NOON + HOUR)
    assert refused.value.answered
    session.rollback()
    with pytest.raises(NoSwap):
        swaps.withdraw(swap.id, now=NOON + HOUR)


@pytest.mark.parametrize("approve", [True, False])
def test_a_slot_may_ask_for_the_coordinators_approval(section, approve):
    boss = a_person(section)
    an_appointment(boss, section, Role.COORDINATOR)
    ana, ben = two_places(section, swaps_asked=True)
    before = live_places()
    swap = asked(ana, ben)
    swaps.answer(swap.id, True, now=NOON + HOUR)
    session.commit()
    assert swap.state is SwapState.AGREED
    assert live_places() == before
    assert ("swap-approve", boss.id) in letters()
    with pytest.raises(NoSwap):
        swaps.answer(swap.id, True, now=NOON + HOUR)
    session.rollback()
    swaps.decide(swap.id, approve, by=boss.id, now=NOON + 2 * HOUR, why="" if approve else "No.")
    session.commit()
    told = [(name, person) for name, person in letters() if name != "swap-asked"]
    if approve:
        assert swap.state is SwapState.DONE
        assert live_places() == {(ana.person_id, ben.slot_id), (ben.person_id, ana.slot_id)}
        assert [name for name, _person in told].count("swap-done") == 2
    else:
        assert (swap.state, swap.why) == (SwapState.DECLINED, "No.")
        assert live_places() == before
        assert [name for name, _person in told].count("swap-off") == 2
    with pytest.raises(NoSwap):
        swaps.decide(swap.id, True, by=boss.id, now=NOON + 2 * HOUR)


def test_a_coordinator_nearer_to_the_shift_is_asked_before_one_above(section):
    child = a_section(section)
    above, near, elsewhere = a_person(section), a_person(child), a_person(child)
    an_appointment(above, section, Role.COORDINATOR)
    an_appointment(near, child, Role.COORDINATOR)
    an_appointment(elsewhere, a_section(section), Role.COORDINATOR)
    one = a_shift(child, starts_at=START, swaps_asked=True)
    other = a_shift(section, starts_at=START + 2 * DAY)
    ana, ben = a_participation(one, a_person(child)), a_participation(other, a_person(child))
    swaps.answer(asked(ana, ben).id, True, now=NOON)
    asked_of = {person for name, person in letters() if name == "swap-approve"}
    assert asked_of == {near.id}


def test_a_shift_and_a_training_are_traded_too(section):
    training = a_session(a_course(section), section, starts_at=START + 2 * DAY)
    ana = a_participation(a_shift(section, starts_at=START), a_person(section))
    ben = a_participation(training, a_person(section))
    swaps.answer(asked(ana, ben).id, True, now=NOON)
    assert live_places() == {(ana.person_id, ben.slot_id), (ben.person_id, ana.slot_id)}


def at_once(app, *jobs):
    """Run each in a thread of its own at the same moment, each in one transaction; what came."""
    session.commit()
    session.remove()
    barrier = threading.Barrier(len(jobs))
    came: list[str] = []

    def work(job):
        with app.app_context():
            writing.set(True)
            barrier.wait()
            try:
                job()
                session.commit()
                came.append("done")
            except NoSwap as refused:
                session.rollback()
                came.append(str(refused))
            finally:
                session.remove()

    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


def test_two_who_would_swap_with_the_same_place_at_the_same_moment(app, section):
    third = a_shift(section, starts_at=START + 4 * DAY)
    ana, ben = two_places(section)
    cleo = a_participation(third, a_person(section))
    first, second = swaps.ask(ana.id, ben.id, now=NOON), swaps.ask(cleo.id, ben.id, now=NOON)
    ids = (first.id, second.id)
    people = (ana.person_id, ben.person_id, cleo.person_id)
    came = at_once(app, *(lambda id=id: swaps.answer(id, True, now=NOON) for id in ids))
    assert came == ["done", Fallen.GIVEN_UP.value]
    states = session.scalars(select(Swap.state).where(Swap.id.in_(ids))).all()
    assert sorted(states) == [SwapState.ASKED, SwapState.DONE]
    held = live_places()
    assert len(held) == 3
    assert {person for person, _slot in held} == set(people)
    assert len({slot for _person, slot in held}) == 3


def test_ten_clicks_ask_once_and_swap_once(app, section):
    ana, ben = two_places(section)
    pair = (ana.id, ben.id)
    came = at_once(app, *(lambda: swaps.ask(*pair, now=NOON) for _ in range(5)))
    assert came == ["done"] * 5
    [swap_id] = session.scalars(select(Swap.id)).all()
    came = at_once(app, *(lambda: swaps.answer(swap_id, True, now=NOON) for _ in range(5)))
    assert came == ["answered before"] * 4 + ["done"]
    assert len(live_places()) == 2


def test_a_swap_and_a_leave_at_the_same_moment_lose_no_place(app, section):
    ana, ben = two_places(section)
    swap_id, ben_id = asked(ana, ben).id, ben.id

    def leave():
        try:
            schedule.leave(session.get_one(Participation, ben_id), now=NOON)
        except schedule.Refused:
            session.rollback()

    at_once(app, lambda: swaps.answer(swap_id, True, now=NOON), leave)
    held = live_places()
    assert len({person for person, _slot in held}) == len(held)
    assert len(held) in (1, 2)
