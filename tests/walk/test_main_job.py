"""The main job in a real browser, with real mail: from signing up to the calendar feed.

All of it on a phone, as volunteer, coordinator, organizer and trainer; in English and in Arabic.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from playwright.sync_api import Browser, Page
from sqlalchemy import Select, select

from brigades.access import Role
from brigades.accounts.passwords import hashed
from brigades.db import db, session
from brigades.people.models import Person
from brigades.qualifications.models import Qualification
from brigades.schedule.models import Participation, Slot
from brigades.schedule.states import State
from tests.builders import a_course, a_kind, a_person, a_section, an_account, an_appointment
from tests.support.apps import beside
from tests.support.browser import (
    axe,
    follow,
    open_page,
    problems,
    shot,
    sideways,
    small_targets,
)
from tests.support.server import serving
from tests.support.smtp import Received, Sink

pytestmark = pytest.mark.browser

NOW = datetime(2026, 9, 21, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
PHONE = 375  # CSS pixels: everybody does their part on one
PASSWORD = "nine quiet lanterns"
VOLUNTEER = "mira@example.org"


@dataclass
class Walk:
    """One run through the product: server, mail, browser, language."""

    app: Flask
    url: str
    sink: Sink
    chromium: Browser
    locale: str
    phones: dict[str, Page] = field(default_factory=dict)

    def phone(self, address: str) -> Page:
        """The phone of one person, who stays signed in; its language is what the phone asks for."""
        if address not in self.phones:
            self.phones[address] = page = self.a_phone()
            self.sign_in(page, address)
        return self.phones[address]

    def a_phone(self) -> Page:
        """A phone whose owner we do not know yet."""
        language = "ar" if self.locale == "ar" else "en-GB"
        return open_page(self.chromium, self.url, width=PHONE, locale=language)

    def sign_in(self, page: Page, address: str) -> None:
        """Sign in as people do."""
        page.goto("/login")
        page.fill("[name=email]", address)
        page.fill("[name=password]", PASSWORD)
        with page.expect_navigation():
            page.press("[name=password]", "Enter")
        assert "/login" not in page.url

    def work(self) -> None:
        """One round of the worker; it must end well."""
        run = self.app.test_cli_runner().invoke
        result = Context().run(run, args=["worker", "--once"])  # not in the test's own context
        assert result.exit_code == 0, result.output

    def kept(self, query: Select[Any]) -> list[Any]:
        """What the database holds now."""
        with self.app.app_context():
            return list(session.scalars(query))

    def letters(self, address: str) -> list[Received]:
        """What reached a mailbox, in whatever case it was typed."""
        return [one for one in self.sink.received if address in map(str.lower, one.recipients)]

    def link(self, address: str) -> str:
        """The first link of the newest letter to an address: the thing to do."""
        letter = self.letters(address)[-1]
        found = re.search(r"https?://\S+", letter.text)
        assert found, letter.text
        assert found[0].startswith(self.url)
        return found[0]

    def sound(self, page: Page, name: str) -> None:
        """The page is in the reader's language and direction, and nothing is wrong with it."""
        shot(page, f"walk-{self.locale}-{name}")
        html = page.locator("html")
        assert html.get_attribute("lang") == self.locale
        assert html.get_attribute("dir") == ("rtl" if self.locale == "ar" else "ltr")
        assert sideways(page) == []
        assert small_targets(page) == []
        assert problems(page) == []
        if self.looked_into:
            assert axe(page) == []

    @property
    def looked_into(self) -> bool:
        """Whether axe-core judges each page: on one of the databases, as none shows on a page."""
        with self.app.app_context():
            return db.engine.dialect.name == "sqlite"


@contextmanager
def walking(app: Flask, sink: Sink, chromium: Browser, locale: str) -> Iterator[Walk]:
    """The whole product, served: form tokens checked, mail going out."""
    with beside(app, WTF_CSRF_ENABLED=True, MAIL_URL=sink.url) as served, serving(served) as url:
        served.config["BASE_URL"] = url
        walk = Walk(served, url, sink, chromium, locale)
        try:
            yield walk
        finally:
            for page in walk.phones.values():
                page.context.close()


