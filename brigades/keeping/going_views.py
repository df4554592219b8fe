"""Who and what goes when: lists for whoever looks after that, as pages and as files."""

from datetime import date

from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from brigades import clock, sheets
from brigades.access import Can, Scope
from brigades.db import session
from brigades.keeping import listing, service
from brigades.keeping.blueprint import bp
from brigades.keeping.listing import AHEAD, MOST_EXPORTED, Row
from brigades.keeping.words import against_words, ended_words, left_words, told_words
from brigades.paging import Page, paged
from brigades.people.models import Person
from brigades.recruiting.models import Application
from brigades.web import needs


@bp.get("/keeping/members")
@needs(Can.HOLD_BACK)
def members(scope: Scope) -> str:
    """People who left, those first who left first: when each is erased, and why not sooner."""
    now, ask = clock.now(), listing.asked(request.args)
    page: Page[Person] = paged(listing.people(scope, ask, now))
    keep, today = service.keep(), now.date()
    rows = listing.rows(page.items, now)
    return render_template(
        "keeping/members.html",
        page=page,
        count=_count(page),
        rows=[(row, _said(row, today)) for row in rows],
        ask=ask,
        sections=listing.sections_of(scope),
        ahead=_ahead(),
        states=_states(),
        keep=keep,
        today=today,
        erases=scope.may(Can.ERASE_PEOPLE),
    )


@bp.get("/keeping/applications")
@needs(Can.HOLD_BACK)
def applications(scope: Scope) -> str:
    """Applications that were declined, withdrawn or never confirmed: when each goes."""
    now, ask = clock.now(), listing.asked(request.args)
    page: Page[Application] = paged(listing.applications(scope, ask, now))
    return render_template(
        "keeping/applications.html",
        page=page,
        count=_count(page),
        rows=[(one, ended_words(one), listing.application_goes_on(one)) for one in page.items],
        ask=ask,
        sections=listing.sections_of(scope),
        ahead=_ahead(),
    )


@bp.get("/keeping/members.csv")
@needs(Can.HOLD_BACK)
def members_csv(scope: Scope) -> Response:
    """All that the list of members would show, over its pages."""
    return _file(sheets.csv_bytes(_member_head(), _member_rows(scope)), "csv", _("Who is erased"))


@bp.get("/keeping/members.xlsx")
@needs(Can.HOLD_BACK)
def members_xlsx(scope: Scope) -> Response:
    """The same as a workbook."""
    name = _("Who is erased")
    return _file(sheets.xlsx_bytes(_member_head(), [(name, _member_rows(scope))]), "xlsx", name)


@bp.get("/keeping/applications.csv")
@needs(Can.HOLD_BACK)
def applications_csv(scope: Scope) -> Response:
    """All that the list of applications would show, over its pages."""
    name = _("Applications that go")
    return _file(sheets.csv_bytes(_application_head(), _application_rows(scope)), "csv", name)


@bp.get("/keeping/applications.xlsx")
@needs(Can.HOLD_BACK)
def applications_xlsx(scope: Scope) -> Response:
    """The same as a workbook."""
    name = _("Applications that go")
    tables = [(name, _application_rows(scope))]
    return _file(sheets.xlsx_bytes(_application_head(), tables), "xlsx", name)


def _said(row: Row, today: date) -> list[str]:
    ground = row.farewell.ground if row.farewell else None
    keep = service.keep()
    told = told_words(row.facts, keep, bool(row.person.email))
    return [*against_words(row.facts, keep, ground, today), *([told] if told else [])]


def _member_head() -> list[str]:
    return [_("Name"), _("Email"), _("Section"), _("Left on"), _("Erased on"), _("Why then")]


def _member_rows(scope: Scope) -> list[list[sheets.Cell]]:
    now = clock.now()
    query = listing.people(scope, listing.asked(request.args), now).limit(MOST_EXPORTED)
    return [
        [
            row.person.name,
            row.person.email,
            row.person.section.name,
            row.facts.left_on,
            row.goes_on,
            " ".join([left_words(row.facts), *_said(row, now.date())]),
        ]
        for row in listing.rows(session.scalars(query).all(), now)
    ]


def _application_head() -> list[str]:
    return [_("Name"), _("Email"), _("Section"), _("Erased on"), _("Why then")]


def _application_rows(scope: Scope) -> list[list[sheets.Cell]]:
    query = listing.applications(scope, listing.asked(request.args), clock.now())
    return [
        [
            one.name,
            one.email,
            one.section.name,
            listing.application_goes_on(one),
            ended_words(one),
        ]
        for one in session.scalars(query.limit(MOST_EXPORTED))
    ]


def _file(content: bytes, ending: str, name: str) -> Response:
    return sheets.download(content, f"{name} {clock.now().date().isoformat()}", ending)


def _count(page: Page[Person] | Page[Application]) -> str:
    if page.more_than_counted:
        return str(_("more than %(num)s", num=page.MOST))
    return str(ngettext("%(num)s in all", "%(num)s in all", page.total))


def _ahead() -> list[tuple[str, str]]:
    return [
        (str(days), ngettext("within %(num)s day", "within %(num)s days", days)) for days in AHEAD
    ]


def _states() -> list[tuple[str, str]]:
    return [
        ("goes", _("Nothing stands against it")),
        ("held", _("Kept longer by somebody")),
        ("stands", _("Something else stands against it")),
    ]
