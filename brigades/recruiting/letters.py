"""What letters to applicants need to be written."""

from dataclasses import replace

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades.accounts import links
from brigades.accounts.models import Account
from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter
from brigades.outbox.models import Letter
from brigades.recruiting.models import WAITING_STAGES, Application, Stage
from brigades.recruiting.rules import UNCONFIRMED_FOR
from brigades.recruiting.service import token_of


@letter("application-confirm", Kind.ACCOUNT)
def application_confirm(to: Letter) -> Content | None:
    """The link that confirms an address; dropped once it is confirmed or withdrawn."""
    application = _application(to)
    if application is None or application.stage is not Stage.SENT:
        return None
    return _content(application, token=token_of(application), days=UNCONFIRMED_FOR.days)


@letter("application-known", Kind.ACCOUNT)
def application_known(to: Letter) -> Content | None:
    """To somebody who applies again: they are a member, or their application waits already."""
    if "person_id" in to.about:
        return Content(why=_why(), context={"member": True})
    application = _application(to)
    if application is None or application.stage not in WAITING_STAGES:
        return None
    return _content(application, member=False, token=token_of(application))


@letter("application-accepted", Kind.ACCOUNT)
def application_accepted(to: Letter) -> Content | None:
    """The one-time link that sets a password; who has one already is sent to sign in."""
    application = _application(to)
    if application is None or application.stage is not Stage.ACCEPTED:
        return None
    account = session.scalar(
        select(Account).where(Account.person_id == application.person_id, Account.active)
    )
    if account is None:
        return None
    new = account.password_hash is None
    told = _content(application, token=links.password_token(account) if new else "")
    return replace(told, settings=not new)


@letter("application-declined", Kind.ACCOUNT)
def application_declined(to: Letter) -> Content | None:
    """The reason, in the words of whoever decided."""
    application = _application(to)
    if application is None or application.stage is not Stage.DECLINED:
        return None
    return _content(application)


def _application(to: Letter) -> Application | None:
    return session.scalar(
        select(Application)
        .where(Application.id == to.about["application_id"])
        .options(joinedload(Application.section))
        .execution_options(populate_existing=True)
    )


def _content(application: Application, **more: object) -> Content:
    section = application.section
    return Content(
        why=_why(),
        context={"application": application, "section": section, **more},
        reply_to=section.contact,
    )


def _why() -> str:
    words: str = _(
        "You get this because somebody asked to join %(organisation)s with this address.",
        organisation=current_app.config["ORGANISATION"],
    )
    return words
