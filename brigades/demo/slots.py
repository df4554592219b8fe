"""The demo's courses, training sessions and shifts, in every state, staffed by the real rules."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from brigades.clock import DAY, HOUR, Wall, day_bounds, to_wall
from brigades.db import session
from brigades.demo.plans import Plan, of_skill, plans
from brigades.demo.world import World
from brigades.people.models import Person
from brigades.people.skills import Skill
from brigades.schedule import attendance, service
from brigades.schedule import slots as slot_service
from brigades.schedule.models import Need, Participation, SignUp, Slot, Status
from brigades.schedule.service import Refused
from brigades.schedule.states import State
from brigades.schedule.terms import set_papers
from brigades.sections.models import Section
from brigades.shifts.models import Shift
from brigades.trainings.models import Course, Session

COURSES = (
    ("First aid", "first-aid", 16),
    ("Working at height", "height", 8),
    ("Site safety", "site-safety", 20),
    ("Safeguarding children", "safeguarding", 12),
    ("Interpreting in health care", "interpreting", 10),
    ("Life in a brigade", None, 25),
)


def build(world: World) -> None:
    """Courses, twelve sessions, forty shifts, and the people in them."""
    courses = [_course(world, *course) for course in COURSES]
    for number in range(12):
        _session(world, courses[number % 6], number)
    for plan in plans():
        _shift(world, plan)
    _clock_change_night(world)
    session.flush()


def _course(world: World, title: str, grants: str | None, places: int) -> tuple[Course, int]:
    assert world.body is not None, "the body is made first"
    course = Course(
        section_id=world.body.id,
        title=title,
        about=f"What everybody in a brigade should know about: {title.lower()}.",
        grants_id=world.kinds[grants].id if grants else None,
    )
    session.add(course)
    session.flush()
    return course, places


def _session(world: World, taught: tuple[Course, int], number: int) -> None:
    course, places = taught
    section = world.sections[("germany", "international", "kenya", "jordan")[number % 4]]
    day = (-20, -6, 3, 5, 7, 8, 12, 16, 21, 24, 30, 33)[number]
    crowded = number == 4
    slot = Session(course_id=course.id, title=course.title)
    if section.slug == "germany":
        slot.trainer_id = world.known["trainer"].id
    online = number % 5 == 3
    slot.place = "" if online else "School hall"
    slot.online_url = "https://meet.example.org/brigades" if online else ""
    need: dict[str, object] = {"least": 4, "most": 3 if crowded else places}
    _time(world, slot, section, day, 9 if number % 2 else 17, 4)
    if crowded:
        need["least"] = 2
    _keep(world, slot, section, (need,))
    _publish_and_fill(world, slot, 6 if crowded else 5 + number % 4)


def _shift(world: World, plan: Plan) -> None:
    section = world.sections[plan.section]
    slot = Shift(title=plan.title, place="Community hospital, gate B")
    if plan.section != "international":
        slot.place = f"{section.name}, depot"
    if plan.assigned:
        slot.signup = SignUp.ASSIGNED
    lead = world.people[plan.section][1] if plan.section in world.people else None
    slot.lead_id = lead.id if lead else world.known["organizer"].id
    for column, value in plan.terms.items():
        setattr(slot, column, value)
    _time(world, slot, section, plan.day, plan.start, plan.hours)
    _keep(world, slot, section, plan.needs)
    set_papers(slot.id, [world.kinds[code].id for code in plan.papers])
    if plan.draft:
        return
    _publish_and_fill(world, slot, plan.fill, offer=plan.assigned)
    if plan.cancelled:
        by = world.known["organizer"].id
        slot_service.cancel(slot.id, by=by, now=world.now, why="The tents came late.")


def _clock_change_night(world: World) -> None:
    """A night shift in Berlin on the next night when the clocks change."""
    section, day = world.sections["germany"], world.today
    for _ in range(400):
        start, end = day_bounds(day, section.zone)
        if end - start != DAY:
            break
        day += timedelta(days=1)
    slot = Shift(title="Night watch, depot", place="Germany, depot")
    eve = day - timedelta(days=1)
    _time(world, slot, section, (eve - world.today).days, 22, 8)
    slot.ends_local = datetime.combine(day, time(6))
    slot.derive_instants()
    slot.note = "The clocks change this night; the hours on the wall are what counts."
    _keep(world, slot, section, (of_skill(Skill.CONSTRUCTION, 1, 2),))
    _publish_and_fill(world, slot, 1)


def _time(world: World, slot: Slot, section: Section, day: int, hour: int, hours: int) -> None:
    at: date = world.today + timedelta(days=day)
    slot.zone = section.zone
    slot.starts_local = datetime.combine(at, time(hour))
    start = Wall(slot.starts_local, slot.zone).instant
    end = to_wall(start + hours * HOUR, slot.zone)
    slot.ends_local, slot.ends_fold = end.local, end.fold
    slot.starts_fold = 0
    slot.derive_instants()


def _keep(world: World, slot: Slot, section: Section, needs: tuple[dict[str, object], ...]) -> None:
    slot.section_id, slot.status = section.id, Status.DRAFT
    slot.created_at = slot.changed_at = world.now - 30 * DAY
    for position, given in enumerate(needs):
        wanted = dict(given)
        kind = wanted.pop("kind", "")
        kind_id = world.kinds[str(kind)].id if kind else None
        slot.needs.append(Need(position=position, kind_id=kind_id, **wanted))
    session.add(slot)
    session.flush()


def _publish_and_fill(world: World, slot: Slot, most: int, *, offer: bool = False) -> None:
    """Publish three weeks before and let people come in by the rules, as they did then."""
    boss = world.known["organizer"].id
    need_id = slot.needs[0].id
    then = min(world.now, slot.starts_at) - 21 * DAY
    slot_service.publish(slot.id, by=boss, now=then)
    came = 0
    for person in _crowd(world, slot):
        if came >= most:
            break
        at, asks = then + (came + 1) * HOUR, offer or came % 4 == 3
        came += _come(slot.id, person, at, by=boss if asks else None, need_id=need_id)
    places = session.scalars(select(Participation).where(Participation.slot_id == slot.id)).all()
    if slot.ends_at <= world.now:
        for number, place in enumerate(p for p in places if p.state is State.CONFIRMED):
            attendance.tick(place, number % 4 != 3, by=boss, now=slot.ends_at)
    else:
        _answers(world, slot, list(places))


def _answers(world: World, slot: Slot, places: list[Participation]) -> None:
    """Some gave their place up again, some declined, the rest have until tomorrow."""
    # Its number among the slots, not its id: that goes on where rows were deleted before.
    number = session.scalar(select(func.count(Slot.id)).where(Slot.id <= slot.id)) or 0
    if number % 5 == 0 and places and places[0].state is State.CONFIRMED:
        service.leave(places[0], now=world.now - HOUR, why="My train goes earlier.")
    for place in places:
        if place.state is not State.OFFERED:
            continue
        if number % 4 == 0 and place.person_id != world.known["volunteer"].id:
            service.answer(place, False, now=world.now - HOUR)
        else:
            place.asked_at, place.answer_by = world.now - 4 * HOUR, world.now + 20 * HOUR


def _come(slot_id: int, person: Person, at: datetime, *, by: int | None, need_id: int) -> int:
    """One person comes in by themselves, or is asked; 0 where something stands against it."""
    try:
        if by is None:
            service.join(slot_id, person, now=at)
        else:
            service.assign(slot_id, need_id, person, by=by, now=at)
    except Refused:
        return 0
    return 1


def _crowd(world: World, slot: Slot) -> list[Person]:
    """People who may see the slot, in an order that differs from slot to slot."""
    slug = next(slug for slug, one in world.sections.items() if one.id == slot.section_id)
    everybody = [p for people in world.people.values() for p in people]
    crowd = list(world.people.get(slug, everybody))
    world.random.shuffle(crowd)
    volunteer = world.known["volunteer"]
    if volunteer in crowd:
        crowd.remove(volunteer)
        crowd.insert(1, volunteer)
    return crowd
