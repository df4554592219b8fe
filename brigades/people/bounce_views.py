"""A coordinator lets mail go again to an address that had sent letters back."""

from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.outbox import mailboxes
from brigades.people.blueprint import bp
from brigades.people.edit_views import ID, person_in_scope
from brigades.web import needs


@bp.post(f"/people/<{ID}:person_id>/mail-again")
@needs(Can.EDIT_PEOPLE)
def mail_again(scope: Scope, person_id: int) -> Any:
    """Take the mark off the person's address; the trail says who did."""
    person = person_in_scope(scope, person_id)
    cleared = mailboxes.clear(
        person.email,
        by=acting(scope),
        now=clock.now(),
        person_id=person.id,
        section_id=person.section_id,
    )
    if cleared:
        flash(_("Mail goes to this address again. Letters that failed wait on the letters page."))
    else:
        flash(_("No mail comes back from this address. Nothing was changed."), "info")
    return redirect(url_for(".show", person_id=person_id), 303)
