"""Qualifications judged for slots: who may come, and who is found."""

from datetime import UTC, date, datetime

from brigades.db import session
from brigades.people.listing import Asked, people
from brigades.qualifications import service
from brigades.qualifications.words import of_person
from brigades.schedule import facts, people_facts
from brigades.schedule.rules import Code, refusals
from brigades.schedule.service import judge, lock
from brigades.sections import service as sections
from tests.builders import (
    NOON,
    a_kind,
    a_need,
    a_person,
    a_qualification,
    a_section,
    a_shift,
    an_appointment,
)

TODAY = datetime(2026, 8, 1, 9, tzinfo=UTC)


def reasons(shift, person, now, by_self=True):
    judged = judge(lock(shift.id), person)
    return [
        (reason.code, reason.on, reason.blocks)
        for reason in judged.refusals(judged.facts.needs[0], now, by_self=by_self)
    ]


def test_an_expired_certificate_stands_in_nobodys_way_to_be_refused(app):  # QUAL-01
    section, kind = a_section(), a_kind("First aid")
    person = a_person(section)
    a_qualification(person, kind, valid_until=date(2026, 4, 30))
    shift = a_shift(
        section,
        starts_at=datetime(2026, 5, 2, 6, tzinfo=UTC),
        needs=[a_need(kind_id=kind.id, least=1, most=3)],
    )
    now = datetime(2026, 4, 1, tzinfo=UTC)
    refused = [(Code.QUALIFICATION_EXPIRES, date(2026, 4, 30), True)]
    assert reasons(shift, person, now) == refused
    assert reasons(shift, person, now, by_self=False) == refused


def test_an_expired_certificate_stays_listed_and_says_so(app):  # QUAL-01
    person, kind = a_person(a_section()), a_kind("First aid")
    a_qualification(person, kind, valid_until=date(2026, 4, 30))
    with app.test_request_context():
        (card,) = of_person(person.id, datetime(2026, 5, 2, tzinfo=UTC))
    assert "expired on" in card.validity.text
    assert "30" in card.validity.text


def test_who_is_searched_by_qualification_holds_it_on_that_day(app):  # QUAL-01
    section, aid = a_section(), a_kind("First aid")
    medic = a_kind("Paramedic", aid)
    lapsed, lasting, unchecked, wider = (a_person(section) for _ in range(4))
    a_qualification(lapsed, aid, valid_until=date(2026, 4, 30))
    a_qualification(lasting, aid)
    a_qualification(unchecked, aid, verified_on=None)
    a_qualification(wider, medic, valid_until=date(2026, 5, 2))
    from brigades.access import Can, Role

    chief = a_person(section)
    an_appointment(chief, section, Role.COORDINATOR)
    scope = sections.scope_of(chief.id, section.id, date(2026, 5, 2)).using(Can.SEE_PEOPLE)
    ask = Asked(others={"qualification": str(aid.id)})
    found = session.scalars(people(scope, ask, date(2026, 5, 2))).all()
    assert {person.id for person in found} == {lasting.id, wider.id}
    assert not session.scalars(
        people(scope, Asked(others={"qualification": "x"}), date(2026, 5, 2))
    ).all()


def test_a_certificate_must_hold_to_the_end_of_the_slot_in_its_zone(app):  # QUAL-03
    section, kind = a_section(zone="Asia/Gaza"), a_kind("First aid")
    person = a_person(section)
    a_qualification(person, kind, valid_until=date(2026, 9, 30))

    def shift(start, end):
        return a_shift(
            section,
            starts_at=start,
            ends_at=end,
            needs=[a_need(kind_id=kind.id, least=1, most=3)],
        )

    # Gaza is at UTC+3 in these days: 08:00 is 05:00 UTC, midnight is 21:00 UTC.
    day = shift(datetime(2026, 9, 30, 5, tzinfo=UTC), datetime(2026, 9, 30, 13, tzinfo=UTC))
    night = shift(datetime(2026, 9, 30, 17, tzinfo=UTC), datetime(2026, 10, 1, 5, tzinfo=UTC))
    after = shift(datetime(2026, 10, 1, 5, tzinfo=UTC), datetime(2026, 10, 1, 13, tzinfo=UTC))
    to_midnight = shift(
        datetime(2026, 9, 30, 14, tzinfo=UTC), datetime(2026, 9, 30, 21, tzinfo=UTC)
    )
    refused = [(Code.QUALIFICATION_EXPIRES, date(2026, 9, 30), True)]
    assert reasons(day, person, TODAY) == []
    assert reasons(to_midnight, person, TODAY) == []
    assert reasons(night, person, TODAY) == refused
    assert reasons(after, person, TODAY) == refused


def test_what_a_wider_kind_includes_counts_as_held(app):
    section, aid = a_section(), a_kind("First aid")
    medic = a_kind("Paramedic", aid)
    person = a_person(section)
    a_qualification(person, medic)
    shift = a_shift(section, needs=[a_need(kind_id=aid.id, least=1, most=1)])
    held = people_facts.facts_between([person], NOON, NOON)[person.id]
    needed = facts.facts_of([shift])[0]
    assert list(refusals(needed, needed.needs[0], held, NOON)) == []


def test_what_somebody_adds_for_themselves_counts_once_somebody_else_verified_it(app):
    section, kind = a_section(), a_kind("First aid", months=12)
    person, checker = a_person(section), a_person(section)
    paper = service.Paper(kind.id, date(2026, 6, 1))
    held = service.add(person.id, paper, by=person.id, now=NOON, verified=True)
    assert held.valid_until == date(2027, 6, 1)
    shift = a_shift(section, needs=[a_need(kind_id=kind.id, least=1, most=1)])
    assert [code for code, *_ in reasons(shift, person, NOON)] == [Code.QUALIFICATION_UNVERIFIED]
    assert service.verify(held, by=person.id, now=NOON) is False
    assert service.verify(held, by=checker.id, now=NOON) is True
    session.commit()
    assert reasons(shift, person, NOON) == []
