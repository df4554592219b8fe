"""Bringing in a calendar file: choosing it, looking at what it holds, making slots of it.

The same pages for shifts and for sessions, at their own addresses.
"""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from brigades import characters, clock
from brigades.access import Scope, acting
from brigades.asking import as_id
from brigades.calendars.blueprint import bp
from brigades.calendars.importing import service, words
from brigades.calendars.importing.forms import FileForm, SlotsForm
from brigades.calendars.importing.kept import read_back
from brigades.calendars.importing.looking import look
from brigades.calendars.importing.showing import shown
from brigades.calendars.importing.targets import TARGETS, Target
from brigades.calendars.models import Becomes, CalendarFile
from brigades.calendars.reading.found import NoCalendar, Unreadable
from brigades.calendars.reading.reader import read
from brigades.db import session
from brigades.schedule import series
from brigades.schedule.views.repeating import say_published
from brigades.sections import service as sections
from brigades.trainings.choices import choices
from brigades.web import get_or_404, needs


def add_to(target: Target) -> None:
    """Give what events become its pages."""
    becomes, can = target.becomes, service.can(target.becomes)

    @needs(can)
    def choose(scope: Scope) -> str:
        """Choose a file and where it goes; files that wait are listed."""
        form = _file_form(scope, target)
        _propose(form, scope, target)
        return _choosing(scope, target, form)

    @needs(can, form=True)
    def bring(scope: Scope) -> Any:
        """Read a file and keep what was read, to be looked at."""
        try:
            form = _file_form(scope, target)
        except RequestEntityTooLarge:
            form = _file_form(scope, target, empty=True)
            form.file.errors = [words.no_calendar(NoCalendar.LARGE)]
            return _choosing(scope, target, form), 413
        if not form.validate_on_submit():
            return _choosing(scope, target, form), 422
        section = get_or_404(service.section_of(scope, becomes, int(form.section.data)))
        now = clock.now()
        # Reading may take seconds, in which the embedded database would let nobody else write.
        session.close()
        try:
            found = read(form.content, zone=section.zone, now=now)
        except Unreadable as stopped:
            form.file.errors = [words.no_calendar(stopped.why)]
            return _choosing(scope, target, form), 422
        course_id = as_id(form.course.data) if becomes is Becomes.SESSION else None
        file = service.keep(
            found,
            becomes=becomes,
            section=section,
            course_id=course_id,
            name=characters.one_line(form.name),
            by=acting(scope),
            now=now,
        )
        return redirect(url_for(target.file_page, file_id=file.id), 303)

    @needs(can)
    def show(scope: Scope, file_id: int) -> Any:
        """What a file holds, before anything is made."""
        file = get_or_404(service.find(scope, becomes, file_id))
        if file.made is not None:
            return _done(target, file)
        form = SlotsForm(formdata=None)
        form.fill_from(file.day_from, file.day_until, target.least)
        return _looking(target, file, form)

    @needs(can, form=True)
    def make(scope: Scope, file_id: int) -> Any:
        """Make drafts of what is ticked, or show whole days with their times."""
        file = get_or_404(service.find(scope, becomes, file_id))
        if file.made is not None:
            return _done(target, file)
        form, ticked = SlotsForm(), set(request.form.getlist("take"))
        if not form.validate_on_submit():
            return _looking(target, file, form, ticked), 422
        if form.day_from.data or form.day_until.data:
            service.set_times(file, form.day_from.data, form.day_until.data)
        if "times" in request.form:
            return _looking(target, file, form, ticked)
        if not ticked:
            return _looking(target, file, form, ticked, _("Tick at least one.")), 422
        if file.day_from is None and _has_days(file, ticked):
            form.ask_times()
            return _looking(target, file, form, ticked), 422
        made = service.make(
            file,
            ticked,
            least=form.least.data or 0,
            most=form.most.data,
            untitled=file.course.title if file.course else _("Without a title"),
            by=acting(scope),
            now=clock.now(),
        )
        if made.late:
            return _done(target, file)
        if not made.ids:
            error = _("Nothing was made: all that you ticked was brought in before.")
            return _looking(target, file, form, ticked, error), 422
        _say(made)
        return redirect(target.drafts_of(file), 303)

    @needs(can)
    def throw(scope: Scope, file_id: int) -> Any:
        """Erase a file that is not wanted any more."""
        service.throw_away(get_or_404(service.find(scope, becomes, file_id)))
        flash(_("The file was erased. Nothing was made of it."), "success")
        return redirect(url_for(target.page), 303)

    @needs(can)
    def publish(scope: Scope, file_id: int) -> Any:
        """Publish the drafts of a file whose dates nothing makes one doubt."""
        drafts = get_or_404(service.drafts_of(scope, becomes, file_id) or None)
        done, left = series.publish_drafts(
            drafts, by=acting(scope), now=clock.now(), why=service.FROM_FILE
        )
        say_published(done, left)
        return redirect(url_for(target.index, file=file_id), 303)

    pages = (
        (target.address, target.page, choose, "GET"),
        (target.address, f"{target.page}_now", bring, "POST"),
        (f"{target.address}/<int:file_id>", target.file_page, show, "GET"),
        (f"{target.address}/<int:file_id>", f"{target.file_page}_now", make, "POST"),
        (f"{target.address}/<int:file_id>/erase", target.throw_page, throw, "POST"),
        (f"{target.address}/<int:file_id>/publish", target.publish_page, publish, "POST"),
    )
    for address, name, view, method in pages:
        bp.add_url_rule(address, name.partition(".")[2], view, methods=[method])