def staff(locale: str) -> None:
    """A section with a coordinator, an organizer above, a trainer, and a course that grants."""
    body = a_section(slug="body", name="Open Hands", country=None, recruits=False)
    section = a_section(body, slug="germany", name="Germany", country="DE", locale=locale)
    for name, role, where in (
        ("coordinator", Role.COORDINATOR, section),
        ("organizer", Role.ORGANIZER, body),
        ("trainer", Role.TRAINER, section),
    ):
        person = a_person(section, email=f"{name}@example.org", locale=locale, family_name=name)
        an_account(person, password_hash=hashed(PASSWORD))
        an_appointment(person, where, role)
    a_course(body, title="First aid", grants_id=a_kind("First aid", months=24).id)


def test_the_main_job_in_english(app: Flask, sink: Sink, chromium: Browser):
    walk_through(app, sink, chromium, "en")


def test_the_main_job_in_arabic(app: Flask, sink: Sink, chromium: Browser):
    walk_through(app, sink, chromium, "ar")


def walk_through(app: Flask, sink: Sink, chromium: Browser, locale: str) -> None:
    staff(locale)
    with (
        time_machine.travel(NOW) as clock,
        walking(app, sink, chromium, locale) as walk,
    ):
        volunteer = walk.phones[VOLUNTEER] = walk.a_phone()
        apply(walk, volunteer)
        accept(walk)
        set_password(walk, volunteer)
        training = plan_a_training(walk)
        enrol(walk, volunteer, training)
        clock.move_to(NOW + 2 * DAY)  # the training is on the third day
        walk.work()
        assert "/trainings/" in walk.link(VOLUNTEER)
        clock.move_to(NOW + 3 * DAY - timedelta(minutes=30))
        attend(walk, training)
        clock.move_to(NOW + 3 * DAY + timedelta(hours=4))  # the training is over
        walk.work()
        assert walk.kept(select(Qualification.valid_until)) == [date(2028, 9, 24)]
        shift = open_a_shift(walk)
        offer(walk, shift)
        answer_from_the_mail(walk, volunteer)
        in_the_calendar(walk, volunteer, shift)


def apply(walk: Walk, page: Page) -> None:
    """Four steps on a phone, then the button behind the mail's link."""
    page.goto("/join")
    walk.sound(page, "1-join")
    page.fill("[name=given_name]", "Mira")
    page.fill("[name=email]", "Mira@Example.org")
    page.fill("[name=phone]", "0151 23456789")
    page.select_option("[name=country]", "DE")
    forward(page)
    page.locator("#skill-carpentry").check()
    walk.sound(page, "2-skills")
    forward(page)
    forward(page)
    walk.sound(page, "3-review")
    page.check("[name=consent]")
    follow(page.locator("button[name=go][value=send]:visible").last)
    assert page.url.endswith("/join/sent")
    walk.work()
    page.goto(walk.link(VOLUNTEER))
    walk.sound(page, "4-confirm")
    follow(page.locator("main form button").first)


def forward(page: Page) -> None:
    follow(page.locator("button.btn[name=go][value=next]"))


def accept(walk: Walk) -> None:
    """The coordinator finds the application and accepts."""
    page = walk.phone("coordinator@example.org")
    walk.sound(page, "5-desk")
    page.goto("/applications")
    walk.sound(page, "6-applications")
    follow(page.locator("main a[href^='/applications/']").first)
    walk.sound(page, "7-application")
    press(page, "/accept")
    walk.work()


def press(page: Page, action: str, button: str = "button") -> None:
    """The button of the form that posts to an address that ends so, opened where it is folded."""
    form = page.locator(f"form[action$='{action}']").first
    if not form.locator(button).first.is_visible():
        page.locator("details", has=form).locator("summary").first.click()
    follow(form.locator(button).first)


def set_password(walk: Walk, page: Page) -> None:
    page.goto(walk.link(VOLUNTEER))
    walk.sound(page, "8-password")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=repeat]", PASSWORD)
    with page.expect_navigation():
        page.press("[name=repeat]", "Enter")
    if page.url.endswith("/login"):
        walk.sign_in(page, VOLUNTEER)
    page.goto("/")
    walk.sound(page, "9-home")


def plan_a_training(walk: Walk) -> int:
    """The organizer plans a session for the third day, and publishes it."""
    page = walk.phone("organizer@example.org")
    page.goto("/trainings/new")
    page.select_option("[name=course]", index=1)
    page.select_option("[name=section]", label="Germany")
    page.select_option("[name=zone]", "Europe/Berlin")
    start = NOW + 3 * DAY + timedelta(hours=2)  # Berlin's summer clock is two hours ahead
    page.fill("[name=starts]", start.strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=ends]", (start + timedelta(hours=4)).strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=place]", "School hall")
    page.fill("[name=most]", "12")
    page.select_option("[name=trainer]", index=1)
    walk.sound(page, "10-new-training")
    follow(page.locator("main form button.btn-primary").last)
    press(page, "/publish")
    walk.sound(page, "11-training")
    return int(page.url.rsplit("/", 1)[1])


