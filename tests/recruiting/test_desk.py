"""The coordinators' queue: who sees what, in which order, and as a sheet."""

import csv
import io
from itertools import count

import pytest
import time_machine

from brigades.access import Role
from brigades.recruiting.models import Application, Stage
from brigades.schedule import limits
from brigades.schedule.rules.limits import limits_from
from brigades.sheets import plain_cell, safe_cell
from tests.builders import DAY, NOON, _kept, a_person, a_section, an_appointment, signed_in
from tests.recruiting.conftest import confirmed
from tests.support.databases import ONE_DATABASE

_number = count(1)


def an_application(section, /, **given):
    """A confirmed application."""
    number = next(_number)
    values = {
        "section_id": section.id,
        "given_name": "Applicant",
        "family_name": f"Number {number}",
        "email": f"a{number}@example.org",
        "email_key": f"a{number}@example.org",
        "country": "DE",
        "consent_version": "1",
        "consented_at": NOON,
        "stage": Stage.CONFIRMED,
        "sent_at": NOON,
        "confirmed_at": NOON,
    }
    return _kept(Application(**values | given))


def coordinator(app, section):
    person = a_person(section)
    an_appointment(person, section, Role.COORDINATOR)
    return signed_in(app, person)


def test_the_longest_waiting_stands_first(app):
    section = a_section()
    late = an_application(section, confirmed_at=NOON - DAY)
    early = an_application(section, confirmed_at=NOON - 5 * DAY)
    an_application(section, given_name="Gone", stage=Stage.DECLINED)
    an_application(section, given_name="Unsure", stage=Stage.SENT, confirmed_at=None)

    page = coordinator(app, section).get("/applications").text

    assert page.index(early.name) < page.index(late.name)
    assert "Gone" not in page
    assert "Unsure" not in page


@ONE_DATABASE
def test_what_waits_as_long_as_the_limits_say_is_marked(app):
    section = a_section()
    an_application(section, confirmed_at=NOON - 5 * DAY)
    with time_machine.travel(NOON):
        page = coordinator(app, section)
        assert "is-gap" in page.get("/applications").text
        limits.use(limits_from("chase=6 deputy=7"))
        try:
            assert "is-gap" not in page.get("/applications").text
        finally:
            limits.use(limits_from(""))


def test_a_list_is_narrowed_by_words_section_stage_and_skill(app):
    top = a_section(slug="top")
    below = a_section(top, slug="below")
    an_application(top, given_name="José", email="jose@example.org")
    trade = {"skill": "construction", "trade": "carpentry", "years": 2}
    an_application(below, given_name="Beata", skills=[trade], stage=Stage.ACCEPTED)
    client = coordinator(app, top)

    def names(query):
        page = client.get(f"/applications?{query}")
        assert page.status_code == 200
        return [name for name in ("José", "Beata") if name in page.text]

    assert names("") == ["José"]
    assert names("stage=any") == ["José", "Beata"]
    assert names("stage=accepted") == ["Beata"]
    assert names("stage=any&section=below") == ["Beata"]
    assert names("stage=any&skill=carpentry") == ["Beata"]
    assert names("stage=any&skill=construction") == ["Beata"]
    assert names("stage=any&skill=roofing") == []
    assert names("q=JOSE") == ["José"]
    assert names("q=jose%40example") == ["José"]
    assert names("q=%25") == []
    assert names("stage=any&skill=nonsense&section=%27&page=99999") == []


# DB-05
def test_pages_show_each_application_once(app):
    section = a_section()
    for _number in range(60):
        an_application(section)
    client = coordinator(app, section)
    seen = []
    for page in (1, 2):
        text = client.get(f"/applications?page={page}").text
        seen += [part.split('"')[0] for part in text.split('href="/applications/')[1:]]
    assert len(seen) == len(set(seen)) == 60
    for odd in ("0", "abc", "-1", "999", "9" * 30):
        assert client.get(f"/applications?page={odd}").status_code == 200


# AUTHZ-01
def test_other_sections_are_not_there(app, client):
    mine, theirs = a_section(), a_section()
    strange = an_application(theirs, given_name="Stranger")
    own = coordinator(app, mine)
    assert "Stranger" not in own.get("/applications?stage=any").text
    assert "Stranger" not in own.get("/applications.csv?stage=any").text
    address = f"/applications/{strange.id}"
    assert own.get(address).status_code == 404
    for action in ("review", "accept", "decline", "move"):
        assert own.post(f"{address}/{action}", data={"reason": "No"}).status_code == 404
    assert strange.stage is Stage.CONFIRMED

    volunteer = signed_in(app, a_person(theirs))
    assert volunteer.get("/applications").status_code == 404
    assert volunteer.get(address).status_code == 404
    assert client.get("/applications").status_code == 302


@pytest.mark.parametrize("number", ["0", "2147483648", "9" * 30, "x", "-1"])
def test_an_id_that_cannot_be_is_not_there(app, number):
    client = coordinator(app, a_section())
    assert client.get(f"/applications/{number}").status_code == 404
    assert client.post(f"/applications/{number}/accept").status_code == 404


@pytest.mark.parametrize("address", ["/applications?stage=any", "/applications/{id}"])
def test_a_page_costs_the_same_however_much_there_is(app, statements, address):
    top = a_section()
    client = coordinator(app, top)
    first = an_application(top)
    address = address.format(id=first.id)
    client.get(address)
    one = statements(lambda: client.get(address))
    for _number in range(30):
        an_application(a_section(top), decided_by=None)
    many = statements(lambda: client.get(address))
    # BEGIN and COMMIT are not among them.
    assert one == many <= 8


# EXP-01
def test_no_cell_of_the_sheet_becomes_a_formula(app):
    section = a_section()
    an_application(
        section,
        given_name='=HYPERLINK("http://evil.example","x")',
        family_name="O'Hara",
        phone="+970599123456",
        availability_note="@SUM(1)",
        why="-5",
    )
    answer = coordinator(app, section).get("/applications.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=applications-")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0]["Given name"] == '\'=HYPERLINK("http://evil.example","x")'
    assert rows[0]["Family name"] == "O'Hara"
    assert rows[0]["Phone"] == "+970599123456"
    assert rows[0]["More about when they can come"] == "'@SUM(1)"
    assert rows[0]["Why they want to join"] == "'-5"


@pytest.mark.parametrize(
    "typed", ["=1+1", "+1 2", "-5", "@x", "\tx", "\rx", "＝1", " =1", "O'Hara"]
)
def test_a_cell_comes_back_as_it_was(typed):
    assert plain_cell(str(safe_cell(typed))) == typed
    assert not str(safe_cell(typed)).lstrip().startswith(("=", "+", "-", "@", "＝"))


def test_numbers_stay_numbers():
    assert safe_cell(-5) == -5
    assert safe_cell(7.5) == 7.5
    assert safe_cell("+970599123456") == "+970599123456"


def test_everything_typed_stands_on_the_page(app, client):
    section = a_section()
    application = confirmed(
        client,
        section,
        given_name="O'Hara",
        phone="+970599123456",
        skills="carpentry",
        languages="ar:C1",
        why="<b>To help</b>",
    )
    page = coordinator(app, section).get(f"/applications/{application.id}").text
    assert "O&#39;Hara" in page
    assert '<bdi dir="ltr" class="text-nowrap">+970 599 123 456</bdi>' in page
    assert 'href="tel:+970599123456"' in page
    assert "&lt;b&gt;To help" in page
    assert "Carpentry" in page
    assert "Arabic" in page
    assert "address confirmed" in page  # the trail
