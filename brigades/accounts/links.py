"""One-time links that set a password, and what follows when one is set.

A link carries the account's id and epoch. Setting a password and changing the address raise the
epoch, so every link and every session from before counts nothing afterwards; nothing is kept of a
link that was sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades import tokens
from brigades.accounts import passwords
from brigades.accounts.models import Account
from brigades.audit import service as audit
from brigades.clock import DAY, HOUR
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.people.models import Person, email_key
from brigades.people.service import GONE

# Asking twice within this time sends one letter.
PATIENCE = timedelta(minutes=5)
# A first password may wait until somebody is back from a journey; a forgotten one is wanted now.
LIFETIMES = {"first-password": 14 * DAY, "reset-password": 3 * HOUR}


@dataclass(frozen=True)
class Opened:
    """What a link leads to: its account, or nothing; ``used``: it was good, and is no longer."""

    account: Account | None = None
    used: bool = False


def password_token(account: Account) -> str:
    """A token for ``accounts.set_password`` that sets the first password, for 14 days."""
    return tokens.sign("first-password", [account.id, account.epoch])


def reset_token(account: Account) -> str:
    """A token for ``accounts.set_password`` after forgetting, for 3 hours."""
    return tokens.sign("reset-password", [account.id, account.epoch])


def opened(token: str, *, lock: bool = False) -> Opened:
    """What the link's token leads to. ``lock``: so that of two who set a password one does."""
    for purpose, lifetime in LIFETIMES.items():
        kept = tokens.read(purpose, token, lifetime)
        if kept is not None:
            break
    else:
        return Opened()
    account_id, epoch = kept
    account = account_of(account_id, lock=lock)
    if account is None or account.epoch != epoch:
        return Opened(used=True)
    return Opened(account) if account.active else Opened()


def account_of(account_id: int, *, lock: bool = False) -> Account | None:
    """An account with its person, read anew; None where there is none with this id.

    ``lock``: the person first and then the account, as whoever changes a person's address does; in
    the other order the two could wait for each other.
    """
    query = select(Account).where(Account.id == account_id).options(joinedload(Account.person))
    if lock:
        theirs = select(Account.person_id).where(Account.id == account_id).scalar_subquery()
        held = select(Person.id).where(Person.id == theirs)
        session.execute(held.with_for_update(key_share=True))
        query = query.with_for_update(of=Account.__table__)
    return session.scalar(query.execution_options(populate_existing=True))


def set_password(account: Account, password: str, *, now: datetime) -> None:
    """Set a password that the rules allow; every older session and link ends.

    Whoever had a password before is told by mail, in case it was somebody else.
    """
    had_one = account.password_hash is not None
    account.password_hash = passwords.hashed(password)
    raise_epoch(account)
    person = account.person
    audit.record(
        "password",
        by=person.id,
        at=now,
        became="changed" if had_one else "set",
        person_id=person.id,
        section_id=person.section_id,
    )
    if had_one:
        outbox.post(
            "password-changed",
            to=person,
            about={"account": account.id, "at": now.isoformat()},
            key=f"password-changed:{account.id}:{account.epoch}",
            now=now,
        )


def raise_epoch(account: Account) -> None:
    """Sign out everywhere: every session and link of the account ends, sent or to be sent."""
    account.epoch += 1
    account.wanted_email = account.wanted_at = None


def ask_for_reset(address: str, *, now: datetime) -> None:
    """Post a link to the member under this address; to anybody else nothing.

    A member who never had an account gets one: the link proves that the address is theirs.

    It goes to the address that we keep, not to the one that was typed: two spellings that we
    hold equal need not be so for every mail server. The caller answers the same either way.
    """
    account = _reachable(address, now)
    if account is not None:
        window = int(now.timestamp() // PATIENCE.total_seconds())
        outbox.post(
            "password-reset",
            to=account.person,
            about={"account": account.id, "epoch": account.epoch},
            key=f"password-reset:{account.id}:{account.epoch}:{window}",
            now=now,
        )


def _reachable(address: str, now: datetime) -> Account | None:
    """The active account of a member, opened where they had none; None for anybody else."""
    person = session.scalar(select(Person).where(Person.email_key == email_key(address)))
    if person is None or person.standing in GONE:
        return None
    account = session.scalar(select(Account).where(Account.person_id == person.id))
    if account is None:
        account = Account(person_id=person.id, created_at=now, active=True, epoch=0)
        session.add(account)
    account.person = person
    session.flush()
    return account if account.active else None
