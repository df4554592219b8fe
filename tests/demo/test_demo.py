"""The demo is a believable organisation that holds to the product's own rules."""

import itertools
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from brigades import demo
from brigades.accounts import service as accounts
from brigades.clock import DAY, hours_between
from brigades.db import session
from brigades.mailings.models import Mailing
from brigades.mailings.progress import DONE, far, stage_of
from brigades.outbox.models import Fate, Letter
from brigades.people.models import Away, Person
from brigades.qualifications.models import Kind, Qualification
from brigades.recruiting.models import Application, Stage
from brigades.schedule.models import Need, Participation, Slot, SlotPaper, Status
from brigades.schedule.states import COMMITTED, HOLDING, State
from brigades.sections.models import Section
from brigades.shifts.models import Shift
from brigades.trainings.models import Course, Session
from tests.builders import NOON

pytestmark = pytest.mark.long


def count(model: type, *conditions: object) -> int:
    query = select(func.count()).select_from(model)
    return session.scalar(query.where(*conditions)) or 0  # type: ignore[arg-type]


def test_the_demo_holds_what_it_promises(app: Flask, tmp_path: Path):
    password = demo.load(NOON, "Open Hands", tmp_path)  # takes seconds: loaded once for all
    session.commit()
    it_is_as_large_and_as_varied_as_promised()
    every_rule_has_somebody_whom_it_is_about()
    one_shift_stands_on_the_night_when_the_clocks_change()
    nothing_is_oversold_and_nobody_is_in_two_places()
    one_mailing_arrived_and_one_is_a_draft()
    the_five_sign_ins_open_with_the_one_password(password)
    it_loads_into_an_empty_database_only_and_writes_to_nobody(tmp_path)


def it_is_as_large_and_as_varied_as_promised() -> None:
    assert count(Section) == 9
    assert count(Person) == 150
    names = session.execute(select(Person.given_name, Person.family_name)).all()
    assert len(set(names)) == 150
    assert (count(Course), count(Session), count(Shift)) == (6, 12, 40)
    statuses = set(session.scalars(select(Slot.status)))
    assert statuses == set(Status)
    states = set(session.scalars(select(Participation.state)))
    assert {
        State.CONFIRMED,
        State.OFFERED,
        State.WAITLISTED,
        State.ATTENDED,
        State.ABSENT,
        State.DECLINED,
        State.WITHDRAWN,
        State.CANCELLED,
    } <= states
    assert count(Application, Application.stage == Stage.CONFIRMED) >= 3
    today = NOON.date()
    soon = Qualification.valid_until.between(today, today + 90 * DAY)
    assert count(Qualification, soon) >= 3


def every_rule_has_somebody_whom_it_is_about() -> None:
    adult = NOON.date().replace(year=NOON.year - 18)
    minors = session.scalars(select(Person).where(Person.born > adult)).all()
    assert {minor.guardian_consent_on is None for minor in minors} == {True, False}
    assert count(Person, Person.weekdays != "") == 1
    assert count(Away, Away.last_day > NOON.date()) == 2
    assert count(Slot, Slot.with_children) == 3
    assert count(Kind, Kind.safeguarding) == 1
    assert count(Kind, Kind.travel, Kind.months_past_end == 6) == 1
    assert count(SlotPaper) == 1
    assert count(Participation, Participation.state == State.REQUESTED) >= 1


def one_shift_stands_on_the_night_when_the_clocks_change() -> None:
    lengths = {
        shift.title: hours_between(shift.starts_at, shift.ends_at)
        - (shift.ends_local - shift.starts_local).total_seconds() / 3600
        for shift in session.scalars(select(Shift))
    }
    assert [title for title, odd in lengths.items() if odd] == ["Night watch, depot"]


def nothing_is_oversold_and_nobody_is_in_two_places() -> None:
    held = (
        select(Participation.need_id, func.count().label("held"))
        .where(Participation.state.in_(HOLDING))
        .group_by(Participation.need_id)
        .subquery()
    )
    over = select(Need.id).join(held, held.c.need_id == Need.id).where(held.c.held > Need.most)
    assert session.scalars(over).all() == []
    places = session.execute(
        select(Participation.person_id, Slot.starts_at, Slot.ends_at)
        .join(Slot, Slot.id == Participation.slot_id)
        .where(Participation.state.in_(COMMITTED))
        .order_by(Participation.person_id, Slot.starts_at)
    ).all()
    for one, other in itertools.pairwise(places):
        assert one.person_id != other.person_id or one.ends_at <= other.starts_at


def one_mailing_arrived_and_one_is_a_draft() -> None:
    sent, draft = session.scalars(select(Mailing).order_by(Mailing.id))
    how_far = far([sent.id], NOON)[sent.id]
    assert stage_of(sent, how_far) == DONE
    assert (how_far.failed, how_far.dropped, how_far.open) == (1, 1, 0)
    assert how_far.sent >= 20
    assert count(Letter) == how_far.total
    assert count(Letter, Letter.subject.like("%{%")) == 0
    subjects = select(Letter.subject).where(Letter.fate == Fate.SENT)
    assert len(set(session.scalars(subjects))) > 10
    assert (draft.stage, draft.kind) == ("draft", "place")


def the_five_sign_ins_open_with_the_one_password(password: str) -> None:
    for name in ("volunteer", "coordinator", "organizer", "trainer", "admin"):
        assert accounts.authenticate(f"{name}@example.org", password, now=NOON), name


def it_loads_into_an_empty_database_only_and_writes_to_nobody(tmp_path: Path) -> None:
    assert count(Letter, Letter.fate == Fate.WAITING) == 0
    with pytest.raises(ValueError, match="not empty"):
        demo.load(NOON, "Open Hands", tmp_path)
