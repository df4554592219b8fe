"""Signing in and out, and choosing a language."""

from flask import (
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import confirm_login, current_user, login_user, logout_user
from werkzeug.wrappers import Response as Answer

from brigades import clock
from brigades.access import Can, Scope
from brigades.accounts import address_views, password_views, service, throttle
from brigades.accounts.blueprint import REMEMBERED, bp
from brigades.accounts.forms import Confirm, SignIn
from brigades.locales import LOCALES, remember
from brigades.web import back_to, needs

__all__ = ["address_views", "bp", "password_views"]


@bp.get("/login")
@needs(Can.ANYONE)
def sign_in(scope: Scope) -> Answer | str:
    """Ask for address and password."""
    if scope.person_id is not None:
        return back_to(request.args.get("next"))
    return render_template("accounts/sign_in.html", form=SignIn(next=request.args.get("next", "")))


@bp.post("/login")
@throttle.guessing
@needs(Can.ANYONE, form=True)
def start(scope: Scope) -> Answer | tuple[str, int]:
    """Sign in, and go where the person wanted to go."""
    form = SignIn()
    if form.validate():
        account = service.authenticate(
            form.email.data or "", form.password.data or "", now=clock.now()
        )
        if account is not None:
            login_user(account, remember=bool(form.remember.data), duration=REMEMBERED)
            return back_to(form.next.data or request.args.get("next"))
        form.refuse()
    return render_template("accounts/sign_in.html", form=form), 422


@bp.get("/login/confirm")
@needs(Can.SIGNED_IN)
def confirm(scope: Scope) -> str:
    """Ask for the password once more, before something that matters."""
    form = Confirm(next=request.args.get("next", ""))
    return render_template("accounts/confirm.html", form=form)


@bp.post("/login/confirm")
@throttle.confirming
@needs(Can.SIGNED_IN, form=True)
def confirm_now(scope: Scope) -> Answer | tuple[str, int]:
    """Trust this session again."""
    form = Confirm()
    if form.validate():
        if service.matches(current_user, form.password.data or ""):
            confirm_login()
            return back_to(form.next.data or request.args.get("next"))
        form.refuse()
    return render_template("accounts/confirm.html", form=form), 422


@bp.get("/logout")
@needs(Can.ANYONE)
def leaving(scope: Scope) -> Answer | str:
    """Whoever types the address gets a button: opening a page changes nothing."""
    if scope.person_id is None:
        return redirect(url_for("home.index"))
    return render_template("accounts/sign_out.html")


@bp.post("/logout")
@needs(Can.ANYONE)
def sign_out(scope: Scope) -> Answer:
    """End this session, and forget a remembered one."""
    session.clear()
    logout_user()
    flash(_("You are signed out."), "info")
    return redirect(url_for("home.index"))


@bp.post("/language")
@needs(Can.ANYONE)
def language(scope: Scope) -> Response:
    """Read everything in another language from now on, mail too where somebody is signed in."""
    locale = request.form.get("locale", "")
    if locale not in LOCALES:
        abort(422)
    if scope.person_id is not None:
        service.speak(current_user, locale)
    return remember(make_response(back_to(request.form.get("next"))), locale)
