"""What letters about places say: in the reader's language, with the event, and the right link."""

import re
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from brigades.access import Role
from brigades.clock import DAY, HOUR, MINUTE
from brigades.db import session, unit
from brigades.outbox import service as outbox
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.letters import LOADERS
from brigades.outbox.models import Fate, Letter
from brigades.recruiting.models import Application, Stage
from brigades.reminders.service import collect
from brigades.schedule import answer_links, leaving, slots
from brigades.schedule import service as schedule
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from tests.builders import (
    NOON,
    a_need,
    a_participation,
    a_person,
    a_section,
    a_shift,
    an_appointment,
)
from tests.reminders.test_reminders import event_of, move
from tests.support.databases import ONE_DATABASE

START = NOON + 7 * DAY
OF_PLACES = sorted(
    {
        "place-offered",
        "place-free",
        "place-confirmed",
        "place-waitlisted",
        "place-removed",
        "slot-moved",
        "slot-cancelled",
        "reminder",
    }
)


@pytest.fixture
def section(app):
    return a_section(contact="berlin@example.org")


def a_letter(name: str, section, **person):
    """Bring about one letter of that name, deliver it; returns the person and the place."""
    whom = a_person(section, **person)
    other = a_person(section)
    shift = a_shift(section, starts_at=START, needs=[a_need(most=1)], place="Main hall")
    now = NOON
    with unit():
        if name in ("place-waitlisted", "place-free"):
            first = schedule.join(shift.id, other, now=now)
            place = schedule.join(shift.id, whom, now=now)
            if name == "place-free":
                schedule.leave(first, now=now)
        elif name == "place-offered":
            place = schedule.assign(shift.id, shift.needs[0].id, whom, by=other.id, now=now)
        else:
            place = schedule.join(shift.id, whom, now=now)
        place_id = place.id
    if name == "place-removed":
        with unit():
            schedule.remove(session.merge(place), by=other.id, now=now, why="")
    elif name == "slot-moved":
        move(shift, START + DAY, now=now)
    elif name == "slot-cancelled":
        with unit():
            slots.cancel(shift.id, by=other.id, now=now, why="")
    elif name.startswith("reminder"):
        now = START - DAY
        with unit():
            collect(now)
    deliver(now)
    return whom, place_id


def got_by(mail, person, name: str):
    """The letter of that name that came to a person."""
    session.expire_all()
    ids = set(session.scalars(select(Letter.message_id).where(Letter.name == name)))
    [found] = [got for got in mail.to(person.email) if got.message["Message-ID"] in ids]
    return found


@pytest.mark.parametrize("name", OF_PLACES)
def test_every_letter_is_whole(section, mail, name):  # MAIL-05
    whom, _ = a_letter(name, section)
    got = got_by(mail, whom, name)
    message = got.message
    assert len(message.get_all("Date")) == len(message.get_all("Message-ID")) == 1
    assert parsedate_to_datetime(message["Date"]).tzinfo is not None
    assert re.fullmatch(r"<[^<>@\s]+@localhost>", message["Message-ID"])
    assert message["Reply-To"] == "berlin@example.org"
    assert message["To"].addresses[0].addr_spec == whom.email
    assert "%(" not in got.subject + got.text + got.html
    assert "You get this because" in got.text
    first = re.search(r"https?://\S+", got.text)
    assert first is not None
    assert first[0].startswith("http://localhost/")
    wanted = "/answer/" if name in ("place-offered", "place-free") else "/shifts/"
    assert wanted in first[0]
    assert "Main hall" in got.text
    assert "UTC+2" in got.text


def test_who_was_signed_up_reads_why_it_is_off(section, mail):
    whom, other = a_person(section), a_person(section)
    shift = a_shift(section, starts_at=START)
    a_participation(shift, whom)
    with unit():
        slots.cancel(shift.id, by=other.id, now=NOON, why="The roof leaks <badly>.")
    deliver(NOON)
    [got] = mail.to(whom.email)
    assert "This is what they say:\n\nThe roof leaks <badly>." in got.text.replace("\r", "")
    assert "The roof leaks &lt;badly&gt;." in got.html


