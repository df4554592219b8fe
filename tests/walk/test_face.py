"""How the pages look and behave: widths, schemes, directions; nothing for axe-core to find."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from brigades import create_app, demo
from brigades.accounts.models import Account
from brigades.db import Base, db, session, unit
from brigades.people.models import Person
from brigades.qualifications.models import Kind
from brigades.recruiting.models import Application
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import State
from brigades.sections.models import Section
from brigades.shifts.models import Shift
from brigades.trainings.models import Session
from tests.builders import sign_in
from tests.support.browser import COLOURS, Look, open_page, problems, wrong_in
from tests.support.server import serving

pytestmark = pytest.mark.browser

NOW = datetime(2026, 9, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo organisation."""
    folder: Path = tmp_path_factory.mktemp("shown")
    app = create_app(
        {
            "TESTING": True,
            "INSTANCE_PATH": str(folder),
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'shown.db'}",
            "RATELIMIT_ENABLED": False,
            "MAIL_URL": "smtp://127.0.0.1:9",
        }
    )
    with app.app_context():
        Base.metadata.create_all(db.engine)
        with unit():
            demo.load(NOW, "Open Hands International", folder)
    yield app
    with app.app_context():
        db.engine.dispose()


def addresses(app: Flask) -> dict[str, list[tuple[str, str]]]:
    """The pages that are looked at, as each person: a name for the picture, and the address."""
    with app.app_context():

        def first(query) -> int:  # type: ignore[no-untyped-def]
            return session.scalars(query).first() or 0

        coming = Slot.starts_at > NOW
        wall = first(select(Shift.id).where(Shift.title == "North wing, wall", coming))
        draft = first(select(Shift.id).where(Shift.status == Status.DRAFT))
        own = select(Section.id).where(Section.slug == "germany").scalar_subquery()
        training = first(select(Session.id).where(coming, Slot.section_id == own))
        past = first(select(Session.id).where(Slot.ends_at < NOW))
        person = first(select(Person.id).where(Person.email_key == "volunteer@example.org"))
        waiting = first(select(Application.id))
        kind = first(select(Kind.id))
        taken = (
            select(Participation.id).join(Participation.slot).where(Slot.type == "shift", coming)
        )
        held = taken.where(
            Participation.person_id == person, Participation.state == State.CONFIRMED
        ).order_by(Slot.starts_at)
        mine = first(held)
        left = first(held.with_only_columns(Slot.id))
        wish = taken.where(Participation.state == State.REQUESTED)
        asked, at = first(wish), first(wish.with_only_columns(Slot.id))
    return {
        "": [
            ("public", "/"),
            ("join", "/join"),
            ("login", "/login"),
            ("forgot", "/password/forgot"),
            ("sections", "/sections"),
            ("section", "/sections/germany"),
            ("nowhere", "/nowhere"),
        ],
        "volunteer": [
            ("home", "/"),
            ("shifts", "/shifts"),
            ("schedule-week", "/schedule?view=week&day=2026-09-24"),
            ("own-week", "/schedule?view=week&mine=1&day=2026-09-24"),
            ("shift", f"/shifts/{wall}"),
            ("trainings", "/trainings"),
            ("training", f"/trainings/{training}"),
            ("profile", "/profile"),
            ("calendar", "/calendar"),
            ("devices", "/me/push"),
            ("mail", "/me/mail"),
            ("leave", f"/shifts/{left}/leave"),
            ("swap", f"/places/{mine}/swap"),
            ("swaps", "/swaps"),
            ("own-hours", "/me/hours"),
            ("code", "/here"),
        ],
        "admin": [
            ("today", "/"),
            ("board", f"/shifts/{wall}/board"),
            ("schedule-timeline", "/schedule?view=timeline"),
            ("schedule-long", "/schedule?view=timeline&span=month&rows=skill&day=2026-10-05"),
            ("schedule-month", "/schedule?view=month"),
            ("schedule-day", "/schedule?view=day&day=2026-09-24"),
            ("edit-shift", f"/shifts/{draft}/edit"),
            ("people", "/people"),
            ("mailing", "/mailings/new?skill=medical"),
            ("person", f"/people/{person}"),
            ("applications", "/applications"),
            ("application", f"/applications/{waiting}"),
            ("letters", "/letters"),
            ("attendance", f"/trainings/{past}/attendance"),
            ("new-training", "/trainings/new"),
            ("edit-section", "/sections/germany/edit"),
            ("swaps-all", "/swaps"),
            ("in-question", "/places/in-question"),
            ("hours", "/hours"),
            ("unsaid", "/attendance"),
            ("kind", f"/kinds/{kind}"),
            ("minors", "/people?minor_on=2026-10-05"),
            ("request", f"/shifts/{at}/places/{asked}/request"),
        ],
    }


