"""Signing up: what is kept, what is refused, and that nobody learns who is known."""

import re

import pytest

from brigades.db import session
from brigades.outbox.delivery.delivering import deliver
from brigades.people.models import Standing
from brigades.recruiting import service
from brigades.recruiting.models import Stage
from brigades.recruiting.rules import CONSENT_VERSION
from tests.builders import DAY, NOON, a_person, a_section
from tests.recruiting.conftest import applications, confirmed, letters, typed


def test_what_must_be_typed_is_enough(client):
    section = a_section()

    answer = client.post("/join", data=typed(section))

    assert answer.status_code == 303
    assert "mira@example.org" in client.get(answer.location).get_data(as_text=True)
    (application,) = applications()
    assert (application.name, application.stage) == ("Mira Koehler", Stage.SENT)
    assert application.section_id == section.id
    assert application.consent_version == CONSENT_VERSION
    assert letters() == [("application-confirm", "mira@example.org")]


def test_everything_that_may_be_typed_is_kept(client):
    section = a_section()
    more = {
        "section": str(section.id),
        "phone": "0151 23456789",
        "skills": ["carpentry", "nursing", "youth"],
        "years-carpentry": "12",
        "languages": ["ar:C1", "de:native", "fr"],
        "available_from": "2099-07-01",
        "available_until": "2099-08-31",
        "availability_note": "Four weeks\nat most",
        "why": "To help.",
    }

    assert client.post("/join", data=typed(section, **more)).status_code == 303

    (application,) = applications()
    assert application.phone == "+4915123456789"
    assert application.skills == [
        {"skill": "construction", "trade": "carpentry", "years": 12},
        {"skill": "medical", "trade": "nursing", "years": None},
        {"skill": "youth", "trade": "", "years": None},
    ]
    assert application.languages == [
        {"language": "ar", "level": "C1"},
        {"language": "de", "level": "native"},
        {"language": "fr", "level": ""},
    ]
    assert application.available_until.isoformat() == "2099-08-31"
    assert application.availability_note.split() == ["Four", "weeks", "at", "most"]


@pytest.mark.parametrize("missing", ["email", "country", "section", "consent"])
def test_what_is_missing_is_said_and_the_rest_is_kept(client, missing):
    data = typed(a_section(country="FR"), why="My reason")
    del data[missing]

    answer = client.post("/join", data=data)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "br-error" in page
    for value in (data[name] for name in data if name != "consent"):
        assert f'"{value}"' in page or f">{value}<" in page
    assert applications() == []


# NAME-01
@pytest.mark.parametrize("name", ["O'Hara", "N’golo", "al-ʿAttar", "Jean-Luc", "Ø", "علي"])
def test_every_name_is_a_name_and_one_is_enough(client, name):
    section = a_section()
    application = confirmed(client, section, given_name="", family_name=name)
    assert (application.given_name, application.family_name) == ("", name)

    data = typed(section, given_name="", family_name="")
    assert client.post("/join", data=data).status_code == 422


# MAIL-02
def test_a_line_break_in_a_name_becomes_a_space(client):
    client.post("/join", data=typed(a_section(), given_name="Sam\r\nBcc: x@evil.example"))
    assert applications()[0].given_name == "Sam Bcc: x@evil.example"


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("Win at https://evil.example/x", True),
        ("evil.example", True),
        ("WWW.EVIL.EXAMPLE", True),
        ("J.R.R. St. John", False),
        ("O'Hara, Dr. med.", False),
    ],
)
def test_no_link_goes_to_whoever_was_given_as_the_address(client, mail, name, link):
    client.post("/join", data=typed(a_section(), given_name=name, family_name=""))
    deliver(applications()[0].sent_at)
    [got] = mail.received
    assert applications()[0].given_name == name
    assert (name in got.text, name in str(got.message["To"])) == (not link, not link)
    assert got.text.startswith("Hello,") is link
    assert re.search(r"https?://\S+", got.text)[0].startswith("http://localhost/")


def test_what_nobody_sees_in_a_name_is_lost_in_silence(client):
    client.post("/join", data=typed(a_section(), given_name="\ufeffSam\u202egro.\x07elpmaxe"))
    assert applications()[0].given_name == "Samgro.elpmaxe"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("given_name", "x" * 101),
        ("given_name", "Sam\x00"),
        ("email", "a@b\x00.example"),
        ("email", "mira"),
        ("email", "mira@example.org\r\nBcc: x@evil.example"),
        ("email", "x" * 300 + "@example.org"),
        ("phone", "call me"),
        ("phone", "1" * 50),
        ("country", "XX"),
        ("country", "Germany"),
        ("section", "no-such"),
        ("section", "99999999999999999999999"),
        ("skills", "flying"),
        ("years-carpentry", "-3"),
        ("years-carpentry", "9999999999"),
        ("languages", "xx:C1"),
        ("languages", "ar:Z9"),
        ("languages", ["ar:C1", "ar:A1"]),
        ("available_from", "tomorrow"),
        ("available_until", "2020-01-01"),
        ("why", "x" * 2001),
        ("why", "a\x00b"),
        ("consent", "no"),
    ],
)
def test_what_cannot_be_is_refused_with_everything_kept(client, name, value):
    section = a_section()
    data = typed(section, **{"skills": "carpentry", name: value})

    answer = client.post("/join", data=data)

    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'id="errors"' in page
    assert "Koehler" in page
    assert applications() == []


