"""Calendars of sections, for whoever runs their shifts: make, renew and remove an address."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.calendars import feeds, page
from brigades.calendars.blueprint import bp
from brigades.calendars.forms import SectionCalendarForm
from brigades.sections.models import Section
from brigades.web import get_or_404, needs


@bp.post("/calendar/sections")
@needs(Can.RUN_SHIFTS, form=True)
def make_section(scope: Scope) -> Any:
    """An address for one more section."""
    # Those that have one too: pressed twice, nothing more happens.
    form = SectionCalendarForm().offer(feeds.to_choose(scope, []))
    if not form.validate_on_submit():
        return page.render(scope, form), 422
    feeds.make(acting(scope), _section(scope, form.section.data), now=clock.now())
    flash(_("This is the address of the section's calendar."), "success")
    return redirect(url_for(".settings"), 303)


@bp.get("/calendar/sections/<int:section_id>/renew")
@needs(Can.RUN_SHIFTS)
def ask_renew_section(scope: Scope, section_id: int) -> str:
    """What renewing the address does, before it is done."""
    return render_template("calendars/renew.html", section=_section(scope, section_id))


@bp.post("/calendar/sections/<int:section_id>/renew")
@needs(Can.RUN_SHIFTS)
def renew_section(scope: Scope, section_id: int) -> Any:
    """A new address; the old one stops at once."""
    feeds.make(acting(scope), _section(scope, section_id), now=clock.now(), anew=True)
    flash(_("This is the new address of the section's calendar."), "success")
    return redirect(url_for(".settings"), 303)


@bp.get("/calendar/sections/<int:section_id>/remove")
@needs(Can.SIGNED_IN)
def ask_remove_section(scope: Scope, section_id: int) -> str:
    """What removing the address does, before it is done."""
    return render_template("calendars/remove.html", section=_own(scope, section_id))


@bp.post("/calendar/sections/<int:section_id>/remove")
@needs(Can.SIGNED_IN)
def remove_section(scope: Scope, section_id: int) -> Any:
    """The address opens nothing any more; also for who does not run the section by now."""
    feeds.remove(acting(scope), _own(scope, section_id), now=clock.now())
    flash(_("The address was removed."), "success")
    return redirect(url_for(".settings"), 303)


def _section(scope: Scope, section_id: int) -> Section:
    return get_or_404(feeds.section_to_run(scope, section_id))


def _own(scope: Scope, section_id: int) -> Section:
    return get_or_404(feeds.section_of(scope, section_id))