def enrol(walk: Walk, page: Page, training: int) -> None:
    page.goto("/trainings")
    walk.sound(page, "12-trainings")
    page.goto(f"/trainings/{training}")
    press(page, "/join")
    walk.sound(page, "13-enrolled")
    walk.work()


def attend(walk: Walk, training: int) -> None:
    """The trainer ticks on a phone; the qualification follows once the training is over."""
    page = walk.phone("trainer@example.org")
    page.goto(f"/trainings/{training}/attendance")
    walk.sound(page, "14-attendance")
    page.locator("button[name=said][value=in]").first.click()
    page.locator("button[name=said][value=undo]").first.wait_for()
    assert walk.kept(select(Qualification.valid_until)) == []


def open_a_shift(walk: Walk) -> int:
    """The coordinator opens a shift that asks for a carpenter with first aid."""
    page = walk.phone("coordinator@example.org")
    page.goto("/shifts/new")
    page.fill("[name=title]", "Roof of the school")
    if page.locator("select[name=section]").count():
        page.select_option("[name=section]", label="Germany")
    page.select_option("[name=zone]", "Europe/Berlin")
    page.fill("[name=starts]", "2026-10-24T22:00")  # the clocks go back this night
    page.fill("[name=ends]", "2026-10-25T06:00")
    page.fill("[name=place]", "Gate B")
    page.select_option("[name=needs-0-ability]", "carpentry")
    page.select_option("[name=needs-0-kind]", label="First aid")
    page.fill("[name=needs-0-least]", "1")
    page.fill("[name=needs-0-most]", "2")
    walk.sound(page, "15-new-shift")
    follow(page.locator("main form button.btn-primary").last)
    press(page, "/publish")
    walk.sound(page, "16-shift")
    return int(page.url.rsplit("/", 1)[1])


def offer(walk: Walk, shift: int) -> None:
    """On the board exactly the one who fits can be asked."""
    page = walk.phone("coordinator@example.org")
    page.goto(f"/shifts/{shift}/board")
    walk.sound(page, "17-board")
    offers = page.locator(f"form[action^='/shifts/{shift}/assign'] button.btn-primary:visible")
    assert offers.count() == 1
    follow(offers)
    walk.sound(page, "18-offered")
    walk.work()


def answer_from_the_mail(walk: Walk, page: Page) -> None:
    """Opening the link changes nothing, the button does."""
    address = walk.link(VOLUNTEER)
    page.goto(address)
    page.goto(address)
    assert stands(walk) is State.OFFERED
    walk.sound(page, "19-answer")
    follow(page.locator("button[name=accept][value=yes]"))
    assert stands(walk) is State.CONFIRMED
    walk.work()


def stands(walk: Walk) -> State:
    """How the volunteer's newest place stands."""
    state: State = walk.kept(select(Participation.state).order_by(Participation.id.desc()))[0]
    return state


def in_the_calendar(walk: Walk, page: Page, shift: int) -> None:
    """The feed holds the shift with its true instants, the same event as the mail."""
    page.goto("/calendar")
    press(page, "/calendar/renew")  # the first time makes the secret address
    walk.sound(page, "20-calendar")
    (secret,) = walk.kept(select(Person.calendar_secret).where(Person.email_key == VOLUNTEER))
    (starts,) = walk.kept(select(Slot.starts_at).where(Slot.id == shift))
    feed: Any = page.request.get(f"/calendar/{secret}.ics")
    assert feed.ok
    events = {
        str(event["SUMMARY"]): event for event in Calendar.from_ical(feed.body()).walk("VEVENT")
    }
    event = next(event for title, event in events.items() if "Roof of the school" in title)
    assert event.decoded("DTSTART") == starts == datetime(2026, 10, 24, 20, tzinfo=UTC)
    assert event.decoded("DTEND") == datetime(2026, 10, 25, 5, tzinfo=UTC)
    mailed = walk.letters(VOLUNTEER)[-1].raw
    assert str(event["UID"]).encode() in mailed.replace(b"\r\n ", b"")
