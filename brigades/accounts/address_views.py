"""Changing the address one signs in with: asked for here, confirmed from the new mailbox."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_fresh
from werkzeug.wrappers import Response as Answer

from brigades import clock
from brigades.access import Can, Scope
from brigades.accounts import addresses, throttle
from brigades.accounts.blueprint import bp
from brigades.accounts.forms import NewAddress
from brigades.accounts.models import Account
from brigades.accounts.password_views import stay_signed_in
from brigades.people import mail
from brigades.people.details import AddressTaken
from brigades.web import get_or_404, needs

OWN = "/me/address"
BEHIND_LINK = f"{OWN}/<token>"


@bp.get(OWN)
@needs(Can.SIGNED_IN, fresh=True)
def change_address(scope: Scope) -> str:
    """The present address, the one that waits to be confirmed, and a field for another."""
    return _page(NewAddress(_me()))


@bp.post(OWN)
@throttle.moving
@needs(Can.SIGNED_IN, form=True, fresh=True)
def ask_for_address(scope: Scope) -> Answer | tuple[str, int]:
    """Send a link to the new address; the answer is the same whether somebody has it."""
    form = NewAddress(_me())
    if not form.validate():
        return _page(form), 422
    addresses.ask(_me(), form.email.data or "", now=clock.now())
    return redirect(url_for(".change_address"), 303)


@bp.post(f"{OWN}/keep")
@needs(Can.SIGNED_IN)
def keep_address(scope: Scope) -> Answer:
    """Stay with the present address; the link that was sent opens nothing any more."""
    if addresses.take_back(_me(), now=clock.now()):
        flash(_("Your address stays as it is. The link opens nothing any more."), "success")
    return redirect(url_for(".change_address"), 303)


# Behind a sign-in: a link that went to a mistyped address must not give its reader the account.
@bp.get(BEHIND_LINK)
@needs(Can.SIGNED_IN)
def confirm_address(scope: Scope, token: str) -> str | tuple[str, int]:
    """Where the link leads; opening it changes nothing, since scanners of mail do that."""
    asked = addresses.opened(token, clock.now())
    if asked is None or asked.account.id != current_user.id:
        return _over()
    return render_template("accounts/confirm_address.html", asked=asked, token=token)


@bp.post(BEHIND_LINK)
@needs(Can.SIGNED_IN)
def move_address(scope: Scope, token: str) -> Answer | tuple[str, int]:
    """The address is theirs: sign in with it from now on."""
    now = clock.now()
    asked = addresses.opened(token, now, lock=True)
    if asked is None or asked.account.id != current_user.id:
        return _over()
    try:
        addresses.move(asked, now=now)
    except AddressTaken:
        return _over()
    stay_signed_in(asked.account, fresh=login_fresh())
    flash(_("Your address is changed. Other devices are signed out."), "success")
    return redirect(url_for(".change_address"), 303)


def _page(form: NewAddress) -> str:
    account, until = _me(), None
    if addresses.waits(account, clock.now()) and account.wanted_at is not None:
        until = account.wanted_at + addresses.LASTS
    person = get_or_404(mail.reader(account.person_id))
    return render_template(
        "accounts/address.html",
        form=form,
        account=account,
        until=until,
        zone=person.zone or person.section.zone,
    )


def _me() -> Account:
    account: Account = current_user._get_current_object()
    return account


def _over() -> tuple[str, int]:
    return render_template("accounts/address_over.html"), 404
