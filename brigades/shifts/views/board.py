"""The assignment board of a shift, and giving places from it."""

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from brigades import characters, clock
from brigades.access import Can, Scope, acting
from brigades.asking import as_id
from brigades.people.languages import language_names
from brigades.reader import language
from brigades.schedule import candidates, in_question
from brigades.schedule import service as schedule
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.states import State
from brigades.schedule.views.blueprint import only
from brigades.sections import service as sections
from brigades.shifts import service
from brigades.shifts.models import Shift
from brigades.shifts.views.blueprint import bp
from brigades.web import get_or_404, needs

LONGEST_REASON = 1000


@bp.get("/shifts/<int:shift_id>/board")
@needs(Can.RUN_SHIFTS)
def board(scope: Scope, shift_id: int) -> str:
    """Who is on, who fits, and who cannot come and why."""
    return _page(scope, get_or_404(service.run_by(scope, shift_id)))


def _page(
    scope: Scope,
    shift: Shift,
    reasons: list[Refusal] | None = None,
    refused_name: str = "",
    typed: tuple[int, int, str] | None = None,
) -> str:
    filters, now = _filters(), clock.now()
    return render_template(
        "shifts/board.html",
        shift=shift,
        desks=candidates.board(scope, shift, filters, now),
        filters=filters,
        sections=sections.names(scope, Can.RUN_SHIFTS),
        languages=_languages(),
        reasons=reasons or [],
        refused_name=refused_name,
        typed=typed,
        kept={key: value for key, value in request.args.items() if value},
        now=now,
    )


def _languages() -> tuple[tuple[str, str], ...]:
    return tuple(language_names(language()).items())


def _filters() -> in_question.Filters:
    """What the address asks for. Unticking a box sends nothing, so the form says it was sent."""
    args = request.args
    speaks = args.get("speaks", "")
    return in_question.Filters(
        q=args.get("q", "").strip()[:200],
        section_id=as_id(args.get("section")),
        speaks=speaks if speaks.isascii() and speaks.isalpha() and len(speaks) < 4 else "",
        refused="filtered" not in args or bool(args.get("refused")),
    )


@bp.get("/shifts/<int:shift_id>/roster")
@needs(Can.RUN_SHIFTS)
def roster(scope: Scope, shift_id: int) -> str:
    """Who is on, on paper."""
    shift = get_or_404(service.run_by(scope, shift_id))
    nobody = in_question.Filters(most=0)
    desks = candidates.board(scope, shift, nobody, clock.now())
    return render_template("shifts/roster.html", shift=shift, desks=desks)


@bp.post("/shifts/<int:shift_id>/assign")
@needs(Can.RUN_SHIFTS)
def assign(scope: Scope, shift_id: int) -> Any:
    """Offer a place, or confirm it where the person has agreed already."""
    shift = get_or_404(service.run_by(scope, shift_id))
    person_id = get_or_404(as_id(request.form.get("person")))
    need_id = get_or_404(as_id(request.form.get("need")))
    person = get_or_404(service.person_in_pool(scope, shift, person_id))
    get_or_404(schedule.need_of(shift.id, need_id))
    reason = characters.text(request.form.get("reason"))
    if len(reason) > LONGEST_REASON:
        flash(_("The reason is too long. Say it in fewer words."), "error")
        return _page(scope, shift, typed=(need_id, person_id, reason)), 422
    try:
        place = schedule.assign(
            shift.id,
            need_id,
            person,
            by=acting(scope),
            now=clock.now(),
            agreed=request.form.get("agreed") in ("1", "yes", "true", "on"),
            override=reason,
        )
    except schedule.Refused as refused:
        if only(refused.reasons, Code.ALREADY_IN):
            flash(_("%(name)s is in this shift already.", name=person.name), "info")
            return _back(shift, need_id)
        typed = (need_id, person_id, reason)
        # It was read anew under its lock: load it whole again.
        shift = get_or_404(service.run_by(scope, shift_id))
        return _page(scope, shift, refused.reasons, person.name, typed), 422
    _say(place.state, person.name)
    return _back(shift, need_id)


def _say(state: State, name: str) -> None:
    if state is State.WAITLISTED:
        flash(_("All places are taken. %(name)s is on the waiting list.", name=name), "warning")
    elif state is State.OFFERED:
        flash(_("Offered to %(name)s, who gets a mail now.", name=name), "success")
    else:
        flash(_("%(name)s has the place and gets a mail now.", name=name), "success")


def _back(shift: Shift, need_id: int) -> Any:
    """To the need that was worked on, with the filters that were set."""
    kept = {key: value for key, value in request.args.items() if value}
    kept.pop("shift_id", None)
    address = url_for("shifts.board", shift_id=shift.id)
    if kept:
        address += "?" + urlencode(kept)
    return redirect(f"{address}#need-{need_id}", 303)