# All rules at either width, and the colours of either scheme at either width. For axe German is
# English; what is longer about it, the widths find.
LOOKS = {
    "en": (Look(1280, "dark"), Look(375, "light", COLOURS)),
    "ar": (Look(375, "dark"), Look(1280, "light", COLOURS)),
    "de": (Look(375, "light", ()),),
}
UNFOLD = "document.querySelectorAll('.br-fold, .br-except').forEach(each => each.open = true)"


@pytest.mark.parametrize("locale", LOOKS)
@pytest.mark.parametrize("who", ["admin", "volunteer", ""])
def test_every_page_holds_in_every_look(shown: Flask, chromium: Browser, who: str, locale: str):
    wrong: list[str] = []
    with time_machine.travel(NOW), serving(shown) as url:
        page = open_page(chromium, url, locale="en-GB")
        if who:
            cookie = signed_in_as(shown, who, locale)
            page.context.add_cookies([{"name": "session", "value": cookie, "url": url}])
        else:
            choose(page, locale)
        for name, address in addresses(shown)[who]:
            answer = page.goto(address)
            if answer is None or answer.status != (404 if name == "nowhere" else 200):
                wrong.append(f"{address}: {answer and answer.status}")
            if language(page) != (locale, "rtl" if locale == "ar" else "ltr"):
                wrong.append(f"{address}: not in {locale}")
            page.evaluate(UNFOLD)
            for look in LOOKS[locale]:
                found = wrong_in(page, look, f"face-{name}-{locale}")
                found += menus_out_of_the_window(page) if name != "nowhere" else []
                wrong += [f"{address}: {one}" for one in found]
        wrong += [one for one in problems(page) if "/nowhere" not in one and "404" not in one]
        page.context.close()
    assert not wrong, "\n".join(wrong)


def signed_in_as(app: Flask, who: str, locale: str) -> str:
    """The cookie of a browser in which they are signed in and have chosen that language."""
    with app.app_context():
        client = app.test_client()
        account = session.scalars(
            select(Account).join(Person).where(Person.email_key == f"{who}@example.org")
        ).one()
        session.get_one(Person, account.person_id).locale = locale
        sign_in(client, account)
        cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def choose(page: Page, locale: str) -> None:
    """Choose the language as somebody does whom we do not know."""
    page.goto("/login")
    page.locator(".br-top .br-menu summary").first.click()
    with page.expect_navigation():
        page.locator(f"button[name=locale][value={locale}]").click()


def language(page: Page) -> tuple[str, str]:
    """The language that a page says it is in, and its direction."""
    lang, direction = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    return lang, direction


def menus_out_of_the_window(page: Page) -> list[str]:
    """The menus that would open out of the window; a page without any is told too."""
    found: list[str] = page.evaluate(
        """() => {
            const menus = [...document.querySelectorAll('.br-menu')];
            if (!menus.length) return ['no menu'];
            return menus.filter(menu => {
                menu.open = true;
                const box = menu.querySelector('ul').getBoundingClientRect();
                menu.open = false;
                return box.left < 0 || box.right > innerWidth;
            }).map(menu => 'menu: ' + menu.textContent);
        }"""
    )
    return found
