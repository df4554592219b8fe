"""Choosing a language."""

from brigades.db import session
from brigades.people.models import Person
from tests.accounts.conftest import PASSWORD


def test_a_visitors_choice_is_kept_in_a_cookie(client):
    answer = client.post("/language", data={"locale": "ar", "next": "/login?next=%2Fshifts"})
    assert (answer.status_code, answer.location) == (302, "/login?next=%2Fshifts")
    page = client.get("/login")
    assert 'lang="ar" dir="rtl"' in page.text


def test_whoever_is_signed_in_reads_mail_in_it_too(app, client, mira):
    client.post("/login", data={"email": "mira.k@example.org", "password": PASSWORD})
    assert client.post("/language", data={"locale": "de"}).location == "/"
    assert session.get(Person, mira.person_id).locale == "de"
    assert '<html lang="de"' in client.get("/account/password").text


def test_a_language_that_we_do_not_have_changes_nothing(client):
    for odd in ("", "xx", "en\x00", "a" * 5000):
        assert client.post("/language", data={"locale": odd}).status_code == 422
    assert client.get_cookie("language") is None


def test_choosing_a_language_leads_to_no_other_site(client):
    answer = client.post("/language", data={"locale": "de", "next": "//evil.example"})
    assert answer.location == "/"


def test_the_first_form_of_a_page_is_what_the_page_is_for(client):
    for path in ("/login", "/password/forgot"):
        page = client.get(path).text
        start = page.index("<form")
        assert page.index("<main") < start < page.index("</main>")
        assert page.index('<form id="to-language"') > page.index("</main>")


def test_the_choice_of_a_language_leads_back_to_the_same_address(client):
    assert 'name="next" value="/login">' in client.get("/login").text
    assert 'name="next" value="/login?next=/me">' in client.get("/login?next=/me").text
