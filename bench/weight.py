"""Bytes over the wire: a page with everything that a browser fetches for it, and a later page."""

import re
from collections.abc import Iterator

from bench.browser import Browser
from bench.pages import pages
from bench.report import Figure, at_most, told
from bench.world import Marks

FIRST, LATER = 100_000, 20_000
# What a browser fetches of its own accord: style sheets, scripts, icons, pictures.
# What a browser fetches by itself: not the pages before and after this one.
_FETCHED = re.compile(
    r'<(?:link(?![^>]*\brel="(?:prev|next|alternate)")|script|img|use)\b'
    r'[^>]*?\b(?:href|src)="([^"#]+)'
)
_LANGUAGES = ("en", "ar")


def measure(port: int, marks: Marks) -> Iterator[Figure]:
    """The heaviest first visit and the heaviest later page.

    The board with everybody in question is a tool at a desk with hundreds of people in it; it is
    told apart.
    """
    first: dict[str, int] = {}
    later: dict[str, int] = {}
    for language in _LANGUAGES:  # each direction of reading has a style sheet of its own
        stranger = Browser(port, language)
        for path in ("/", "/login", "/join"):
            first[f"{path} in {language}"], later[f"{path} in {language}"] = _sizes(stranger, path)
        stranger.close()
    known: dict[str, Browser] = {}
    board = f"/shifts/{marks.board_of_all}/board"
    for page in pages(marks):
        if page.who not in known:
            known[page.who] = Browser(port).sign_in(page.who)
        if page.path != board:
            first[page.name], later[page.name] = _sizes(known[page.who], page.path)
    at_desk = _sizes(known[marks.organizer], board)[1]
    for browser in known.values():
        browser.close()
    for name, sizes, budget in (("first visit", first, FIRST), ("later page", later, LATER)):
        heaviest = max(sizes, key=lambda page: sizes[page])
        title = f"over the wire: {name} ({heaviest})"
        yield at_most(title, sizes[heaviest] / 1000, "KB", budget / 1000)
    yield told("over the wire: board with everybody in question", at_desk / 1000, "KB")


def _sizes(browser: Browser, path: str) -> tuple[int, int]:
    """Bytes of bodies of the page with all its files, and of the page alone."""
    page = browser.get(path)
    if page.status != 200:
        raise RuntimeError(f"{path} answered {page.status}")
    files = sorted(set(_FETCHED.findall(page.text)))
    sizes = 0
    for file in files:
        answer = browser.get(file)
        if answer.status != 200:
            raise RuntimeError(f"{file} answered {answer.status}")
        sizes += answer.size
    return page.size + sizes, page.size
