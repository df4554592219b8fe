"""A real Chromium, and what is looked for on every page it shows.

`python -m tests.support.browser` prints where the browser is, or says what to install and
exits with 1.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = ROOT / "instance" / "shots"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000  # milliseconds until a page must have answered; machines of others are busy
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")  # those of the rules that judge a scheme
Scheme = Literal["light", "dark"]
HOW = (
    "Chromium was not found. Install it (Debian: apt install chromium fonts-noto-core; "
    "elsewhere: .venv/bin/python -m playwright install chromium) and repeat."
)


def find_chromium() -> str:
    """Path of the system's Chromium, else Playwright's; FileNotFoundError says what to do."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not os.path.exists(path):
        raise FileNotFoundError(HOW)
    return path


@contextmanager
def running() -> Iterator[Browser]:
    """A running Chromium for the length of a `with`; FileNotFoundError where there is none."""
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def open_page(
    browser: Browser,
    base_url: str,
    *,
    width: int = 1280,
    scheme: Scheme = "light",
    locale: str = "en-GB",
    javascript: bool = True,
) -> Page:
    """A page with cookies of its own; `problems(page)` later tells what went wrong on it."""
    context = browser.new_context(
        base_url=base_url,
        viewport=_window(width),
        color_scheme=scheme,
        locale=locale,
        java_script_enabled=javascript,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"script: {error}"))
    page.on(
        "console",
        lambda line: found.append(f"console: {line.text}") if line.type == "error" else None,
    )
    page.on(
        "requestfailed",
        # A page that is left while it loads drops the rest by itself.
        lambda request: (
            found.append(f"not loaded: {request.url}")
            if request.failure != "net::ERR_ABORTED"
            else None
        ),
    )
    page.on(
        "response",
        lambda answer: (
            found.append(f"{answer.status}: {answer.url}") if answer.status >= 500 else None
        ),
    )
    _found[page] = found
    return page


_found: dict[Page, list[str]] = {}


def _window(width: int) -> ViewportSize:
    return {"width": width, "height": 812 if width < 600 else 800}


class Look(NamedTuple):
    """How wide a window is and what it prefers, and what axe-core is asked about a page in it."""

    width: int
    scheme: Scheme
    rules: Sequence[str] = RULES


def wrong_in(page: Page, look: Look, picture: str) -> list[str]:
    """Turn the open page to a look, and tell what is wrong with it there, a line each.

    Nothing is loaded anew. Keeps a picture, named with the look.
    """
    page.set_viewport_size(_window(look.width))
    page.emulate_media(color_scheme=look.scheme)
    page.wait_for_function(
        """([width, scheme]) =>
            innerWidth == width && matchMedia(`(prefers-color-scheme: ${scheme})`).matches""",
        arg=[look.width, look.scheme],
    )
    shot(page, f"{picture}-{look.width}-{look.scheme}")
    found = sideways(page) + small_targets(page)
    found += axe(page, look.rules) if look.rules else []
    return [f"{look.width}, {look.scheme}: {one}" for one in found]


def follow(press: Locator) -> None:
    """Press what leads to another page, and go on once that one is there."""
    with press.page.expect_navigation():
        press.click()


def problems(page: Page) -> list[str]:
    """Script errors, refusals of the content security policy, failed loads and 5xx so far."""
    return list(_found.get(page, ()))


def axe(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """What axe-core finds on the page as it is, a line each: rule, help, element.

    `rules` are tags of rules or, without any tag among them, names of rules.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())  # only here: it is half a megabyte
    found: list[str] = page.evaluate(
        """async rules => {
            const {violations} = await axe.run(document, {
                runOnly: rules, resultTypes: ['violations'], preload: false
            });
            return violations.flatMap(({id, help, nodes}) =>
                nodes.map(({html}) => `${id}: ${help}: ${html.slice(0, 200)}`));
        }""",
        list(rules),
    )
    return found


@cache
def _axe_source() -> str:
    if not AXE.exists():
        raise FileNotFoundError("axe-core is missing. Run `make assets` and repeat.")
    return AXE.read_text()


def sideways(page: Page) -> list[str]:
    """What stands out of the window to the side, so that a phone would scroll that way."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('body *')].filter(e => {
            const r = e.getBoundingClientRect();
            return r.width > 1 && (r.right > innerWidth + 1 || r.left < -1)
                && getComputedStyle(e).clipPath == 'none'
                && !e.closest('.visually-hidden, .br-skip');
        }).slice(0, 8).map(e => e.outerHTML.slice(0, 120))"""
    )
    return found


def small_targets(page: Page) -> list[str]:
    """What can be pressed and is lower than 44 px; links within running text are let off."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, select, input, textarea')]
        .filter(e => {
            const box = e.getBoundingClientRect();
            if (!box.width || e.type == 'hidden') return false;
            if (e.closest('.br-skip, .visually-hidden')) return false;
            if (!e.checkVisibility({visibilityProperty: true})) return false;
            if (e.matches('p a:not(.btn):not(.br-tap)')) return false;
            let height = box.height;
            if (e.matches('[type=checkbox], [type=radio]')) {
                const label = e.closest('label') || (e.labels && e.labels[0]);
                height = label ? label.getBoundingClientRect().height : height;
            }
            return height < 43.5;
        }).map(e => e.outerHTML.slice(0, 120))"""
    )
    return found


def shot(page: Page, name: str) -> None:
    """Keep a picture of the whole page as `instance/shots/<name>.png`, with BRIGADES_SHOTS=1."""
    page.wait_for_load_state()
    if not os.environ.get("BRIGADES_SHOTS"):
        return
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}.png"
    window = page.viewport_size
    assert window is not None
    # The window grows to the page, since a longer picture would show the tab bar in its middle.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": window["width"], "height": max(height, window["height"])})
    page.screenshot(path=path)
    page.set_viewport_size(window)


if __name__ == "__main__":
    try:
        print(find_chromium())
    except FileNotFoundError as missing:
        sys.exit(str(missing))
