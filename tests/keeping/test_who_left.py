"""Who left is told, can ask to be kept, and is erased once their time has come, unless …"""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select

from brigades.access import Role
from brigades.audit.models import Entry
from brigades.clock import to_wall
from brigades.db import session, unit
from brigades.keeping import daily, holding, leaving, service
from brigades.keeping.leavers import leavers
from brigades.keeping.models import Farewell
from brigades.keeping.rules import Against, Ground, Keep, Leaver
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Fate, Letter
from brigades.people import service as people
from brigades.people.models import Membership, Person, Standing
from brigades.recruiting.models import Application, Stage
from brigades.schedule.states import State
from tests.builders import (
    DAY,
    NOON,
    a_course,
    a_participation,
    a_person,
    a_section,
    a_session,
    a_shift,
    an_account,
    an_appointment,
)

KEEP = Keep(members=1095, children=3650)
LEFT = NOON - 1100 * DAY  # so their time is over


@pytest.fixture
def section(app: Any) -> Any:
    return a_section(a_section())


def who_left(section: Any, at: Any = LEFT, **given: Any) -> Person:
    person = a_person(section, **{"given_name": "Rosa", "family_name": "Lang"} | given)
    membership = session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
    membership.since = at.date() - timedelta(days=400)
    people.set_standing(person, Standing.LEFT, by=None, now=at, why="")
    session.commit()
    return person


def passed(now: Any) -> dict[str, int]:
    """One night; what was loaded is read anew."""
    session.rollback()
    gone = daily.take_away(now)
    session.expire_all()
    return gone


def erased(person: Person) -> bool:
    (id,) = inspect(person).identity
    return session.scalars(select(Person.erased_on).where(Person.id == id)).one() is not None


# Pure rules.


def a_leaver(**given: Any) -> Leaver:
    return Leaver(**{"person_id": 1, "left_on": date(2023, 6, 1)} | given)


def test_their_time_is_over_after_the_period_and_30_days_after_they_were_told():
    keep, over = Keep(members=365, children=730), date(2024, 5, 31)
    assert a_leaver().planned(keep) == over
    assert a_leaver().goes_on(keep, date(2024, 1, 1)) == over
    assert a_leaver().goes_on(keep, date(2026, 1, 1)) == date(2026, 1, 31)
    told = a_leaver(told_for=over, told_on=over)
    assert told.goes_on(keep, date(2026, 1, 1)) == over + timedelta(days=30)
    assert told.to_tell(keep, date(2026, 1, 1)) is None
    # Told of another day: the period is another one by now, so they are told again.
    other = a_leaver(told_for=date(2024, 1, 1), told_on=date(2024, 1, 1))
    assert other.to_tell(keep, date(2026, 1, 1)) == over
    assert other.goes_on(keep, date(2026, 1, 1)) == date(2026, 1, 31)


def test_who_was_there_for_children_or_is_held_back_is_kept_as_long_as_that_says():
    keep = Keep(members=365, children=730)
    with_children = a_leaver(children_on=date(2023, 5, 1))
    assert with_children.planned(keep) == date(2025, 4, 30)
    assert a_leaver(children_on=date(2020, 1, 1)).planned(keep) == date(2024, 5, 31)
    assert with_children.planned(Keep(members=365, children=0)) is None
    assert a_leaver(kept_until=date(2030, 1, 1)).planned(keep) == date(2030, 1, 2)
    assert a_leaver().planned(Keep(members=0)) is None
    assert a_leaver(against=frozenset({Against.ROLE})).goes_on(keep, date(2030, 1, 1)) is None


# The night.


def test_they_get_one_letter_and_are_erased_30_days_later_at_once(section, mail):
    person = who_left(section, email="rosa@example.org")
    assert passed(NOON) == {}
    assert passed(NOON + DAY) == {}
    deliver(NOON + DAY)
    (letter,) = mail.received
    assert letter.recipients == ("rosa@example.org",)
    assert "10 Jul 2026" in letter.subject and "Keep me for another year" in letter.text
    assert "All mail settings" not in letter.text + letter.html  # they cannot sign in any more
    assert passed(NOON + 29 * DAY) == {}
    assert not erased(person)
    assert passed(NOON + 30 * DAY) == {"members who left": 1}
    assert erased(person)
    entry = session.scalars(select(Entry).where(Entry.what == "person erased")).one()
    assert (entry.by_id, entry.why) == (None, "kept long enough")
    assert session.scalars(select(Farewell)).all() == []
    assert passed(NOON + 31 * DAY) == {}


def test_nobody_is_erased_while_the_letter_has_not_left(section):
    person = who_left(section)
    passed(NOON)
    assert session.scalars(select(Letter.fate)).one() is Fate.WAITING
    assert passed(NOON + 40 * DAY) == {}
    assert not erased(person)
    session.scalars(select(Letter)).one().fate = Fate.FAILED
    session.commit()
    assert passed(NOON + 41 * DAY)["members who left"] == 1


