"""Who is at the door: signing in first, and saying once more who one is before what matters."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import confirm_login, current_user

from brigades.accounts import throttle
from brigades.accounts.service import matches
from brigades.web import UNSAFE

FIELD = "confirm_password"


def sign_in_first() -> Any:
    """Send to the sign-in page, and back afterwards to what can be opened by its address."""
    flash(_("Sign in to see this page."), "info")
    there = request.full_path.rstrip("?") if request.method not in UNSAFE else None
    return redirect(url_for("accounts.sign_in", next=there))


def ask_again() -> Any:
    """The page that asks for the password once more, or None where it has just been given.

    What a form sent is carried along, so that nobody's entry is lost on the way.
    """
    if request.method not in UNSAFE:
        there = request.full_path.rstrip("?")
        return redirect(url_for("accounts.confirm", next=there))
    typed = request.form.get(FIELD)
    if typed:
        throttle.once("confirm")
        if matches(current_user, typed):
            confirm_login()
            return None
    kept = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in (FIELD, "csrf_token")
    ]
    page = render_template("accounts/confirm_and_send.html", kept=kept, field=FIELD, wrong=typed)
    return page, 403
