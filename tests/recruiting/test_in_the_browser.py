"""Signing up and deciding in a real browser, on a phone and a desk, in both directions."""

import pytest

from brigades.access import Role
from brigades.recruiting.models import Stage
from brigades.recruiting.service import token_of
from tests.builders import a_person, a_section, an_account, an_appointment, sign_in
from tests.recruiting.conftest import applications, confirmed
from tests.support.browser import (
    COLOURS,
    Look,
    axe,
    follow,
    open_page,
    problems,
    shot,
    sideways,
    small_targets,
    wrong_in,
)
from tests.support.databases import ONE_DATABASE
from tests.support.server import serving

pytestmark = [pytest.mark.browser, ONE_DATABASE]


def in_order(page, name, script=True):
    """Nothing that a page must not do; keeps a picture of it."""
    shot(page, name)
    if script:  # axe waits by a timer, which a browser without script does not have
        assert axe(page) == []
    assert sideways(page) == []
    assert small_targets(page) == []
    assert troubles(page) == []


def troubles(page):
    """The page's problems; Chromium reports every refused form on its console."""
    return [each for each in problems(page) if "status of 422" not in each]


def press(page, go):
    follow(page.locator(f'button[name=go][value="{go}"]:not([aria-hidden])').last)


@pytest.mark.parametrize(
    ("width", "scheme", "locale", "script"),
    [(375, "light", "ar", True), (1280, "dark", "en-GB", True), (375, "light", "en-GB", False)],
)
def test_somebody_signs_up(app, chromium, width, scheme, locale, script):
    a_section(name="Brigades Germany", country="DE", contact="de@example.org")
    a_section(name="Brigades Lebanon", country="LB", zone="Asia/Beirut")
    with serving(app) as url:
        page = open_page(
            chromium, url, width=width, scheme=scheme, locale=locale, javascript=script
        )
        name = f"join-{locale}-{width}"
        page.goto("/join")
        in_order(page, f"{name}-1", script)
        page.fill("[name=given_name]", "ميرا")
        page.fill("[name=phone]", "0151 23456789")
        page.select_option("[name=country]", "DE")
        press(page, "next")
        in_order(page, f"{name}-1-wrong", script)
        page.fill("[name=email]", "mira@example.org")
        with page.expect_navigation():
            page.press("[name=email]", "Enter")
        page.check("#skill-carpentry")
        page.select_option("#years-carpentry", "4")
        page.select_option("#language-1", "ar")
        press(page, "add")
        page.select_option("#language-2", "de")
        press(page, "next")
        in_order(page, f"{name}-2-wrong", script)
        page.select_option("#language-1-level", "native")
        page.select_option("#language-2-level", "B2")
        press(page, "next")
        page.fill("[name=available_from]", "2099-07-01")
        page.fill("[name=why]", "I have built houses\nfor four years.")
        in_order(page, f"{name}-3", script)
        press(page, "next")
        in_order(page, f"{name}-4", script)
        page.check("[name=consent]")
        press(page, "send")
        assert page.url.endswith("/join/sent")
        in_order(page, f"{name}-sent", script)
        page.goto(f"/join/confirm/{token_of(applications()[0])}")
        in_order(page, f"{name}-confirm", script)
        follow(page.locator("main form button").first)
        in_order(page, f"{name}-confirmed", script)
        page.context.close()
    (application,) = applications()
    assert application.stage is Stage.CONFIRMED
    assert application.country == "DE"
    assert [kept["level"] for kept in application.languages] == ["native", "B2"]


@pytest.mark.parametrize(
    ("locale", "looks"),
    [  # the last look is what is pressed in
        ("ar", [Look(375, "light")]),
        ("en", [Look(375, "dark", COLOURS), Look(1280, "light")]),
    ],
)
def test_a_coordinator_reads_and_declines(app, client, chromium, locale, looks):
    section = a_section(name="Brigades Germany", country="DE")
    a_section(section, name="Brigades Berlin")
    for number in range(3):
        confirmed(
            client,
            section,
            email=f"m{number}@example.org",
            phone="+970599123456",
            skills=["carpentry", "roofing", "nursing", "midwifery"],
            languages=["ar:C1", "en:B2"],
            why="I have built houses.\nNow I want to help.",
            availability_note="August",
        )
    person = a_person(section, given_name="Cora", family_name="Desk", locale=locale)
    an_appointment(person, section, Role.COORDINATOR)
    sign_in(client, an_account(person))
    cookie = client.get_cookie("session")
    assert cookie is not None
    with serving(app) as url:
        page = open_page(chromium, url)
        page.context.add_cookies([{"name": "session", "value": cookie.value, "url": url}])

        def holds(name):
            for look in looks:
                assert wrong_in(page, look, f"applications-{locale}-{name}") == []
            assert troubles(page) == []

        page.goto("/applications")
        holds("all")
        follow(page.locator("main th a").first)
        page.locator("summary", has=page.locator("use[href$='#x-lg']")).click()
        holds("one")
        follow(page.locator("form[action$=decline] button"))
        holds("wrong")
        page.fill("[name=reason]", "All places are taken this year.")
        follow(page.locator("form[action$=decline] button"))
        holds("declined")
        page.goto("/applications?q=nobody")
        holds("none")
        page.context.close()
    assert sum(a.stage is Stage.DECLINED for a in applications()) == 1
