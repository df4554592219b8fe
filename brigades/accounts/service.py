"""Sign-ins: whose scope is whose, signing in, opening an account and ending one."""

from datetime import datetime

from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.orm import contains_eager

from brigades import clock
from brigades.access import Scope
from brigades.accounts import passwords
from brigades.accounts.links import password_token, raise_epoch
from brigades.accounts.models import Account
from brigades.db import built_once, session
from brigades.people.models import Person, email_key
from brigades.sections import service as sections

__all__ = [
    "authenticate",
    "close",
    "create_for",
    "load",
    "load_from_cookie",
    "matches",
    "password_token",
    "scope_of",
    "speak",
]


def with_person() -> Select[tuple[Account]]:
    """Accounts, each with its person, in one statement."""
    return select(Account).join(Account.person).options(contains_eager(Account.person))


def load(account_id: int, epoch: int) -> Account | None:
    """The active account of a session cookie, with its person; None once its password changed."""
    return session.scalar(_of_cookie(), {"account": account_id, "epoch": epoch})


@built_once
def _of_cookie() -> Select[tuple[Account]]:
    named = Account.id == bindparam("account"), Account.epoch == bindparam("epoch")
    return with_person().where(*named, Account.active)


def load_from_cookie(kept: str) -> Account | None:
    """The account that a session cookie names; anything odd is nobody."""
    account_id, _, epoch = kept.partition(".")
    if not all(part.isdecimal() and len(part) < 10 for part in (account_id, epoch)):
        return None
    return load(int(account_id), int(epoch))


def scope_of(account: Account) -> Scope:
    """What the account's person may do today."""
    person = account.person
    return sections.scope_of(person.id, person.section_id, clock.now().date())


def authenticate(address: str, password: str, *, now: datetime) -> Account | None:
    """The account that address and password open, or None.

    Takes as long for an unknown address, a closed account and one without a password. A hash
    with yesterday's parameters is renewed, since only now is the password at hand.
    """
    account = session.scalar(with_person().where(Person.email_key == email_key(address)))
    kept = account.password_hash if account is not None and account.active else None
    if not passwords.fits(kept, password) or account is None or kept is None:
        return None
    if passwords.outdated(kept):
        account.password_hash = passwords.hashed(password)
    account.signed_in_at = now
    return account


def matches(account: Account, password: str) -> bool:
    """Whether this is the account's password."""
    return passwords.fits(account.password_hash, password)


def create_for(person: Person, now: datetime) -> Account:
    """The person's account, opened where there is none and reopened where it was closed.

    Without a password: the link of ``password_token`` sets the first one.
    """
    account = session.scalar(select(Account).where(Account.person_id == person.id))
    if account is None:
        account = Account(person_id=person.id, created_at=now)
        session.add(account)
    account.active = True
    account.person = person
    session.flush()
    return account


def speak(account: Account, locale: str) -> None:
    """Keep the language that a person reads, for pages and for mail."""
    account.person.locale = locale


def close(person_id: int, *, by: int | None, now: datetime, why: str) -> None:
    """Whoever leaves the organisation cannot sign in any more; open sessions end at once."""
    account = session.scalar(select(Account).where(Account.person_id == person_id))
    if account is not None:
        account.active = False
        raise_epoch(account)


def reopen(person_id: int, *, by: int | None, now: datetime, why: str) -> None:
    """Whoever was taken back can sign in again, with the password they had."""
    account = session.scalar(select(Account).where(Account.person_id == person_id))
    if account is not None:
        account.active = True


def forget(person: Person) -> None:
    """Whoever was erased has no sign-in any more."""
    session.execute(delete(Account).where(Account.person_id == person.id))
