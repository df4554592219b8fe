"""Who cannot come, then can, then cannot after all: the second search asks again."""

from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from brigades import tokens
from brigades.clock import HOUR
from brigades.db import session
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.schedule.models import CoverAsk, Participation
from brigades.schedule.states import State
from tests import builders as b
from tests.builders import NOON


@pytest.fixture
def place(app: Flask, mail: Any) -> Participation:
    """A place in a shift of tomorrow, too late to be given up freely; two others could take it."""
    section = b.a_section()
    shift = b.a_shift(section, starts_at=NOON + 30 * HOUR, needs=[b.a_need(most=1)])
    found = b.a_participation(shift, b.a_person(section))
    b.a_person(section), b.a_person(section)
    return found


def letters(name: str) -> list[Any]:
    return list(
        session.scalars(select(Letter.about).where(Letter.name == name).order_by(Letter.id))
    )


def test_a_second_search_asks_those_again_who_did_not_say_no(app, place):
    with time_machine.travel(NOON, tick=False) as clock:
        holder = b.signed_in(app, session.get_one(Person, place.person_id))
        holder.post(f"/shifts/{place.slot_id}/leave")
        said_no, silent = session.scalars(select(CoverAsk).order_by(CoverAsk.id)).all()
        refusal = f"/cover/{tokens.sign('cover', said_no.id)}"
        assert app.test_client().post(refusal, data={"accept": "no"}).status_code == 303
        assert holder.post(f"/shifts/{place.slot_id}/come").status_code == 303
        link = f"/cover/{tokens.sign('cover', silent.id)}"
        assert app.test_client().post(link, data={"accept": "yes"}).status_code == 409

        clock.move_to(NOON + HOUR)
        holder.post(f"/shifts/{place.slot_id}/leave")
        asked = [about["ask"] for about in letters("cover-asked")]
        assert asked == [said_no.id, silent.id, silent.id]
        deliver(NOON + HOUR)
        fates = session.scalars(select(Letter.fate).where(Letter.name == "cover-asked"))
        assert sorted(fates) == ["dropped", "dropped", "sent"]
        assert app.test_client().post(link, data={"accept": "yes"}).status_code == 303
        states = session.scalars(select(Participation.state).order_by(Participation.id))
        assert list(states) == [State.WITHDRAWN, State.CONFIRMED]


def test_a_slot_without_waitlist_puts_nobody_on_it_while_a_place_is_free(app):
    with time_machine.travel(NOON, tick=False):
        section = b.a_section()
        shift = b.a_shift(section, needs=[b.a_need(most=1)], waitlist=False)
        waits = b.a_person(section)  # from when there was a list; something else is in the way
        b.a_participation(b.a_shift(section), waits)
        b.a_participation(shift, waits, State.WAITLISTED)
        newcomer = b.a_person(section)
        assert b.signed_in(app, newcomer).post(f"/shifts/{shift.id}/join").status_code == 303
        state = select(Participation.state).where(Participation.person_id == newcomer.id)
        assert session.scalar(state) is State.CONFIRMED
