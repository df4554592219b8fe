"""Leaving, covering, asking and deciding on the pages: the same for shifts and for trainings."""

from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from brigades import tokens
from brigades.access import Role
from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.schedule.models import CoverAsk, Participation, SignUp, Slot
from brigades.schedule.states import State
from brigades.sections.models import Section
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.support.statements import counted


@dataclass
class Setting:
    """A section with its coordinator, a volunteer and another, and a kind of slot."""

    app: Flask
    kind: str
    section: Section
    boss: Person
    vera: Person
    other: Person

    def slot(self, **given: Any) -> Any:
        """A slot in three hours of one place unless told otherwise."""
        given = {"starts_at": NOON + 3 * HOUR, "title": "Night pour", **given}
        given["needs"] = [b.a_need(most=given.pop("most", 1))]
        if self.kind == "shifts":
            return b.a_shift(self.section, **given)
        return b.a_session(b.a_course(self.section), self.section, **given)

    def client(self, person: Person) -> Any:
        return b.signed_in(self.app, person)

    def at(self, slot: Slot, page: str = "") -> str:
        return f"/{self.kind}/{slot.id}{page}"


@pytest.fixture(params=["shifts", "trainings"])
def place(request: pytest.FixtureRequest, app: Flask) -> Any:
    with time_machine.travel(NOON, tick=False):
        section = b.a_section()
        boss = b.a_person(section, given_name="Cora", family_name="Coordinator")
        b.an_appointment(boss, section, Role.COORDINATOR)
        vera = b.a_person(section, given_name="Vera", family_name="Volunteer")
        other = b.a_person(section, given_name="Otto", family_name="Other")
        yield Setting(app, request.param, section, boss, vera, other)


def states() -> list[str]:
    found = session.scalars(select(Participation.state).order_by(Participation.id))
    return [state.value for state in found]


def letters() -> list[tuple[str, str]]:
    return list(
        session.execute(select(Letter.name, Letter.to_address).order_by(Letter.id)).tuples()
    )


def test_until_the_leave_by_time_the_page_says_so_with_the_moment_and_its_zone(place: Setting):
    slot = place.slot(starts_at=NOON + 7 * DAY)
    b.a_participation(slot, place.vera)
    client = place.client(place.vera)
    for page in ("", "/leave"):
        text = client.get(place.at(slot, page)).text
        assert "You can give the place up freely until" in text
        assert '<time datetime="2026-06-15T12:00:00+00:00">' in text
        assert "15 Jun" in text
        assert "14:00" in text
        assert "Berlin (UTC+2)" in text
        assert f'action="{place.at(slot, "/leave")}"' in text
        assert "Give up my place" in text
    assert client.post(place.at(slot, "/leave")).status_code == 303
    assert states() == ["withdrawn"]


def test_late_the_page_says_that_cover_is_asked_for_and_leaving_asks(place: Setting):
    slot = place.slot()
    b.a_participation(slot, place.vera)
    client = place.client(place.vera)
    for page in ("", "/leave"):
        text = client.get(place.at(slot, page)).text
        assert "Now somebody has to take it over" in text
        assert "Ask for cover" in text
    assert client.post(place.at(slot, "/leave"), data={"why": "fever"}).status_code == 303
    assert states() == ["seeking cover"]
    page = client.get(place.at(slot)).text
    assert "You asked for cover" in page
    assert "Looks for cover" in page
    asked = session.scalars(select(CoverAsk.person_id)).all()
    assert sorted(asked) == sorted([place.boss.id, place.other.id])
    assert client.post(place.at(slot, "/come")).status_code == 303
    assert states() == ["confirmed"]
    assert client.post(place.at(slot, "/come")).status_code == 303
    assert states() == ["confirmed"]


