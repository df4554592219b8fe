"""The applicant's link: opening it changes nothing, pressing the button does so once."""

import pytest
import time_machine

from brigades import tokens
from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox import render
from brigades.outbox.models import Letter
from brigades.recruiting.models import Stage
from brigades.recruiting.service import forget_unconfirmed, token_of
from tests.builders import DAY, NOON, a_person, a_section
from tests.recruiting.conftest import applications, confirmed, typed


def the_link(client, section):
    client.post("/join", data=typed(section))
    return f"/join/confirm/{token_of(applications()[0])}"


# AUTH-09
def test_a_scanner_confirms_nothing_and_a_person_does_so_once(client):
    link = the_link(client, a_section())

    for method in ("head", "get", "get"):
        assert getattr(client, method)(link).status_code == 200
    assert applications()[0].stage is Stage.SENT
    assert "Confirm my address" in client.get(link).text

    first, second = client.post(link), client.post(link)
    assert first.status_code in (302, 303)
    assert second.status_code == 200
    assert "done already" in second.text
    assert "Confirm my address" not in client.get(link).text
    application = applications()[0]
    assert application.stage is Stage.CONFIRMED
    assert application.confirmed_at is not None
    assert session.query(Entry).filter_by(application_id=application.id).count() == 1


def test_the_mail_carries_the_link(client):
    link = the_link(client, a_section())
    written = render.write(session.query(Letter).one(), NOON)
    assert f"http://localhost{link.rsplit('/', 1)[0]}/" in written.text
    address = next(word for word in written.text.split() if word.startswith("http"))
    assert client.get(address).status_code == 200
    assert address in written.html


def test_an_applicant_may_withdraw_and_apply_again(client):
    section = a_section()
    link = the_link(client, section)

    assert client.post(f"{link}/withdraw").status_code == 303
    assert "done already" in client.post(f"{link}/withdraw").text
    assert "done already" in client.post(link).text
    assert applications()[0].stage is Stage.WITHDRAWN
    assert render.write(session.query(Letter).one(), NOON) is None

    client.post("/join", data=typed(section))
    assert [a.stage for a in applications()] == [Stage.WITHDRAWN, Stage.SENT]


def test_a_link_to_a_forgotten_application_leads_nowhere(client):
    section = a_section()
    link = the_link(client, section)
    forget_unconfirmed(applications()[0].sent_at + 15 * DAY)
    session.commit()
    client.post("/join", data=typed(section, email="other@example.org"))

    for answer in (client.get(link), client.post(link), client.post(f"{link}/withdraw")):
        assert answer.status_code == 404
        assert "leads nowhere" in answer.text
    assert applications()[0].stage is Stage.SENT


@pytest.mark.parametrize("value", ["x", "%00", "a" * 3000, "WzFd.x.y"])
def test_a_made_up_link_leads_nowhere(client, value):
    assert client.get(f"/join/confirm/{value}").status_code == 404
    assert client.post(f"/join/confirm/{value}").status_code == 404


def test_a_link_signed_for_something_else_leads_nowhere(client):
    application = confirmed(client, a_section())
    token = tokens.sign("first-password", [application.id, 0])
    assert client.get(f"/join/confirm/{token}").status_code == 404


def test_a_member_who_applies_is_sent_to_sign_in(client):
    section = a_section()
    a_person(section, email="mira@example.org")
    client.post("/join", data=typed(section))
    written = render.write(session.query(Letter).one(), NOON)
    assert "http://localhost/login" in written.text
    assert "http://localhost/login" in written.html


def test_who_applies_again_while_waiting_is_sent_to_see_how_it_stands(client):
    section = a_section()
    with time_machine.travel(NOON, tick=False) as clock:
        application = confirmed(client, section)
        clock.shift(DAY)
        client.post("/join", data=typed(section))
        letter = session.query(Letter).filter_by(name="application-known").one()
        written = render.write(letter, NOON + DAY)
        link = next(word for word in written.text.split() if word.startswith("http"))
        assert "Your address is confirmed" in client.get(link).text
    assert [a.id for a in applications()] == [application.id]
