"""What every template may use: assets, words for dates and numbers, the frame around a page."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, Response, current_app, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from brigades import assets, texts
from brigades.access import Can, Scope
from brigades.audit import words as audit_words
from brigades.clock import HOUR
from brigades.glances import Quiet
from brigades.locales import LOCALES, direction
from brigades.people import phones, skills
from brigades.people.languages import country_name, language_name
from brigades.people.rules import age_on
from brigades.people.words import level_words
from brigades.reader import language, speak
from brigades.schedule import series_words, words
from brigades.schedule.limits import limits
from brigades.web import needs, present_scope


@dataclass(frozen=True)
class Tab:
    """One entry of the main navigation."""

    icon: str
    text: str
    href: str
    current: bool


def init_app(app: Flask) -> None:
    """Register filters, globals and the frame's context."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    speak(app.jinja_env)
    app.jinja_env.globals.update(
        asset=assets.url,
        csrf_token=generate_csrf,
        csrf=csrf,
        icon=icon,
        Can=Can,
        skill_icons=skills.SKILL_ICONS,
    )
    app.jinja_env.filters.update(
        day=texts.day_words,
        short_day=texts.short_day,
        long_day=texts.long_day,
        weekday=texts.weekday_short,
        day_number=texts.day_number,
        month_only=texts.month_only,
        month_and_year=texts.month_and_year,
        time=texts.time_words,
        number=texts.number_words,
        skill=skills.label,
        language=language_name,
        country=country_name,
        level=level_words,
        say=words.say,
        change=audit_words.say,
        in_series=series_words.in_series,
        phone=phones.grouped,
        weekdays=texts.weekday_list,
        age=age_on,
    )
    app.jinja_env.globals.update(rest_hours=lambda: limits().rest / HOUR)
    app.jinja_env.globals.update(zone_words=texts.zone_words, moment=texts.moment_words)
    app.context_processor(_frame)
    app.add_url_rule("/accent.css", "accent", needs(Can.ANYONE)(accent))


def accent(scope: Scope) -> Response:
    """The organisation's colour in place of ours; a file, since pages carry no styles inline."""
    colour = current_app.config["ACCENT"]
    rule = f":root{{--br-accent:{colour};--br-hero:{colour};--br-tick:{colour}}}" if colour else ""
    light = "--br-act:var(--br-accent);--br-fill:var(--br-accent)"
    body = f"{rule}@media(prefers-color-scheme:light){{:root{{{light}}}}}" if rule else ""
    return Response(body, mimetype="text/css", headers={"Cache-Control": "public, max-age=3600"})


_DIRECTED = frozenset({"arrow-right", "box-arrow-right", "box-arrow-in-right", "send"})


@lru_cache(maxsize=512)
def icon(name: str, dir: bool = False) -> Markup:  # noqa: A002 -- as templates call it
    """An icon from the sprite; ``dir`` for chevrons, which follow the reading direction.

    Arrows and what flies off always do.

    Not a macro: a list draws hundreds of them.
    """
    return Markup('<svg class="br-i{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        " is-dir" if dir or name in _DIRECTED else "", assets.url("icons.svg"), name
    )


def csrf() -> Markup:
    """The hidden field that every form that changes something carries; made once a page."""
    if "csrf_field" not in g:
        g.csrf_field = Markup('<input type="hidden" name="csrf_token" value="{}">').format(
            generate_csrf()
        )
    field: Markup = g.csrf_field
    return field


def _frame() -> dict[str, Any]:
    locale = language()
    banners = [said for banner in current_app.extensions["banners"] if (said := banner())]
    return {
        "organisation": current_app.config["ORGANISATION"],
        "accent": current_app.config["ACCENT"],
        "locale": locale,
        "direction": direction(locale),
        "rtl": direction(locale) == "rtl",
        "locales": list(LOCALES.items()),
        "scope": present_scope(),
        "nav": list(_tabs()) if current_user.is_authenticated else [],
        "banners": [each for each in banners if not isinstance(each, Quiet)],
        "quiet_banners": [each for each in banners if isinstance(each, Quiet)],
    }


# Under which tab pages stand whose address does not begin as a tab does.
_UNDER = {
    "schedule": "timetable.index",
    "attendance": "shifts.index",
    "swaps": "shifts.index",
    "places": "shifts.index",
    "sections": "people.index",
    "kinds": "people.index",
    "qualifications": "people.index",
    "hours": "people.index",
    "mailings": "people.index",
    "keeping": "people.index",
    "applications": "recruiting.index",
    "profile": "people.me",
    "me": "people.me",
    "calendar": "people.me",
}


def _tabs() -> list[Tab]:
    scope = present_scope()
    runs = scope.may(Can.RUN_SHIFTS)
    wanted = [
        ("bell" if runs else "house", _("Today") if runs else _("Home"), "home.index", True),
        ("calendar-week", _("Schedule"), "timetable.index", True),
        ("tools", _("Shifts"), "shifts.index", True),
        ("mortarboard", _("Trainings"), "trainings.index", True),
        ("people", _("People"), "people.index", scope.may(Can.SEE_PEOPLE)),
        (
            "person-plus",
            _("Applications"),
            "recruiting.index",
            scope.may(Can.REVIEW_APPLICATIONS),
        ),
        ("person", _("Profile"), "people.me", not runs),
    ]
    first = request.path.split("/")[1].partition(".")[0]
    here = _UNDER.get(first, f"{first}.index")
    return [
        Tab(icon, text, url_for(endpoint), endpoint == here or request.endpoint == endpoint)
        for icon, text, endpoint, shown in wanted
        if shown
    ]
