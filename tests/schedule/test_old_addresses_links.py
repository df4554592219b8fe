"""Whoever gets another address: links that went to the one of before answer nothing for them."""

import pytest

from brigades import clock, tokens
from brigades.db import session, unit
from brigades.people import details
from brigades.people.models import Person
from brigades.schedule import answer_links
from brigades.schedule.models import CoverAsk, Swap
from brigades.schedule.states import State
from brigades.sections.models import Section
from tests.builders import DAY, HOUR, a_participation, a_person, a_section, a_shift


@pytest.fixture
def section(app) -> Section:
    return a_section()


@pytest.fixture
def rosa(section) -> Person:
    return a_person(section, email="rosa@wrong.example")


def a_place(section, person, state=State.CONFIRMED, days=3):
    shift = a_shift(section, starts_at=clock.now() + days * DAY, hours=4)
    return a_participation(shift, person, state)


def answer_path(section, rosa) -> str:
    return f"/answer/{answer_links.token_of(a_place(section, rosa, State.OFFERED))}"


def cover_path(section, rosa) -> str:
    place = a_place(section, a_person(section), State.SEEKING_COVER)
    ask = CoverAsk(place_id=place.id, person_id=rosa.id, wave=1, asked_at=clock.now() - HOUR)
    session.add(ask)
    session.commit()
    return f"/cover/{tokens.sign('cover', [ask.id, rosa.mailbox_mark])}"


def swap_path(section, rosa) -> str:
    now = clock.now()
    mine, theirs = a_place(section, a_person(section)), a_place(section, rosa, days=5)
    swap = Swap(mine_id=mine.id, theirs_id=theirs.id, asked_at=now, changed_at=now)
    session.add(swap)
    session.commit()
    return f"/swaps/answer/{tokens.sign('swap', [swap.id, rosa.mailbox_mark])}"


@pytest.mark.parametrize("path_of", [answer_path, cover_path, swap_path])
def test_it_opens_until_the_address_changes_and_not_afterwards(client, section, rosa, path_of):
    path, rosa_id = path_of(section, rosa), rosa.id
    assert client.get(path).status_code == 200
    with unit():
        person = session.get_one(Person, rosa_id)
        details.change_address(person, "rosa@right.example", by=rosa_id, now=clock.now())
    assert client.get(path).status_code == 404
    assert client.post(path, data={"accept": "yes", "answer": "yes"}).status_code == 404


@pytest.mark.parametrize("path_of", [answer_path, cover_path, swap_path])
def test_the_page_speaks_the_language_of_whose_mail_it_is(client, section, rosa, path_of):
    rosa.locale = "ar"  # MAIL-11
    page = client.get(path_of(section, rosa), headers={"Accept-Language": "de"})
    assert '<html lang="ar" dir="rtl">' in page.text


@pytest.mark.parametrize(
    "odd", [[1], [1, 2, 3], ["1", "x"], [True, 1], [True, "x"], [1, "x", 2], True, None, {"a": 1}]
)
def test_a_token_that_carries_something_odd_leads_nowhere(client, odd):
    for purpose, path in (("answer", "/answer"), ("cover", "/cover"), ("swap", "/swaps/answer")):
        assert client.get(f"{path}/{tokens.sign(purpose, odd)}").status_code == 404
