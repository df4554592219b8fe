"""The demo's mailings: one that everybody has who was to get it, and a draft to go on with."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from brigades.access import Can, Scope
from brigades.clock import DAY, HOUR, Wall
from brigades.db import session
from brigades.demo.world import World
from brigades.mailings import sending, service
from brigades.mailings.chosen import Chosen
from brigades.outbox.delivery.mime import message_id
from brigades.outbox.kinds import How, Kind
from brigades.outbox.models import Fate, Letter, MailWish
from brigades.outbox.reasons import NOT_WANTED
from brigades.outbox.render import write
from brigades.people.models import Person
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import COMING
from brigades.shifts.models import Shift

EVENING = {
    "en": {
        "subject": "Open evening at the depot, {given_name}",
        "body": "Dear {given_name},\n\nnext Thursday at seven the depot is open: soup, and slides"
        " from the last brigade. Bring somebody who might want to come along next time.\n\n"
        "- Tram 4 stops at the gate\n- There is a ramp at the back\n\nSee you there!",
    },
    "de": {
        "subject": "Offener Abend im Depot, {given_name}",
        "body": "Liebe(r) {given_name},\n\nnächsten Donnerstag um sieben ist das Depot offen: Suppe"
        " und Bilder von der letzten Brigade. Bring jemanden mit, der nächstes Mal mitkommen"
        " möchte.\n\n- Die Tram 4 hält am Tor\n- Hinten gibt es eine Rampe\n\nBis dann!",
    },
}
BOOTS = {
    "en": {
        "subject": "Boots and gloves for {slot}",
        "body": "Dear {given_name},\n\n{slot} is on {when}, at {where}. Please bring boots with a"
        " steel cap; gloves are there.\n\nAll about it: {link}",
    }
}
NO_SUCH_USER = "550 5.1.1 No such user here"


def build(world: World) -> None:
    """A mailing of three days ago with what became of its letters, and one not yet sent."""
    germany, writer = world.sections["germany"], world.known["coordinator"]
    scope = Scope(writer.id, {Can.WRITE_MAILINGS: frozenset({germany.id})})
    at = Wall(datetime.combine(world.today - 3 * DAY, time(18, 30)), germany.zone).instant
    never, daily, changed, gone = _others(world)
    for person, how in ((never, How.NEVER), (daily, How.DAILY)):
        session.add(MailWish(person_id=person.id, kind=Kind.NEWS, how=how))
    made = service.create(germany.id, Chosen(), by=writer.id, now=at - HOUR)
    service.write(made.id, EVENING, germany.id, by=writer.id, now=at - HOUR)
    sending.send(scope, made.id, None, by=writer.id, now=at)
    query = select(Letter).where(Letter.mailing_id == made.id).order_by(Letter.id)
    for number, letter in enumerate(session.scalars(query)):
        letter.tries, letter.message_id = 1, message_id(letter.id, letter.key)
        if letter.person_id == changed.id:
            letter.fate, letter.error, letter.tries = Fate.DROPPED, NOT_WANTED, 0
        elif letter.person_id == gone.id:
            letter.fate, letter.error = Fate.FAILED, NO_SUCH_USER
        else:
            letter.fate, letter.sent_at = Fate.SENT, at + timedelta(seconds=number)
            if letter.person_id == daily.id:
                letter.sent_at = at + 13 * HOUR
            written = write(letter, letter.sent_at)
            letter.subject = written.subject if written else ""
    _draft(world)


def _others(world: World) -> list[Person]:
    """Four of Germany's volunteers who do not sign in."""
    known = {person.id for person in world.known.values()}
    return [person for person in world.people["germany"] if person.id not in known][-4:]


def _draft(world: World) -> None:
    """To those who come to the next shift that somebody comes to."""
    germany, writer = world.sections["germany"], world.known["coordinator"]
    coming = select(Participation.slot_id).where(Participation.state.in_(COMING))
    shift = session.scalars(
        select(Shift)
        .where(
            Shift.section_id == germany.id,
            Shift.status == Status.PUBLISHED,
            Slot.starts_at > world.now + DAY,
            Shift.id.in_(coming),
        )
        .order_by(Slot.starts_at, Slot.id)
        .limit(1)
    ).one()
    chosen = Chosen(slot=shift.id, states=("coming",), about_place=True)
    made = service.create(germany.id, chosen, by=writer.id, now=world.now - HOUR)
    service.write(made.id, BOOTS, germany.id, by=writer.id, now=world.now - HOUR)
