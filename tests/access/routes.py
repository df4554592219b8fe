"""Every route of the application, and the forms on its pages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.access.world import World, value_of

METHODS = ("GET", "POST")


def rules(app: Flask) -> list[Rule]:
    """All routes but the one for static files, in a fixed order."""
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return sorted(found, key=lambda rule: (rule.rule, rule.endpoint))


def walk(app: Flask, method: str, *, with_arguments: bool | None = None) -> Iterator[Rule]:
    """The routes that answer ``method``; with or without arguments, or both."""
    for rule in rules(app):
        if method in (rule.methods or ()) and with_arguments in (None, bool(rule.arguments)):
            yield rule


def address(app: Flask, rule: Rule, world: World, **instead: Any) -> str:
    """The route's address with real values, some of them replaced."""
    values = {name: value_of(world, rule.endpoint, name) for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values | instead)


@dataclass(frozen=True)
class Answer:
    """What came back. An error that nobody caught is one of code 599."""

    code: int
    text: str
    location: str = ""
    page: bool = False

    @property
    def fault(self) -> bool:
        """Whether this is an error of ours; "not ready" (503) is an answer."""
        return self.code >= 500 and self.code != 503


def ask(client: Any, method: str, at: str, **more: Any) -> Answer:
    """Send a request; never raises."""
    try:
        answer = client.open(at, method=method, **more)
    except Exception as error:
        first = (str(error).splitlines() or [""])[0]
        return Answer(599, f"{type(error).__name__}: {first[:200]}")
    page = answer.status_code == 200 and answer.mimetype == "text/html"
    text = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
    return Answer(answer.status_code, text, answer.location or "", page)


@dataclass
class FormOnPage:
    """A form as a browser would send it untouched."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Collects forms; of choices it takes the chosen one, else the first with a value.

    Of buttons it presses the one without a name, else the last: the others add and remove rows.
    """

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[FormOnPage] = []
        self._open: FormOnPage | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.address, given.get("action") or self.address)
            self._open = FormOnPage(action, given.get("method", "get").upper())
            self._buttons: list[tuple[str, str]] = []
            self.forms.append(self._open)
            return
        name, form = given.get("name", ""), self._open
        if form is not None and tag == "button":
            self._buttons.append((name, given.get("value", "")))
        if form is None or (not name and tag != "option"):
            return
        kind = given.get("type", "text") if tag == "input" else tag
        if tag == "input" and kind in ("checkbox", "radio"):
            form.kinds[name] = kind
            if "checked" in given or name not in form.values:
                form.values[name] = given.get("value", "on")
        elif tag == "input":
            form.kinds[name] = kind
            form.values.setdefault(name, given.get("value", ""))
        elif tag == "textarea":
            self._area = name
            form.kinds[name], form.values[name] = kind, ""
        elif tag == "select":
            self._select = name
            form.kinds[name] = kind
            form.values.setdefault(name, "")
        elif tag == "option" and self._select:
            value = given.get("value", "")
            if "selected" in given or not form.values[self._select]:
                form.values[self._select] = value

    def handle_data(self, data: str) -> None:
        if self._open and self._area:
            self._open.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open is not None:
            if self._buttons and not any(not name for name, _value in self._buttons):
                self._open.values.update(self._buttons[-1:])
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


# What to send besides, by endpoint: buttons that change something, and fields of other steps.
BESIDES = {
    "recruiting.go": {
        "go": "send",
        "phone": "+4915112345678",
        "skills": "carpentry",
        "years-carpentry": "4",
        "language": "ar",
        "level": "C1",
        "available_from": "2027-03-01",
        "available_until": "2027-06-01",
        "availability_note": "Not at weekends",
        "why": "Walking words",
        "consent": "y",
    }
}

GUESSES = {
    "email": "walk@example.org",
    "date": "2027-03-01",
    "datetime-local": "2027-03-01T18:00",
    "time": "18:00",
    "number": "2",
    "tel": "+4915112345678",
    "password": "nine loud trumpets",
    "text": "Walking words",
    "textarea": "Walking words",
    "search": "Walking words",
    "url": "https://example.org/",
}


def forms_in(page: str, at: str) -> list[FormOnPage]:
    """The forms of a page that was opened at an address, empty fields filled plausibly."""
    reader = _Reader(at)
    reader.feed(page)
    for form in reader.forms:
        for name, value in form.values.items():
            if not value:
                form.values[name] = GUESSES.get(form.kinds.get(name, ""), "")
    return reader.forms


def forms_for(app: Flask, pages: dict[str, str]) -> dict[str, FormOnPage]:
    """For each POST endpoint a form that leads to it, found on pages (address -> text)."""
    adapter = app.url_map.bind("localhost")
    found: dict[str, FormOnPage] = {}
    for at, page in pages.items():
        for form in forms_in(page, at):
            try:
                endpoint, _arguments = adapter.match(urlsplit(form.action).path, method="POST")
            except HTTPException:
                continue
            best = found.get(endpoint)
            if form.method == "POST" and (best is None or len(form.values) > len(best.values)):
                form.values |= BESIDES.get(endpoint, {})
                found[endpoint] = form
    return found


def pages_of(app: Flask, world: World, clients: list[Any]) -> dict[str, str]:
    """Every page that one of these people can open, by address; the first who can counts."""
    pages: dict[str, str] = {}
    for rule in walk(app, "GET"):
        at = address(app, rule, world)
        for client in clients:
            answer = ask(client, "GET", at)
            if answer.page:
                pages[at] = answer.text
                break
    return pages
