"""Dates of birth and the consent of guardians: kept only where an age matters. None commits."""

from datetime import date, datetime

from sqlalchemy import ColumnElement

from brigades.audit import service as audit
from brigades.people.models import Person
from brigades.people.rules import born_after

_adult = [18]


def of_age_from(years: int) -> None:
    """From how many years on somebody is of age here; the schedule's limits say it."""
    _adult[0] = years


def adult() -> int:
    """From how many years on somebody is of age here."""
    return _adult[0]


def minor_on(day: date) -> ColumnElement[bool]:
    """Condition: known to be under age on a local day."""
    return Person.born > born_after(day, adult())


def set_born(person: Person, born: date | None, *, by: int, now: datetime) -> bool:
    """Keep a date of birth; returns whether it is another one than before.

    People say their own once. From then on it is a coordinator's to change: a rule that protects
    minors must not be one click away from being got round.
    """
    if born == person.born or (by == person.id and person.born is not None):
        return False
    person.born = born
    audit.record_of(person, "person", by=by, at=now, became="born")
    return True


def record_consent(person: Person, guardian: str, on: date, *, by: int, now: datetime) -> None:
    """Note which guardian agreed, and on which day; a coordinator has seen it."""
    person.guardian, person.guardian_consent_on, person.guardian_consent_by = guardian, on, by
    audit.record_of(person, "guardian", by=by, at=now, became=on.isoformat())


def withdraw_consent(person: Person, *, by: int, now: datetime, why: str) -> None:
    """A guardian agrees no more; the name stays, so that they can be asked again."""
    if person.guardian_consent_on is None:
        return
    was = person.guardian_consent_on.isoformat()
    person.guardian_consent_on = person.guardian_consent_by = None
    audit.record_of(person, "guardian withdrawn", by=by, at=now, was=was, why=why)
