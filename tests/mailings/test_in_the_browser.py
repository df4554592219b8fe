"""Writing to people in a real browser: by keyboard, without script, on a phone, right to left."""

import pytest

from brigades.db import session
from brigades.outbox.delivery import delivering
from tests.builders import NOON
from tests.mailings.desk import a_reader, addresses
from tests.support.browser import axe, open_page, problems, shot, sideways, small_targets
from tests.support.databases import ONE_DATABASE
from tests.support.server import serving

pytestmark = [pytest.mark.browser, ONE_DATABASE]


def in_order(page, name, script):
    """Nothing that a page must not do; keeps a picture of it."""
    shot(page, f"mailing-{name}")
    if script:  # axe waits by a timer, which a browser without script does not have
        assert axe(page) == []
    assert sideways(page) == []
    assert small_targets(page) == []
    assert [each for each in problems(page) if "status of 422" not in each] == []


def press(page, locator):
    """Go on as whoever has no mouse does."""
    page.locator(locator).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("width", "scheme", "locale", "script"),
    [(375, "dark", "ar", True), (1280, "light", "en", False)],
)
def test_a_mailing_is_written_and_sent_without_a_mouse(
    desk, mail, chromium, width, scheme, locale, script
):
    desk.cora.locale = locale
    for name in ("Ada", "Bea"):
        a_reader(desk.section, name)
    session.commit()
    cookie = desk.browser.get_cookie("session")
    with serving(desk.app) as url:
        page = open_page(chromium, url, width=width, scheme=scheme, javascript=script)
        page.context.add_cookies([{"name": "session", "value": cookie.value, "url": url}])
        page.goto("/people?q=reader")
        press(page, "a[href^='/mailings/new']")
        press(page, "main button[value=show]")
        in_order(page, f"people-{locale}-{width}", script)
        press(page, "main button[value=next]")
        if locale == "ar":  # the writer's own language is open; the other one is opened
            page.locator("details:has([name=subject_en]) summary").focus()
            page.keyboard.press("Enter")
        page.locator("[name=subject_en]").fill("Boots, {nobody}")
        page.locator("[name=body_en]").fill("Bring boots.\n\n- https://example.org/boots")
        press(page, "main button[value=look]:not([aria-hidden])")
        assert page.locator("#subject_en-error").is_visible()
        in_order(page, f"text-{locale}-{width}", script)
        page.locator("[name=subject_en]").fill("Boots, {given_name}")
        press(page, "main button[value=look]:not([aria-hidden])")
        in_order(page, f"look-{locale}-{width}", script)
        press(page, "form[action$='/send'] button")
        in_order(page, f"under-way-{locale}-{width}", script)
        assert page.locator("progress").get_attribute("value") == "0"
        mailing_id = int(page.url.rsplit("/", 1)[1])
        session.commit()
        assert delivering.deliver(NOON) == 2
        if script:  # it looks again by itself
            page.locator("progress[value='2']").wait_for()
        else:
            press(page, f"#progress a[href='/mailings/{mailing_id}']")
            assert page.locator("progress").get_attribute("value") == "2"
        in_order(page, f"done-{locale}-{width}", script)
        page.context.close()
    assert addresses(mailing_id) == ["ada@example.org", "bea@example.org"]
    assert {one.subject for one in mail.received} == {"Boots, Ada", "Boots, Bea"}
