"""Who gives a place up by themselves: it leaves their calendar, and nothing else is written."""

import re

import pytest
import time_machine
from sqlalchemy import select

from brigades.clock import DAY, HOUR, MINUTE
from brigades.db import session, unit
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.kinds import How, Kind
from brigades.outbox.letters import LOADERS
from brigades.outbox.models import Fate, Letter
from brigades.outbox.wishes import service as wishes
from brigades.reminders.given_up import PUT_IN, TAKEN_OUT
from brigades.schedule import answer_links, cover, slots
from brigades.schedule import service as schedule
from brigades.schedule.finding import whole_ask
from brigades.schedule.models import CoverAsk, Participation
from brigades.schedule.states import State
from tests.builders import NOON, a_need, a_person, a_section, a_shift, signed_in
from tests.reminders.test_letters import got_by
from tests.reminders.test_reminders import event_of, move
from tests.support.databases import ONE_DATABASE

START = NOON + 7 * DAY
LATE = START - 20 * HOUR


@pytest.fixture
def section(app):
    return a_section(contact="berlin@example.org")


@pytest.fixture
def shift(section):
    return a_shift(section, starts_at=START, needs=[a_need(most=1)], place="Main hall")


def joined(shift, person, at=NOON) -> int:
    """Somebody takes a place, and their mail has come; the id of the place."""
    with unit():
        place_id = schedule.join(shift.id, person, now=at).id
    deliver(at)
    return place_id


def offered(shift, person) -> int:
    """A coordinator offers somebody a place, and their mail has come."""
    with unit():
        need = shift.needs[0].id
        place_id = schedule.assign(shift.id, need, person, by=person.id, now=NOON).id
    deliver(NOON)
    return place_id


def leave(place_id: int, at=NOON + HOUR) -> None:
    with unit():
        schedule.leave(session.get_one(Participation, place_id), now=at)
    deliver(at)


def numbers(mail, person) -> list[tuple[str, int]]:
    """Method and SEQUENCE of every event that came to somebody, in order."""
    events = [event_of(got).decode() for got in mail.to(person.email)]
    return [
        (re.search(r"METHOD:(\w+)", one)[1], int(re.search(r"SEQUENCE:(\d+)", one)[1]))
        for one in events
    ]


def names(person) -> list[str]:
    session.expire_all()
    mine = select(Letter.name).where(Letter.person_id == person.id)
    return list(session.scalars(mine.order_by(Letter.id)))


def test_giving_a_place_up_takes_its_event_out_of_the_calendar(section, shift, mail):
    person = a_person(section)
    leave(joined(shift, person))
    got = got_by(mail, person, "place-given-up")
    assert "given up your place" in got.subject
    assert "You have given up your place in this one." in got.text
    assert "You have given up your place in this one." in got.html
    assert f"http://localhost/shifts/{shift.id}" in got.text
    assert numbers(mail, person) == [("REQUEST", 0), ("CANCEL", 1)]
    first, last = (event_of(one).replace(b"\r\n ", b"") for one in mail.to(person.email))
    uid = f"UID:place-{shift.id}-{person.id}@localhost\r\n".encode()
    assert uid in first and uid in last
    assert b"STATUS:CANCELLED" in last


@ONE_DATABASE
@pytest.mark.parametrize("locale", ["de", "ar"])
@pytest.mark.parametrize("declined", [True, False])
def test_it_can_be_written_in_every_language(section, shift, mail, locale, declined):
    person = a_person(section, locale=locale)
    leave((offered if declined else joined)(shift, person))
    got = got_by(mail, person, "place-given-up")
    assert f'lang="{locale}"' in got.html
    assert "%(" not in got.subject + got.text + got.html


def test_saying_no_to_an_offer_takes_its_event_out(section, shift, mail):
    person = a_person(section)
    place_id = offered(shift, person)
    with unit():
        schedule.answer(session.get_one(Participation, place_id), False, now=NOON + HOUR)
    deliver(NOON + HOUR)
    got = got_by(mail, person, "place-given-up")
    assert "You have said no" in got.subject and "You have said no to this one." in got.text
    assert numbers(mail, person) == [("REQUEST", 0), ("CANCEL", 1)]


def test_a_page_and_the_link_in_a_mail_do_so_too(app, section, shift, mail):
    on_the_page, by_mail = a_person(section), a_person(section)
    joined(shift, on_the_page)
    with time_machine.travel(NOON + HOUR, tick=False):
        browser = signed_in(app, on_the_page)
        assert browser.post(f"/shifts/{shift.id}/leave").status_code == 303
        place_id = joined(shift, by_mail, at=NOON + HOUR)
        token = answer_links.token_of(session.get_one(Participation, place_id))
        answer = app.test_client().post(f"/answer/{token}", data={"say": "leave"})
        assert answer.status_code == 303
    for person in (on_the_page, by_mail):
        assert names(person) == ["place-confirmed", "place-given-up"]


