"""Courses, sessions and shifts, their needs, who is in them, the trail and the letters of it."""

from datetime import datetime, time, timedelta
from typing import Any

from bench.world.build import World
from bench.world.people import BODY, JOINERS, KINDS, LANGUAGES, MEASURED
from brigades.audit.models import Entry
from brigades.clock import Wall
from brigades.outbox.models import Fate, Letter
from brigades.people.levels import Level
from brigades.people.skills import TRADES
from brigades.schedule.models import Need, Participation, SignUp, Slot, Status
from brigades.schedule.states import HOLDING, State
from brigades.shifts.models import Shift
from brigades.trainings.models import Course, Session

IN_MEASURED = 90
SOON_IN_MEASURED = 60  # shifts of the next two weeks with places unfilled
PLACES = ("School yard", "Clinic, first floor", "Harbour warehouse", "Community hall", "Site 4")
COMING = (State.CONFIRMED, State.CONFIRMED, State.CONFIRMED, State.OFFERED, State.WAITLISTED)
ENDED = (State.ATTENDED, State.ATTENDED, State.ATTENDED, State.ABSENT, State.WITHDRAWN)
DEFAULTS: dict[str, Any] = {
    "online_url": "",
    "note": "Bring gloves and water. The lead meets you at the gate.",
    "starts_fold": 0,
    "ends_fold": 0,
    "signup": SignUp.OPEN,
    "waitlist": True,
    "signup_until": None,
    "sequence": 0,
    "moved_at": None,
}


def add_all(world: World) -> None:
    """Courses, then the slots of every section with their people."""
    for section in world.people:
        world.add(
            Course,
            section_id=section,
            title=f"First aid {section}",
            about="Two halves of a day, with practice in pairs.",
            grants_id=1,
            requires_id=None,
            archived=False,
        )
    crowd = _crowd(world)
    _measured(world, crowd)
    _mine(world)
    while world.count(Slot) < world.size.slots:
        number = world.count(Slot)
        section = BODY if number % 10 == 0 else 3 + number % (world.size.sections - 2)
        days = world.random.randrange(-60, 90)
        if number % 7 == 0:
            _session(world, section, days, next(crowd))
        else:
            _shift(world, section, days, next(crowd))
    _top_up(world)


def _crowd(world: World) -> Any:
    """How many people each slot gets, the fullest first: the visited ones; six on average."""
    each = world.size.participations // world.size.slots
    counts = [each] * world.size.slots
    for number in range(0, world.size.slots - 1, 2):
        moved = world.random.randrange(0, each)
        counts[number] -= moved
        counts[number + 1] += moved
    counts.sort(reverse=True)
    visited, others = counts[:4], counts[4:]
    world.random.shuffle(others)
    return iter(visited + others)


def _top_up(world: World) -> None:
    """A few more in the last slots, until there are as many as there should be."""
    needs = {row["slot_id"]: row["id"] for row in world.rows[Need.__table__]}
    slot, people = world.size.slots, world.people[world.size.sections]
    while (missing := world.size.participations - world.count(Participation)) > 0:
        taken = {
            row["person_id"]
            for row in world.rows[Participation.__table__]
            if row["slot_id"] == slot
        }
        for person in [one for one in people if one not in taken][: min(missing, 10)]:
            _participation(world, slot, person, State.WITHDRAWN, needs[slot])
        slot -= 1


def _mine(world: World) -> None:
    """The volunteer has places in some shifts that are coming."""
    volunteer = world.people[MEASURED][2]
    needs = {row["slot_id"]: row["id"] for row in reversed(world.rows[Need.__table__])}
    coming = [row["id"] for row in world.rows[Slot.__table__] if row["starts_at"] > world.now]
    for slot in coming[20:60:7]:
        _participation(world, slot, volunteer, State.CONFIRMED, needs[slot])


def _measured(world: World, crowd: Any) -> None:
    """The slots that are visited, and those around them in the same section."""
    random, marks = world.random, world.marks
    carpentry = {"trade": "carpentry"}, {"trade": "bricklaying"}, {"trade": "nursing"}
    marks.shift = _shift(world, MEASURED, 20, next(crowd), needs=carpentry)
    marks.board = _shift(world, MEASURED, 21, next(crowd), needs=carpentry)
    marks.session = _session(world, MEASURED, 22, next(crowd))
    marks.board_of_all = _shift(world, BODY, 23, next(crowd), needs=carpentry)
    marks.open_shift = _shift(world, MEASURED, 80, 0, needs=({"free": True},))
    for number in range(IN_MEASURED - 5):
        days = 1 + number % 13 if number < SOON_IN_MEASURED else random.randrange(-60, 70)
        if number % 10 == 9:
            _session(world, MEASURED, days, next(crowd))
        else:
            _shift(world, MEASURED, days, next(crowd))