def test_who_is_asked_finds_it_at_home_and_on_the_page_and_steps_in(place: Setting):
    slot = place.slot()
    b.a_participation(slot, place.vera)
    place.client(place.vera).post(place.at(slot, "/leave"))
    client = place.client(place.other)
    home, page = client.get("/").text, client.get(place.at(slot)).text
    for text in (home, page):
        assert "Can you step in?" in text
        assert f'action="{place.at(slot, "/cover")}"' in text
    assert "Vera" not in page
    assert client.post(place.at(slot, "/cover"), data={"accept": "perhaps"}).status_code == 422
    assert client.post(place.at(slot, "/cover"), data={"accept": "yes"}).status_code == 303
    assert states() == ["withdrawn", "confirmed"]
    assert "Can you step in?" not in client.get("/").text
    boss = place.client(place.boss)
    assert boss.post(place.at(slot, "/cover"), data={"accept": "yes"}).status_code == 303
    assert "There is no open question to you here any more" in boss.get(place.at(slot)).text
    assert states() == ["withdrawn", "confirmed"]


def test_a_no_is_taken_and_not_asked_again(place: Setting):
    slot = place.slot()
    b.a_participation(slot, place.vera)
    place.client(place.vera).post(place.at(slot, "/leave"))
    client = place.client(place.other)
    assert client.post(place.at(slot, "/cover"), data={"answer": "no"}).status_code == 303
    assert "Can you step in?" not in client.get(place.at(slot)).text
    assert "Can you step in?" not in client.get("/").text
    assert states() == ["seeking cover"]


def test_the_link_of_the_mail_works_without_signing_in_and_looking_changes_nothing(
    place: Setting, client: Any
):
    # AUTH-09
    slot = place.slot()
    b.a_participation(slot, place.vera)
    place.client(place.vera).post(place.at(slot, "/leave"))
    asks = {
        ask.person_id: f"/cover/{tokens.sign('cover', ask.id)}"
        for ask in session.scalars(select(CoverAsk))
    }
    entries = session.scalar(select(func.count(Entry.id)))
    address = asks[place.other.id]
    assert client.head(address).status_code == 200
    for _ in range(2):
        page = client.get(address)
        assert "Night pour" in page.text
        assert 'value="yes"' in page.text
    assert states() == ["seeking cover"]
    assert session.scalar(select(func.count(Entry.id))) == entries
    assert client.post(address, data={"accept": "maybe"}).status_code == 422
    assert client.post(address, data={"accept": "yes"}).status_code == 303
    assert states() == ["withdrawn", "confirmed"]
    assert "You took this place" in client.get(address).text
    again = client.post(address, data={"accept": "no"})
    assert again.status_code == 409
    late = client.post(asks[place.boss.id], data={"accept": "yes"})
    assert late.status_code == 409
    assert "Somebody else was faster" in late.text
    assert states() == ["withdrawn", "confirmed"]


def test_a_forged_or_old_link_is_not_found(place: Setting, client: Any):
    slot = place.slot()
    held = b.a_participation(slot, place.vera, State.SEEKING_COVER)
    ask = b._kept(CoverAsk(place_id=held.id, person_id=place.other.id, wave=1, asked_at=NOON))
    for token in (
        tokens.sign("answer", ask.id),
        tokens.sign("cover", ask.id + 1),
        tokens.sign("cover", "1"),
        tokens.sign("cover", 2**70),
        "x",
    ):
        assert client.get(f"/cover/{token}").status_code == 404
        assert client.post(f"/cover/{token}", data={"accept": "yes"}).status_code == 404
    with time_machine.travel(NOON - 200 * DAY, tick=False):
        old = tokens.sign("cover", ask.id)
    assert client.get(f"/cover/{old}").status_code == 404


def test_the_link_says_how_it_stands_when_nobody_is_needed_any_more(place: Setting, client: Any):
    slot = place.slot()
    held = b.a_participation(slot, place.vera)
    vera = place.client(place.vera)
    vera.post(place.at(slot, "/leave"))
    ask = session.scalars(select(CoverAsk)).first()
    assert ask is not None
    address = f"/cover/{tokens.sign('cover', ask.id)}"
    vera.post(place.at(slot, "/come"))
    assert "They can come after all" in client.get(address).text
    vera.post(place.at(slot, "/leave"))
    assert 'value="yes"' in client.get(address).text
    boss = place.client(place.boss)
    assert "Let them go" in boss.get(place.at(slot)).text
    boss.post(place.at(slot, f"/places/{held.id}/remove"), data={"reason": "Get well soon"})
    assert states() == ["cancelled"]
    assert "Nobody has to step in any more" in client.get(address).text


