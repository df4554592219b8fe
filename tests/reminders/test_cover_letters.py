"""Letters about requests, lapsed offers and cover: what they say, in every language, as sent."""

import re

import pytest
import time_machine
from sqlalchemy import select

from brigades.access import Role
from brigades.calendars import ical
from brigades.clock import DAY, HOUR
from brigades.db import session, unit
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Fate, Letter
from brigades.reminders.service import collect
from brigades.schedule import cover, requests
from brigades.schedule import service as schedule
from brigades.schedule.finding import whole_ask
from brigades.schedule.models import CoverAsk, Participation, SignUp
from tests.builders import (
    NOON,
    a_need,
    a_participation,
    a_person,
    a_section,
    a_shift,
    an_appointment,
)
from tests.reminders.test_letters import got_by
from tests.reminders.test_reminders import event_of
from tests.support.databases import ONE_DATABASE

START = NOON + 7 * DAY
LATE = START - 20 * HOUR
# Each letter with a word that must stand in it, and the method of the event that goes along.
LETTERS = {
    "place-requested": ("reached the coordinator", None),
    "request-declined": ("Enough cooks already", None),
    "place-lapsed": ("no answer from you in time", "CANCEL"),
    "cover-asked": ("The first who says yes", None),
    "place-covered": ("has taken your place", "CANCEL"),
    "cover-nobody": ("Nobody fits who could be asked", None),
}


@pytest.fixture
def section(app):
    return a_section(contact="berlin@example.org")


def a_letter(name, section, **given):
    """Bring one letter of that name about and deliver it; who gets it, and the place."""
    reader, other = a_person(section, **given), a_person(section)
    boss = a_person(a_section()) if name != "cover-nobody" else reader
    an_appointment(boss, section, Role.COORDINATOR)
    signup = SignUp.REQUEST if name.endswith(("requested", "declined")) else SignUp.OPEN
    shift = a_shift(
        section, starts_at=START, needs=[a_need(most=1)], place="Main hall", signup=signup
    )
    now = LATE
    holder = other if name in ("cover-asked", "cover-nobody") else reader
    with unit():
        if name in ("place-requested", "request-declined"):
            place = schedule.join(shift.id, reader, now=now)
            if name == "request-declined":
                requests.decline(
                    place, by=boss.id, now=now, why="Enough cooks already: https://cooks.example"
                )
        elif name == "place-lapsed":
            place = schedule.assign(shift.id, shift.needs[0].id, reader, by=boss.id, now=NOON)
            schedule.lapse_offers(NOON + DAY)
            now = NOON + DAY
        else:
            if name == "cover-nobody":  # the only one who could come has something else
                a_participation(a_shift(section, starts_at=START), reader)
            place = schedule.join(shift.id, holder, now=NOON)
            schedule.leave(place, now=now)
        place_id = place.id
    if name == "place-covered":
        with unit():
            ask = whole_ask(session.scalars(select(CoverAsk.id)).one())
            assert ask is not None
            cover.answer_ask(ask, True, now=now)
    deliver(now)
    return reader, place_id


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_is_whole_and_says_what_it_must(section, mail, name):  # MAIL-05
    reader, place_id = a_letter(name, section)
    got = got_by(mail, reader, name)
    words, method = LETTERS[name]
    assert words in got.text
    assert words in got.html
    assert "Main hall" in got.text
    assert "UTC+2" in got.text
    assert "%(" not in got.subject + got.text + got.html
    assert "You get this because" in got.text
    assert got.message["Reply-To"] == "berlin@example.org"
    first = re.search(r"https?://\S+", got.text)
    assert first is not None
    wanted = "/cover/" if name == "cover-asked" else "/shifts"
    assert first[0].startswith(f"http://localhost{wanted}")
    if method is None:
        assert not list(got.message.iter_attachments())
    else:
        event = event_of(got).replace(b"\r\n ", b"")
        assert f"METHOD:{method}".encode() in event
        slot_id = session.get_one(Participation, place_id).slot_id
        assert f"UID:place-{slot_id}-{reader.id}@localhost\r\n".encode() in event


@ONE_DATABASE
@pytest.mark.parametrize("locale", ["de", "ar"])
@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_can_be_written_in_every_language(section, mail, name, locale):  # MAIL-11
    reader, _place_id = a_letter(name, section, locale=locale)
    got = got_by(mail, reader, name)
    assert f'lang="{locale}"' in got.html
    assert "%(" not in got.subject + got.text + got.html


