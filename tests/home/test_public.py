"""The public page, and the notice while demo accounts exist."""

from typing import Any

from brigades.accounts.models import Account
from brigades.db import session
from brigades.home import banner
from tests.builders import a_person, a_section, an_account, signed_in
from tests.support.statements import counted

NOTICE = "This is a demonstration"


def test_a_visitor_reads_who_is_looked_for_and_how_to_join(client: Any) -> None:
    a_section(name="Portugal", slug="portugal", looks_for=["medical"])
    a_section(name="Closed", recruits=False, looks_for=["youth"])

    page = client.get("/").text

    assert "<h1" in page and "Open Hands International" in page
    assert 'href="/join"' in page and 'href="/login"' in page
    assert "Medical" in page and "Youth work" not in page
    assert 'href="/sections/portugal"' in page and "Closed" not in page


def test_the_mission_is_the_organisations_own_words(app: Any, client: Any) -> None:
    app.config["MISSION"] = "We mend <roofs>."
    try:
        assert "We mend &lt;roofs&gt;." in client.get("/").text
    finally:
        app.config["MISSION"] = ""
    assert "Volunteers from many countries" in client.get("/").text


def test_where_nobody_recruits_the_page_says_so(client: Any) -> None:
    page = client.get("/").text
    assert "No section takes new people" in page
    assert "Interpreting" in page  # where nobody says, every skill is welcome


def test_the_public_page_costs_the_same_for_one_section_and_for_thirty(client: Any) -> None:
    a_section()
    with counted() as few:
        client.get("/")
    for _ in range(29):
        a_section()
    with counted() as many:
        page = client.get("/").text

    assert len(few) == len(many) <= 2
    assert "All sections" in page


def test_me_asks_who_is_signed_out_to_sign_in(client: Any) -> None:
    answer = client.get("/me")
    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


def test_the_notice_shows_while_demo_accounts_exist(app: Any, client: Any) -> None:
    person = a_person(a_section())
    app.config[banner.GLANCE.setting] = 0
    try:
        assert NOTICE not in client.get("/").text
        account = an_account(person, demo=True)
        assert NOTICE in client.get("/").text
        session.delete(session.get_one(Account, account.id))
        assert NOTICE not in client.get("/").text
    finally:
        app.config[banner.GLANCE.setting] = None


def test_a_process_looks_for_demo_accounts_once_a_minute(app: Any, client: Any) -> None:
    a_section()
    app.config[banner.GLANCE.setting] = 60
    banner.GLANCE.forget(app)
    try:
        client.get("/")
        with counted() as later:
            client.get("/")
    finally:
        app.config[banner.GLANCE.setting] = None
        banner.GLANCE.forget(app)
    assert not [statement for statement in later if "account" in statement]


def test_odd_addresses_of_the_front_page_are_no_errors(app: Any, client: Any) -> None:
    mine = signed_in(app, a_person(a_section()))
    for address in ("/?page=-1", "/?q=%F0%9F%98%80", "/me?" + "x" * 2000):
        assert client.get(address).status_code in (200, 302)
        assert mine.get(address).status_code == 200
    assert mine.get("/?x=%00").status_code == 400