def test_a_link_that_a_coordinator_typed_is_not_the_first_one(section, mail):
    whom, other = a_person(section), a_person(section)
    typed = "See https://elsewhere.example/roof."
    off, without = a_shift(section, starts_at=START), a_shift(section, starts_at=START + DAY)
    place = a_participation(without, whom)
    a_participation(off, whom)
    with unit():
        slots.cancel(off.id, by=other.id, now=NOON, why=typed)
        leaving.remove(place, by=other.id, now=NOON, why=typed)
    deliver(NOON)
    assert len(mail.to(whom.email)) == 2
    for got in mail.to(whom.email):
        assert typed in got.text
        assert re.findall(r"https?://[^/\s]+", got.text)[0] == "http://localhost"


@ONE_DATABASE
@pytest.mark.parametrize("name", OF_PLACES)
def test_invitations_carry_the_event(section, mail, name):
    whom, place_id = a_letter(name, section)
    got = got_by(mail, whom, name)
    kinds = {part.get_content_type() for part in got.message.walk()}
    if name == "place-waitlisted" or name.startswith("reminder"):
        assert "text/calendar" not in kinds
        return
    method = "CANCEL" if name in ("place-removed", "slot-cancelled") else "REQUEST"
    [part] = [p for p in got.message.walk() if p.get_content_type() == "text/calendar"]
    assert part.get_param("method") == method
    event = event_of(got).replace(b"\r\n ", b"")
    assert f"METHOD:{method}".encode() in event
    slot_id = session.get_one(Participation, place_id).slot_id
    assert f"UID:place-{slot_id}-{whom.id}@localhost\r\n".encode() in event
    [file] = list(got.message.iter_attachments())
    assert file.get_filename() == "event.ics"
    assert file.get_payload(decode=True).replace(b"\r\n ", b"") == event


@pytest.mark.parametrize("name", ["place-confirmed", "place-waitlisted", "slot-moved"])
def test_a_quiet_line_leads_to_saying_no_without_signing_in(section, mail, name):
    whom, place_id = a_letter(name, section)
    got = got_by(mail, whom, name)
    [address] = re.findall(r"Say so here: (\S+)", got.text)
    place = answer_links.opened(address.rpartition("/")[2], NOON)
    assert place is not None and place.id == place_id
    assert f'href="{address}"' in got.html


def test_who_waits_hears_the_position_and_gets_no_confirmed_event(section, mail):  # WAIT-09
    shift = a_shift(section, starts_at=START, needs=[a_need(most=2)])
    people = [a_person(section) for _ in range(4)]
    with unit():
        for person in people:
            schedule.join(shift.id, person, now=NOON)
    deliver(NOON)
    for number, person in enumerate(people[2:], start=1):
        [got] = mail.to(person.email)
        assert "Waiting list" in got.subject
        assert f"number {number} on the waiting list" in got.text
        assert b"STATUS:CONFIRMED" not in got.raw
        assert not list(got.message.iter_attachments())
    assert b"STATUS:CONFIRMED" in event_of(mail.to(people[0].email)[0])


def test_an_offers_link_answers_for_that_place_and_says_until_when(section, mail):
    whom, place_id = a_letter("place-offered", section)
    got = got_by(mail, whom, "place-offered")
    token = re.search(r"/answer/(\S+)", got.text)
    assert token is not None
    place = answer_links.opened(token[1], NOON)
    assert place is not None and place.id == place_id
    assert "Please answer by" in got.text


def test_an_offer_that_was_answered_meanwhile_is_not_sent(section, mail):
    shift = a_shift(section, starts_at=START)
    whom, other = a_person(section), a_person(section)
    with unit():
        place = schedule.assign(shift.id, shift.needs[0].id, whom, by=other.id, now=NOON)
        schedule.answer(place, accept=False, now=NOON + MINUTE)
    deliver(NOON + HOUR)
    assert mail.received == []


