"""Pages of people: finding them here; one of them, and changing one, in the modules beside."""

from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from brigades import clock, sheets
from brigades.access import Can, Scope
from brigades.db import session
from brigades.paging import Page, paged
from brigades.people import (
    ability_views,
    bounce_views,
    edit_views,
    erase_views,
    leave_views,
    listing,
    mail_views,
    parts,
    profile_views,
    role_views,
)
from brigades.people.blueprint import bp
from brigades.people.choices import languages, levels, trades
from brigades.people.languages import country_name, language_name
from brigades.people.models import Person, Standing
from brigades.people.rules import age_on
from brigades.people.skills import label
from brigades.people.words import standing_words
from brigades.sections import service as sections
from brigades.web import needs

__all__ = [
    "ability_views",
    "bounce_views",
    "bp",
    "edit_views",
    "erase_views",
    "leave_views",
    "mail_views",
    "profile_views",
    "role_views",
]


@bp.get("/people")
@needs(Can.SEE_PEOPLE)
def index(scope: Scope) -> str:
    """The people within reach, found by name or address and filtered by what they can do."""
    ask = listing.asked(request.args)
    page: Page[Person] = paged(listing.people(scope, ask, clock.now().date()))
    return render_template(
        "people/index.html",
        page=page,
        traits=listing.traits([person.id for person in page.items]),
        ask=ask,
        count=_count(page),
        sections=sections.slugs(scope),
        skills=trades(),
        languages=tuple(languages()),
        standings=[(one.value, standing_words(one)) for one in Standing],
        standing_words=standing_words,
        kinds=parts.choices["qualification"]() if "qualification" in parts.choices else [],
    )


@bp.get("/people.csv")
@needs(Can.SEE_PEOPLE)
def export_csv(scope: Scope) -> Response:
    """Everybody whom the list would show, over all its pages."""
    rows = [row for _section, row in _rows(scope)]
    return _file(sheets.csv_bytes(_head(), rows), "csv")


@bp.get("/people.xlsx")
@needs(Can.SEE_PEOPLE)
def export_xlsx(scope: Scope) -> Response:
    """The same as a workbook with a sheet for each section."""
    tables: dict[str, list[list[sheets.Cell]]] = {}
    for section, row in _rows(scope):
        tables.setdefault(section, []).append(row)
    return _file(sheets.xlsx_bytes(_head(), sorted(tables.items())), "xlsx")


def _count(page: Page[Person]) -> str:
    if page.more_than_counted:
        return str(_("more than %(num)s people", num=page.MOST))
    return str(ngettext("%(num)s person", "%(num)s people", page.total))


def _file(content: bytes, ending: str) -> Response:
    name = _("People %(day)s", day=clock.now().date().isoformat())
    return sheets.download(content, name, ending)


def _head() -> list[str]:
    """Dates of birth leave with a list only where it was asked who is under age."""
    day = listing.asked(request.args).minor_day
    if day is not None:
        about = [_("Age on %(day)s", day=day.isoformat()), _("Guardian"), _("Guardian agreed on")]
        return _columns() + about
    return _columns()


def _columns() -> list[str]:
    return [
        _("Name"),
        _("Email"),
        _("Phone"),
        _("Section"),
        _("Country"),
        _("Standing"),
        _("Skills"),
        _("Languages"),
        _("Hours served"),
        _("About the availability"),
    ]


def _rows(scope: Scope) -> list[tuple[str, list[sheets.Cell]]]:
    """Each person's section's name and row, in the order of the list."""
    ask = listing.asked(request.args)
    found = session.scalars(listing.people(scope, ask, clock.now().date())).all()
    ids = [person.id for person in found]
    traits = listing.traits(ids)
    served: dict[int, float] = {}
    for hours in parts.hours:
        served = hours(ids, clock.now())
    spoken = dict(levels())
    rows: list[tuple[str, list[Any]]] = []
    for person in found:
        theirs = traits[person.id]
        tongues = [f"{language_name(code)} {spoken[level]}" for code, level in theirs.languages]
        row = [
            person.name,
            person.email,
            person.phone,
            person.section.name,
            country_name(person.country),
            standing_words(person.standing),
            ", ".join(label(code) for code in theirs.skills),
            ", ".join(tongues),
            round(served.get(person.id, 0.0), 2),
            person.availability_note,
        ]
        if ask.minor_day is not None and person.born is not None:
            consent = person.guardian_consent_on
            known: list[Any] = [person.guardian if consent else "", consent]
            row += [age_on(person.born, ask.minor_day), *known]
        rows.append((person.section.name, row))
    return rows
