"""The front page, and for who is signed in: what is next and what needs them."""

from typing import cast

from flask import Blueprint, Flask, render_template
from flask_babel import get_locale
from flask_login import current_user

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.clock import to_wall
from brigades.home import banner, chart, words
from brigades.home.desk import desk
from brigades.home.front import front
from brigades.home.own import own
from brigades.locales import direction
from brigades.people.skills import SKILL_LABELS
from brigades.web import needs

bp = Blueprint("home", __name__)
bp.record_once(lambda state: banner.init_app(cast(Flask, state.app)))


@bp.get("/")
@needs(Can.ANYONE)
def index(scope: Scope) -> str:
    """Public page, or the reader's own: what needs them where they run something."""
    if scope.person_id is None:
        return render_template("home/public.html", front=front(), skill_labels=SKILL_LABELS)
    if scope.may(Can.RUN_SHIFTS):
        return _desk(scope)
    return _own(scope)


@bp.get("/me")
@needs(Can.SIGNED_IN)
def me(scope: Scope) -> str:
    """What is next for the reader, as everybody who takes part."""
    return _own(scope)


def _own(scope: Scope) -> str:
    now = clock.now()
    mine = own(acting(scope), now)
    return render_template(
        "home/own.html", own=mine, now=now, today=to_wall(now, mine.zone).local.date(), words=words
    )


def _desk(scope: Scope) -> str:
    now = clock.now()
    shown = desk(scope, current_user.person, now)
    rtl = direction(str(get_locale())) == "rtl"
    return render_template(
        "home/desk.html",
        desk=shown,
        bars=chart.bars(shown.days, rtl=rtl),
        now=now,
        words=words,
    )
