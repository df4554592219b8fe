"""How the pages look and behave: widths, schemes, directions; nothing for axe-core to find."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from brigades import create_app, demo
from brigades.db import Base, db, session, unit
from brigades.people.models import Person
from brigades.qualifications.models import Kind
from brigades.recruiting.models import Application
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import State
from brigades.sections.models import Section
from brigades.shifts.models import Shift
from brigades.trainings.models import Session
from tests.support.browser import axe, open_page, problems, shot, sideways, small_targets
from tests.support.server import serving

pytestmark = pytest.mark.browser

NOW = datetime(2026, 9, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """The demo organisation, and the password of its sign-ins."""
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
            password = demo.load(NOW, "Open Hands International", folder)
    yield app, password
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


LOOKS = [
    (1280, "dark", "en"),
    (375, "dark", "ar"),
    (1280, "light", "ar"),
    (375, "light", "en"),
    (375, "light", "de"),
]


@pytest.mark.parametrize(("width", "scheme", "locale"), LOOKS)
@pytest.mark.parametrize("who", ["admin", "volunteer", ""])
def test_every_page_holds_in_every_look(
    shown: tuple[Flask, str], chromium: Browser, who: str, width: int, scheme: str, locale: str
):
    app, password = shown
    wrong: list[str] = []
    with time_machine.travel(NOW), serving(app) as url:
        page = open_page(chromium, url, width=width, scheme=scheme, locale=locale)  # type: ignore[arg-type]
        page.goto("/login")
        if who:
            page.fill("[name=email]", f"{who}@example.org")
            page.fill("[name=password]", password)
            page.press("[name=password]", "Enter")
            page.wait_for_url(f"{url}/")
        page.locator(".br-top .br-menu summary").first.click()
        page.locator(f"button[name=locale][value={locale}]").click()
        page.wait_for_load_state()
        for name, address in addresses(app)[who]:
            answer = page.goto(address)
            if answer is None or answer.status != (404 if name == "nowhere" else 200):
                wrong.append(f"{address}: {answer and answer.status}")
            page.evaluate(
                "document.querySelectorAll('.br-fold, .br-except').forEach(d => d.open = true)"
            )
            shot(page, f"face-{name}-{width}-{scheme}-{locale}")
            html = page.locator("html")
            direction = "rtl" if locale == "ar" else "ltr"
            if (html.get_attribute("lang"), html.get_attribute("dir")) != (locale, direction):
                wrong.append(f"{address}: not in {locale}")
            found = sideways(page) + small_targets(page)
            # For axe German is English; what is longer about it, the two above find.
            found += axe(page) if locale != "de" else []
            wrong += [f"{address}: {one}" for one in found]
        wrong += [one for one in problems(page) if "/nowhere" not in one and "404" not in one]
        page.context.close()
    assert not wrong, "\n".join(wrong)


OUT_OF_THE_WINDOW = """() => [...document.querySelectorAll('.br-menu')].filter(menu => {
    menu.open = true;
    const box = menu.querySelector('ul').getBoundingClientRect();
    menu.open = false;
    return box.left < 0 || box.right > innerWidth;
}).map(menu => menu.textContent)"""


@pytest.mark.parametrize("locale", ["en-GB", "ar"])
def test_a_menu_opens_within_the_window_of_a_phone(
    shown: tuple[Flask, str], chromium: Browser, locale: str
):
    app, password = shown
    with time_machine.travel(NOW), serving(app) as url:
        page = open_page(chromium, url, width=375, locale=locale)
        for address in ("/login", "/join"):
            page.goto(address)
            assert page.locator(".br-menu").count() == 1
            assert page.evaluate(OUT_OF_THE_WINDOW) == []
        page.goto("/login?next=/sections/germany")
        page.fill("[name=email]", "admin@example.org")
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{url}/sections/germany")
        assert page.locator(".br-menu").count() >= 2
        assert page.evaluate(OUT_OF_THE_WINDOW) == []
        page.context.close()
