"""The list of places in question, on a page and as a file."""

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from brigades import clock, sheets
from brigades.access import Can, Scope
from brigades.paging import paged
from brigades.rechecks import listing
from brigades.rechecks.listing import REASONS
from brigades.rechecks.words import reason_words
from brigades.schedule.words import say
from brigades.sections import service as sections
from brigades.texts import moment_words, zone_words
from brigades.web import needs

bp = Blueprint("rechecks", __name__)
PER_PAGE = 50


@bp.get("/places/in-question")
@needs(Can.RUN_SHIFTS)
def index(scope: Scope) -> str:
    """Places against which something stands since they were given, by start."""
    now, filters = clock.now(), listing.asked(request.args)
    page = paged(listing.places(scope, filters, now), per=PER_PAGE)
    return render_template(
        "rechecks/index.html",
        page=page,
        rows=listing.rows(page.items, now),
        filters=filters,
        sections=sections.names(scope, Can.RUN_SHIFTS),
        reasons=sorted(((code.value, reason_words(code)) for code in REASONS), key=_by_words),
    )


def _by_words(option: tuple[str, str]) -> str:
    return option[1]


@bp.get("/places/in-question.csv")
@needs(Can.RUN_SHIFTS)
def export_csv(scope: Scope) -> Response:
    """All that the list would show, over its pages."""
    return _file(sheets.csv_bytes(_head(), _rows(scope)), "csv")


@bp.get("/places/in-question.xlsx")
@needs(Can.RUN_SHIFTS)
def export_xlsx(scope: Scope) -> Response:
    """The same as a workbook."""
    tables = [(_("Places in question"), _rows(scope))]
    return _file(sheets.xlsx_bytes(_head(), tables), "xlsx")


def _head() -> list[str]:
    return [
        _("Starts"),
        _("Time zone"),
        _("What"),
        _("Section"),
        _("Name"),
        _("Email"),
        _("Phone"),
        _("What stands against it"),
    ]


def _rows(scope: Scope) -> list[list[sheets.Cell]]:
    now = clock.now()
    return [
        [
            moment_words(row.slot.starts_at, row.slot.zone),
            zone_words(row.slot.zone, row.slot.starts_at),
            row.slot.title,
            row.slot.section.name,
            row.person.name,
            row.person.email,
            row.person.phone,
            " ".join(say(reason).what for reason in row.reasons),
        ]
        for row in listing.exported(scope, listing.asked(request.args), now)
    ]


def _file(content: bytes, ending: str) -> Response:
    name = _("Places in question %(day)s", day=clock.now().date().isoformat())
    return sheets.download(content, name, ending)