def test_who_has_no_address_is_kept_30_days_all_the_same(section):
    person = who_left(section, email=None)
    passed(NOON)
    assert session.scalars(select(Letter)).all() == []
    passed(NOON + 29 * DAY)
    assert not erased(person)
    passed(NOON + 30 * DAY)
    assert erased(person)


def test_what_stands_against_it_keeps_them_and_their_letter_back(section):
    def against(person: Person) -> set[Against]:
        return set(leavers([person.id], NOON)[person.id].against)

    free = who_left(section)
    assert against(free) == set()
    with_place = who_left(section)
    a_participation(a_shift(section), with_place)
    leads = who_left(section)
    a_session(a_course(section), section, trainer_id=leads.id)
    with_role = who_left(section)
    an_appointment(with_role, section, Role.ADMINISTRATOR)
    signs_in = who_left(section)
    an_account(signs_in)
    asked = who_left(section)
    session.add(Entry(what="data given out", at=NOON - 5 * DAY, person_id=asked.id))
    applies = who_left(section, email="again@example.org")
    session.add(
        Application(
            section_id=section.id,
            email="again@example.org",
            email_key="again@example.org",
            country="DE",
            consent_version="1",
            consented_at=NOON,
            sent_at=NOON,
            stage=Stage.CONFIRMED,
        )
    )
    session.commit()
    assert against(with_place) == against(leads) == {Against.PLACE}
    assert against(with_role) == {Against.ROLE}
    assert against(signs_in) == {Against.ACCOUNT}
    assert against(asked) == {Against.REQUEST}
    assert against(applies) == {Against.APPLICATION}
    alone = free.id
    passed(NOON)
    told = session.scalars(select(Letter.person_id).where(Letter.name == leaving.LETTER)).all()
    assert told == [alone]
    session.scalars(select(Letter)).one().fate = Fate.SENT
    session.commit()
    assert passed(NOON + 30 * DAY) == {"members who left": 1}
    gone = session.scalars(select(Person.id).where(Person.erased_on.is_not(None)))
    assert gone.all() == [alone]


def test_who_is_a_member_again_is_not_among_them_and_starts_anew_when_they_leave(section):
    person = who_left(section)
    passed(NOON)
    people.set_standing(person, Standing.ACTIVE, by=None, now=NOON + DAY, why="")
    session.commit()
    assert leavers([person.id], NOON + DAY) == {}
    assert passed(NOON + 31 * DAY) == {}
    people.set_standing(person, Standing.LEFT, by=None, now=NOON + 32 * DAY, why="")
    session.commit()
    facts = leavers([person.id], NOON + 32 * DAY)[person.id]
    assert facts.planned(KEEP) == (NOON + (32 + 1095) * DAY).date()


def test_who_was_there_for_children_is_kept_for_longer(section):
    person = who_left(section)
    with_children = a_shift(section, starts_at=LEFT - 30 * DAY, with_children=True)
    a_participation(with_children, person, State.ATTENDED)
    a_participation(
        a_shift(section, starts_at=LEFT - 20 * DAY, with_children=True), person, State.ABSENT
    )
    facts = leavers([person.id], NOON)[person.id]
    assert facts.children_on == to_wall(with_children.ends_at, "UTC").local.date()
    assert passed(NOON) == {}
    assert session.scalars(select(Letter)).all() == []


def test_a_killed_worker_has_erased_some_and_the_next_one_the_rest(section, monkeypatch):
    """And one who cannot be erased keeps nobody else."""
    some = [who_left(section, email=None) for _number in range(4)]
    passed(NOON)
    done, real = [], leaving.erasing.erase

    def erase(person: Person, **given: Any) -> None:
        if person.id == some[1].id:
            raise RuntimeError("cannot be")
        if len(done) == 2:
            raise KeyboardInterrupt
        real(person, **given)
        done.append(person.id)

    monkeypatch.setattr(leaving.erasing, "erase", erase)
    monkeypatch.setattr(leaving.log, "exception", lambda *_said: None)
    with pytest.raises(KeyboardInterrupt):
        passed(NOON + 30 * DAY)
    session.rollback()
    assert [erased(person) for person in some] == [True, False, True, False]
    monkeypatch.setattr(leaving.erasing, "erase", real)
    assert passed(NOON + 30 * DAY + daily.LEASE) == {"members who left": 2}
    assert all(map(erased, some))
    told = select(Entry).where(Entry.what == "person erased")
    assert len(session.scalars(told).all()) == 4


