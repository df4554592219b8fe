"""What letters about sign-ins need to be written."""

from datetime import datetime

from flask_babel import gettext as _

from brigades.accounts import links
from brigades.accounts.models import Account
from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.sections.models import Section
from brigades.texts import moment_words, zone_words


@letter("password-reset", Kind.ACCOUNT)
def password_reset(to: Letter) -> Content | None:
    """The link; dropped once the password was changed or the account closed."""
    account = session.get(Account, to.about["account"])
    if account is None or not account.active or account.epoch != to.about["epoch"]:
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
    person = session.get(Person, to.person_id)
    section = session.get(Section, person.section_id) if person else None
    if section is None:
        return None
    at = datetime.fromisoformat(to.about["at"])
    return Content(
        why=_("You get this because you have an account with us."),
        context={
            "when": moment_words(at, section.zone),
            "zone": zone_words(section.zone, at),
        },
    )
