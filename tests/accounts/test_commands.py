"""``flask --app wsgi admin create EMAIL``."""

import re
from urllib.parse import urlsplit

from brigades.access import Can, Role
from brigades.accounts import service
from brigades.accounts.models import Account
from brigades.db import session
from brigades.people.models import Membership, Person
from brigades.sections.models import Appointment, Section
from tests import builders


def create(app, *arguments):
    session.commit()
    return app.test_cli_runner().invoke(args=["admin", "create", *arguments])


def link_in(result) -> str:
    return re.search(r"https?://\S+", result.output)[0]


def test_the_first_administrator_gets_the_international_body_and_a_link(app, client):
    result = create(app, "Ada@Example.org", "--given-name", "Ada")
    assert result.exit_code == 0, result.output
    body = session.query(Section).one()
    assert (body.parent_id, body.path, body.recruits) == (None, f"/{body.id}/", False)
    person = session.query(Person).one()
    assert (person.name, person.email_key, person.section_id) == ("Ada", "ada@example.org", body.id)
    assert session.query(Membership).count() == 1
    assert session.query(Appointment).one().role is Role.ADMINISTRATOR

    path = urlsplit(link_in(result)).path
    assert link_in(result).startswith(app.config["BASE_URL"])
    new = {"password": "nine loud trumpets", "repeat": "nine loud trumpets"}
    assert client.post(path, data=new).status_code == 302
    account = session.query(Account).one()
    session.get(Person, account.person_id)
    loaded = service.load(account.id, account.epoch)
    assert service.scope_of(loaded).may(Can.APPOINT, body.id)
    assert client.post(path, data=new).status_code == 410


def test_repeating_it_makes_nothing_twice_and_gives_a_new_link(app):
    create(app, "ada@example.org")
    assert create(app, "ADA@example.org").exit_code == 0
    for model in (Section, Person, Membership, Appointment, Account):
        assert session.query(model).count() == 1, model


def test_somebody_known_is_appointed_and_stays_where_they_are(app):
    top = builders.a_section()
    section = builders.a_section(top)
    person = builders.a_person(section, email="grace@example.org")
    name = person.name
    assert create(app, "Grace@example.org", "--given-name", "Other").exit_code == 0
    person = session.get(Person, person.id)
    assert (person.name, person.section_id) == (name, section.id)
    assert session.query(Appointment).one().section_id == top.id


def test_what_is_no_address_is_refused(app):
    result = create(app, "not an address")
    assert result.exit_code == 2
    assert session.query(Person).count() == 0
