"""Setting a password: by a one-time link, or knowing the old one."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import COOKIE_NAME, current_user, login_fresh, login_user
from werkzeug.wrappers import Response as Answer

from brigades import clock
from brigades.access import Can, Scope
from brigades.accounts import links, throttle
from brigades.accounts.blueprint import REMEMBERED, bp
from brigades.accounts.forms import ChangePassword, Forgot, NewPassword
from brigades.accounts.links import Opened
from brigades.accounts.models import Account
from brigades.web import needs


@bp.get("/password/forgot")
@needs(Can.ANYONE)
def forgot(scope: Scope) -> str:
    """Ask for the address that a link shall go to."""
    form = Forgot(email=request.args.get("email", ""))
    return render_template("accounts/forgot.html", form=form)


@bp.post("/password/forgot")
@throttle.asking
@needs(Can.ANYONE, form=True)
def send_link(scope: Scope) -> Answer | tuple[str, int]:
    """Send a link; the answer is the same whether the address is known."""
    form = Forgot()
    if not form.validate():
        return render_template("accounts/forgot.html", form=form), 422
    links.ask_for_reset(form.email.data or "", now=clock.now())
    return redirect(url_for(".link_sent"))


@bp.get("/password/forgot/sent")
@needs(Can.ANYONE)
def link_sent(scope: Scope) -> str:
    """What to do now."""
    return render_template("accounts/link_sent.html")


@bp.get("/password/<token>")
@needs(Can.ANYONE)
def set_password(scope: Scope, token: str) -> str | tuple[str, int]:
    """Show the form that the link leads to; opening it changes nothing (AUTH-09)."""
    found = links.opened(token)
    if found.account is None:
        return _over(found)
    form = NewPassword(found.account)
    return render_template("accounts/set_password.html", form=form, token=token)


@bp.post("/password/<token>")
@needs(Can.ANYONE, form=True)
def set_password_now(scope: Scope, token: str) -> Answer | str | tuple[str, int]:
    """Set the password, once, and sign in."""
    found = links.opened(token, lock=True)
    if found.account is None:
        return _over(found)
    form = NewPassword(found.account)
    if not form.validate():
        return render_template("accounts/set_password.html", form=form, token=token), 422
    links.set_password(found.account, form.password.data or "", now=clock.now())
    login_user(found.account)
    flash(_("Your password is set. You are signed in."), "success")
    return redirect(url_for("home.index"))


@bp.get("/account/password")
@needs(Can.SIGNED_IN)
def change_password(scope: Scope) -> str:
    """Ask for the old password and the new one."""
    return render_template("accounts/change_password.html", form=ChangePassword(current_user))


@bp.post("/account/password")
@throttle.confirming
@needs(Can.SIGNED_IN, form=True)
def change_password_now(scope: Scope) -> Answer | tuple[str, int]:
    """Set a new password; every other session ends, this one goes on."""
    account = current_user._get_current_object()
    form = ChangePassword(account)
    if not form.validate():
        return render_template("accounts/change_password.html", form=form), 422
    links.set_password(account, form.password.data or "", now=clock.now())
    stay_signed_in(account)
    flash(_("Your password is changed. Other devices are signed out."), "success")
    return redirect(url_for("home.index"))


@bp.post("/account/sign-out-everywhere")
@needs(Can.SIGNED_IN)
def sign_out_everywhere(scope: Scope) -> Answer:
    """End every session but this one."""
    account = current_user._get_current_object()
    links.raise_epoch(account)
    stay_signed_in(account, fresh=login_fresh())
    flash(_("Other devices are signed out."), "success")
    return redirect(url_for(".change_password"))


def stay_signed_in(account: Account, *, fresh: bool = True) -> None:
    """Go on here, remembered if it was so before, although every cookie from before has ended.

    ``fresh`` False: what matters still asks for the password first.
    """
    remembered = current_app.config.get("REMEMBER_COOKIE_NAME", COOKIE_NAME) in request.cookies
    login_user(account, remember=remembered, duration=REMEMBERED, fresh=fresh)


def _over(found: Opened) -> tuple[str, int]:
    """Say that a link is used up (410), or that it is none of ours any more (404)."""
    page = render_template("accounts/link_over.html", used=found.used)
    return page, 410 if found.used else 404