def test_stepping_in_is_judged_and_every_reason_said(place: Setting, client: Any):
    slot = place.slot()
    b.a_participation(slot, place.vera)
    place.client(place.vera).post(place.at(slot, "/leave"))
    busy = b.a_shift(place.section, starts_at=slot.starts_at, title="Roof day")
    b.a_participation(busy, place.other)
    ask_id = session.scalar(select(CoverAsk.id).where(CoverAsk.person_id == place.other.id))
    refused = client.post(f"/cover/{tokens.sign('cover', ask_id)}", data={"accept": "yes"})
    on_page = place.client(place.other).post(place.at(slot, "/cover"), data={"accept": "yes"})
    for answer in (refused, on_page):
        assert answer.status_code == 422
        assert "Overlaps Roof day" in answer.text
    assert states()[0] == "seeking cover"


def test_the_coordinator_sees_who_looks_for_cover(place: Setting):
    slot = place.slot()
    b.a_participation(slot, place.vera)
    place.client(place.vera).post(place.at(slot, "/leave"))
    boss = place.client(place.boss)
    pages = [place.at(slot)] + ([place.at(slot, "/board")] if place.kind == "shifts" else [])
    for page in pages:
        text = boss.get(page).text
        assert "Vera Volunteer" in text
        assert "Looks for cover" in text
        assert "1 looks for cover" in text
    assert "1 person looks for cover" in boss.get("/").text


def a_request(place: Setting, **given: Any) -> tuple[Any, Any]:
    slot = place.slot(signup=SignUp.REQUEST, starts_at=NOON + 7 * DAY, **given)
    client = place.client(place.vera)
    assert "Ask for a place" in client.get(place.at(slot)).text
    assert client.post(place.at(slot, "/join")).status_code == 303
    return slot, client


def request_of(place: Setting) -> int:
    found = select(Participation.id).where(Participation.person_id == place.vera.id)
    return session.scalars(found.order_by(Participation.id.desc())).first() or 0


def test_a_place_is_asked_for_on_the_page_and_can_be_taken_back(place: Setting):
    slot, client = a_request(place)
    page = client.get(place.at(slot)).text
    assert "The coordinator decides" in page
    assert "Take the request back" in page
    assert client.post(place.at(slot, "/leave")).status_code == 303
    assert states() == ["withdrawn"]


def test_the_coordinator_finds_the_request_and_gives_the_place(place: Setting):
    slot, client = a_request(place)
    boss = place.client(place.boss)
    address = place.at(slot, f"/places/{request_of(place)}")
    assert "1 person asks for a place" in boss.get("/").text
    assert f'href="{address}/request"' in boss.get(place.at(slot)).text
    page = boss.get(f"{address}/request").text
    assert "Vera Volunteer asks for a place" in page
    assert boss.post(f"{address}/grant").status_code == 303
    assert states() == ["confirmed"]
    assert letters()[-1] == ("place-confirmed", place.vera.email)
    assert "Confirmed" in client.get(place.at(slot)).text
    for again in ("grant", "decline"):
        assert boss.post(f"{address}/{again}", data={"reason": "late"}).status_code == 303
    assert boss.get(f"{address}/request").status_code == 303
    assert states() == ["confirmed"]


def test_declining_asks_for_a_reason_and_keeps_what_was_typed(place: Setting):
    slot, _client = a_request(place)
    boss = place.client(place.boss)
    address = place.at(slot, f"/places/{request_of(place)}/decline")
    assert boss.post(address, data={"reason": ""}).status_code == 422
    long = boss.post(address, data={"reason": "word " * 300})
    assert long.status_code == 422
    assert "word word" in long.text
    assert states() == ["requested"]
    assert boss.post(address, data={"reason": "We have enough people."}).status_code == 303
    assert states() == ["declined"]
    assert letters()[-1] == ("request-declined", place.vera.email)


