"""Signing up in steps, without script and without state on the server."""

from datetime import timedelta
from html.parser import HTMLParser

import time_machine

from brigades.recruiting.models import Stage
from tests.builders import NOON, a_section
from tests.recruiting.conftest import applications, typed


class Typed(HTMLParser):
    """What a browser would send of the page's main form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: list[tuple[str, str]] = []
        self.select: str | None = None
        self.first: str | None = None
        self.area: str | None = None
        self.inside = False
        self.feed(page[page.index("<main") :])

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag == "input" and a.get("type") in ("checkbox", "radio"):
            if "checked" in a:
                self.values.append((a["name"], a.get("value", "on")))
        elif tag == "input" and a.get("name"):
            self.values.append((a["name"], a.get("value", "")))
        elif tag == "select":
            self.select, self.first, self.chosen = a["name"], None, None
        elif tag == "option" and self.select:
            self.first = a["value"] if self.first is None else self.first
            self.chosen = a["value"] if "selected" in a else self.chosen
        elif tag == "textarea":
            self.area, self.text = a["name"], ""

    def handle_data(self, data):
        if self.area:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "select" and self.select:
            self.values.append((self.select, self.chosen or self.first or ""))
            self.select = None
        if tag == "textarea" and self.area:
            self.values.append((self.area, self.text.lstrip("\r\n")))
            self.area = None


def press(client, page, go, **typed_now):
    """Type into the form as it stands and press a button."""
    data: dict[str, list[str]] = {}
    for name, value in Typed(page).values:
        data.setdefault(name, []).append(value)
    data |= {k: v if isinstance(v, list) else [v] for k, v in typed_now.items()}
    if go:
        data["go"] = [go]
    answer = client.post("/join", data=data)
    return answer.status_code, answer.get_data(as_text=True)


def at(page, step):
    return f'<input type="hidden" name="step" value="{step}">' in page


def test_the_whole_way_keeps_what_was_typed(client):
    section = a_section(country="DE")
    page = client.get("/join").get_data(as_text=True)
    assert at(page, "you")

    you = {"given_name": "Mira", "email": "mira@example.org", "country": "DE"}
    status, page = press(client, page, "next", **you)
    assert status == 200
    assert at(page, "skills")

    skills = {"skills": ["carpentry", "nursing"], "years-carpentry": "4"}
    status, page = press(client, page, "add", **skills, languages=["ar"], levels=["C1"])
    assert status == 200
    assert 'id="language-2"' in page
    assert "2 ticked" not in page
    assert page.count("1 ticked") == 2

    status, page = press(client, page, "next", languages=["ar", "de"], levels=["C1", "native"])
    assert at(page, "availability")
    status, page = press(client, page, "next", available_from="2099-01-01", why="To help & <b>")
    assert at(page, "review")
    assert section.name in page  # the country has chosen it
    assert "4 years" in page
    assert "To help &amp; &lt;b&gt;" in page
    assert applications() == []

    status, page = press(client, page, "send")
    assert status == 422
    assert "consent" in page

    assert press(client, page, "send", consent="y")[0] == 303
    (application,) = applications()
    assert application.section_id == section.id
    assert application.skills[0] == {"skill": "construction", "trade": "carpentry", "years": 4}
    assert [kept["language"] for kept in application.languages] == ["ar", "de"]
    assert application.why == "To help & <b>"


def test_going_back_asks_for_nothing_and_loses_nothing(client):
    a_section()
    page = client.get("/join").get_data(as_text=True)
    _status, page = press(
        client, page, "next", given_name="Mira", email="m@example.org", country="DE"
    )
    status, page = press(client, page, "back", languages=["ar"], levels=[""], skills=["roofing"])
    assert status == 200
    assert at(page, "you")
    assert 'value="m@example.org"' in page

    status, page = press(client, page, "next")
    assert at(page, "skills")
    assert 'value="roofing" checked' in page
    assert '<option value="ar" selected>' in page


def test_each_step_checks_itself_alone(client):
    a_section()
    page = client.get("/join").get_data(as_text=True)
    status, page = press(client, page, "next", given_name="Mira")
    assert status == 422
    assert at(page, "you")
    assert "Enter your email address." in page
    assert "consent" not in page.lower().replace('name="consent"', "")

    _status, page = press(client, page, "next", email="m@example.org", country="DE")
    status, page = press(client, page, "next", languages=["ar"], levels=[""])
    assert status == 422
    assert "Choose a level for Arabic. B1 is enough for everyday talk." in page


def test_a_language_can_be_removed(client):
    a_section()
    data = {"step": "skills", "go": "drop-0", "languages": ["ar", "de"], "levels": ["C1", "B1"]}
    page = client.post("/join", data=data).get_data(as_text=True)
    assert page.count('class="br-lang"') == 1
    assert '<option value="de" selected>' in page


def test_sending_stops_at_the_first_step_with_an_error(client):
    section = a_section()
    data = typed(section, email="no", step="review", go="send", why="x" * 2001)
    page = client.post("/join", data=data).get_data(as_text=True)
    assert at(page, "you")

    data["email"] = "m@example.org"
    page = client.post("/join", data=data).get_data(as_text=True)
    assert at(page, "availability")


def test_a_country_without_a_section_is_said_at_the_field(client):
    a_section(country="DE")
    page = client.get("/join").get_data(as_text=True)
    status, page = press(
        client, page, "next", given_name="Mira", email="m@example.org", country="FR"
    )
    assert status == 422
    assert "No section in your country" in page


def test_a_jump_ahead_stops_where_something_is_missing(client):
    a_section()
    answer = client.post("/join", data={"step": "you", "go": "review"})
    assert answer.status_code == 422
    assert at(answer.get_data(as_text=True), "you")


def test_odd_buttons_and_steps_do_no_harm(client):
    section = a_section()
    for go in ("", "drop-", "drop-99999999999999999999", "drop-x", "backwards", "\x00"):
        for step in ("", "nowhere", "review"):
            answer = client.post("/join", data=typed(section, go=go, step=step, consent=""))
            assert answer.status_code < 500
    assert applications() == []


# AUTH-08
def test_a_page_open_for_too_long_loses_nothing(guarded):
    section = a_section()
    with time_machine.travel(NOON, tick=False) as clock:
        page = guarded.get("/join").get_data(as_text=True)
        stale = dict(Typed(page).values) | typed(section, why="Long text", skills="carpentry")
        del stale["step"]
        clock.shift(timedelta(seconds=2.5))

        answer = guarded.post("/join", data=stale)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "open for too long" in page
        assert applications() == []
        kept = Typed(page).values
        for value in ("Mira", "Koehler", "mira@example.org", "Long text", "carpentry", "y"):
            assert value in [text for _name, text in kept]
        assert dict(kept)["csrf_token"] != stale["csrf_token"]

        assert press(guarded, page, "send")[0] == 303
    (application,) = applications()
    assert (application.why, application.stage) == ("Long text", Stage.SENT)


def test_a_post_without_a_token_is_not_sent(guarded):
    answer = guarded.post("/join", data=typed(a_section()))
    assert answer.status_code == 422
    assert applications() == []


def test_another_language_on_the_way_keeps_what_was_typed(client):
    a_section(name="Germany", country="DE")
    typed = {"step": "availability", "given_name": "Mira", "why": "I build.", "go": "in-de"}
    page = client.post("/join", data=typed)
    assert page.status_code == 200
    assert '<html lang="de"' in page.text
    assert 'value="Mira"' in page.text
    assert "I build." in page.text
    assert "language=de" in page.headers["Set-Cookie"]
