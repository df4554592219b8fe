"""Sign-ins: whose scope is whose, passwords, and ending an account."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from brigades import clock
from brigades.access import Scope
from brigades.accounts.models import Account
from brigades.db import session
from brigades.people.models import Person
from brigades.sections import service as sections


def load(account_id: int, epoch: int) -> Account | None:
    """The active account of a session cookie, with its person; None once its password changed."""
    return session.scalar(
        select(Account)
        .join(Account.person)
        .options(contains_eager(Account.person))
        .where(Account.id == account_id, Account.epoch == epoch, Account.active)
    )


def load_from_cookie(kept: str) -> Account | None:
    """The account that a session cookie names; anything odd is nobody."""
    account_id, _, epoch = kept.partition(".")
    if not (account_id.isdigit() and epoch.isdigit()):
        return None
    return load(int(account_id), int(epoch))


def scope_of(account: Account) -> Scope:
    """What the account's person may do today."""
    person = account.person
    return sections.scope_of(person.id, person.section_id, clock.now().date())


def close(person_id: int, *, by: int | None, now: datetime, why: str) -> None:
    """Whoever leaves the organisation cannot sign in any more; open sessions end at once."""
    account = session.scalar(select(Account).where(Account.person_id == person_id))
    if account is not None:
        account.active = False
        account.epoch += 1
