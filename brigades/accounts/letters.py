"""What letters about sign-ins need to be written."""

from datetime import datetime

from flask_babel import gettext as _

from brigades.accounts import addresses, links
from brigades.accounts.models import Account
from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.sections.models import Section
from brigades.texts import moment_words, zone_words


@letter("password-reset", Kind.ACCOUNT)
def password_reset(to: Letter) -> Content | None:
    """The link; dropped once the password was changed or the account closed."""
    account = _account(to)
    if account is None or account.epoch != to.about["epoch"]:
        return None
    return Content(
        why=_("You get this because somebody asked for a new password for this address."),
        context={
            "token": links.reset_token(account),
            "hours": int(links.LIFETIMES["reset-password"].total_seconds() // 3600),
        },
    )


@letter("password-changed", Kind.ACCOUNT)
def password_changed(to: Letter) -> Content | None:
    """That it happened and when, on the clock of the person's section."""
    section = _section(to)
    if section is None:
        return None
    return Content(
        why=_("You get this because you have an account with us."),
        context=_when(to, section.zone),
    )


@letter("address-confirm", Kind.ACCOUNT)
def address_confirm(to: Letter) -> Content | None:
    """The link to an address that is wanted; dropped once another was asked for, or none."""
    account = _account(to)
    if account is None or not addresses.waits(account, now()):
        return None
    if addresses.mark(account) != to.about["asked"]:
        return None
    return Content(
        why=_("You get this because somebody wants to sign in with this address."),
        context={
            "token": addresses.token_of(account),
            "hours": int(addresses.LASTS.total_seconds() // 3600),
        },
    )


@letter("address-taken", Kind.ACCOUNT)
def address_taken(to: Letter) -> Content | None:
    """To whoever has an address that somebody else asked for."""
    return Content(why=_("You get this because you have an account with us."))


@letter("address-left", Kind.ACCOUNT)
def address_left(to: Letter) -> Content | None:
    """To the address of before; it names nobody where it was perhaps never theirs."""
    section = _section(to)
    if section is None:
        return None
    return Content(
        why=_("You get this because an account with us had this address."),
        context={**_when(to, section.zone), "contact": section.contact},
        reply_to=section.contact,
    )


@letter("address-corrected", Kind.ACCOUNT)
def address_corrected(to: Letter) -> Content | None:
    """The link that sets a password at the address that somebody was given."""
    account = _account(to)
    if account is None or account.epoch != to.about["epoch"]:
        return None
    return Content(
        why=_("You get this because you have an account with us."),
        context={
            "token": links.password_token(account),
            "days": links.LIFETIMES["first-password"].days,
        },
    )


def _account(to: Letter) -> Account | None:
    """The account that a letter is about, as it is now; None where it is closed."""
    account = session.get(Account, to.about["account"], populate_existing=True)
    return account if account is not None and account.active else None


def _section(to: Letter) -> Section | None:
    """The section of the person whom a letter is about; None where they are not known."""
    person = session.get(Person, to.person_id)
    return session.get(Section, person.section_id) if person else None


def _when(to: Letter, zone: str) -> dict[str, str]:
    """When it happened, on the clock of a zone, and how that is called."""
    at = datetime.fromisoformat(to.about["at"])
    return {"when": moment_words(at, zone), "zone": zone_words(zone, at)}
