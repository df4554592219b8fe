"""What the letters of a mailing say, read when each is sent."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import aliased, contains_eager

from brigades.db import built_once, session
from brigades.mailings.chosen import from_kept
from brigades.mailings.models import Mailing, Stage
from brigades.mailings.saying import Said, say, say_in
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.people.service import GONE
from brigades.schedule.models import Participation, Slot
from brigades.sections.models import Section


@letter("mailing", Kind.NEWS)
def mailing(to: Letter) -> Content | None:
    """What a coordinator writes to many."""
    found = _to_reader(to)
    if found is None:
        return None
    sent, person, section = found
    why = _("You get this because you are with %(section)s.", section=section)
    return _content(sent, say(sent.texts, person, section, sent.slot), why)


@letter("mailing-place", Kind.PLACE)
def mailing_place(to: Letter) -> Content | None:
    """The same about a shift or training, to those who are in it."""
    found = _to_reader(to)
    if found is None or found[0].slot is None:
        return None
    sent, person, section = found
    why = _("You get this because you signed up for %(title)s.", title=found[0].slot.title)
    return _content(sent, say(sent.texts, person, section, sent.slot), why)


@letter("mailing-test", Kind.ACCOUNT)
def mailing_test(to: Letter) -> Content | None:
    """A mailing as it would read, to whoever writes it."""
    row = session.execute(_both(), {"mailing": to.about["mailing"], "person": to.person_id}).first()
    if row is None:
        return None
    written, person, section = row
    if to.locale not in written.texts:
        return None
    said = say_in(to.locale, written.texts, person, section, written.slot)
    why = _("You get this because you are trying a mailing out. Nobody else got it.")
    return _content(written, said, why)


def _to_reader(to: Letter) -> tuple[Mailing, Person, str] | None:
    """Mailing, reader and their section's name; None where it does not concern them any more."""
    row = session.execute(_both(), {"mailing": to.about["mailing"], "person": to.person_id}).first()
    if row is None:
        return None
    sent, person, section = row
    if sent.stage is Stage.STOPPED or person.standing in GONE:
        return None
    if person.section_id not in sent.chosen.get("reach", ()):
        return None
    chosen = from_kept(sent.chosen)
    if chosen.slot is not None:
        if sent.slot is None:
            return None
        given = {"slot": chosen.slot, "person": person.id, "states": chosen.in_states}
        if session.scalar(_in_slot(), given) is None:
            return None  # they gave the place up since, or it was taken off them
    return sent, person, section


def _content(written: Mailing, said: Said, why: str) -> Content:
    by = written.by
    return Content(
        why=why,
        context={
            "said": said,
            "by": "" if by.erased_on is not None else by.name,
            "section": written.section.name,
        },
        reply_to=reply_to(written),
    )


def reply_to(written: Mailing) -> str | None:
    """Where answers go: to the section, else to whoever wrote it."""
    return written.section.contact or written.by.email


@built_once
def _both() -> Select[Any]:
    writer, home = aliased(Person), aliased(Section)
    return (
        select(Mailing, Person, home.name)
        .join(Mailing.section)
        .join(Mailing.by.of_type(writer))
        .outerjoin(Mailing.slot)
        .join(Person, Person.id == bindparam("person"))
        .join(home, home.id == Person.section_id)
        .where(Mailing.id == bindparam("mailing"))
        .options(
            contains_eager(Mailing.section),
            contains_eager(Mailing.by.of_type(writer)),
            contains_eager(Mailing.slot),
        )
    )


@built_once
def _in_slot() -> Select[Any]:
    return (
        select(Participation.id)
        .join(Slot, Slot.id == Participation.slot_id)
        .where(
            Participation.slot_id == bindparam("slot"),
            Participation.person_id == bindparam("person"),
            Participation.state.in_(bindparam("states", expanding=True)),
        )
        .limit(1)
    )
