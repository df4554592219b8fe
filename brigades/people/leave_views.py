"""Ending one's own membership, after saying what follows."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import logout_user
from sqlalchemy import select

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.db import session
from brigades.people import appointments, service
from brigades.people.blueprint import bp
from brigades.people.erase_forms import LeaveForm
from brigades.people.models import Person, Standing
from brigades.web import get_or_404, needs


@bp.get("/profile/leave")
@needs(Can.SIGNED_IN, fresh=True)
def ask_leave(scope: Scope) -> str:
    """What ends and what stays; opening it changes nothing."""
    return render_template("people/leave.html", form=LeaveForm())


@bp.post("/profile/leave")
@needs(Can.SIGNED_IN, form=True, fresh=True)
def leave(scope: Scope) -> Any:
    """Leave: places become free, roles and the sign-in end."""
    form = LeaveForm()
    if not form.validate_on_submit():
        return render_template("people/leave.html", form=form), 422
    person = get_or_404(session.scalar(select(Person).where(Person.id == acting(scope))))
    why = form.why.data or "left by themselves"
    try:
        service.set_standing(person, Standing.LEFT, by=person.id, now=clock.now(), why=why)
    except appointments.LastAdministrator:
        form.sure.errors = [_("This is the last administrator. Appoint another one first.")]
        return render_template("people/leave.html", form=form), 422
    logout_user()
    flash(_("Your membership has ended. Thank you for all you did."), "info")
    return redirect(url_for("home.index"), 303)
