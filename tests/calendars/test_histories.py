"""Mails and feeds over any history of a place agree, and no calendar shows a place twice."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from brigades.clock import to_wall
from brigades.db import session, unit
from brigades.outbox.delivery.delivering import deliver
from brigades.people.models import Person
from brigades.schedule import finding, slots
from brigades.schedule import service as schedule
from brigades.schedule.models import Need, Participation, Slot
from brigades.schedule.moves import Refused
from brigades.schedule.states import COMMITTED, HOLDING, State
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.calendars.programs import Program, read_feed
from tests.support.databases import ONE_DATABASE

STEP = timedelta(minutes=7)
# How somebody may lose a place by themselves: no mail says so, and their calendar is theirs.
BY_SELF = frozenset({State.WITHDRAWN, State.DECLINED})


@dataclass
class Story:
    """A shift with one place, the person whose calendar is watched, another, and a coordinator."""

    app: Any
    mail: Any
    slot_id: int
    person: int
    other: int
    boss: int
    program: Program
    now: datetime = NOON
    read: int = 0
    told: list[str] = field(default_factory=list)

    def do(self, name: str) -> None:
        """One step, and what was refused is no step."""
        self.now += STEP
        self.told.append(name)
        try:
            with unit():
                STEPS[name](self)
        except Refused:
            pass

    def live(self, person_id: int | None = None) -> Participation | None:
        return finding.live_place(self.slot_id, person_id or self.person)

    def newest(self) -> Participation | None:
        return session.scalars(
            select(Participation)
            .where(Participation.person_id == self.person)
            .order_by(Participation.round.desc())
        ).first()

    def deliver(self) -> None:
        """The worker comes by, and the program takes in what came."""
        while deliver(self.now):
            pass
        letters = self.mail.to(self.program.address)
        for got in letters[self.read :]:
            self.program.receive(got.message)
        self.read = len(letters)

    def look(self) -> None:
        """What the program shows is what is true, and the feed says the same."""
        session.expire_all()
        place, slot = self.newest(), session.get_one(Slot, self.slot_id)
        with time_machine.travel(self.now, tick=False):
            answer = self.app.test_client().get("/calendar/watched.ics")
        feed = read_feed(answer.text)
        shown = {uid: one for uid, one in feed.items() if one.status != "CANCELLED"}
        live = self.program.live
        assert len(self.program.kept) <= 1, self.told
        assert feed.keys() <= (self.program.kept.keys() or feed.keys()), self.told
        if place is not None and place.state in HOLDING:
            assert place.state in COMMITTED
            [uid] = shown
            assert live[uid] == shown[uid], self.told
            assert shown[uid].starts == slot.starts_at
        else:
            assert not shown, self.told
            if place is not None and place.state not in BY_SELF:
                assert not live, self.told


def _assign(story: Story) -> None:
    if story.live() is None:
        need = session.scalars(select(Need).where(Need.slot_id == story.slot_id)).one()
        person = session.get_one(Person, story.person)
        schedule.assign(story.slot_id, need.id, person, by=story.boss, now=story.now)


def _join(story: Story) -> None:
    schedule.join(story.slot_id, session.get_one(Person, story.person), now=story.now)


def _of_live(act: Callable[[Story, Participation], Any]) -> Callable[[Story], None]:
    def step(story: Story) -> None:
        if place := story.live():
            act(story, place)

    return step


def _other(story: Story) -> None:
    if place := story.live(story.other):
        schedule.leave(place, now=story.now)
    else:
        schedule.join(story.slot_id, session.get_one(Person, story.other), now=story.now)


def _move(story: Story) -> None:
    slot = schedule.lock(story.slot_id)
    slot.starts_local += HOUR
    slot.ends_local += HOUR
    _changed(story, slot, moved=True)


def _rename(story: Story) -> None:
    slot = schedule.lock(story.slot_id)
    slot.title = f"Named anew at {to_wall(story.now, 'UTC').local:%d %H:%M}"
    _changed(story, slot, moved=True)


def _changed(story: Story, slot: Slot, *, moved: bool) -> None:
    slot.derive_instants()
    slots.changed(slot, by=story.boss, now=story.now, was="", became="", moved=moved)


def _lapse(story: Story) -> None:
    story.now += 2 * DAY
    schedule.lapse_offers(story.now)


STEPS: dict[str, Callable[[Story], None]] = {
    "assign": _assign,
    "join": _join,
    "accept": _of_live(lambda s, place: schedule.answer(place, True, now=s.now)),
    "decline": _of_live(lambda s, place: schedule.answer(place, False, now=s.now)),
    "leave": _of_live(lambda s, place: schedule.leave(place, now=s.now)),
    "remove": _of_live(lambda s, place: schedule.remove(place, by=s.boss, now=s.now, why="")),
    "other": _other,
    "move": _move,
    "rename": _rename,
    "lapse": _lapse,
    "cancel": lambda s: slots.cancel(s.slot_id, by=s.boss, now=s.now, why="storm"),
}


@pytest.fixture
def story(app: Any, mail: Any) -> Story:
    section = b.a_section(contact="berlin@example.org")
    shift = b.a_shift(section, starts_at=NOON + 90 * DAY, needs=[b.a_need(most=1)], title="Roof")
    person = b.a_person(section, calendar_secret="watched")
    other, boss = b.a_person(section), b.a_person(section)
    return Story(app, mail, shift.id, person.id, other.id, boss.id, Program(str(person.email)))


def test_offered_confirmed_moved_given_up_joined_again_cancelled(story: Story) -> None:
    numbers = []
    for name in ("assign", "accept", "move", "leave", "join", "cancel"):
        story.do(name)
        story.deliver()
        story.look()
        numbers += [one.sequence for one in story.program.kept.values()]
    assert numbers == sorted(numbers)
    [entry] = story.program.kept.values()
    assert entry.status == "CANCELLED"
    assert len(set(numbers)) == 6  # each brings a mail, giving up by oneself too


def test_taken_off_and_back_before_the_mail_went_leaves_one_event(story: Story) -> None:
    for name in ("join", "deliver", "remove", "join", "deliver"):
        if name == "deliver":
            story.deliver()
        else:
            story.do(name)
    story.look()
    assert [one.status for one in story.program.kept.values()] == ["CONFIRMED"]


def test_who_gave_up_and_only_waits_now_is_not_shown_as_coming(story: Story) -> None:
    for name in ("join", "leave", "other", "join"):
        story.do(name)
        story.deliver()
    story.look()
    assert [one.status for one in story.program.kept.values()] == ["CANCELLED"]


def test_who_only_ever_waited_hears_of_no_cancellation(story: Story) -> None:
    for name in ("other", "join", "leave", "join"):
        story.do(name)
        story.deliver()
    assert story.read == 2
    assert story.program.kept == {}


@ONE_DATABASE
@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_in_whatever_order(story: Story, seed: int) -> None:
    chance = random.Random(seed)
    names = [name for name in STEPS if name != "cancel"]
    for _ in range(14):
        story.do(chance.choice(names))
        if chance.random() < 0.6:
            story.deliver()
            story.look()
    story.do("cancel")
    story.deliver()
    story.look()