def _shift(
    world: World, section: int, days: int, crowd: int, needs: tuple[dict[str, Any], ...] = ()
) -> int:
    random = world.random
    trade = random.choice(list(TRADES.values()))
    title = f"{str(trade.code).replace('-', ' ').capitalize()} at the {random.choice(PLACES)}"
    slot = _slot(world, "shift", section, days, title, hours=random.choice((4, 6, 8)))
    lead = random.choice(world.people[section][:12])
    world.rows[Shift.__table__].append({"id": slot, "lead_id": lead})
    chosen = needs or tuple(
        {"trade": random.choice(list(TRADES))} for _ in range(random.choice((1, 1, 2, 3)))
    )
    _fill(
        world,
        slot,
        section,
        days,
        crowd,
        [_need(world, slot, n, of) for n, of in enumerate(chosen)],
    )
    return slot


def _session(world: World, section: int, days: int, crowd: int) -> int:
    course = section if section <= world.count(Course) else 1
    slot = _slot(world, "session", section, days, f"First aid {section}", hours=4)
    trainer = world.people[section][1]
    world.rows[Session.__table__].append({"id": slot, "course_id": course, "trainer_id": trainer})
    _fill(world, slot, section, days, crowd, [_need(world, slot, 0, {"free": True})])
    return slot


def _slot(world: World, type: str, section: int, days: int, title: str, hours: int) -> int:
    zone = world.zones[section]
    hour = world.random.choice((7, 8, 9, 13, 17))
    starts = datetime.combine(world.today + timedelta(days=days), time(hour))
    ends = starts + timedelta(hours=hours)
    return world.add(
        Slot,
        type=type,
        section_id=section,
        title=title,
        place=world.random.choice(PLACES),
        zone=zone,
        starts_local=starts,
        ends_local=ends,
        starts_at=Wall(starts, zone).instant,
        ends_at=Wall(ends, zone).instant,
        status=Status.PUBLISHED,
        changed_at=world.now - timedelta(days=20),
        created_at=world.now - timedelta(days=90),
        **DEFAULTS,
    )


def _need(world: World, slot: int, position: int, of: dict[str, Any]) -> int:
    random = world.random
    trade = TRADES.get(of.get("trade", ""))
    speaks = random.choice(LANGUAGES) if trade and random.random() < 0.1 else None
    least = random.randrange(3, 7)
    return world.add(
        Need,
        slot_id=slot,
        position=position,
        skill=trade.skill if trade else None,
        trade=trade.code if trade else "",
        language=speaks,
        language_to=None,
        level=Level.B1 if speaks else None,
        kind_id=random.randrange(1, len(KINDS) + 1) if trade and random.random() < 0.1 else None,
        least=least,
        most=None if of.get("free") else least + random.randrange(0, 4),
    )


def _fill(world: World, slot: int, section: int, days: int, crowd: int, needs: list[int]) -> None:
    """People of the section, for the body's slots of any, in the states they would have."""
    random = world.random
    home = (
        world.people[section]
        if section != BODY
        else world.people[random.randrange(1, len(world.people))]
    )
    eligible = home[3 + JOINERS :]  # not who is measured
    for person in random.sample(eligible, min(crowd, len(eligible))):
        state = random.choice(COMING if days > 0 else ENDED)
        _participation(world, slot, person, state, random.choice(needs))


def _participation(world: World, slot: int, person: int, state: State, need: int) -> None:
    offered = state is State.OFFERED
    asked = world.now - timedelta(days=9)
    number = world.add(
        Participation,
        slot_id=slot,
        need_id=need,
        person_id=person,
        round=1,
        state=state,
        queued_at=asked,
        asked_at=asked if state in HOLDING and person % 2 else None,
        answer_by=world.now + timedelta(days=9) if offered else None,
        changed_at=asked,
        override="",
        came_at=None,
        left_at=None,
    )
    section = world.rows[Slot.__table__][slot - 1]["section_id"]
    world.add(
        Entry,
        at=asked,
        by_id=person,
        what="participation",
        was="",
        became=state.value,
        why="",
        person_id=person,
        slot_id=slot,
        application_id=None,
        section_id=section,
    )
    world.add(
        Letter,
        key=f"{state.value}:{number}:{asked.isoformat()}",
        name=f"place-{state.value}",
        about={"participation": number, "state": state.value},
        to_address=f"person-{person}@example.org",
        to_name="",
        locale="en",
        person_id=person,
        section_id=section,
        fate=Fate.SENT,
        posted_at=asked,
        due_at=asked,
        leased_until=None,
        tries=1,
        sent_at=asked,
        message_id=f"<letter.{number}@example.org>",
        subject="Your place",
        error="",
    )