def _file_form(scope: Scope, target: Target, *, empty: bool = False) -> FileForm:
    form = FileForm(formdata=None) if empty else FileForm()
    if target.becomes is Becomes.SHIFT:
        form.offer(sections.names(scope, service.can(target.becomes)), None)
    else:
        known = choices(scope)
        form.offer([(id, name) for id, name, _zone in known.sections], known.courses)
    return form


def _propose(form: FileForm, scope: Scope, target: Target) -> None:
    """One's own section where that can be chosen; a course or section from the address."""
    runs = scope.sections(service.can(target.becomes))
    asked = as_id(request.args.get("section"))
    section_id = asked if asked in runs else current_user.person.section_id
    if section_id in runs:
        form.section.data = str(section_id)
    if target.becomes is Becomes.SESSION:
        form.course.data = request.args.get("course", "")


def _choosing(scope: Scope, target: Target, form: FileForm) -> str:
    return render_template(
        "calendars/bring.html",
        form=form,
        target=target,
        back=url_for(target.index),
        waiting=service.waiting(scope, target.becomes),
    )


def _looking(
    target: Target,
    file: CalendarFile,
    form: SlotsForm,
    ticked: set[str] | None = None,
    error: str = "",
) -> str:
    now = clock.now()
    found = look(file, now)
    wanted = request.args.get("take")
    if ticked is None:
        ticked = {item.one.name for item in found.items if item.plain and wanted != "none"}
    return render_template(
        "calendars/brought.html",
        form=form,
        target=target,
        file=file,
        error=error,
        **shown(found, ticked, now),
    )


def _has_days(file: CalendarFile, ticked: set[str]) -> bool:
    kept = read_back(file.found, None, None)
    return any(one.day is not None and one.name in ticked for one in kept.ones)


def _done(target: Target, file: CalendarFile) -> Any:
    flash(
        ngettext(
            "This file was brought in already: %(num)s draft was made of it.",
            "This file was brought in already: %(num)s drafts were made of it.",
            file.made or 0,
        ),
        "info",
    )
    return redirect(target.drafts_of(file), 303)


def _say(made: service.Made) -> None:
    number = len(made.ids)
    flash(
        ngettext(
            "%(num)s draft was made. Nobody sees it until you publish it.",
            "%(num)s drafts were made. Nobody sees them until you publish them.",
            number,
        ),
        "success",
    )
    if made.before:
        flash(
            ngettext(
                "%(num)s was brought in before and was not made again.",
                "%(num)s were brought in before and were not made again.",
                made.before,
            ),
            "info",
        )


for each in TARGETS:
    add_to(each)
