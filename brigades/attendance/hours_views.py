"""Hours: the coordinator's report with its exports, one's own, and a certificate of them."""

from datetime import date
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades import clock, sheets, texts
from brigades.access import Can, Scope, acting
from brigades.asking import MOST_ID, as_day
from brigades.attendance import certificate, hours, served
from brigades.attendance.blueprint import bp
from brigades.attendance.certificate import Certificate
from brigades.attendance.hours import By, Filters
from brigades.attendance.served import Served
from brigades.clock import local_day
from brigades.db import session
from brigades.paging import Page, page_number
from brigades.people.models import Person
from brigades.people.skills import SKILL_LABELS, Skill, label
from brigades.sections import service as sections
from brigades.web import get_or_404, needs

PER_PAGE = 50


@bp.get("/hours")
@needs(Can.SEE_PEOPLE)
def report(scope: Scope) -> str:
    """Hours of the people within reach, added up as asked."""
    filters, now = _filters(), clock.now()
    total = hours.total(scope, filters, now)
    number = min(page_number(), max(1, -(-total.lines // PER_PAGE)))
    found = hours.lines(scope, filters, now, number=number, per=PER_PAGE)
    return render_template(
        "attendance/hours.html",
        page=Page(found, number, PER_PAGE, total.lines),
        total=total,
        filters=filters,
        ways=_ways(),
        sections=sections.names(scope),
        skills=[(skill.value, str(text)) for skill, text in SKILL_LABELS.items()],
        month_words=texts.month_words,
        hours_words=texts.hours_words,
    )


def _ways() -> list[tuple[str, str]]:
    return [
        (By.PERSON, _("By person")),
        (By.SECTION, _("By section")),
        (By.SKILL, _("By skill")),
        (By.MONTH, _("By month")),
    ]


@bp.get("/hours.csv")
@needs(Can.SEE_PEOPLE)
def export_csv(scope: Scope) -> Response:
    """What the report adds up, slot by slot."""
    return _file(sheets.csv_bytes(_head(), _rows(scope)), "csv")


@bp.get("/hours.xlsx")
@needs(Can.SEE_PEOPLE)
def export_xlsx(scope: Scope) -> Response:
    """The same as a workbook; hours are numbers, to be added up there."""
    return _file(sheets.xlsx_bytes(_head(), [(_("Hours"), _rows(scope))]), "xlsx")


@bp.get("/me/hours")
@needs(Can.SIGNED_IN)
def my_hours(scope: Scope) -> str:
    """The reader's own hours by month, slot by slot."""
    return _of_person(_person(acting(scope)), own=True)


@bp.get("/me/hours.pdf")
@needs(Can.SIGNED_IN)
def my_certificate(scope: Scope) -> Response:
    """A certificate of them."""
    return _certificate(_person(acting(scope)))


@bp.get("/people/<int:person_id>/hours")
@needs(Can.SEE_PEOPLE)
def of_person(scope: Scope, person_id: int) -> str:
    """Hours of somebody within reach."""
    return _of_person(_within(scope, person_id), own=False)


@bp.get("/people/<int:person_id>/hours.pdf")
@needs(Can.SEE_PEOPLE)
def certificate_of(scope: Scope, person_id: int) -> Response:
    """A certificate for them."""
    return _certificate(_within(scope, person_id))


def _person(person_id: int) -> Person:
    query = select(Person).where(Person.id == person_id).options(joinedload(Person.section))
    return get_or_404(session.scalar(query))


def _within(scope: Scope, person_id: int) -> Person:
    query = scope.select(Person).where(Person.id == min(person_id, MOST_ID))
    person: Person | None = session.scalar(query.options(joinedload(Person.section)))
    return get_or_404(person)


def _of_person(person: Person, *, own: bool) -> str:
    since, until = _span()
    found = served.of_person(person.id, clock.now(), since, until)
    return render_template(
        "attendance/of_person.html",
        person=person,
        own=own,
        months=served.months(found),
        total=sum(one.hours for one in found),
        number=len(found),
        since=since,
        until=until,
        month_words=texts.month_words,
        hours_words=texts.hours_words,
    )


def _certificate(person: Person) -> Response:
    now, (since, until) = clock.now(), _span()
    found = served.of_person(person.id, now, since, until)
    today = local_day(now, person.section.zone)
    days = [one.day for one in found] or [today]
    written = certificate.pdf(
        Certificate(person, found, since or min(days), until or max(days), today)
    )
    response = Response(written, mimetype="application/pdf")
    name = _("Hours of %(name)s", name=person.name)
    response.headers["Content-Disposition"] = sheets.attachment(name, "pdf")
    return response


def _filters() -> Filters:
    """What the address asks for; anything odd filters nothing."""
    args = request.args
    by, skill, section = args.get("by", ""), args.get("skill", ""), args.get("section", "")
    since, until = _span()
    known = section.isascii() and section.isdigit() and len(section) < 10
    return Filters(
        by=By(by) if by in set(By) else By.PERSON,
        since=since,
        until=until,
        section_id=int(section) if known else None,
        skill=Skill(skill) if skill in set(Skill) else None,
    )


def _span() -> tuple[date | None, date | None]:
    """First and last day; typed the other way round they are turned."""
    since, until = as_day(request.args.get("since")), as_day(request.args.get("until"))
    return (until, since) if since and until and until < since else (since, until)


def _head() -> list[str]:
    return [
        _("Name"),
        _("Section"),
        _("Month"),
        _("Start"),
        _("Time zone"),
        _("Kind"),
        _("Title"),
        _("Skill"),
        _("Trade"),
        _("Hours"),
        _("Remark"),
    ]


def _rows(scope: Scope) -> list[list[sheets.Cell]]:
    found = served.every(scope, _filters(), clock.now())
    kinds = {"shift": _("Shift"), "session": _("Training")}
    return [_row(one, kinds) for one in found]


def _row(one: Served, kinds: dict[str, str]) -> list[Any]:
    return [
        one.person,
        one.section,
        f"{one.month:%Y-%m}",
        one.starts.local,
        one.starts.zone,
        kinds[one.kind],
        one.title,
        label(one.skill) if one.skill else "",
        label(one.trade) if one.trade else "",
        round(one.hours, 4),
        _("no check-out") if one.no_check_out else "",
    ]


def _file(content: bytes, ending: str) -> Response:
    name = _("Hours %(day)s", day=clock.now().date().isoformat())
    return sheets.download(content, name, ending)
