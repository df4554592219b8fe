"""Who hears what when, of a shift, a training session, a course or a section; and changing it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.reminders import keeping, words
from brigades.reminders.blueprint import bp
from brigades.reminders.forms import PlanForm
from brigades.reminders.keeping import Owner
from brigades.sections import service as sections
from brigades.sections.models import Section
from brigades.shifts import service as shifts
from brigades.trainings import courses
from brigades.trainings import service as trainings
from brigades.web import get_or_404, needs


@dataclass(frozen=True)
class Place:
    """Where a kind of owner has these pages. ``back`` is its own page's endpoint."""

    name: str
    address: str
    argument: str
    can: Can
    find: Callable[[Scope, Any], Owner | None]
    back: str

    def to(self, page: str, key: Any) -> str:
        """The address of one of the pages."""
        return url_for(f"reminders.{page}_{self.name}", **{self.argument: key})


def _shift(scope: Scope, shift_id: int) -> Owner | None:
    found = shifts.run_by(scope, shift_id)
    return None if found is None else Owner(found.section, slot=found)


def _session(scope: Scope, session_id: int) -> Owner | None:
    found = trainings.find_to_run(scope, session_id)
    return None if found is None else Owner(found.section, slot=found)


def _course(scope: Scope, course_id: int) -> Owner | None:
    found = courses.find(scope, course_id)
    return None if found is None else Owner(sections.by_id(found.section_id), course=found)


def _section(scope: Scope, slug: str) -> Owner | None:
    found: Section | None = sections.by_slug(slug)
    return Owner(found) if found and scope.may(scope.can, found.id) else None


PLACES = (
    Place("shift", "/shifts/<int:shift_id>", "shift_id", Can.RUN_SHIFTS, _shift, "shifts.show"),
    Place(
        "session",
        "/trainings/<int:session_id>",
        "session_id",
        Can.RUN_TRAININGS,
        _session,
        "trainings.show",
    ),
    Place(
        "course",
        "/trainings/courses/<int:course_id>",
        "course_id",
        Can.RUN_TRAININGS,
        _course,
        "trainings.edit_course",
    ),
    Place("section", "/sections/<slug>", "slug", Can.RUN_SHIFTS, _section, "sections.show"),
)


def _add(place: Place) -> None:
    """Give a kind of owner its pages."""
    address = f"{place.address}/reminders"

    @bp.get(address, endpoint=f"show_{place.name}")
    @needs(place.can)
    def show(scope: Scope, **key: Any) -> str:
        """Who hears what when, and by whose plan."""
        return _shown(place, _owner(place, scope, key), _key(key))

    @bp.get(f"{address}/edit", endpoint=f"edit_{place.name}")
    @needs(place.can)
    def edit(scope: Scope, **key: Any) -> str:
        """The form, with the reminders as they are."""
        owner = _owner(place, scope, key)
        form = PlanForm()
        form.fill_from(keeping.held(owner).plan)
        return _form(place, owner, _key(key), form)

    @bp.post(f"{address}/edit", endpoint=f"change_{place.name}")
    @needs(place.can, form=True)
    def change(scope: Scope, **key: Any) -> Any:
        """Keep what was chosen as a plan of its own, or change the rows of the form."""
        owner, form = _owner(place, scope, key), PlanForm()
        if "add" in request.form or "drop" in request.form:
            if "add" in request.form:
                form.add()
            else:
                form.remove(request.form["drop"])
            return _form(place, owner, _key(key), form)
        if not form.validate_on_submit():
            return _form(place, owner, _key(key), form), 422
        now = clock.now()
        keeping.keep(owner, form.chosen, by=acting(scope), now=now)
        _say(_("Saved."), owner)
        return redirect(place.to("show", _key(key)), 303)

    @bp.post(f"{address}/drop", endpoint=f"drop_{place.name}")
    @needs(place.can)
    def drop(scope: Scope, **key: Any) -> Any:
        """Give up its own plan."""
        owner = _owner(place, scope, key)
        if keeping.drop(owner, by=acting(scope), now=clock.now()):
            _say(_("Its own plan is gone."), owner)
        else:
            flash(_("It has no plan of its own. Nothing was changed."), "info")
        return redirect(place.to("show", _key(key)), 303)


def _owner(place: Place, scope: Scope, key: dict[str, Any]) -> Owner:
    return get_or_404(place.find(scope, _key(key)))


def _key(key: dict[str, Any]) -> Any:
    [value] = key.values()
    return value


def _say(done: str, owner: Owner) -> None:
    """Say how many letters it means now."""
    number = keeping.number_ahead(owner, clock.now())
    means = ngettext(
        "As things stand that means %(num)s letter in the next 7 days.",
        "As things stand that means %(num)s letters in the next 7 days.",
        number,
    )
    flash(f"{done} {means}", "success")


def _shown(place: Place, owner: Owner, key: Any) -> str:
    held = keeping.held(owner)
    return render_template(
        "reminders/show.html",
        **_frame(place, owner, key),
        held=held,
        lines=words.lines(held.plan, owner, clock.now()),
        plan=words.plan_words(held.plan),
        otherwise=words.plan_words(held.otherwise),
    )


def _form(place: Place, owner: Owner, key: Any, form: PlanForm) -> str:
    return render_template("reminders/edit.html", **_frame(place, owner, key), form=form)


def _frame(place: Place, owner: Owner, key: Any) -> dict[str, Any]:
    return {
        "owner": owner,
        "of": place.name,
        "back": url_for(place.back, **{place.argument: key}),
        "here": place.to("show", key),
        "edit": place.to("edit", key),
        "drop": place.to("drop", key),
    }


for _place in PLACES:
    _add(_place)