def test_many_go_in_several_turns(section, monkeypatch):
    for _number in range(3):
        who_left(section, email=None)
    passed(NOON)
    monkeypatch.setattr(leaving, "MOST", 2)
    monkeypatch.setattr(
        leaving.erase, "__kwdefaults__", {**leaving.erase.__kwdefaults__, "most": 2}
    )
    at = NOON + 30 * DAY
    assert passed(at) == {"members who left": 2}
    assert passed(at + daily.LEASE) == {"members who left": 1}


def test_what_they_did_still_counts_by_section_need_and_month(section):
    person = who_left(section, email=None)
    shift = a_shift(section, starts_at=LEFT - 30 * DAY)
    place = a_participation(shift, person, State.ATTENDED)
    passed(NOON)
    passed(NOON + 30 * DAY)
    kept = session.get_one(type(place), place.id)
    assert (kept.state, kept.slot_id, kept.need_id) == (State.ATTENDED, shift.id, place.need_id)
    assert session.get_one(Person, kept.person_id).name == f"№ {person.id}"


# Held back.


def test_an_organizer_holds_somebody_back_and_lets_them_go(section):
    boss, person = a_person(section), who_left(section, email=None)
    until = (NOON + 100 * DAY).date()
    holding.hold_back(person, until, Ground.INQUIRY, "a complaint", by=boss.id, now=NOON)
    session.commit()
    assert passed(NOON) == {} and passed(NOON + 69 * DAY) == {}
    entry = session.scalars(select(Entry).where(Entry.what == "kept longer")).one()
    assert (entry.by_id, entry.became, entry.why) == (
        boss.id,
        f"{until.isoformat()}, inquiry",
        "a complaint",
    )
    assert holding.let_go(person, by=boss.id, now=NOON + 70 * DAY)
    assert not holding.let_go(person, by=boss.id, now=NOON + 70 * DAY)
    session.commit()
    assert passed(NOON + 70 * DAY) == {}
    assert passed(NOON + 100 * DAY) == {"members who left": 1}


def test_nobody_is_held_back_for_ever(section):
    person = who_left(section)
    with pytest.raises(holding.TooLong):
        holding.hold_back(person, date(2100, 1, 1), Ground.OTHER, "", by=person.id, now=NOON)


def test_they_ask_to_be_kept_behind_the_link_of_their_mail(app, section, mail, monkeypatch):
    person = who_left(section, email="rosa@example.org")
    passed(NOON)
    deliver(NOON)
    monkeypatch.setattr("brigades.clock.now", lambda: NOON + DAY)
    (letter,) = mail.received
    address = re.search(r"http://localhost(/\S+)", letter.text)[1]  # the first one
    client = app.test_client()
    page = client.get(address)
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    assert "Keep me for another year" in page.text
    assert session.get_one(Farewell, person.id).kept_until is None  # looking changes nothing
    for _twice in range(2):
        assert (
            "10 Jun 2027" in client.post(address).text or "11 Jun 2027" in client.post(address).text
        )
    assert session.get_one(Farewell, person.id).kept_until == (NOON + 366 * DAY).date()
    kept = session.scalars(select(Entry).where(Entry.what == "kept longer")).all()
    assert [entry.by_id for entry in kept] == [person.id]
    assert passed(NOON + 40 * DAY) == {}
    session.get_one(Person, person.id).email = "other@example.org"
    session.get_one(Person, person.id).refresh_keys()
    assert client.get(address).status_code == 404
    assert client.get("/stay/nothing").status_code == 404


def test_a_letter_that_no_longer_holds_is_dropped(section, mail):
    person = who_left(section)
    passed(NOON)
    until = (NOON + 100 * DAY).date()
    with unit():
        held = session.get_one(Person, person.id)
        holding.hold_back(held, until, Ground.ASKED, "", by=held.id, now=NOON)
    deliver(NOON)
    assert len(mail.received) == 0
    assert session.scalars(select(Letter.fate)).one() is Fate.DROPPED


def test_for_ever_is_a_setting_too(section):
    person = who_left(section)
    service.use(Keep(members=0))
    try:
        passed(NOON)
        passed(NOON + 60 * DAY)
    finally:
        service.use(Keep())
    assert not erased(person) and session.scalars(select(Letter)).all() == []


def test_of_two_workers_who_found_the_same_people_one_erases_them(section, monkeypatch):
    """The second looks again under the lock."""
    person = who_left(section, email=None)
    passed(NOON)
    monkeypatch.setattr(leaving, "due", lambda _keep, _now: [person.id, person.id])
    assert leaving.erase(KEEP, NOON + 30 * DAY) == (1, True)
    assert leaving.erase(KEEP, NOON + 30 * DAY) == (0, True)
    told = select(Entry.id).where(Entry.what == "person erased")
    assert len(session.scalars(told).all()) == 1
