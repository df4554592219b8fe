"""The schedule: by day, week and month, as a timeline, and the reader's own week."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from brigades import clock, sheets, texts
from brigades.access import Can, Scope, acting
from brigades.people.skills import SKILL_LABELS
from brigades.timetable import sheet, words
from brigades.timetable.asked import Asked, asked
from brigades.timetable.board import groups
from brigades.timetable.own import own_week
from brigades.timetable.rules import View, by_month, neighbours, span_of
from brigades.timetable.service import MOST_IN_SHEET, Frame, frame, shown
from brigades.web import needs

bp = Blueprint("timetable", __name__)
bp.add_app_template_filter(texts.hour_words, "hour")
bp.add_app_template_global(words.at_words, "at_words")
bp.add_app_template_global(words.other_clock, "other_clock")


def _staff(scope: Scope) -> bool:
    return scope.may(Can.RUN_SHIFTS) or scope.may(Can.RUN_TRAININGS)


@bp.get("/schedule")
@needs(Can.TAKE_PART)
def index(scope: Scope) -> str:
    """Shifts and trainings of some days, in the view that the address asks for."""
    now, ask = clock.now(), asked(request.args, _staff(scope))
    around = frame(scope, current_user.person, ask, now)
    if ask.own_week:
        span = span_of(ask.view, ask.day or around.today, around.zone)
        week = own_week(acting(scope), span)
        return render_template(
            "timetable/own.html", week=week, span=span, **_common(scope, ask, around)
        )
    found = shown(scope, ask, around, now)
    more: dict[str, Any] = {}
    if ask.view is View.TIMELINE:
        more["groups"] = groups(found.slots, found.span, ask.rows)
    else:
        more["days"] = found.by_day()
        more["weekdays"] = [day.day for day in span_of(View.WEEK, around.today, "UTC").days]
    return render_template(
        f"timetable/{ask.view}.html",
        found=found,
        span=found.span,
        now=now,
        **more,
        **_common(scope, ask, around),
    )


def _common(scope: Scope, ask: Asked, around: Frame) -> dict[str, Any]:
    """What the head of every view shows."""
    before, after = neighbours(ask.view, ask.day or around.today, ask.long)
    return {
        "ask": ask,
        "frame": around,
        "names": dict(around.sections),
        "list": url_for(".index"),
        "before": before,
        "after": after,
        "whole_month": by_month(ask.view, ask.long),
        "staff": _staff(scope),
        "skills": tuple((skill.value, str(text)) for skill, text in SKILL_LABELS.items()),
        "words": words,
        "View": View,
    }


@bp.get("/schedule.csv")
@needs(Can.RUN_SHIFTS)
def export_csv(scope: Scope) -> Response:
    """What the page would show, a row for each need."""
    head, rows = _table(scope)
    return _file(sheets.csv_bytes(head, rows), "csv")


@bp.get("/schedule.xlsx")
@needs(Can.RUN_SHIFTS)
def export_xlsx(scope: Scope) -> Response:
    """The same as a workbook."""
    head, rows = _table(scope)
    return _file(sheets.xlsx_bytes(head, [(_("Schedule"), rows)]), "xlsx")


def _table(scope: Scope) -> tuple[list[str], list[list[sheets.Cell]]]:
    now, ask = clock.now(), asked(request.args, _staff(scope))
    around = frame(scope, current_user.person, ask, now)
    found = shown(scope, ask, around, now, MOST_IN_SHEET)
    return sheet.head(), list(sheet.rows(found.slots, around))


def _file(content: bytes, ending: str) -> Response:
    name = _("Schedule %(day)s", day=clock.now().date().isoformat())
    return sheets.download(content, name, ending)