def test_of_several_moves_only_the_last_is_told(section, mail):
    shift = a_shift(section, starts_at=START)
    whom = a_person(section)
    a_participation(shift, whom)
    move(shift, START + DAY, now=NOON)
    move(shift, START + 2 * DAY, now=NOON + MINUTE)
    deliver(NOON + HOUR)
    assert len(mail.to(whom.email)) == 1
    fates = session.scalars(select(Letter.fate).order_by(Letter.id)).all()
    assert fates == [Fate.DROPPED, Fate.SENT]


def test_each_reads_the_letter_in_their_own_language(section, mail):  # MAIL-11
    shift = a_shift(section, starts_at=START)
    people = {code: a_person(section, locale=code) for code in ("ar", "de", "en")}
    for person in people.values():
        a_participation(shift, person)
    with unit():
        collect(START - 20 * HOUR)
    deliver(START - 20 * HOUR)
    got = {code: mail.to(person.email)[0] for code, person in people.items()}
    assert "17 يونيو" in got["ar"].text or "١٧ يونيو" in got["ar"].text
    assert "17. Juni" in got["de"].text
    assert "17 Jun" in got["en"].text
    for code, letter in got.items():
        assert f'lang="{code}"' in letter.html
        assert letter.message["Content-Language"] == code


class Outer(HTMLParser):
    """The attributes of the elements that hold everything, and what stands outside of any bdi."""

    def __init__(self) -> None:
        super().__init__()
        self.outer: list[dict[str, str | None]] = []
        self.depth = 0
        self.bare = ""
        self.skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("html", "body", "div"):
            self.outer.append(dict(attrs))
        self.skip += tag in ("bdi", "title")

    def handle_endtag(self, tag: str) -> None:
        self.skip -= tag in ("bdi", "title")

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.bare += data


@ONE_DATABASE
@pytest.mark.parametrize("name", OF_PLACES)
def test_an_arabic_letter_has_its_direction_in_the_html_itself(section, mail, name):  # MAIL-13
    whom, _ = a_letter(name, section, locale="ar")
    got = got_by(mail, whom, name)
    parsed = Outer()
    parsed.feed(got.html)
    assert [one.get("dir") for one in parsed.outer[:3]] == ["rtl"] * 3
    assert [one.get("lang") for one in parsed.outer[:3]] == ["ar"] * 3
    assert not re.search(r"\d{1,2}:\d\d|@|https?:|UTC", parsed.bare), parsed.bare
    assert "<img" not in got.html
    assert "<script" not in got.html


def test_what_people_typed_is_escaped_in_html_and_plain_in_text(section, mail):
    shift = a_shift(section, starts_at=START, title="Roof <b>& walls</b>")
    whom = a_person(section)
    with unit():
        schedule.join(shift.id, whom, now=NOON)
    deliver(NOON)
    [got] = mail.received
    assert "Roof <b>& walls</b>" in got.text
    assert "Roof &lt;b&gt;&amp; walls&lt;/b&gt;" in got.html


def digest(mail, person, at) -> list:
    """The daily mails a person has got by an instant."""
    with unit():
        collect(at)
    deliver(at)
    return [got for got in mail.to(person.email) if "you" in got.subject]  # no countdown


SEVEN = NOON.replace(hour=5)  # in Berlin, in summer


@pytest.fixture
def coordinator(section):
    person = a_person(section)
    an_appointment(person, section, Role.COORDINATOR)
    return person


def test_nothing_to_tell_is_no_daily_mail(section, coordinator, mail):
    assert digest(mail, coordinator, SEVEN + HOUR) == []


def test_the_daily_mail_comes_once_a_day_from_seven_on(section, coordinator, mail):
    a_shift(section, starts_at=START, needs=[a_need(least=2)])
    assert digest(mail, coordinator, SEVEN - MINUTE) == []
    assert len(digest(mail, coordinator, SEVEN)) == 1
    assert len(digest(mail, coordinator, SEVEN + 3 * HOUR)) == 1
    assert len(digest(mail, coordinator, SEVEN + DAY + 9 * HOUR)) == 2  # late, yet that day


