"""Changing the address that one signs in with, and what ends when it changes.

One's own is changed by a link that goes to the new address: who opens it, signed in, has that
mailbox.
Whoever else changes it (a coordinator corrects it) cannot know who read the mail until now, so
the account then begins anew. See docs/decisions/0028.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades import tokens
from brigades.accounts import links
from brigades.accounts.models import Account
from brigades.audit import service as audit
from brigades.clock import DAY
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.people import details
from brigades.people.models import Person, email_key
from brigades.people.service import GONE

PURPOSE = "new-address"
LASTS = DAY


@dataclass(frozen=True)
class Asked:
    """What somebody asked for: the account, with its person, and the address it is to have."""

    account: Account
    address: str


def ask(account: Account, address: str, *, now: datetime) -> None:
    """Write a link to an address that somebody wants; what they asked for before ends.

    Who has the address already is told instead, and whoever asks sees no difference.
    """
    account.wanted_email, account.wanted_at = address, now
    person = account.person
    audit.record_of(person, "own address", by=person.id, at=now, became="asked")
    session.flush()
    holder = session.scalar(select(Person).where(Person.email_key == email_key(address)))
    if holder is None:
        outbox.post_to(
            "address-confirm",
            address=address,
            to_name="",  # perhaps it is mistyped, and somebody else's
            locale=person.locale,
            about={"account": account.id, "asked": mark(account)},
            key=f"address-confirm:{account.id}:{mark(account)}",
            now=now,
            person_id=person.id,
            section_id=person.section_id,
        )
    elif holder.id != person.id and holder.standing not in GONE:
        key = f"address-taken:{holder.id}:{now.date()}"
        outbox.post("address-taken", to=holder, about={"person": holder.id}, key=key, now=now)


def take_back(account: Account, *, now: datetime) -> bool:
    """Ask for nothing any more; False where nothing was asked."""
    if account.wanted_at is None:
        return False
    account.wanted_email = account.wanted_at = None
    audit.record_of(account.person, "own address", by=account.person_id, at=now, was="asked")
    session.flush()
    return True


def waits(account: Account, now: datetime) -> bool:
    """Whether a link to another address is still good."""
    return account.wanted_at is not None and now < account.wanted_at + LASTS


def token_of(account: Account) -> str:
    """The token of the link that goes to the address that is wanted."""
    return tokens.sign(PURPOSE, [account.id, mark(account)])


def mark(account: Account) -> str:
    """One asking: another address, or the same asked for again, has another."""
    at = account.wanted_at.isoformat() if account.wanted_at else ""
    asked = f"{account.epoch} {at} {account.wanted_email}"
    return hashlib.sha256(asked.encode()).hexdigest()[:16]


def opened(token: str, now: datetime, *, lock: bool = False) -> Asked | None:
    """What a link leads to; None where it is forged, used, replaced or older than a day."""
    kept = tokens.read(PURPOSE, token, LASTS)
    if kept is None:
        return None
    account_id, asked = kept
    account = links.account_of(account_id, lock=lock)
    if account is None or not account.active or not waits(account, now):
        return None
    if asked != mark(account):
        return None
    return Asked(account, account.wanted_email or "")


def move(asked: Asked, *, now: datetime) -> None:
    """Give somebody the address that they asked for and have shown to be theirs.

    Every other session and link ends. Raises details.AddressTaken.
    """
    person = asked.account.person
    details.change_address(person, asked.address, by=person.id, now=now)


def follow(person: Person, *, was: str | None, by: int, now: datetime) -> None:
    """The address changed from ``was``: whatever was sent there opens nothing any more."""
    account = session.scalar(
        select(Account)
        .where(Account.person_id == person.id)
        .options(joinedload(Account.person))
        .with_for_update(of=Account.__table__)
        .execution_options(populate_existing=True)
    )
    if account is None:
        return
    had_password = account.password_hash is not None
    links.raise_epoch(account)
    if by != person.id:
        account.password_hash = None
    session.flush()
    about = {"account": account.id, "epoch": account.epoch, "at": now.isoformat()}
    key = f"{account.id}:{account.epoch}"
    if was and had_password:
        outbox.post_to(
            "address-left",
            address=was,
            to_name=person.name if by == person.id else "",  # perhaps it was never theirs
            locale=person.locale,
            about={**about, "own": by == person.id},
            key=f"address-left:{key}",
            now=now,
            person_id=person.id,
            section_id=person.section_id,
        )
    if by != person.id and account.active and person.standing not in GONE:
        outbox.post(
            "address-corrected", to=person, about=about, key=f"address-corrected:{key}", now=now
        )
