"""The frame around pages: which tab is marked, what goes wrong inside it, quiet notices."""

import re
from typing import Any

import pytest

from brigades.access import Role
from tests import builders as b


@pytest.fixture
def section(app: Any) -> Any:
    return b.a_section(b.a_section())


def marked(page: str) -> list[str]:
    """The addresses of the tabs that a page stands under."""
    return re.findall(r'href="([^"]+)" aria-current="page"', page)


@pytest.mark.parametrize(
    ("address", "tab"),
    [
        ("/", "/"),
        ("/hours", "/people"),
        ("/sections", "/people"),
        ("/mailings", "/people"),
        ("/attendance", "/shifts"),
        ("/swaps", "/shifts"),
        ("/shifts/new", "/shifts"),
    ],
)
def test_pages_of_staff_stand_under_a_tab(app: Any, section: Any, address: str, tab: str) -> None:
    boss = b.a_person(section)
    b.an_appointment(boss, section, Role.COORDINATOR)
    assert marked(b.signed_in(app, boss).get(address).text) == [tab]


@pytest.mark.parametrize("address", ["/profile", "/me/hours", "/me/mail", "/calendar"])
def test_what_is_ones_own_stands_under_the_profile(app: Any, section: Any, address: str) -> None:
    assert marked(b.signed_in(app, b.a_person(section)).get(address).text) == ["/profile"]


def test_where_there_is_no_page_the_ways_to_others_stay(app: Any, client: Any, section: Any):
    answer = b.signed_in(app, b.a_person(section)).get("/nowhere")
    assert answer.status_code == 404 and "There is no such page" in answer.text
    assert 'href="/shifts"' in answer.text and 'form="to-language"' in answer.text
    assert 'form="to-language"' in client.get("/nowhere").text


def test_a_fault_of_ours_is_said_without_what_may_not_work(app: Any, section: Any, monkeypatch):
    def broken(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("broken")

    client = b.signed_in(app, b.a_person(section))
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "shifts.index", broken)
    answer = client.get("/shifts")
    assert answer.status_code == 500 and "Something went wrong on our side" in answer.text
    assert "br-tabs" not in answer.text


def test_notices_that_ask_for_nothing_are_one_line_to_open(client: Any) -> None:
    page = " ".join(client.get("/login").text.split())
    assert "<span>No mail goes out</span>" in page
    assert "<p>Mail is not sent from here." in page