def test_the_daily_mail_tells_all_that_needs_its_reader(section, coordinator, mail):
    below = a_section(section)
    shift = a_shift(below, starts_at=START, needs=[a_need(least=3)], title="Night watch")
    a_shift(below, starts_at=SEVEN + 15 * DAY, needs=[a_need(least=3)], title="Far away")
    asked = a_person(below, given_name="Rosa", family_name="Fuentes")
    a_participation(shift, asked, State.OFFERED, asked_at=SEVEN, answer_by=SEVEN + DAY)
    an_application(below)
    [got] = digest(mail, coordinator, SEVEN)
    assert "4 things need you" in got.subject
    for words in (
        "1 application waits",
        "/applications",
        "1 offer has no answer yet",
        "Rosa Fuentes",
        "2 places are still unfilled",
        "Night watch",
        f"/shifts/{shift.id}/board",
        "1 of 3",
        "UTC+2",
    ):
        assert words in got.text, words
    assert "Far away" not in got.text
    assert "Rosa Fuentes" in got.html


def test_the_daily_mail_says_nothing_of_other_sections(section, coordinator, mail):
    elsewhere = a_section()
    a_shift(elsewhere, starts_at=START, needs=[a_need(least=3)])
    an_application(elsewhere)
    assert digest(mail, coordinator, SEVEN) == []


def test_only_coordinators_and_organizers_get_the_daily_mail(section, mail):
    a_shift(section, starts_at=START, needs=[a_need(least=3)])
    people = {role: a_person(section) for role in Role}
    for role, person in people.items():
        an_appointment(person, section, role)
    ended = a_person(section)
    an_appointment(ended, section, Role.COORDINATOR, until=SEVEN.date() - DAY)
    with unit():
        collect(SEVEN)
    deliver(SEVEN)
    told = {got.recipients[0] for got in mail.received}
    assert told == {people[Role.COORDINATOR].email, people[Role.ORGANIZER].email}


def test_two_appointments_are_one_daily_mail(section, coordinator, mail):
    other = a_section(zone="Asia/Tokyo")
    an_appointment(coordinator, other, Role.ORGANIZER)
    a_shift(other, starts_at=START, needs=[a_need(least=3)])
    a_shift(section, starts_at=START, needs=[a_need(least=3)])
    assert digest(mail, coordinator, SEVEN - HOUR) == []  # past seven in Tokyo only
    [got] = digest(mail, coordinator, SEVEN)
    assert "6 things need you" in got.subject


def test_sections_and_slots_without_a_zone_do_not_hold_up_the_others(  # TIME-10
    section, coordinator, mail, caplog
):
    odd = a_section()
    a_shift(section, starts_at=START, needs=[a_need(least=1)])
    broken = a_shift(section, starts_at=START, needs=[a_need(least=1)])
    an_appointment(a_person(odd), odd, Role.COORDINATOR)
    odd.zone = broken.zone = ""
    session.commit()
    [got] = digest(mail, coordinator, SEVEN)
    assert "1 thing needs you" in got.subject
    errors = {record.getMessage() for record in caplog.records if record.levelname == "ERROR"}
    assert len(errors) == 2  # one for the section, one for the slot


def an_application(section, **given):
    """An application that waits since the first of June."""
    values = {"given_name": "Ali", "email": "ali@example.org", "email_key": "ali@example.org"}
    row = Application(
        **values
        | {"section_id": section.id, "country": "DE", "consent_version": "1"}
        | {"consented_at": NOON, "stage": Stage.CONFIRMED, "sent_at": NOON - 9 * DAY}
        | given
    )
    session.add(row)
    session.commit()
    return row


def test_every_kind_of_letter_has_its_three_templates(app):
    from brigades.outbox.render import environment

    for name in LOADERS:
        for part in ("subject.txt", "text.txt", "body.html"):
            assert environment().get_template(f"letters/{name}/{part}").filename


def test_a_letter_of_an_unknown_kind_fails_and_says_so(app, mail):
    outbox.post_to("nothing", address="a@example.org", locale="en", about={}, key="k", now=NOON)
    session.commit()
    deliver(NOON)
    session.expire_all()
    assert session.scalars(select(Letter.fate)).all() == [Fate.FAILED]
