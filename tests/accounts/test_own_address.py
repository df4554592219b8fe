"""Somebody gives themselves another address: a link that goes to the new one confirms it."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades.access import Role
from brigades.accounts import addresses, links
from brigades.accounts.models import Account
from brigades.audit import service as audit
from brigades.db import session, unit
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.kinds import How, Kind
from brigades.outbox.models import Letter, Mailbox, MailWish
from brigades.people import details
from brigades.people.models import Person
from tests import builders
from tests.accounts.conftest import PASSWORD
from tests.builders import HOUR, NOON
from tests.support.apps import beside
from tests.support.databases import POSTGRESQL
from tests.support.race import Race

NEW = "mira@new.example"


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def phone(app, mira, at_noon):
    """A browser in which Mira has just signed in."""
    return entered(app)


def entered(app, email="mira.k@example.org"):
    client = app.test_client()
    data = {"email": email, "password": PASSWORD, "remember": "y"}
    assert client.post("/login", data=data).status_code == 302
    return client


def ask(client, address=NEW):
    return client.post("/me/address", data={"email": address})


def letters(name):
    query = select(Letter).where(Letter.name == name).order_by(Letter.id)
    return session.scalars(query).all()


def links_in(mail) -> list[str]:
    """What the letters that arrived at the new address lead to, the oldest first."""
    found = []
    for got in mail.received:
        if got.recipients == (NEW,):
            found += re.findall(r"/me/address/[\w.-]+", got.message.get_body().get_content())[:1]
    return found


def mira_now() -> Account:
    """Her account, the first there is, as it is kept."""
    session.rollback()
    query = (
        select(Account)
        .order_by(Account.id)
        .limit(1)
        .options(joinedload(Account.person).joinedload(Person.section))
    )
    return session.scalars(query.execution_options(populate_existing=True)).one()


def token() -> str:
    return addresses.token_of(mira_now())


def address() -> str | None:
    return mira_now().person.email


def test_the_link_in_the_mail_changes_the_address_and_only_its_button_does(app, phone, mira, mail):
    assert ask(phone).status_code == 303
    deliver(NOON + HOUR)
    (path,) = links_in(mail)
    assert phone.head(path).status_code == 200
    for _again in range(2):
        page = phone.get(path)
        assert page.status_code == 200
        assert NEW in page.text
        assert page.headers["Cache-Control"] == "no-store"
    assert address() == "Mira.K@Example.org"

    assert phone.post(path).status_code == 303
    assert address() == NEW
    assert phone.post(path).status_code == 404
    assert "does not work any more" in phone.get(path).text
    assert entered(app, NEW).get("/account/password").status_code == 200


def test_whoever_reads_a_mistyped_address_cannot_take_the_account_with_the_link(app, phone, mira):
    ask(phone)
    path = f"/me/address/{token()}"
    stranger = app.test_client()
    assert stranger.get(path).location.startswith("/login?next=")
    assert stranger.post(path).status_code == 302
    other = builders.signed_in(app, builders.a_person(mira_now().person.section))
    assert other.get(path).status_code == 404
    assert other.post(path).status_code == 404
    assert address() == "Mira.K@Example.org"


def test_all_stays_as_it_is_until_then(phone, mira, app):
    ask(phone)
    assert address() == "Mira.K@Example.org"
    assert entered(app).get("/me").status_code == 200
    page = phone.get("/me/address").text
    assert "Mira.K@Example.org" in page
    assert NEW in page


def test_other_sessions_and_links_end_and_the_one_that_confirms_goes_on(app, phone, mira):
    laptop = entered(app)
    reset, first = links.reset_token(mira_now()), links.password_token(mira_now())
    ask(phone)
    assert phone.post(f"/me/address/{token()}").status_code == 303
    assert phone.get("/account/password").status_code == 200
    assert laptop.get("/account/password").status_code == 302
    for ended in (reset, first):
        assert app.test_client().get(f"/password/{ended}").status_code == 410


def test_the_old_address_is_told(phone, mira, mail):
    ask(phone)
    phone.post(f"/me/address/{token()}")
    deliver(NOON + HOUR)
    told = [got for got in mail.received if got.recipients == ("Mira.K@Example.org",)]
    (words,) = [got.message.get_body().get_content() for got in told]
    assert "Hello Mira Keller" in words
    assert NEW not in words  # whoever reads the old mailbox learns no new address


def test_a_later_request_replaces_an_earlier_one(phone, mira, mail, at_noon):
    ask(phone, "first@new.example")
    earlier = token()
    at_noon.shift(60)
    ask(phone)
    assert phone.get(f"/me/address/{earlier}").status_code == 404
    assert phone.post(f"/me/address/{earlier}").status_code == 404
    deliver(NOON + HOUR)
    assert [got.recipients for got in mail.received] == [(NEW,)]  # the first one was dropped
    assert phone.post(links_in(mail)[0]).status_code == 303


def test_the_link_lapses_after_a_day(phone, mira, at_noon):
    ask(phone)
    sent = token()
    at_noon.move_to(NOON + timedelta(hours=23, minutes=59))
    assert phone.get(f"/me/address/{sent}").status_code == 200
    at_noon.move_to(NOON + timedelta(hours=24, minutes=1))
    assert phone.get(f"/me/address/{sent}").status_code == 404
    assert phone.post(f"/me/address/{sent}").status_code == 404
    assert address() == "Mira.K@Example.org"


def test_what_was_asked_for_can_be_taken_back(phone, mira):
    ask(phone)
    sent = token()
    assert phone.post("/me/address/keep").status_code == 303
    assert phone.post(f"/me/address/{sent}").status_code == 404
    assert NEW not in phone.get("/me/address").text


@pytest.mark.parametrize("ended", ["password", "sessions"])
def test_a_new_password_or_signing_out_everywhere_ends_what_was_asked_for(phone, mira, ended):
    ask(phone)
    sent = token()
    if ended == "password":
        new = {"old": PASSWORD, "password": "nine loud trumpets", "repeat": "nine loud trumpets"}
        assert phone.post("/account/password", data=new).status_code == 302
    else:
        assert phone.post("/account/sign-out-everywhere").status_code == 302
    assert phone.post(f"/me/address/{sent}").status_code == 404


def test_an_address_that_somebody_else_has_looks_the_same_and_they_are_told(phone, mira, mail):
    free = ask(phone)
    other = builders.a_person(
        mira_now().person.section, email="taken@example.org", given_name="Tala"
    )
    taken = ask(phone, "TAKEN@example.org")
    assert (free.status_code, free.location) == (taken.status_code, taken.location)
    assert "TAKEN@example.org" in phone.get("/me/address").text
    assert letters("address-taken")[0].person_id == other.id
    deliver(NOON + HOUR)
    assert [got.recipients for got in mail.received] == [("taken@example.org",)]
    assert "Mira" not in mail.received[0].message.get_body().get_content()
    assert address() == "Mira.K@Example.org"


def test_an_address_that_was_taken_meanwhile_stays_theirs(phone, mira):
    ask(phone)
    builders.a_person(mira_now().person.section, email=NEW)
    assert phone.post(f"/me/address/{token()}").status_code == 404
    assert address() == "Mira.K@Example.org"


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ("", "Enter your email address."),
        ("mira", "not an email address"),
        ("a@b@c.example", "not an email address"),
        ("mira.k@EXAMPLE.org", "This is your address already."),
        (f"{'m' * 300}@new.example", "too long"),
    ],
)
def test_what_will_not_do_is_said_at_the_field_and_kept(phone, mira, odd, words):
    page = ask(phone, odd)
    assert page.status_code == 422
    assert words in page.text
    assert odd in page.text
    assert letters("address-confirm") == []


def test_a_sign_in_from_before_is_asked_for_the_password_first(app, phone, mira):
    phone.delete_cookie("session")  # only "stay signed in" is left
    assert phone.get("/me/address").status_code == 302
    asked = ask(phone)
    assert asked.status_code == 403
    assert NEW in asked.text  # nothing typed is lost
    assert letters("address-confirm") == []
    data = {"email": NEW, "confirm_password": PASSWORD}
    assert phone.post("/me/address", data=data).status_code == 303
    assert len(letters("address-confirm")) == 1


def test_signing_out_other_devices_does_not_stand_for_a_password(phone, mira):
    phone.delete_cookie("session")
    assert phone.post("/account/sign-out-everywhere").status_code == 302
    assert phone.get("/me/address").status_code == 302


def test_nobody_can_be_flooded_and_nobody_floods(app, mira, at_noon):
    with beside(app, RATELIMIT_ENABLED=True) as other:
        client = entered(other)
        codes = [ask(client, f"n{number}@new.example").status_code for number in range(6)]
    assert codes == [303] * 5 + [429]


def test_what_was_mistyped_does_not_count_as_a_letter(app, mira, at_noon):
    with beside(app, RATELIMIT_ENABLED=True) as other:
        client = entered(other)
        codes = [ask(client, "no address").status_code for _ in range(6)]
        assert codes == [422] * 6
        assert ask(client).status_code == 303


def test_it_stands_in_the_trail_without_the_address(phone, mira):
    ask(phone)
    phone.post(f"/me/address/{token()}")
    said = [(entry.what, entry.became) for entry in audit.trail(person_id=mira_now().person_id)]
    assert said[:2] == [("person", "email"), ("own address", "asked")]
    assert all(
        entry.by_id == mira_now().person_id for entry in audit.trail(person_id=mira_now().person_id)
    )
    assert "new.example" not in str(said)


def test_wishes_stay_and_the_new_address_is_not_held_back_for_the_old_ones_sake(phone, mira, mail):
    person = mira_now().person
    session.add(MailWish(person_id=person.id, kind=Kind.NEWS, how=How.NEVER))
    session.add(Mailbox(address=person.email_key, refusals=2, bouncing_since=NOON, changed_at=NOON))
    session.commit()
    assert "comes back" in phone.get("/profile").text
    ask(phone)
    phone.post(f"/me/address/{token()}")
    page = phone.get("/profile").text
    assert NEW in page
    assert "comes back" not in page
    kept = session.get(MailWish, (mira_now().person_id, Kind.NEWS))
    assert kept is not None
    assert kept.how is How.NEVER


def test_who_has_a_role_changes_their_own_address_here_and_not_on_their_page(app, phone, mira):
    person = mira_now().person
    builders.an_appointment(person, person.section, Role.ADMINISTRATOR)
    page = phone.get(f"/people/{mira_now().person_id}/edit").text
    assert "/me/address" in page
    sent = {"given_name": "Mira", "family_name": "K", "locale": "en", "email": NEW}
    assert phone.post(f"/people/{mira_now().person_id}/edit", data=sent).status_code == 302
    assert address() == "Mira.K@Example.org"


def test_a_coordinators_correction_ends_what_was_asked_for(phone, mira):
    ask(phone)
    sent = token()
    desk = builders.a_person(mira_now().person.section)
    with unit():
        person = session.get_one(Person, mira_now().person_id)
        details.change_address(person, "mira@desk.example", by=desk.id, now=NOON)
    assert phone.post(f"/me/address/{sent}").status_code == 302  # signed out
    assert addresses.opened(sent, NOON) is None
    assert address() == "mira@desk.example"


@POSTGRESQL
def test_a_coordinators_correction_at_the_same_moment_waits_and_stands(app, phone, mira):
    ask(phone)
    sent, person_id = token(), mira_now().person_id
    desk_id = builders.a_person(mira_now().person.section).id
    asked = []

    def correct():
        person = session.get_one(Person, person_id)
        details.change_address(person, "mira@desk.example", by=desk_id, now=NOON)

    Race(app).run(
        lambda: asked.append(addresses.opened(sent, NOON, lock=True)),
        correct,
        then=lambda: addresses.move(asked[0], now=NOON),
    )
    session.expire_all()
    assert address() == "mira@desk.example"
    assert mira_now().password_hash is None


def test_the_old_address_is_told_also_where_it_changes_once_more_before_the_mail_left(phone, mail):
    for wanted in (NEW, "third@new.example"):
        ask(phone, wanted)
        assert phone.post(f"/me/address/{token()}").status_code == 303
    deliver(NOON + HOUR)
    told = {got.recipients for got in mail.received if "replaced" in got.message["Subject"]}
    assert told == {("Mira.K@Example.org",), (NEW,)}