def test_nothing_comes_where_no_letter_had_put_it_there(section, shift, mail):
    nobody_wrote, waits = a_person(section), a_person(section)
    with unit():
        place_id = schedule.join(shift.id, nobody_wrote, now=NOON).id  # no mail has left yet
        waiting_id = schedule.join(shift.id, waits, now=NOON).id
        schedule.leave(session.get_one(Participation, waiting_id), now=NOON)
        schedule.leave(session.get_one(Participation, place_id), now=NOON)
    deliver(NOON)
    assert mail.received == []
    assert "place-given-up" not in names(nobody_wrote) + names(waits)


def test_a_letter_that_is_just_leaving_counts_as_sent(section, shift):
    person = a_person(section)
    with unit():
        place_id = schedule.join(shift.id, person, now=NOON).id
    session.execute(Letter.__table__.update().values(leased_until=NOON + HOUR))
    with unit():
        schedule.leave(session.get_one(Participation, place_id), now=NOON)
    assert names(person) == ["place-confirmed", "place-given-up"]


def test_who_comes_in_again_before_it_is_sent_keeps_the_event(section, shift, mail):
    person = a_person(section)
    place_id = joined(shift, person)
    with unit():
        schedule.leave(session.get_one(Participation, place_id), now=NOON + HOUR)
        schedule.join(shift.id, person, now=NOON + HOUR)
    deliver(NOON + HOUR)
    assert numbers(mail, person) == [("REQUEST", 0), ("REQUEST", 2)]


def test_each_round_of_coming_and_leaving_is_told(section, shift, mail):
    person = a_person(section)
    leave(joined(shift, person))
    leave(joined(shift, person, at=NOON + 2 * HOUR), at=NOON + 3 * HOUR)
    assert numbers(mail, person) == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2), ("CANCEL", 3)]


def test_leaving_again_before_the_second_mail_left_tells_nothing_twice(section, shift, mail):
    person = a_person(section)
    leave(joined(shift, person))
    with unit():
        place = schedule.join(shift.id, person, now=NOON + 2 * HOUR)
        schedule.leave(place, now=NOON + 2 * HOUR)
    deliver(NOON + 2 * HOUR)
    assert numbers(mail, person) == [("REQUEST", 0), ("CANCEL", 1)]


def test_where_another_letter_says_that_it_is_gone_no_second_one_does(section, shift, mail):
    removed, covered, taker = (a_person(section) for _ in range(3))
    place_id = joined(shift, removed)
    with unit():
        place = session.get_one(Participation, place_id)
        schedule.remove(place, by=taker.id, now=NOON, why="")
    place_id = joined(shift, covered)
    leave(place_id, at=LATE)  # too late: others are asked
    assert session.get_one(Participation, place_id).state is State.SEEKING_COVER
    with unit():
        ask_id = session.scalars(select(CoverAsk.id).where(CoverAsk.person_id == taker.id)).one()
        ask = whole_ask(ask_id)
        assert ask is not None
        cover.answer_ask(ask, True, now=LATE)
    deliver(LATE)
    assert names(removed)[:2] == ["place-confirmed", "place-removed"]
    assert "place-given-up" not in names(removed)
    assert "place-given-up" not in names(covered)
    assert [method for method, _n in numbers(mail, covered)] == ["REQUEST", "CANCEL"]


def test_a_slot_that_is_cancelled_meanwhile_still_leaves_the_calendar_of_who_left(
    section, shift, mail
):
    person = a_person(section)
    place_id = joined(shift, person)
    with unit():
        schedule.leave(session.get_one(Participation, place_id), now=NOON + HOUR)
        slots.cancel(shift.id, by=person.id, now=NOON + HOUR, why="")
    deliver(NOON + HOUR)
    assert names(person) == ["place-confirmed", "place-given-up"]
    assert [method for method, _n in numbers(mail, person)] == ["REQUEST", "CANCEL"]


def test_it_comes_at_any_hour_and_as_its_reader_wishes(section, shift, mail):
    person, gathers = a_person(section), a_person(section)
    night = START - 3 * DAY + 14 * HOUR  # two in the morning there
    leave(joined(shift, person), at=night)
    assert names(person) == ["place-confirmed", "place-given-up"]
    assert [got.subject for got in mail.to(person.email)][1].startswith("You have given up")
    place_id = joined(shift, gathers, at=night)
    with unit():
        wishes.wish(gathers, {Kind.PLACE: How.NEVER}, by=gathers.id, now=night)
    leave(place_id, at=night + MINUTE)
    fates = session.scalars(select(Letter.fate).where(Letter.name == "place-given-up"))
    assert sorted(fates) == [Fate.DROPPED, Fate.SENT]


def test_what_puts_in_and_takes_out_is_known(section, shift, mail):
    assert LOADERS.keys() >= PUT_IN | TAKEN_OUT
    assert not PUT_IN & TAKEN_OUT
    person = a_person(section)
    place_id = joined(shift, person)
    move(shift, START + DAY, now=NOON + MINUTE)
    deliver(NOON + MINUTE)
    leave(place_id)
    sent = select(Letter.name).where(Letter.fate == Fate.SENT).order_by(Letter.id)
    found = dict(zip(session.scalars(sent), numbers(mail, person), strict=True))
    for name, (method, _number) in found.items():
        assert name in (PUT_IN if method == "REQUEST" else TAKEN_OUT)