def test_who_answers_reads_how_many_were_asked(section, mail):
    boss, asked, holder = a_person(a_section()), a_person(section), a_person(section)
    an_appointment(boss, section, Role.COORDINATOR)
    shift = a_shift(section, starts_at=START, needs=[a_need(most=1)])
    with unit():
        schedule.leave(schedule.join(shift.id, holder, now=NOON), now=LATE)
    with unit():
        ask = whole_ask(session.scalars(select(CoverAsk.id)).one())
        assert ask is not None and ask.person_id == asked.id
        cover.answer_ask(ask, False, now=LATE)
    with unit():
        cover.ask_in_waves(LATE + 2 * HOUR)
    deliver(LATE + 2 * HOUR)
    got = got_by(mail, boss, "cover-nobody")
    assert "1 person was asked, 1 said no. Nobody else fits.\n\n" in got.text.replace("\r", "")


def test_the_link_in_the_letter_takes_the_place(section, mail, client):
    with time_machine.travel(LATE, tick=False):
        reader, _place_id = a_letter("cover-asked", section)
        text = got_by(mail, reader, "cover-asked").text
        address = re.search(r"http://localhost(/cover/\S+)", text)
        assert address is not None
        assert client.post(address[1], data={"accept": "yes"}).status_code == 303


def test_a_question_that_is_answered_before_it_is_sent_is_not_sent(section, mail):
    shift = a_shift(section, starts_at=START, needs=[a_need(most=1)])
    holder, first, second = (a_person(section) for _ in range(3))
    with unit():
        place = schedule.join(shift.id, holder, now=NOON)
        schedule.leave(place, now=LATE)
    with unit():
        ask_id = session.scalars(select(CoverAsk.id).where(CoverAsk.person_id == first.id)).one()
        ask = whole_ask(ask_id)
        assert ask is not None
        cover.answer_ask(ask, True, now=LATE)
    deliver(LATE)
    asked = select(Letter).where(Letter.name == "cover-asked")
    fates = {letter.person_id: letter.fate for letter in session.scalars(asked)}
    assert fates == {first.id: Fate.DROPPED, second.id: Fate.DROPPED}


def test_who_gets_a_place_without_being_asked_reads_that_it_is_theirs(section, mail):
    shift = a_shift(section, starts_at=START, needs=[a_need(most=1)], fills_at_once=True)
    first, waits = a_person(section), a_person(section)
    with unit():
        place = schedule.join(shift.id, first, now=NOON)
        schedule.join(shift.id, waits, now=NOON)
        schedule.leave(place, now=NOON)
    deliver(NOON)
    text = got_by(mail, waits, "place-confirmed").text
    assert "a place has become free: it is yours" in text


def test_who_is_taken_off_reads_why(section, mail):
    shift = a_shift(section, starts_at=START)
    person, boss = a_person(section), a_person(section)
    with unit():
        place = schedule.join(shift.id, person, now=NOON)
        schedule.remove(place, by=boss.id, now=NOON, why="The lift is out of order.")
    deliver(NOON)
    got = got_by(mail, person, "place-removed")
    assert "The lift is out of order." in got.text
    assert "The lift is out of order." in got.html


def test_each_event_of_a_place_has_a_higher_number_than_the_one_before(section):
    shift = a_shift(section, starts_at=START)
    person, boss = a_person(section), a_person(section)
    numbers = []

    def number(place: Participation) -> int:
        shift.section = section
        return int(ical.event(place, shift, person)["sequence"])

    place = schedule.assign(shift.id, shift.needs[0].id, person, by=boss.id, now=NOON)
    numbers.append(number(place))
    schedule.answer(place, True, now=NOON)
    numbers.append(number(place))
    shift.sequence += 1
    numbers.append(number(place))
    schedule.leave(place, now=LATE)
    numbers.append(number(place))
    cover.come_after_all(place, now=LATE)
    numbers.append(number(place))
    schedule.remove(place, by=boss.id, now=LATE, why="")
    numbers.append(number(place))
    assert numbers == [0, 1, 2, 3, 4, 5]


def test_the_daily_mail_names_requests_and_who_looks_for_cover(section, mail):
    boss = a_person(section)
    an_appointment(boss, section, Role.COORDINATOR)
    shift = a_shift(section, starts_at=START, title="Night pour")
    asked = a_shift(section, starts_at=START, title="Roof day", signup=SignUp.REQUEST)
    seeker = a_person(section, given_name="Vera", family_name="Volunteer")
    asks = a_person(section, given_name="Otto", family_name="Other")
    with unit():
        place = schedule.join(shift.id, seeker, now=NOON)
        schedule.leave(place, now=LATE)
        schedule.join(asked.id, asks, now=NOON)
        collect(LATE)
    deliver(LATE)
    got = got_by(mail, boss, "digest")
    for part in (got.text, got.html):
        assert "1 person looks for cover" in part
        assert "Vera Volunteer" in part
        assert "1 person asks for a place" in part
        assert "Otto Other" in part
