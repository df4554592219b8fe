"""A section of two hundred people whose month passes round by round, with every mail kept."""

from collections import Counter, defaultdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from brigades import worker
from brigades.access import Role
from brigades.clock import HOUR, MINUTE, to_wall
from brigades.db import session, unit
from brigades.outbox.models import Letter, Pass
from brigades.schedule import attendance, slots
from brigades.schedule import service as schedule
from brigades.schedule.models import Participation, Slot, Status
from tests import builders as b
from tests.support.smtp import Sink

BERLIN = ZoneInfo("Europe/Berlin")
LANGUAGES = ("en", "de", "ar")
ROUND = 3 * HOUR  # between two rounds of the worker


def at(day: int, hour: int = 9) -> datetime:
    """An hour of a day of October 2026 on the section's wall, as an instant."""
    return datetime(2026, 10, day, hour, tzinfo=BERLIN).astimezone(UTC)


class Month:
    """Who there is, what they do, what the worker does meanwhile, and who got which letter."""

    def __init__(self, mail: Sink, people: int) -> None:
        self.mail = mail
        self.now = at(1, 10)
        self.down_from = self.down_until = self.now
        self.top = b.a_section(name="International", contact="office@example.org")
        self.section = b.a_section(self.top, name="Berlin", contact="berlin@example.org")
        self.organizer = b.a_person(self.top, given_name="Omar", family_name="")
        self.coordinator = b.a_person(self.section, given_name="Cora", family_name="")
        self.deputy = b.a_person(self.section, given_name="Dina", family_name="")
        self.trainer = b.a_person(self.section, given_name="Tarik", family_name="")
        b.an_appointment(self.organizer, self.top, Role.ORGANIZER)
        b.an_appointment(self.coordinator, self.section, Role.COORDINATOR)
        b.an_appointment(self.deputy, self.section, Role.COORDINATOR, deputy=True)
        self.people = [
            b.a_person(
                self.section,
                given_name="Volunteer",
                family_name=str(number),
                locale=LANGUAGES[number % len(LANGUAGES)],
            )
            for number in range(people)
        ]

    def shift(self, day: int, *, hour: int = 9, hours: int = 4, **need: int) -> int:
        """A published shift; returns its id."""
        needs = [b.a_need(**need)]
        starts_at = at(day, hour)
        made = b.a_shift(
            self.section,
            starts_at=starts_at,
            hours=hours,
            needs=needs,
            created_at=self.now,
            changed_at=self.now,
        )
        return int(made.id)

    def training(self, day: int, *, hour: int, most: int) -> int:
        """A published session that Tarik holds."""
        course = b.a_course(self.section)
        made = b.a_session(
            course,
            self.section,
            starts_at=at(day, hour),
            needs=[b.a_need(most=most)],
            trainer_id=self.trainer.id,
            created_at=self.now,
            changed_at=self.now,
        )
        return int(made.id)

    def join(self, slot_id: int, *numbers: int) -> None:
        """These volunteers sign up, one after another."""
        for number in numbers:
            with unit():
                schedule.join(slot_id, session.merge(self.people[number]), now=self.now)

    def leave(self, slot_id: int, number: int) -> None:
        """A volunteer gives the place up."""
        with unit():
            schedule.leave(self._place(slot_id, number), now=self.now)

    def accept(self, slot_id: int, number: int) -> None:
        """A volunteer takes what was offered."""
        with unit():
            schedule.answer(self._place(slot_id, number), True, now=self.now)

    def move(self, slot_id: int, day: int, hour: int = 9) -> None:
        """The coordinator moves a slot; it keeps its length."""
        with unit():
            slot = schedule.lock(slot_id)
            length = slot.ends_at - slot.starts_at
            slot.starts_local = to_wall(at(day, hour), slot.zone).local
            slot.ends_local = to_wall(at(day, hour) + length, slot.zone).local
            slot.derive_instants()
            slots.changed(slot, by=self.coordinator.id, now=self.now, was="", became="", moved=True)

    def cancel(self, slot_id: int) -> None:
        """The coordinator calls a slot off."""
        with unit():
            slots.cancel(slot_id, by=self.coordinator.id, now=self.now, why="no material")

    def worker_is_down(self, until: datetime) -> None:
        """From now on nothing runs until then."""
        self.down_from, self.down_until = self.now, until

    def until(self, moment: datetime) -> None:
        """Let the hours pass, with rounds of the worker; who came is ticked when it is over."""
        while self.now < moment:
            self.now += ROUND
            self._tick()
            if not self.down_from < self.now < self.down_until:
                self._ran_meanwhile()
                assert worker.once(self.now)

    def got(self) -> dict[str, Counter[str]]:
        """The letters that came to each address, by name."""
        names = dict(session.execute(select(Letter.message_id, Letter.name)).tuples().all())
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for letter in self.mail.received:
            [address] = letter.recipients
            found[address][names[letter.message["Message-ID"]]] += 1
        return dict(found)

    def _place(self, slot_id: int, number: int) -> Participation:
        return session.scalars(
            select(Participation)
            .where(
                Participation.slot_id == slot_id,
                Participation.person_id == self.people[number].id,
            )
            .order_by(Participation.round.desc())
        ).first()

    def _ran_meanwhile(self) -> None:
        """Rounds between two of ours, with nothing to do; not where the worker was down."""
        if self.now != self.down_until:
            with unit():
                session.execute(update(Pass).values(ended_at=self.now - MINUTE))

    def _tick(self) -> None:
        over = select(Slot.id).where(
            Slot.ends_at <= self.now,
            Slot.ends_at > self.now - ROUND,
            Slot.status == Status.PUBLISHED,
        )
        with unit():
            for slot_id in session.scalars(over).all():
                attendance.everybody(slot_id, by=self.coordinator.id, now=self.now)