def test_a_warning_is_shown_and_passed_with_a_reason(place: Setting):
    slot, _client = a_request(place)
    place.vera.available_until = NOON.date()
    session.commit()
    boss = place.client(place.boss)
    address = place.at(slot, f"/places/{request_of(place)}")
    refused = boss.post(f"{address}/grant", data={"override": ""})
    assert refused.status_code == 422
    assert "Why make an exception?" in refused.text
    assert states() == ["requested"]
    assert boss.post(f"{address}/grant", data={"override": "They said so"}).status_code == 303
    assert session.scalar(select(Participation.override)) == "They said so"


def test_a_full_slot_puts_a_granted_request_on_the_waiting_list(place: Setting):
    slot, client = a_request(place)
    b.a_participation(slot, place.other, need_id=session.scalar(select(Participation.need_id)))
    boss = place.client(place.boss)
    address = place.at(slot, f"/places/{request_of(place)}")
    assert "All places are taken" in boss.get(f"{address}/request").text
    assert boss.post(f"{address}/grant").status_code == 303
    assert states()[0] == "waitlisted"
    assert "number 1 on the waiting list" in client.get(place.at(slot)).text


def test_volunteers_and_strangers_cannot_decide(place: Setting):  # AUTHZ-01
    slot, client = a_request(place)
    stranger = b.a_person(b.a_section())
    address = place.at(slot, f"/places/{request_of(place)}")
    for who in (client, place.client(stranger)):
        assert who.get(f"{address}/request").status_code == 404
        for act in ("grant", "decline", "confirm", "promote", "remove"):
            assert who.post(f"{address}/{act}", data={"reason": "x"}).status_code == 404
    assert states() == ["requested"]


def test_the_waiting_list_says_that_more_have_a_place_than_there_are(place: Setting):
    slot = place.slot(most=0, starts_at=NOON + 7 * DAY)
    b.a_participation(slot, place.other)
    b.a_participation(slot, place.vera, State.WAITLISTED)
    words = "1 more has a place than there are places"
    assert words in place.client(place.vera).get(place.at(slot)).text
    assert words in place.client(place.boss).get(place.at(slot)).text


def test_both_names_of_the_answer_are_understood(place: Setting, client: Any):
    for field in ("accept", "answer"):
        for page in ("page", "mail"):
            slot = place.slot(starts_at=NOON + 7 * DAY)
            offered = b.a_participation(
                slot, place.vera, State.OFFERED, asked_at=NOON, answer_by=NOON + DAY
            )
            address = f"/answer/{tokens.sign('answer', offered.id)}"
            who = client
            if page == "page":
                who, address = place.app.test_client(), place.at(slot, "/answer")
                account = session.scalar(
                    select(b.Account).where(b.Account.person_id == place.vera.id)
                )
                b.sign_in(who, account or b.an_account(place.vera))
            assert who.post(address, data={field: "yes"}).status_code == 303
            assert offered.state is State.CONFIRMED
            offered.state = State.WITHDRAWN
            session.commit()


@pytest.mark.parametrize("who", ["vera", "boss"])
def test_a_page_costs_the_same_for_one_and_for_thirty_of_each_state(place: Setting, who: str):
    slot = place.slot(most=None)
    need_id = slot.needs[0].id
    client = place.client(getattr(place, who))
    kinds = (State.REQUESTED, State.WAITLISTED, State.SEEKING_COVER, State.WITHDRAWN)

    def more(number: int) -> None:
        for state in kinds:
            for _ in range(number):
                held = b.a_participation(slot, b.a_person(place.section), state, need_id=need_id)
                if state is State.SEEKING_COVER:
                    reader = getattr(place, who)
                    session.add(
                        CoverAsk(place_id=held.id, person_id=reader.id, wave=1, asked_at=NOON)
                    )
        session.commit()

    pages = [place.at(slot), "/me"]
    if who == "boss":
        pages.append("/")
    more(1)
    few = {}
    for page in pages:
        with counted() as statements:
            assert client.get(page).status_code == 200
        few[page] = len(statements)
    more(30)
    for page in pages:
        with counted() as statements:
            assert client.get(page).status_code == 200
        assert len(statements) == few[page] <= 8
