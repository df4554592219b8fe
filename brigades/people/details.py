"""What is known of a person: names, ways to reach them, skills, languages. Changes are recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from brigades.audit import service as audit
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.people.levels import Level
from brigades.people.models import Membership, Person, PersonLanguage, PersonSkill, email_key
from brigades.people.skills import TRADES, Skill

# Called inside the transaction with (person, was=, by=, now=) when somebody has another address,
# and with the person where it was not they who changed it; higher folders register in create_app.
readdressed: list[Callable[..., None]] = []
corrected: list[Callable[[Person], None]] = []

_AVAILABILITY = ("available_from", "available_until", "availability_note", "weekdays")


@dataclass(frozen=True)
class Details:
    """A person's details as a form has checked them; phone in E.164."""

    given_name: str
    family_name: str
    phone: str | None
    country: str | None
    locale: str
    available_from: date | None
    available_until: date | None
    availability_note: str
    weekdays: str = ""


class AddressTaken(Exception):
    """Another person has this address."""


def in_full(query: Select[tuple[Person]]) -> Person | None:
    """The person that a select gives, with section, mailbox, skills, verifiers, languages."""
    return (
        session.scalars(
            query.options(
                joinedload(Person.section),
                joinedload(Person.mailbox),
                joinedload(Person.skills).joinedload(PersonSkill.verifier),
                joinedload(Person.languages),
            )
        )
        .unique()
        .one_or_none()
    )


def memberships(person_id: int) -> list[Membership]:
    """Where a person belonged, the newest first, with the sections."""
    return list(
        session.scalars(
            select(Membership)
            .options(joinedload(Membership.section))
            .where(Membership.person_id == person_id)
            .order_by(Membership.since.desc(), Membership.id.desc())
        )
    )


def change(person: Person, details: Details, *, by: int, now: datetime) -> None:
    """Keep what was typed; the trail says which details changed, not what they were."""
    changed = [
        name
        for name, fields in (
            ("names", ("given_name", "family_name")),
            ("phone", ("phone",)),
            ("country", ("country",)),
            ("locale", ("locale",)),
            ("availability", _AVAILABILITY),
        )
        if any(getattr(person, one) != getattr(details, one) for one in fields)
    ]
    for name in details.__dataclass_fields__:
        setattr(person, name, getattr(details, name))
    person.refresh_keys()
    _changed(person, changed, by=by, now=now)


def change_address(person: Person, address: str | None, *, by: int, now: datetime) -> None:
    """Give a person another address, to which also goes what waits for them. Raises AddressTaken.

    One mailbox is one person. What was sent to the mailbox of before opens nothing any more.
    """
    was, was_key = person.email, person.email_key
    if (address or None) == was:
        return
    if address:
        taken = select(Person.id).where(
            Person.email_key == email_key(address), Person.id != person.id
        )
        if session.scalar(taken) is not None:
            raise AddressTaken
    try:
        with session.begin_nested():
            person.email = address or None
            person.refresh_keys()
            session.flush()
    except IntegrityError as error:  # somebody took it a moment ago
        raise AddressTaken from error
    outbox.readdress(person.id, person.email)
    if person.email_key != was_key:
        for listener in readdressed:
            listener(person, was=was, by=by, now=now)
        if by != person.id:
            person.calendar_secret = None
            for forget in corrected:
                forget(person)
    _changed(person, ["email"], by=by, now=now)


def set_skill(
    person: Person, code: str, years: int | None, *, by: int, now: datetime
) -> PersonSkill:
    """Add a skill or trade, or change its years; what somebody says of themselves is unverified."""
    trade = TRADES.get(code)
    skill = trade.skill if trade else Skill(code)
    known = session.scalar(
        select(PersonSkill).where(
            PersonSkill.person_id == person.id,
            PersonSkill.skill == skill,
            PersonSkill.trade == (code if trade else ""),
        )
    )
    if known is None:
        known = PersonSkill(person_id=person.id, skill=skill, trade=code if trade else "")
        session.add(known)
    elif known.years == years:
        return known
    known.years = years
    if by == person.id:
        known.verified_by = known.verified_on = None
    audit.record_of(person, "skill", by=by, at=now, became=code)
    session.flush()
    return known


def remove_skill(person: Person, skill_id: int, *, by: int, now: datetime) -> bool:
    """Remove a skill of this person; False where they have none with this id."""
    known = session.scalar(
        select(PersonSkill).where(PersonSkill.id == skill_id, PersonSkill.person_id == person.id)
    )
    if known is None:
        return False
    audit.record_of(person, "skill removed", by=by, at=now, was=known.code)
    session.delete(known)
    session.flush()
    return True


def verify_skill(person: Person, skill_id: int, *, by: int, now: datetime) -> bool:
    """Note who checked a skill and when; False where the person has none with this id."""
    known = session.scalar(
        select(PersonSkill).where(PersonSkill.id == skill_id, PersonSkill.person_id == person.id)
    )
    if known is None:
        return False
    if known.verified_on is None:
        known.verified_by, known.verified_on = by, now.date()
        audit.record_of(person, "skill verified", by=by, at=now, became=known.code)
        session.flush()
    return True


def set_language(person: Person, code: str, level: Level, *, by: int, now: datetime) -> None:
    """Add a language, or change how well it is spoken."""
    known = session.scalar(
        select(PersonLanguage).where(
            PersonLanguage.person_id == person.id, PersonLanguage.language == code
        )
    )
    was = known.level if known else None
    if known is None:
        known = PersonLanguage(person_id=person.id, language=code, level=level)
        session.add(known)
    elif known.level is level:
        return
    known.level = level
    became = f"{code} {level.value}"
    audit.record_of(
        person, "language", by=by, at=now, was=f"{code} {was.value}" if was else "", became=became
    )
    session.flush()


def remove_language(person: Person, language_id: int, *, by: int, now: datetime) -> bool:
    """Remove a language of this person; False where they have none with this id."""
    known = session.scalar(
        select(PersonLanguage).where(
            PersonLanguage.id == language_id, PersonLanguage.person_id == person.id
        )
    )
    if known is None:
        return False
    audit.record_of(person, "language removed", by=by, at=now, was=known.language)
    session.delete(known)
    session.flush()
    return True


def _changed(person: Person, names: list[str], *, by: int, now: datetime) -> None:
    if names:
        audit.record_of(person, "person", by=by, at=now, became=", ".join(names))
    session.flush()
