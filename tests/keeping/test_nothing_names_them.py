"""Whoever was written about in every place there is, and is erased, is named in none of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, Enum, String, select

from brigades.access import Role, scope_from
from brigades.accounts import addresses
from brigades.accounts import service as accounts
from brigades.db import Base, session
from brigades.mailings import sending
from brigades.mailings import service as mailings
from brigades.mailings.chosen import Chosen
from brigades.outbox import mailboxes
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Letter
from brigades.people import age, away, details, erasing
from brigades.people import service as people
from brigades.people.models import Person, Standing
from brigades.push import service as push
from brigades.qualifications import service as qualifications
from brigades.recruiting import decisions
from brigades.recruiting import service as recruiting
from brigades.recruiting.models import Application, Stage
from brigades.schedule import attendance, leaving, requests, slots, swaps
from brigades.schedule import service as schedule
from brigades.schedule.models import Need, Participation, SignUp
from brigades.schedule.states import State
from tests.builders import (
    DAY,
    HOUR,
    NOON,
    a_course,
    a_kind,
    a_participation,
    a_person,
    a_section,
    a_session,
    a_shift,
    an_appointment,
)

WHO = "Zzyzx Qwortle"
PHONE = "+4915112345678"
FORBIDDEN = ("zzyzx", "qwortle", "15112345678", "151 12345678")


def named() -> set[tuple[str, str]]:
    """Every table and column that says who they are, in whatever case and script of JSON."""
    found = set()
    for table in Base.metadata.sorted_tables:
        columns = [c for c in table.c if isinstance(c.type, String | JSON)]
        for row in session.execute(select(table)).mappings():
            for column in columns:
                said = str(row[column.name]).casefold()
                if not isinstance(column.type, Enum) and any(one in said for one in FORBIDDEN):
                    found.add((table.name, column.name))
    return found


@pytest.fixture
def section(app: Any) -> Any:
    return a_section(a_section(), about=f"Ask {WHO}.")


@pytest.fixture
def boss(section: Any) -> Person:
    """Coordinates the section and all others."""
    return a_person(section, given_name="Cora", family_name="Desk")


@pytest.fixture
def other(section: Any) -> Person:
    return a_person(section, given_name="Ben", family_name="Other")


def joined(section: Any, boss: Person) -> Person:
    """They apply, somebody hands it on with a reason, somebody accepts."""
    typed = recruiting.Typed(
        given_name="Zzyzx",
        family_name="Qwortle",
        email="zzyzx@old.example.org",
        country="DE",
        section_id=section.parent_id,
        locale="en",
        phone=PHONE,
        availability_note="Zzyzx can at weekends",
        why="Zzyzx wants to",
    )
    recruiting.apply(typed, NOON - 9 * DAY)
    application = session.scalars(select(Application)).one()
    recruiting.confirm(application, NOON - 9 * DAY)
    why = "Zzyzx lives there"
    decisions.move(application, section, by=boss.id, now=NOON - 9 * DAY, why=why)
    return decisions.accept(application, by=boss.id, now=NOON - 9 * DAY)


def told_of(person: Person, boss: Person) -> None:
    """Details, papers, days away, a role, devices, another address."""
    now = NOON - 8 * DAY
    details.change_address(person, "zzyzx@qwortle.example.org", by=boss.id, now=now)
    wanted = details.Details(
        "Zzyzx", "Qwortle", PHONE, "DE", "en", None, None, "Zzyzx has a car", "67"
    )
    details.change(person, wanted, by=boss.id, now=now)
    age.record_consent(person, "Qwortle senior", now.date(), by=boss.id, now=now)
    age.withdraw_consent(person, by=boss.id, now=now, why="Mother of Zzyzx rang")
    away.add(person, date(2026, 9, 1), date(2026, 9, 2), "Zzyzx marries", by=person.id, now=now)
    kind = a_kind()
    for number in ("Zzyzx 1", "Zzyzx 2"):
        paper = qualifications.Paper(kind.id, date(2026, 1, 1), None, number, "Qwortle board")
        held = qualifications.add(person.id, paper, by=person.id, now=now)
    qualifications.remove(held, by=boss.id, now=now, why="Zzyzx sent it twice")
    push.add(
        person.id,
        endpoint="https://push.example.org/zzyzx",
        key="k",
        auth="a",
        device="Firefox",
        now=now,
    )
    account = accounts.create_for(person, now)
    addresses.ask(account, "zzyzx@new.example.org", now=now)


def first_need(slot: Any) -> int:
    return session.scalars(select(Need.id).where(Need.slot_id == slot.id)).one()


def stood_in_slots(section: Any, person: Person, boss: Person, other: Person) -> None:
    """Places with reasons of every kind, theirs and others' that speak of them."""
    now = NOON - 7 * DAY
    same = {"title": f"With {WHO}", "place": f"At {WHO}'s", "note": f"Call {WHO}, {PHONE}"}
    early = a_shift(section, starts_at=NOON + 20 * DAY, **same)
    need = first_need(early)
    shift = a_shift(section, starts_at=early.ends_at + 2 * HOUR)
    for one, why in ((person, "Zzyzx agreed"), (other, "in place of Qwortle, who is ill")):
        a_participation(early, one)
        schedule.assign(
            shift.id, first_need(shift), one, by=boss.id, now=now, agreed=True, override=why
        )
    mine = session.scalars(
        select(Participation).where(
            Participation.person_id == person.id, Participation.slot_id == early.id
        )
    ).one()
    leaving.remove(mine, by=boss.id, now=now, why="Zzyzx cannot lift")
    again = schedule.assign(early.id, need, person, by=boss.id, now=now, agreed=True, override="x")
    leaving.leave(again, now=now, why="Zzyzx is ill")
    asked = a_shift(section, starts_at=NOON + 30 * DAY, signup=SignUp.REQUEST)
    requests.decline(
        schedule.join(asked.id, person, now=now), by=boss.id, now=now, why="No, Zzyzx, too late"
    )
    off = a_shift(section, starts_at=NOON + 40 * DAY)
    for one in (person, other):
        schedule.join(off.id, one, now=now)
    slots.cancel(off.id, by=boss.id, now=now, why="Zzyzx has the key and is ill")
    swapped(section, person, boss, other)
    done = a_shift(section, starts_at=NOON - 20 * DAY)
    place = a_participation(done, person)
    attendance.tick(place, True, by=boss.id, now=now)
    times = attendance.Times(done.starts, done.ends, False, "Zzyzx came late")
    attendance.by_hand(place, times, by=boss.id, now=now)
    a_session(a_course(section, title=f"{WHO}'s course", about=f"By {WHO}"), section)


