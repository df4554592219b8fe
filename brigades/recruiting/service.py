"""Applying, confirming the address, withdrawing; what nobody confirmed is forgotten."""

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager

from brigades import tokens
from brigades.audit import service as audit
from brigades.db import insert_once, session
from brigades.outbox import service as outbox
from brigades.people.models import Person, Standing, email_key, plain
from brigades.people.names import carries_link
from brigades.recruiting.models import OPEN_STAGES, Application, Stage
from brigades.recruiting.rules import CONSENT_VERSION, LETTER_AGAIN_AFTER, UNCONFIRMED_FOR
from brigades.sections.models import Section

LINK = "application"
# The row says whether a link still leads anywhere; the signature only says that we made it.
LINK_LASTS = UNCONFIRMED_FOR * 52


@dataclass(frozen=True)
class Typed:
    """What an applicant typed, checked by the form."""

    given_name: str
    family_name: str
    email: str
    country: str
    section_id: int
    locale: str
    phone: str | None = None
    skills: list[dict[str, Any]] = field(default_factory=list)
    languages: list[dict[str, Any]] = field(default_factory=list)
    available_from: date | None = None
    available_until: date | None = None
    availability_note: str = ""
    why: str = ""


def recruiting_sections() -> list[Section]:
    """The sections that take new people, by name; one statement."""
    query = select(Section).where(Section.recruits).order_by(Section.name, Section.id)
    return list(session.scalars(query))


def apply(typed: Typed, now: datetime) -> None:
    """Keep an application and write to its address; one mailbox has one application.

    Says nothing about what was known before: whoever asks gets the same answer, and the mailbox
    is told the rest. While an address is unconfirmed, what was typed last counts.
    """
    key = email_key(typed.email)
    member = session.scalar(
        select(Person).where(
            Person.email_key == key,
            Person.standing.in_((Standing.ACTIVE, Standing.ON_LEAVE)),
        )
    )
    if member is not None:
        about = {"person_id": member.id}
        again = f"application-known:{member.id}:{now.date()}"
        outbox.post("application-known", to=member, about=about, key=again, now=now)
        return
    values = asdict(typed) | {"consent_version": CONSENT_VERSION, "consented_at": now}
    new = insert_once(
        Application, [values | {"email_key": key, "stage": Stage.SENT, "sent_at": now}]
    )
    application = session.scalar(
        select(Application)
        .where(Application.email_key == key, Application.stage.in_(OPEN_STAGES))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if application is None:  # decided in this very moment; the applicant is being told
        return
    if not new and application.stage is Stage.SENT:
        for name, value in values.items():
            if name != "email":
                setattr(application, name, value)
        names = f"{application.given_name} {application.family_name}"
        application.search = plain(f"{names} {application.email}")
        session.flush()
    _write_to(application, now, new=bool(new))


def _write_to(application: Application, now: datetime, *, new: bool) -> None:
    name = "application-confirm" if application.stage is Stage.SENT else "application-known"
    # The moment belongs to the key: SQLite gives the id of a forgotten application again.
    key = f"{name}:{application.id}:{application.sent_at.isoformat()}"
    if not new:
        if now < application.sent_at + LETTER_AGAIN_AFTER:
            return
        key = f"{key}:{now.date()}"
    post(name, application, key=key, now=now)


def post(name: str, application: Application, *, key: str, now: datetime) -> None:
    """Post a letter to the applicant, in the language of the page they applied on.

    Anybody can have us write to anybody, by applying with their address: until it is confirmed, no
    link that was typed for a name goes along.
    """
    ours = application.stage is not Stage.SENT or not carries_link(application.name)
    outbox.post_to(
        name,
        address=application.email,
        to_name=application.name if ours else "",
        locale=application.locale,
        about={"application_id": application.id},
        key=key,
        now=now,
        section_id=application.section_id,
    )


def token_of(application: Application) -> str:
    """What the applicant's link carries; it lasts as long as the application is kept."""
    return tokens.sign(LINK, [application.id, _mailbox(application.email_key)])


def _mailbox(key: str) -> str:
    # SQLite gives the id of a forgotten application again; the mailbox tells them apart.
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def by_token(token: str, *, lock: bool = False) -> Application | None:
    """The application of a link, with its section; None where the link leads nowhere."""
    value = tokens.read(LINK, token, LINK_LASTS)
    if value is None:
        return None
    application_id, mailbox = value
    query = (
        select(Application)
        .join(Application.section)
        .options(contains_eager(Application.section))
        .where(Application.id == application_id)
    )
    if lock:
        query = query.with_for_update(of=Application.__table__).execution_options(
            populate_existing=True
        )
    application = session.scalar(query)
    if application is None or _mailbox(application.email_key) != mailbox:
        return None
    return application


def confirm(application: Application, now: datetime) -> bool:
    """The address is the applicant's; False where that was known already. The row is locked."""
    if application.stage is not Stage.SENT:
        return False
    application.confirmed_at = now
    change(application, Stage.CONFIRMED, by=None, now=now)
    return True


def withdraw(application: Application, now: datetime) -> bool:
    """The applicant no longer asks to join; False where nothing waited any more."""
    if application.stage not in OPEN_STAGES:
        return False
    application.decided_at = now
    change(application, Stage.WITHDRAWN, by=None, now=now)
    return True


def change(
    application: Application, stage: Stage, *, by: int | None, now: datetime, why: str = ""
) -> None:
    """Bring an application into another stage, and say so in the trail."""
    was, application.stage = application.stage, stage
    audit.record(
        "application",
        by=by,
        at=now,
        was=was.value,
        became=stage.value,
        why=why,
        person_id=application.person_id,
        application_id=application.id,
        section_id=application.section_id,
    )
    session.flush()


def forget_unconfirmed(now: datetime) -> int:
    """Delete what nobody confirmed within 14 days; returns how many. The worker runs it.

    Nothing points to these: the trail of an application begins when its address is confirmed.
    """
    result = session.execute(
        delete(Application).where(
            Application.stage == Stage.SENT, Application.sent_at < now - UNCONFIRMED_FOR
        )
    )
    return int(result.rowcount)  # type: ignore[attr-defined]
