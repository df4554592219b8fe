"""Pages of courses."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.paging import paged
from brigades.trainings import courses
from brigades.trainings.blueprint import bp
from brigades.trainings.forms import CourseForm
from brigades.web import get_or_404, needs


@bp.get("/trainings/courses")
@needs(Can.RUN_TRAININGS)
def course_list(scope: Scope) -> str:
    """The courses that somebody plans with."""
    q, archived = request.args.get("q", "").strip()[:200], request.args.get("archived") == "1"
    page = paged(courses.query(scope, q, archived))
    names, coming = courses.sections_and_sessions(page.items, clock.now())
    return render_template(
        "trainings/courses.html", page=page, names=names, coming=coming, q=q, archived=archived
    )


@bp.get("/trainings/courses/new")
@bp.post("/trainings/courses/new")
@needs(Can.RUN_TRAININGS, form=True)
def new_course(scope: Scope) -> Any:
    """A new course."""
    form = CourseForm()
    form.offer(courses.sections(scope), courses.kinds())
    if request.method == "GET":
        return render_template("trainings/course.html", form=form, course=None)
    if not form.validate_on_submit():
        return render_template("trainings/course.html", form=form, course=None), 422
    courses.create(form.outline, by=acting(scope), now=clock.now())
    flash(_("The course is saved."), "success")
    return redirect(url_for(".course_list"))


@bp.get("/trainings/courses/<int:course_id>")
@bp.post("/trainings/courses/<int:course_id>")
@needs(Can.RUN_TRAININGS, form=True)
def edit_course(scope: Scope, course_id: int) -> Any:
    """Change a course."""
    course = get_or_404(courses.find(scope, course_id))
    form = CourseForm()
    form.offer(courses.sections(scope), courses.kinds())
    if request.method == "GET":
        form.fill_from(course)
        return render_template("trainings/course.html", form=form, course=course)
    if not form.validate_on_submit():
        return render_template("trainings/course.html", form=form, course=course), 422
    courses.change(course, form.outline, by=acting(scope), now=clock.now())
    flash(_("The course is saved."), "success")
    return redirect(url_for(".course_list"))


@bp.post("/trainings/courses/<int:course_id>/archive")
@needs(Can.RUN_TRAININGS)
def archive_course(scope: Scope, course_id: int) -> Any:
    """Take a course out of the choices, or bring it back with ``archived`` 0."""
    course = get_or_404(courses.find(scope, course_id))
    archived = request.form.get("archived", "1") != "0"
    courses.archive(course, archived, by=acting(scope), now=clock.now())
    if archived:
        flash(_("The course is archived. Its sessions stay as they are."), "info")
    else:
        flash(_("The course can be chosen again."), "info")
    return redirect(url_for(".course_list"))