def swapped(section: Any, person: Person, boss: Person, other: Person) -> None:
    """A swap that is done, asked by them, and one that a coordinator refuses with a reason."""
    now = NOON - 7 * DAY
    for days, done in ((50, True), (60, False)):
        mine = a_participation(
            a_shift(section, starts_at=NOON + days * DAY, swaps_asked=not done), person
        )
        theirs = a_participation(a_shift(section, starts_at=NOON + (days + 3) * DAY), other)
        swap = swaps.ask(mine.id, theirs.id, now=now)
        swaps.answer(swap.id, True, now=now)
        if not done:
            swaps.decide(swap.id, False, by=boss.id, now=now, why="Zzyzx is needed there")


def written_about(section: Any, person: Person, boss: Person, other: Person) -> None:
    """Mailings by them and of them, and what a mail server said."""
    now = NOON - 6 * DAY
    scope = scope_from(boss.id, {Role.ORGANIZER: frozenset({section.id})}, there_are=9)
    for by, said, q in (
        (boss, f"Thank {WHO}", ""),
        (person, "Yours, Zzyzx", ""),
        (boss, "", "zzyzx"),
    ):
        mailing = mailings.create(section.id, Chosen(q=q), by=by.id, now=now)
        if said:
            texts = {"en": {"subject": said, "body": f"{said} ({PHONE})"}}
            mailings.write(mailing.id, texts, section.id, by=by.id, now=now)
            sending.send(scope, mailing.id, None, by=by.id, now=now)
    application = Application(
        section_id=section.id,
        given_name="Ann",
        email="ann@example.org",
        email_key="ann@example.org",
        country="DE",
        why="Qwortle told me",
        availability_note="as Zzyzx can",
        consent_version="1",
        consented_at=now,
        sent_at=now,
        confirmed_at=now,
        stage=Stage.CONFIRMED,
    )
    session.add(application)
    session.flush()
    decisions.decline(application, "Zzyzx has no time for you", by=boss.id, now=now)
    other.availability_note = f"Comes with {WHO}"
    note = f"comes with {WHO}"
    away.add(other, date(2026, 9, 1), date(2026, 9, 2), note, by=other.id, now=now)


