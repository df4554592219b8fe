"""What needs a coordinator or organizer today, over all sections of their appointments."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select

from brigades.access import Can, Scope
from brigades.clock import local_day
from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.people.models import Person, Standing
from brigades.recruiting.models import WAITING_STAGES, Application
from brigades.reminders import digest_lists
from brigades.schedule.states import State
from brigades.sections import service as sections
from brigades.sections.models import Section
from brigades.web import link


@dataclass(frozen=True)
class Waiting:
    """Applications that nobody has decided on: how many, and the oldest one's day."""

    count: int
    since: date
    link: str


@letter("digest", Kind.DUTY)
def digest(to: Letter) -> Content | None:
    """The daily mail; dropped where nothing needs its reader, or its day is over."""
    person = session.get(Person, to.about["person"])
    home = session.get(Section, to.section_id)
    if person is None or home is None or person.standing is not Standing.ACTIVE:
        return None
    if local_day(now(), home.zone).isoformat() != to.about["day"]:
        return None
    scope = sections.scope_of(person.id, person.section_id, now().date())
    waiting = _waiting(scope, home.zone)
    seeking = digest_lists.in_state(scope, State.SEEKING_COVER, now())
    requests = digest_lists.in_state(scope, State.REQUESTED, now())
    offers = digest_lists.offers(scope, now())
    gaps = digest_lists.gaps(scope, now())
    swaps = digest_lists.swaps(scope, now())
    doubts = digest_lists.in_question(scope, now())
    parts = (waiting, seeking, requests, swaps, doubts, offers, gaps)
    found = [part.count for part in parts if part is not None]
    if not found:
        return None
    return Content(
        why=_("You get this each morning while something needs you: you coordinate or organize."),
        context={
            "person": person,
            "waiting": waiting,
            "seeking": seeking,
            "requests": requests,
            "swaps": swaps,
            "doubts": doubts,
            "offers": offers,
            "gaps": gaps,
            "total": sum(found),
        },
        reply_to=home.contact,
    )


def _waiting(scope: Scope, zone: str) -> Waiting | None:
    since = func.coalesce(Application.confirmed_at, Application.sent_at)
    query = select(func.count(), func.min(since)).where(
        scope.within(Application, Can.REVIEW_APPLICATIONS),
        Application.stage.in_(WAITING_STAGES),
    )
    count, oldest = session.execute(query).one()
    return Waiting(count, local_day(oldest, zone), link("recruiting.index")) if count else None
