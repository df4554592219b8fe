"""What was written about somebody's places, once they were erased: that it was, not the words."""

from sqlalchemy import or_, select, update

from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people import erasing, unnaming
from brigades.people.models import Person
from brigades.schedule.models import Participation, Swap

# Stands where a reason stood: that a warning was overruled is still judged on.
NO_WORDS = "…"


def forget(person: Person) -> None:
    """Take away why their places were given, swapped and lost; the places stay.

    What is said of others in the same slots loses their name.
    """
    theirs = select(Participation.id).where(Participation.person_id == person.id)
    slots = select(Participation.slot_id).where(Participation.person_id == person.id)
    session.execute(
        update(Participation)
        .where(Participation.person_id == person.id, Participation.override != "")
        .values(override=NO_WORDS)
    )
    swaps = session.scalars(
        update(Swap)
        .where(or_(Swap.mine_id.in_(theirs), Swap.theirs_id.in_(theirs)))
        .values(why="")
        .returning(Swap.id)
    ).all()
    if swaps:  # who asks whom stands in the subject
        about = Letter.about["swap"].as_integer().in_(swaps)
        session.execute(update(Letter).where(about).values(subject=""))
    naming = erasing.naming_of(person)
    unnaming.in_rows(naming, [Participation.override], Participation.slot_id.in_(slots))
    unnaming.in_rows(naming, [Entry.why], Entry.slot_id.in_(slots))
    there = select(Participation.id).where(Participation.slot_id.in_(slots))
    about = Letter.about["participation"].as_integer().in_(there)
    unnaming.in_rows(naming, [Letter.about, Letter.subject, Letter.error], about)
