"""What every page asks of the database: at most eight statements, the same for one row and many."""

import pytest

from brigades.access import Role
from brigades.audit import service as audit
from brigades.db import session
from brigades.mailings.models import Mailing
from brigades.outbox import service as outbox
from brigades.people.models import Away
from brigades.recruiting.models import Application, Stage
from brigades.schedule.models import Slot
from brigades.schedule.states import State
from tests import builders
from tests.access import routes
from tests.access.conftest import NOW
from tests.builders import DAY, HOUR
from tests.support.databases import ONE_DATABASE
from tests.support.statements import counted

pytestmark = pytest.mark.long
MOST = 8
MANY = 6


@ONE_DATABASE
def test_every_page_asks_at_most_eight_things_and_no_more_where_there_are_many_rows(
    app, world, enter
):
    readers = [enter(world.insider), enter(world.owner), enter(None)]
    one_more(world, 0)
    few = asked(app, world, readers)
    for number in range(1, MANY):
        one_more(world, number)
    many = asked(app, world, readers)
    assert few.keys() == many.keys()
    assert {at: number for at, number in few.items() if number > MOST} == {}
    grown = {at: (few[at], many[at]) for at in few if few[at] != many[at]}
    assert grown == {}


def asked(app, world, readers):
    """How many statements each GET route takes that one of the readers can open, by its address."""
    found = {}
    for rule in routes.walk(app, "GET"):
        at = routes.address(app, rule, world)
        for client in readers:
            with counted() as statements:
                answer = client.get(at)
            if answer.status_code == 200:
                found[rule.rule] = len(statements)
                break
    return found


def one_more(world, number):
    """Another row of everything that lists show, beside what the world has."""
    section = builders.a_section(world.a, slug=f"branch-{number}", name=f"Branch {number}")
    person = builders.a_person(
        world.a, "carpentry", "nursing", languages={"ar": "C1", "fr": "B2"}, phone="+4915112345678"
    )
    builders.an_account(person)
    builders.an_appointment(person, section, Role.COORDINATOR)
    builders.an_appointment(person, world.a, Role.TRAINER)
    kind = builders.a_kind(f"Kind {number}")
    builders.a_qualification(person, kind, verified_on=None)
    builders.a_qualification(world.owner, kind)
    course = builders.a_course(world.a, title=f"Course {number}", grants_id=kind.id)
    for days in (-3, 4):
        at = NOW + days * DAY + number * HOUR
        shift = builders.a_shift(world.a, starts_at=at, needs=[builders.a_need(most=40)])
        held = builders.a_session(course, world.a, starts_at=at + HOUR)
        for slot in (shift, held):
            builders.a_participation(slot, person)
            builders.a_participation(
                slot, world.owner, State.ATTENDED if days < 0 else State.CONFIRMED
            )
    for place in (world.shift_place, world.training_place):
        state = State.REQUESTED if number % 2 else State.CONFIRMED
        slot = session.get_one(Slot, place.slot_id)
        builders.a_participation(slot, person, state, need_id=place.need_id)
    rest_of(world, person, number)
    session.commit()


def rest_of(world, person, number):
    """An application, a mailing, letters, days away and what the trail says."""
    email = f"applies-{number}@example.org"
    session.add(
        Application(
            section_id=world.a.id,
            given_name="Another",
            family_name="Applicant",
            email=email,
            email_key=email,
            country="DE",
            why="",
            consent_version="1",
            consented_at=NOW,
            stage=Stage.CONFIRMED,
            sent_at=NOW,
            confirmed_at=NOW,
        )
    )
    session.add(
        Mailing(
            section_id=world.a.id,
            by_id=person.id,
            texts={"en": {"subject": "News", "body": "Words"}},
            search="news",
            made_at=NOW,
            changed_at=NOW,
        )
    )
    first = (NOW + (60 + number) * DAY).date()
    for one in (person, world.owner):
        session.add(Away(person_id=one.id, first_day=first, last_day=first, note=""))
        key = f"walk:{number}:{one.id}"
        outbox.post("password-changed", to=one, about={"at": NOW.isoformat()}, key=key, now=NOW)
    for about in (
        {"person_id": world.owner.id},
        {"slot_id": world.shift.id},
        {"slot_id": world.training.id},
        {"application_id": world.application.id},
    ):
        audit.record("walk", by=person.id, at=NOW, why="", section_id=world.a.id, **about)