def test_no_word_in_any_table_says_who_it_was(
    section: Any, boss: Person, other: Person, mail: Any
) -> None:
    an_appointment(boss, section, Role.COORDINATOR)
    person = joined(section, boss)
    told_of(person, boss)
    stood_in_slots(section, person, boss, other)
    written_about(section, person, boss, other)
    section.contact = "Zzyzx@Qwortle.example.org"
    session.commit()
    deliver(NOON)  # in transactions of its own
    person = session.get_one(Person, person.id)
    for address in (person.email or "", "zzyzx@old.example.org"):
        for _time in range(2):
            mailboxes._refused(address, 1, f"no {address} here", NOON)
    session.commit()
    boss_clears = mailboxes.clear("zzyzx@old.example.org", by=boss.id, now=NOON)
    assert boss_clears
    mailboxes._refused("zzyzx@old.example.org", 1, "no zzyzx here", NOON)
    people.set_standing(person, Standing.LEFT, by=boss.id, now=NOON, why="Zzyzx moved away")
    session.commit()
    before = named()
    assert {
        ("trail", "why"),
        ("trail", "became"),
        ("participation", "override"),
        ("swap", "why"),
        ("letter", "about"),
        ("letter", "subject"),
        ("mailing", "texts"),
        ("mailing", "chosen"),
        ("mailing", "search"),
        ("application", "why"),
        ("application", "reason"),
        ("slot", "note"),
        ("course", "about"),
        ("section", "about"),
        ("away", "note"),
        ("qualification", "number"),
        ("mailbox", "words"),
    } <= before

    counts = {table.name: len(session.execute(select(table)).all()) for table in _kept()}
    erasing.erase(person, by=boss.id, now=NOON + DAY, why="Zzyzx asked for it by mail")
    session.commit()
    assert named() == set()
    # That it happened, who acted and when stays; only the entries of the erasure came.
    after = {table.name: len(session.execute(select(table)).all()) for table in _kept()}
    assert {name: after[name] - counts[name] for name in after if after[name] != counts[name]} == {
        "trail": 3  # archived, the section's address, erased
    }
    overruled = select(Participation.override).where(Participation.person_id == person.id)
    assert "…" in session.scalars(overruled).all()
    swap_letters = select(Letter.id).where(Letter.name == "swap-asked")
    assert session.scalars(swap_letters).all()
    attended = select(Participation.id).where(Participation.state == State.ATTENDED)
    assert len(session.scalars(attended).all()) == 1


def _kept() -> list[Any]:
    gone = {"account", "away", "qualification", "mailbox", "push_subscription"}
    return [table for table in Base.metadata.sorted_tables if table.name not in gone]


def test_whoever_has_the_same_name_or_a_word_of_it_keeps_theirs(section: Any, boss: Person) -> None:
    person = a_person(section, given_name="May", family_name="Berg")
    name_sake = a_person(section, given_name="May", family_name="Berg")
    shift = a_shift(section, title="May clean-up on the Berg", note="Ask May Bergmann")
    session.commit()
    erasing.erase(person, by=boss.id, now=NOON + timedelta(hours=1), why="asked for it")
    session.commit()
    session.expire_all()
    assert (name_sake.given_name, name_sake.family_name) == ("May", "Berg")
    assert (shift.title, shift.note) == ("May clean-up on the Berg", "Ask May Bergmann")
