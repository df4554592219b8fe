"""Pages for whoever plans sessions: making, changing, copying, publishing, cancelling."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.schedule import leads
from brigades.schedule.likewise import Hindered
from brigades.schedule.models import Status
from brigades.schedule.needs import TooFewPlaces
from brigades.schedule.terms import papers_of
from brigades.schedule.views import reaching
from brigades.schedule.views.doubting import publish_or_ask, times, warn
from brigades.trainings import courses, people, service, sessions
from brigades.trainings.blueprint import bp
from brigades.trainings.choices import choices
from brigades.trainings.forms import ReasonForm, SessionForm, id_of
from brigades.trainings.models import Session
from brigades.web import get_or_404, needs


@bp.get("/trainings/new")
@bp.post("/trainings/new")
@needs(Can.RUN_TRAININGS, form=True)
def new(scope: Scope) -> Any:
    """Plan a session; it starts as a draft."""
    form = _session_form(scope)
    if request.method == "GET":
        _propose(form, scope)
        return render_template("trainings/form.html", form=form, one=None)
    if not form.validate_on_submit() or not (chosen := _trainer(form, scope))[0]:
        return render_template("trainings/form.html", form=form, one=None), 422
    now = clock.now()
    if form.must_ask(now, draft=True):
        return render_template("trainings/form.html", form=form, one=None), 422
    try:
        one = sessions.create(form.plan(chosen[1]), form.apply_to, by=acting(scope), now=now)
    except leads.Gone:
        _say_gone(form)
        return render_template("trainings/form.html", form=form, one=None), 422
    flash(_("Saved as a draft. Nobody sees it until you publish it."), "success")
    warn(one, now)
    return redirect(url_for(".show", session_id=one.id))


@bp.get("/trainings/<int:session_id>/edit")
@bp.post("/trainings/<int:session_id>/edit")
@needs(Can.RUN_TRAININGS, form=True)
def edit(scope: Scope, session_id: int) -> Any:
    """Change a session; who has a place hears of a new time or place."""
    one = to_change(scope, session_id)
    form = _session_form(scope, one)
    if request.method == "GET":
        need = sessions.need_of(one.id)
        form.fill_from_session(one, need.least, need.most, papers_of(one.id))
        return _edit_page(form, one)
    if not form.validate_on_submit() or not (chosen := _trainer(form, scope, one))[0]:
        return _edit_page(form, one), 422
    plan, now = form.plan(chosen[1]), clock.now()
    public, before = one.status is Status.PUBLISHED, times(one)
    if form.must_ask(now, before, draft=not public):
        return _edit_page(form, one), 422
    by = acting(scope)

    def write() -> object:
        return sessions.change(session_id, plan, form.apply_to, by=by, now=now)

    try:
        reaching.change(
            one,
            write,
            keep_over=False,
            sure=bool(form.sure.data),
            also=plan.people,
            by=by,
            now=now,
        )
    except leads.Gone:
        _say_gone(form)
        return _edit_page(form, to_change(scope, session_id)), 422
    except Hindered as stop:
        reaching.say(form, stop)
        return _edit_page(form, to_change(scope, session_id)), 422
    except TooFewPlaces as few:
        form.most.errors = [
            _(
                "%(held)s people hold a place already. Take somebody off first.",
                held=few.held,
            )
        ]
        return _edit_page(form, to_change(scope, session_id)), 422
    flash(_("Saved."), "success")
    if not public and times(one) != before:
        warn(one, now)
    return redirect(url_for(".show", session_id=one.id))


@bp.post("/trainings/<int:session_id>/publish")
@needs(Can.RUN_TRAININGS)
def publish(scope: Scope, session_id: int) -> Any:
    """Open a draft to everybody who may see it."""
    one = to_change(scope, session_id)
    now, address = clock.now(), url_for(".show", session_id=one.id)
    if (page := publish_or_ask(one, address, by=acting(scope), now=now)) is not None:
        return page
    flash(_("Published. People can find it and enrol."), "success")
    return redirect(url_for(".show", session_id=one.id))


@bp.get("/trainings/<int:session_id>/cancel")
@bp.post("/trainings/<int:session_id>/cancel")
@needs(Can.RUN_TRAININGS, form=True)
def cancel(scope: Scope, session_id: int) -> Any:
    """Call a session off, with a reason that everybody concerned is told."""
    one = to_change(scope, session_id)
    form = ReasonForm(needed=True)
    if form.validate_on_submit():
        reaching.cancel(one, by=acting(scope), now=clock.now(), why=form.why.data or "")
        flash(_("Cancelled. Everybody concerned gets a mail."), "info")
        return redirect(url_for(".show", session_id=one.id))
    status = 200 if request.method == "GET" else 422
    concerned = people.concerned(one.id)
    reach = reaching.form_for(one)
    page = render_template(
        "trainings/cancel.html", form=form, one=one, concerned=concerned, reach=reach
    )
    return page, status


def _edit_page(form: SessionForm, one: Session) -> str:
    return render_template("trainings/form.html", form=form, one=one, reach=reaching.form_for(one))


def to_change(scope: Scope, session_id: int) -> Session:
    """The session, unless it was cancelled: that cannot be taken back."""
    one = get_or_404(service.find_to_run(scope, session_id))
    if one.status is Status.CANCELLED:
        abort(404)
    return one


def _session_form(scope: Scope, one: Session | None = None) -> SessionForm:
    form = SessionForm(obj=None)
    known = choices(scope)
    offered = known.courses
    if one is not None and one.course_id not in dict(offered):
        offered = [*offered, (one.course_id, one.course.title)]  # archived since
    trainers = sessions.appointed_trainers(scope, clock.now().date())
    form.offer(offered, known.sections, trainers, known.kinds)
    if one is not None:
        form.keep_trainer(one)
    return form


def _propose(form: SessionForm, scope: Scope) -> None:
    """Start with what is most likely: one's own section, its zone, a course from the address."""
    known = {id: zone for id, _name, zone in courses.sections(scope)}
    home = current_user.person.section_id
    section_id = home if home in known else next(iter(known))
    form.section.data, form.zone.data = str(section_id), known[section_id]
    form.course.data = request.args.get("course", "")


def _say_gone(form: SessionForm) -> None:
    form.trainer.errors = [_("They do not take part any more. Choose somebody else.")]


def _trainer(
    form: SessionForm, scope: Scope, one: Session | None = None
) -> tuple[bool, int | None]:
    """Whether the trainer can be chosen, and who it is; a sentence at the field where not."""
    today = clock.now().date()
    if form.trainer_email.data:
        person = sessions.trainer(scope, today, email=form.trainer_email.data)
        if person is None:
            form.trainer_email.errors = [_("Nobody in your sections has this address.")]
        return person is not None, person.id if person else None
    if one is not None and not form.trainer_touched:
        return True, one.trainer_id
    if not form.trainer.data:
        return True, None
    asked = id_of(form.trainer.data)
    if one is not None and asked is not None and asked == one.trainer_id:
        return True, asked
    person = sessions.trainer(scope, today, person_id=asked) if asked is not None else None
    if person is not None:
        form.offer_trainer(person.id, person.name)
    else:
        form.trainer.errors = [_("Choose somebody from the list.")]
    return person is not None, person.id if person else None
