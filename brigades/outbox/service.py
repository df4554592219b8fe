"""Posting letters: in the same transaction as what they tell."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, and_, delete, func, literal, or_, select, update

from brigades.db import insert_once, insert_selected_once, session
from brigades.outbox import mailboxes
from brigades.outbox.kinds import rank
from brigades.outbox.letters import kind_of
from brigades.outbox.models import Fate, Letter, Mailbox
from brigades.outbox.reasons import NO_ADDRESS

# They tell whoever reads the address of before.
STAY = frozenset({"password-changed", "address-left"})
NOT_SENT = (Fate.WAITING, Fate.GATHERED, Fate.FAILED)  # and may still be


class Addressee(Protocol):
    """Whom a letter can go to."""

    id: int
    email: str | None
    locale: str
    section_id: int

    @property
    def name(self) -> str:
        """How the person is called."""
        ...


def post(
    name: str,
    *,
    to: Addressee,
    about: dict[str, Any],
    key: str,
    now: datetime,
    section_id: int | None = None,
    needed_by: datetime | None = None,
) -> None:
    """Post one letter to a person; a key that was posted before posts nothing.

    A person without an address gets none: their coordinator calls them. ``needed_by`` is the
    deadline or start before which they must have read it.
    """
    if not to.email:
        return
    post_to(
        name,
        address=to.email,
        to_name=to.name,
        locale=to.locale,
        about=about,
        key=key,
        now=now,
        person_id=to.id,
        section_id=section_id if section_id is not None else to.section_id,
        needed_by=needed_by,
    )


def post_to(
    name: str,
    *,
    address: str,
    locale: str,
    about: dict[str, Any],
    key: str,
    now: datetime,
    to_name: str = "",
    person_id: int | None = None,
    section_id: int | None = None,
    needed_by: datetime | None = None,
) -> None:
    """Post one letter to an address that need not be a person's yet (an applicant's)."""
    insert_once(
        Letter,
        [
            row(
                name,
                address=address,
                locale=locale,
                about=about,
                key=key,
                now=now,
                to_name=to_name,
                person_id=person_id,
                section_id=section_id,
                needed_by=needed_by,
            )
        ],
    )


def row(
    name: str,
    *,
    address: str,
    locale: str,
    about: dict[str, Any],
    key: str,
    now: datetime,
    to_name: str = "",
    person_id: int | None = None,
    section_id: int | None = None,
    needed_by: datetime | None = None,
    mailing_id: int | None = None,
) -> dict[str, Any]:
    """A letter that waits, as the columns of its row."""
    return {
        "key": key,
        "name": name,
        "about": about,
        "to_address": address,
        "to_name": to_name,
        "locale": locale,
        "person_id": person_id,
        "section_id": section_id,
        "fate": Fate.WAITING,
        "rank": rank(kind_of(name)),
        "needed_by": needed_by,
        "mailing_id": mailing_id,
        "posted_at": now,
        "due_at": now,
        "tries": 0,
        "subject": "",
        "error": "",
        "may_have_arrived": False,
    }


def post_rows(rows: list[dict[str, Any]]) -> None:
    """Post many letters at once; those whose keys were posted before are passed over."""
    insert_once(Letter, rows)


def post_to_each(row: dict[str, Any], of_each: dict[str, Any], query: Select[Any]) -> int:
    """Post a letter to each that ``query`` finds, in one statement; returns how many there are.

    ``of_each`` says by name which columns of ``row`` differ and what they are of. Keys that were
    posted before are passed over.
    """
    same = {name: value for name, value in row.items() if name not in of_each}
    return insert_selected_once(Letter, same, of_each, query)


def readdress(person_id: int, address: str | None) -> None:
    """Send what has not left yet to where somebody is now; without an address it never leaves.

    What failed goes there when it is sent again. That a password or the address was changed is
    still told where they were. What a worker has in hand may still arrive there.
    """
    values: dict[str, Any] = {"to_address": address}
    if not address:
        values = {"fate": Fate.DROPPED, "error": NO_ADDRESS, "leased_until": None}
    _wait_for_daily_mail(Letter.person_id == person_id)
    session.execute(
        update(Letter)
        .where(
            Letter.person_id == person_id,
            Letter.fate.in_(NOT_SENT),
            Letter.name.not_in(sorted(STAY)),
        )
        .values(**values)
    )


def _wait_for_daily_mail(theirs: ColumnElement[bool]) -> None:
    """Lock what somebody has not got yet: a daily mail just made of it is seen from here on.

    A statement that waits for whoever makes one would not see that mail itself.
    """
    waiting = select(Letter.id).where(theirs, Letter.fate.in_(NOT_SENT))
    session.execute(waiting.order_by(Letter.id).with_for_update())


def addresses_of(person_id: int) -> list[str]:
    """Every address that a person was written to at, however long ago."""
    theirs = select(Letter.to_address).where(Letter.person_id == person_id, Letter.to_address != "")
    return list(session.scalars(theirs.distinct()))


def forget(person_id: int, addresses: Sequence[str], number: str) -> None:
    """Take a person's name and address off every letter, and what was written to them freely.

    What was not sent never is. Letters of before they were a member name only the address.
    """
    theirs = Letter.person_id == person_id
    if addresses:
        lowered = [address.lower() for address in addresses]
        theirs = or_(theirs, func.lower(Letter.to_address).in_(lowered))
        kept = [mailboxes.key(address) for address in addresses]
        session.execute(delete(Mailbox).where(Mailbox.address.in_(kept)))
    _forget(theirs, number)


def forget_about(application_ids: Sequence[int]) -> None:
    """The same for letters to applicants, whom no person is behind."""
    about = Letter.about["application_id"]
    theirs = and_(about.as_integer().in_(application_ids), Letter.person_id.is_(None))
    _forget(theirs, literal("№ ") + about.as_string())


def _forget(theirs: ColumnElement[bool], number: Any) -> None:
    _wait_for_daily_mail(theirs)
    session.execute(
        update(Letter)
        .where(theirs, Letter.fate.in_(NOT_SENT))
        .values(fate=Fate.DROPPED, leased_until=None)
    )
    typed = Letter.about["why"].as_string()
    rows = session.execute(select(Letter.id, Letter.about).where(theirs, typed != "")).all()
    if rows:
        session.execute(
            update(Letter), [{"id": id, "about": about | {"why": ""}} for id, about in rows]
        )
    session.execute(
        update(Letter)
        .where(theirs)
        .values(to_address="", to_name=number, subject="", error="")
        .execution_options(synchronize_session="fetch")
    )
