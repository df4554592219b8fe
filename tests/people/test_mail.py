"""Everybody says for each kind of letter how they want it, and in which zone their day is."""

import re

import pytest
from sqlalchemy import select

from brigades.access import Role
from brigades.audit.models import Entry
from brigades.clock import now
from brigades.db import session
from brigades.outbox.kinds import How, Kind
from brigades.outbox.models import MailWish
from brigades.outbox.wishes import service as wishes
from brigades.people.models import Person
from brigades.schedule import limits
from brigades.schedule.rules import limits_from
from tests.builders import DAY, a_person, a_section, an_appointment, signed_in
from tests.shifts.test_capacity import at_once
from tests.support.statements import counted

ALL = {"offer": "at once", "place": "daily", "reminder": "daily", "news": "never", "zone": ""}


@pytest.fixture
def section(app):
    return a_section()


@pytest.fixture
def rosa(section):
    return a_person(section)


@pytest.fixture
def hers(app, rosa):
    return signed_in(app, rosa)


def chosen(page: str, name: str) -> list[str]:
    return [
        re.search(r'value="([^"]*)"', tag)[1]
        for tag in re.findall(r"<input[^>]*>", page)
        if f'name="{name}"' in tag and "checked" in tag
    ]


def test_at_first_everything_comes_at_once_and_the_page_says_what_always_does(hers):
    page = hers.get("/me/mail").text
    for kind in ("offer", "place", "reminder", "news"):
        assert chosen(page, kind) == ["at once"]
    always = page[page.index("Always, at once") :]
    assert "Cancelled, moved, taken off" in always
    assert "Your account" in always
    assert "07:00" in page
    assert "21:00" in page
    assert "As in your section (Europe/Berlin)" in page


def test_what_is_chosen_is_kept_and_stands_in_the_trail(hers, rosa):
    answer = hers.post("/me/mail", data={**ALL, "zone": "Asia/Singapore"})
    assert (answer.status_code, answer.location) == (303, "/me/mail")
    wanted = wishes.of(rosa.id)
    assert (wanted[Kind.PLACE], wanted[Kind.NEWS]) == (How.DAILY, How.NEVER)
    assert session.get_one(Person, rosa.id).zone == "Asia/Singapore"
    entries = session.scalars(select(Entry).order_by(Entry.id)).all()
    assert [entry.what for entry in entries] == ["mail wish"] * 3 + ["mail zone"]
    assert {entry.by_id for entry in entries} == {rosa.id}
    page = hers.get("/me/mail").text
    assert chosen(page, "reminder") == ["daily"]
    assert 'selected value="Asia/Singapore"' in page
    hers.post("/me/mail", data={**ALL, "zone": "Asia/Singapore"})
    assert len(session.scalars(select(Entry)).all()) == 4  # the same again changes nothing


def test_pressed_four_times_at_once_it_is_one_change(app, hers):
    sent = {**ALL, "zone": "Asia/Singapore"}
    assert at_once(app, [(hers, "/me/mail", sent)] * 4) == [303] * 4
    said = sorted(entry.what for entry in session.scalars(select(Entry)))
    assert said == ["mail wish", "mail wish", "mail wish", "mail zone"]


def test_the_sections_zone_can_be_had_back(hers, rosa):
    hers.post("/me/mail", data={**ALL, "zone": "Asia/Singapore"})
    hers.post("/me/mail", data=ALL)
    assert session.get_one(Person, rosa.id).zone is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("offer", "weekly"), ("offer", ""), ("news", "NEVER"), ("zone", "Nowhere/At_All")],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_changed(hers, rosa, field, value):
    answer = hers.post("/me/mail", data=ALL | {field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert chosen(answer.text, "place") == ["daily"]  # what was chosen is kept on the page
    assert session.scalars(select(MailWish)).all() == []


def test_a_kind_that_must_come_cannot_be_switched_off(hers, rosa):
    hers.post("/me/mail", data=ALL | {"change": "never", "account": "never"})
    kinds = set(session.scalars(select(MailWish.kind)))
    assert kinds == {Kind.PLACE, Kind.REMINDER, Kind.NEWS}


@pytest.mark.parametrize(("days", "shown"), [(None, False), (-1, False), (1, True)])
def test_letters_about_duties_are_for_who_has_a_role(app, section, rosa, days, shown):
    if days is not None:
        until = (now() + days * DAY).date()
        an_appointment(rosa, section, Role.COORDINATOR, until=until)
    client = signed_in(app, rosa)
    assert ('name="duty"' in client.get("/me/mail").text) is shown
    client.post("/me/mail", data=ALL | {"duty": "daily"})
    assert (wishes.of(rosa.id)[Kind.DUTY] is How.DAILY) is shown


def test_where_there_are_no_quiet_hours_the_page_promises_none(hers):
    limits.use(limits_from("quiet_from=7 quiet_until=7"))
    try:
        assert "21:00" not in hers.get("/me/mail").text
    finally:
        limits.use(limits_from(""))


def test_it_is_for_who_is_signed_in(client):
    assert client.get("/me/mail").location.startswith("/login")


def test_the_profile_leads_there(hers):
    assert 'href="/me/mail"' in hers.get("/profile").text


def test_the_page_costs_the_same_whatever_was_wished(hers, rosa):
    cost = []
    for data in (None, ALL):
        if data:
            hers.post("/me/mail", data=data)
        with counted() as statements:
            hers.get("/me/mail")
        cost.append(len(statements))
    assert cost[0] == cost[1] <= 8
