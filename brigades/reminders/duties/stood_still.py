"""The worker fell silent, or no mail server took a letter: told once it goes again.

Who looks after the whole organisation hears from when until when it was, and how many letters went
late. While mail stands still a mark keeps since when; the silence of the worker is read off its
passes, by the first step that runs again.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, or_, select

from brigades.access import Role
from brigades.clock import MINUTE
from brigades.db import insert_once, session
from brigades.outbox import passes
from brigades.outbox import service as outbox
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter
from brigades.outbox.models import Fate, Letter
from brigades.outbox.standstill.noticing import still_since
from brigades.people.models import Person, Standing
from brigades.reminders.models import Told
from brigades.sections.models import Appointment, Section
from brigades.web import link

_MARK = "mail-still:"


def notice(now: datetime) -> int:
    """Write of what stood still and goes again; returns how many letters were posted.

    Must run before any other pass of a round: it reads off them when the worker last worked.
    """
    return _worker(now) + _mail(now)


def _worker(now: datetime) -> int:
    # Mail is delivered beside the other passes, and may have begun again before them.
    ended = [at for name, at in passes.last().items() if name != passes.DELIVER]
    since = max(ended, default=now)
    return _write("worker", since, now, now) if now - since > passes.SILENCE else 0


def _mail(now: datetime) -> int:
    since = still_since(now)
    if since is not None:
        if now - since > passes.SILENCE:
            insert_once(Told, [{"key": f"{_MARK}{since.isoformat()}", "at": now}])
        return 0
    posted = 0
    for key in session.scalars(
        delete(Told).where(Told.key.startswith(_MARK)).returning(Told.key)
    ).all():
        began = datetime.fromisoformat(key.removeprefix(_MARK))
        posted += _write("mail", began, passes.ended_at(passes.MAIL_TAKEN) or now, now)
    return posted


def _write(what: str, since: datetime, until: datetime, now: datetime) -> int:
    people = _at_the_top(now)
    for person, section_id in people:
        outbox.post(
            "stood-still",
            to=person,
            about={"what": what, "since": since.isoformat(), "until": until.isoformat()},
            key=f"stood-still:{what}:{since.isoformat()}:{person.id}",
            now=now,
            section_id=section_id,
        )
    return len(people)


def _at_the_top(now: datetime) -> list[tuple[Person, int]]:
    """Administrators and organizers of the top, each once, with the id of its section."""
    today = now.date()
    rows = session.execute(
        select(Person, Section.id)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Section, Section.id == Appointment.section_id)
        .where(
            Section.parent_id.is_(None),
            Appointment.role.in_((Role.ADMINISTRATOR, Role.ORGANIZER)),
            Appointment.deputy.is_(False),
            Appointment.holds_on(today),
            Person.standing == Standing.ACTIVE,
        )
        .order_by(Person.id, Section.id)
    )
    found: dict[int, tuple[Person, int]] = {}
    for person, section_id in rows:
        found.setdefault(person.id, (person, section_id))
    return list(found.values())


@letter("stood-still", Kind.DUTY)
def stood_still(to: Letter) -> Content | None:
    """From when until when, and how many letters went late by it."""
    person = session.get(Person, to.person_id)
    home = session.get(Section, to.section_id)
    if person is None or home is None or person.standing is not Standing.ACTIVE:
        return None
    since, until = (datetime.fromisoformat(to.about[name]) for name in ("since", "until"))
    return Content(
        why=_("You get this because you look after the whole organisation."),
        context={
            "person": person,
            "what": to.about["what"],
            "since": since,
            "until": until,
            "zone": person.zone or home.zone,
            "late": _late(until),
            "page": link("outbox.index"),
        },
    )


def _late(until: datetime) -> int:
    """Letters that were to go before it went again, and could not.

    What is due first in the round that ended it was due before: it counts, for a minute.
    """
    waited = (Letter.fate == Fate.WAITING) & (Letter.due_at <= until)
    query = select(func.count(Letter.id)).where(
        Letter.name != "stood-still",
        Letter.posted_at <= until + MINUTE,
        or_(waited, Letter.sent_at >= until),
    )
    return session.scalar(query) or 0
