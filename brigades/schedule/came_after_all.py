"""Who was said to be absent, and comes after all when somebody else has their place already.

Whoever is there counts, in hours and on every list, so that one more is there than there are
places. Nobody comes in on top of that, and taking it back leads back to being absent.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from brigades.audit.models import Entry
from brigades.db import session
from brigades.schedule.models import Need, Participation
from brigades.schedule.needs import held
from brigades.schedule.states import State

CAME = "came after all, when the place was given away"  # the trail says so


def is_free(place: Participation) -> bool:
    """Whether there is room at the need again for somebody whose absence let their place go."""
    need = session.get_one(Need, place.need_id, populate_existing=True)
    return need.most is None or held(need.id) < need.most


def why_one_more(place: Participation) -> str:
    """What the trail says where a place becomes one more than there are; empty where not."""
    return "" if place.state is not State.ABSENT or is_free(place) else CAME


def goes_back(place: Participation) -> bool:
    """Whether taking back that somebody came says again that they are absent.

    That is so where they came after all and there are more people than places still.
    """
    need = session.get_one(Need, place.need_id, populate_existing=True)
    if need.most is None or held(need.id) <= need.most:
        return False
    last = (
        select(Entry.was)
        .where(
            Entry.what == "participation",
            Entry.slot_id == place.slot_id,
            Entry.person_id == place.person_id,
        )
        .order_by(Entry.id.desc())
        .limit(1)
    )
    return session.scalar(last) == State.ABSENT


def who(slot_id: int) -> list[Participation]:
    """Who was said to be absent in a slot and came after all, each with their person, by name."""
    last = (
        select(func.max(Entry.id).label("id"))
        .where(Entry.what == "participation", Entry.slot_id == slot_id)
        .group_by(Entry.person_id)
        .subquery()
    )
    back = (
        select(Entry.person_id)
        .join(last, last.c.id == Entry.id)
        .where(Entry.was == State.ABSENT, Entry.became == State.ATTENDED)
    )
    query = (
        select(Participation)
        .where(
            Participation.slot_id == slot_id,
            Participation.state == State.ATTENDED,
            Participation.person_id.in_(back),
        )
        .options(joinedload(Participation.person))
    )
    return sorted(session.scalars(query), key=lambda place: (place.person.sort_name, place.id))
