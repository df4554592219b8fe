"""Answers by mail that meet: the same twice at once, and a yes while the offer lapses."""

import threading
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from brigades.audit.models import Entry
from brigades.db import session, unit
from brigades.outbox.models import Letter
from brigades.schedule import answer_links
from brigades.schedule.models import Participation
from brigades.schedule.service import lapse_offers
from brigades.schedule.states import State
from tests import builders as b
from tests.builders import DAY, HOUR
from tests.shifts.test_capacity import at_once

NOW = datetime.now(UTC).replace(microsecond=0)


def an_offer(**given: Any) -> tuple[Participation, Participation, str]:
    """An offer of the only place, somebody who waits for it, and the mail's link."""
    section = b.a_section()
    shift = b.a_shift(section, starts_at=NOW + 9 * DAY, needs=[b.a_need(most=1)])
    offered = b.a_participation(
        shift, b.a_person(section), State.OFFERED, asked_at=NOW, answer_by=NOW + HOUR
    )
    waits = b.a_participation(shift, b.a_person(section), State.WAITLISTED, need_id=offered.need_id)
    return offered, waits, f"/answer/{answer_links.token_of(offered)}"


def letters() -> list[str]:
    return sorted(session.scalars(select(Letter.name)))


def test_the_same_answer_twice_at_once_is_taken_once(app: Flask) -> None:
    for word, state, told in (
        ("yes", State.CONFIRMED, ["place-confirmed"]),
        ("no", State.DECLINED, ["place-free"]),
    ):
        before = letters()
        offered, _waits, address = an_offer()
        jobs = [(app.test_client(), address, {"accept": word}) for _ in range(4)]
        assert sorted(at_once(app, jobs)) == [303, 409, 409, 409]
        place = session.get_one(Participation, offered.id)
        assert (place.state, place.sequence) == (state, 1)
        assert sorted(letters()) == sorted(before + told)


def test_leaving_twice_at_once_frees_one_place(app: Flask) -> None:
    offered, waits, address = an_offer()
    offered.state, offered.answer_by = State.CONFIRMED, None
    jobs = [(app.test_client(), address, {"say": "leave"}) for _ in range(4)]
    assert sorted(at_once(app, jobs)) == [303, 409, 409, 409]
    assert session.get_one(Participation, offered.id).state is State.WITHDRAWN
    assert session.get_one(Participation, waits.id).state is State.OFFERED
    assert letters() == ["place-free"]


def test_a_yes_while_the_offer_lapses_leaves_one_holder(app: Flask) -> None:
    for _ in range(4):
        before, entries = letters(), len(session.scalars(select(Entry.id)).all())
        offered, waits, address = an_offer()
        meet, lapsed = threading.Barrier(2), []

        def pass_by(meet: Any = meet, lapsed: list[int] = lapsed) -> None:
            meet.wait()
            with app.app_context(), unit():
                lapsed.append(lapse_offers(NOW + 2 * HOUR))

        passing = threading.Thread(target=pass_by)
        client = app.test_client()
        session.commit()
        session.remove()
        passing.start()
        meet.wait()
        status = super(type(client), client).post(address, data={"accept": "yes"}).status_code
        passing.join()
        session.expire_all()
        mine = session.get_one(Participation, offered.id).state
        next_one = session.get_one(Participation, waits.id).state
        if status == 303:
            assert (mine, next_one, lapsed) == (State.CONFIRMED, State.WAITLISTED, [0])
            told, changes = ["place-confirmed"], 1
        else:
            assert status == 409
            assert (mine, next_one, lapsed) == (State.LAPSED, State.OFFERED, [1])
            told, changes = ["place-free", "place-lapsed"], 2
        assert letters() == sorted(before + told)
        assert len(session.scalars(select(Entry.id)).all()) == entries + changes