def test_days_in_the_wrong_order_are_refused(client):
    days = {"available_from": "2099-02-01", "available_until": "2099-01-01"}
    answer = client.post("/join", data=typed(a_section(), **days))
    assert answer.status_code == 422
    assert "before the first" in answer.get_data(as_text=True)


def test_a_section_that_does_not_recruit_cannot_be_chosen(client):
    a_section()
    closed = a_section(recruits=False, name="Closed one")
    assert client.post("/join", data=typed(closed)).status_code == 422
    assert "Closed one" not in client.get("/join").get_data(as_text=True)


def test_where_nobody_recruits_the_page_says_so(client):
    a_section(recruits=False)
    assert "takes new people" in client.get("/join").get_data(as_text=True)


# ID-01
def test_one_mailbox_is_one_application(client):
    section = a_section()
    first = client.post("/join", data=typed(section, email="Mira.K@Example.org"))
    second = client.post("/join", data=typed(section, email="mira.k@example.org", why="Again"))

    assert (first.status_code, first.location) == (second.status_code, second.location)
    (application,) = applications()
    assert application.email == "Mira.K@Example.org"
    assert application.why == "Again"
    assert letters() == [("application-confirm", "Mira.K@Example.org")]


# ID-03
def test_addresses_are_kept_as_typed_and_a_plus_makes_another(client):
    section = a_section()
    for address in ("mira+camp@example.org", "o'neil@example.org", "mira@example.org"):
        assert client.post("/join", data=typed(section, email=address)).status_code == 303
    assert [a.email for a in applications()] == [
        "mira+camp@example.org",
        "o'neil@example.org",
        "mira@example.org",
    ]


# ID-01
def test_a_member_who_applies_gets_a_letter_and_the_page_tells_nothing(client):
    section = a_section()
    a_person(section, email="Mira@example.org")

    answer = client.post("/join", data=typed(section))

    assert (answer.status_code, answer.location) == (303, "/join/sent")
    assert applications() == []
    assert letters() == [("application-known", "Mira@example.org")]


def test_somebody_who_left_may_apply_again(client):
    section = a_section()
    a_person(section, email="mira@example.org", standing=Standing.LEFT)
    client.post("/join", data=typed(section))
    assert len(applications()) == 1


def test_applying_again_later_writes_again_and_only_once_a_day(app):
    section = a_section()
    values = {"given_name": "Mira", "family_name": "", "email": "mira@example.org"}
    asked = service.Typed(**values, country="DE", section_id=section.id, locale="en")
    for after in (0 * DAY, DAY, DAY):
        service.apply(asked, NOON + after)
        session.commit()
    assert [name for name, _to in letters()] == ["application-confirm"] * 2

    service.confirm(applications()[0], NOON + DAY)
    service.apply(asked, NOON + 2 * DAY)
    session.commit()
    assert letters()[-1] == ("application-known", "mira@example.org")
    assert len(applications()) == 1


# I18N-01
@pytest.mark.parametrize(
    "phone",
    [
        "+٩٧٠٥٩٩١٢٣٤٥٦",
        "059 912 3456",
        "\u202a+970 599 123 456\u202c",
    ],
)
def test_a_phone_number_is_understood_in_every_script(client, phone):
    section = a_section(country="PS")
    client.post("/join", data=typed(section, country="PS", phone=phone))
    assert applications()[0].phone == "+970599123456"


def test_what_nobody_confirmed_is_forgotten_after_two_weeks(client):
    section = a_section()
    kept = confirmed(client, section, email="kept@example.org")
    client.post("/join", data=typed(section))
    sent = applications()[1].sent_at

    assert service.forget_unconfirmed(sent + 14 * DAY) == 0
    assert service.forget_unconfirmed(sent + 14 * DAY + DAY) == 1
    session.commit()
    assert [a.id for a in applications()] == [kept.id]

    # SQLite gives the id again; the new applicant still gets a letter of their own.
    client.post("/join", data=typed(section))
    assert len(letters()) == 3


def test_the_application_speaks_the_language_of_the_page(client):
    client.set_cookie("language", "ar")
    client.post("/join", data=typed(a_section()))
    assert applications()[0].locale == "ar"


def test_a_section_named_in_the_address_is_chosen(client):
    section = a_section(slug="north")
    page = client.get(f"/join?section={section.slug}").get_data(as_text=True)
    assert '<option selected value="north">' in page
