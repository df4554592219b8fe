"""Choosing whom to ask, answering on the page and by mail, approving; and who sees none of it."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from brigades import tokens
from brigades.access import Role
from brigades.clock import DAY
from brigades.db import session
from brigades.outbox.delivery.delivering import deliver
from brigades.people.models import Person
from brigades.schedule.models import Participation, Status, Swap, SwapState
from brigades.schedule.states import State
from tests.builders import (
    NOON,
    a_course,
    a_need,
    a_participation,
    a_person,
    a_section,
    a_session,
    a_shift,
    an_appointment,
    signed_in,
)
from tests.support.statements import counted

START = NOON + 7 * DAY


@pytest.fixture
def section(app: Any) -> Any:
    return a_section(a_section())


def two(section: Any, **slot: Any) -> tuple[Person, Person, Participation, Participation]:
    """Ana with a place on Monday, Ben with one on Wednesday."""
    ana = a_person(section, given_name="Ana", family_name="Quillon")
    ben = a_person(section, given_name="Ben", family_name="Zorblax")
    monday = a_shift(section, starts_at=START, title="Monday watch", **slot)
    wednesday = a_shift(section, starts_at=START + 2 * DAY, title="Wednesday watch")
    return ana, ben, a_participation(monday, ana), a_participation(wednesday, ben)


def a_swap(mine: Participation, theirs: Participation, **given: Any) -> Swap:
    swap = Swap(mine_id=mine.id, theirs_id=theirs.id, asked_at=NOON, changed_at=NOON, **given)
    session.add(swap)
    session.commit()
    return swap


def test_a_volunteer_asks_from_their_shift_and_the_other_says_yes_on_the_page(
    app: Any, section: Any
) -> None:
    ana, ben, mine, theirs = two(section)
    asker, asked = signed_in(app, ana), signed_in(app, ben)
    shown = asker.get(f"/shifts/{mine.slot_id}").text
    assert f'href="/places/{mine.id}/swap"' in shown
    page = asker.get(f"/places/{mine.id}/swap").text
    assert "Wednesday watch" in page and "Ben has this place" in page
    assert "Zorblax" not in page  # a stranger's family name is not for Ana to read
    first = asker.post(f"/places/{mine.id}/swap", data={"theirs": theirs.id})
    again = asker.post(f"/places/{mine.id}/swap", data={"theirs": theirs.id})
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    assert "has been asked and has not answered yet" in asker.get(first.location).text
    assert "Somebody asks you to swap" in asked.get("/").text
    assert "Somebody asks you to swap" in asked.get(f"/shifts/{theirs.slot_id}").text
    assert "You have a swap under way" in asker.get(f"/shifts/{mine.slot_id}").text
    assert asked.get(first.location).status_code == 200
    assert asker.post(f"{first.location}/answer", data={"accept": "yes"}).status_code == 404
    assert asked.post(f"{first.location}/answer", data={"accept": "well"}).status_code == 422
    asked.post(f"{first.location}/answer", data={"accept": "yes"})
    assert "Swapped. Both of you get a mail now." in asked.get(first.location).text
    asked.post(f"{first.location}/answer", data={"accept": "no"})
    assert "This was answered before. Nothing was changed." in asked.get(first.location).text
    assert session.get_one(Participation, mine.id).state is State.WITHDRAWN
    assert "Your place" in asker.get(f"/shifts/{theirs.slot_id}").text


def test_the_mail_leads_to_a_page_without_sign_in_on_which_looking_changes_nothing(
    app: Any, section: Any, mail: Any, client: Any
) -> None:  # AUTH-09
    ana, ben, mine, theirs = two(section)
    to_ana, to_ben, first, second = ana.email, ben.email, mine.id, theirs.id
    signed_in(app, ana).post(f"/places/{first}/swap", data={"theirs": second})
    deliver(NOON)
    [got] = mail.to(to_ben)
    assert got.subject.startswith("Ana asks you to swap: Monday watch")
    path = re.search(r"http://localhost(/swaps/answer/\S+)", got.text)
    assert path is not None
    for _ in range(2):
        assert client.open(path[1], method="HEAD").status_code == 200
        assert "Yes, swap" in client.get(path[1]).text
    assert session.scalar(select(Swap.state)) is SwapState.ASKED
    assert client.post(path[1], data={"accept": "maybe"}).status_code == 422
    assert client.post(path[1], data={"accept": "yes"}).status_code == 303
    assert session.scalar(select(Swap.state)) is SwapState.DONE
    late = client.post(path[1], data={"accept": "yes"})
    assert late.status_code == 409
    assert "The places are swapped." in late.text
    mail.received.clear()
    deliver(NOON)
    for address in (to_ana, to_ben):
        told = mail.to(address)
        assert sorted(got.subject.split(":")[0] for got in told) == ["Swapped", "Swapped"]
        calendars = " ".join(str(got.message) for got in told)
        assert "method=REQUEST" in calendars.replace('"', "")
        assert "method=CANCEL" in calendars.replace('"', "")


def test_a_forged_or_strange_token_is_not_there(client: Any, section: Any) -> None:
    _ana, _ben, mine, theirs = two(section)
    swap = a_swap(mine, theirs)
    for token in ("x", tokens.sign("answer", swap.id), tokens.sign("swap", 99), swap.id):
        assert client.get(f"/swaps/answer/{token}").status_code == 404
        assert client.post(f"/swaps/answer/{token}", data={"accept": "yes"}).status_code == 404


def test_only_places_that_both_may_see_are_shown(app: Any, section: Any) -> None:  # AUTHZ-01
    ana, _ben, mine, theirs = two(section)
    top, elsewhere = section.parent_id, a_section()
    strange = a_participation(
        a_shift(elsewhere, starts_at=START, title="Elsewhere"), a_person(elsewhere)
    )
    draft = a_participation(
        a_shift(section, starts_at=START, title="Draft", status=Status.DRAFT), a_person(section)
    )
    offered = a_participation(
        a_shift(section, starts_at=START, title="Offered"), a_person(section), State.OFFERED
    )
    past = a_participation(a_shift(section, starts_at=NOON - DAY, title="Past"), a_person(section))
    cousin = a_section(session.get(type(section), top))
    above = a_shift(session.get(type(section), top), starts_at=START + 4 * DAY, title="For all")
    of_cousin = a_participation(above, a_person(cousin))
    owner = signed_in(app, ana)
    page = owner.get(f"/places/{mine.id}/swap").text
    for title in ("Elsewhere", "Draft", "Offered", "Past", "For all"):
        assert title not in page
    client = signed_in(app, a_person(section))
    for place in (strange, draft, offered, past, of_cousin):
        answer = client.post(f"/places/{mine.id}/swap", data={"theirs": place.id})
        assert answer.status_code == 404  # not theirs to swap
        owner.post(f"/places/{mine.id}/swap", data={"theirs": place.id})
    assert session.scalar(select(func.count(Swap.id))) == 0
    assert client.get(f"/places/{theirs.id}/swap").status_code == 404


def test_why_not_is_said_of_oneself_and_not_of_the_other(app: Any, section: Any) -> None:
    ana, ben, mine, theirs = two(section)
    a_participation(a_shift(section, starts_at=START + 2 * DAY, title="Roof day"), ana)
    a_participation(a_shift(section, starts_at=START, title="Secret meeting"), ben)
    client = signed_in(app, ana)
    page = client.get(f"/places/{mine.id}/swap").text
    assert "Overlaps Roof day" in page
    assert "The rules do not let Ben take your place." in page
    assert "Overlaps Secret meeting" not in page
    refused = client.post(f"/places/{mine.id}/swap", data={"theirs": theirs.id})
    assert refused.status_code == 422
    assert "Nothing was changed" in refused.text
    assert "Overlaps Secret meeting" not in refused.text


def test_a_place_that_is_not_confirmed_cannot_be_swapped(app: Any, section: Any) -> None:
    ana, _ben, mine, _theirs = two(section)
    mine.state = State.WAITLISTED
    client = signed_in(app, ana)
    for method in ("GET", "POST"):
        answer = client.open(f"/places/{mine.id}/swap", method=method, data={"theirs": "1"})
        assert answer.status_code == 303
    page = client.get(f"/shifts/{mine.slot_id}").text
    assert "/swap" not in re.sub(r'href="/swaps?"', "", page)


def test_a_coordinator_approves_or_says_why_not(app: Any, section: Any) -> None:
    boss = a_person(section)
    an_appointment(boss, section, Role.COORDINATOR)
    _ana, ben, mine, theirs = two(section, swaps_asked=True)
    swap = a_swap(mine, theirs)
    asked, client = signed_in(app, ben), signed_in(app, boss)
    assert client.get(f"/swaps/{swap.id}").status_code == 200
    asked.post(f"/swaps/{swap.id}/answer", data={"accept": "yes"})
    said = asked.get(f"/swaps/{swap.id}").text
    assert "The coordinator has to approve it" in said
    assert "1 swap waits for your approval" in client.get("/").text
    assert "Ana Quillon and Ben Zorblax" in client.get("/swaps").text
    silent = client.post(f"/swaps/{swap.id}/decide", data={"accept": "no", "reason": " "})
    assert silent.status_code == 422
    assert "Say why not. Both of them read it." in silent.text
    assert asked.post(f"/swaps/{swap.id}/decide", data={"accept": "yes"}).status_code == 404
    client.post(f"/swaps/{swap.id}/decide", data={"accept": "no", "reason": "I need you there."})
    assert session.get_one(Swap, swap.id).state is SwapState.DECLINED
    assert "I need you there." in asked.get(f"/swaps/{swap.id}").text


def test_a_question_that_fell_away_says_so(app: Any, section: Any, client: Any) -> None:
    ana, ben, mine, theirs = two(section)
    swap = a_swap(mine, theirs)
    mine.state = State.WITHDRAWN
    token = tokens.sign("swap", swap.id)
    session.commit()
    for page in (
        signed_in(app, ben).get(f"/swaps/{swap.id}").text,
        client.get(f"/swaps/answer/{token}").text,
    ):
        assert "One of the two places is not confirmed any more." in page
        assert "Yes, swap" not in page
    assert client.post(f"/swaps/answer/{token}", data={"accept": "yes"}).status_code == 409
    assert "Somebody asks you" not in signed_in(app, a_person(section)).get("/").text
    assert session.get_one(Swap, swap.id).state is SwapState.ASKED
    assert ana.id != ben.id


def test_strangers_see_no_swap(app: Any, section: Any) -> None:  # AUTHZ-01
    ana, _ben, mine, theirs = two(section)
    swap = a_swap(mine, theirs)
    stranger = signed_in(app, a_person(section))
    assert stranger.get(f"/swaps/{swap.id}").status_code == 404
    for action in ("answer", "withdraw", "decide"):
        answer = stranger.post(f"/swaps/{swap.id}/{action}", data={"accept": "yes"})
        assert answer.status_code == 404
    assert "Ana" not in stranger.get("/swaps").text
    assert ana.given_name == "Ana"


def test_who_asked_takes_it_back_once(app: Any, section: Any) -> None:
    ana, _ben, mine, theirs = two(section)
    swap = a_swap(mine, theirs)
    client = signed_in(app, ana)
    for _ in range(2):
        assert client.post(f"/swaps/{swap.id}/withdraw").status_code == 303
    assert session.get_one(Swap, swap.id).state is SwapState.WITHDRAWN


def test_a_training_can_be_swapped_from_its_page(app: Any, section: Any) -> None:
    ana = a_person(section)
    training = a_session(a_course(section), section, starts_at=START)
    place = a_participation(training, ana)
    client = signed_in(app, ana)
    assert f"/places/{place.id}/swap" in client.get(f"/trainings/{training.id}").text
    page = client.get(f"/places/{place.id}/swap")
    assert page.status_code == 200
    assert "Nobody to swap with at the moment" in page.text


def test_pages_cost_the_same_for_one_and_for_thirty(app: Any, section: Any) -> None:
    boss = a_person(section)
    an_appointment(boss, section, Role.COORDINATOR)
    _ana, ben, mine, theirs = two(section, swaps_asked=True)
    swap = a_swap(mine, theirs, state=SwapState.AGREED)
    volunteer, coordinator = signed_in(app, ben), signed_in(app, boss)
    pages = [
        (volunteer, f"/places/{theirs.id}/swap"),
        (volunteer, "/swaps"),
        (coordinator, "/swaps"),
        (coordinator, f"/swaps/{swap.id}"),
        (coordinator, "/"),
        (volunteer, "/"),
        (volunteer, f"/shifts/{theirs.slot_id}"),
    ]

    def costs() -> list[int]:
        found = []
        for client, address in pages:
            with counted() as seen:
                assert client.get(address).status_code == 200
            found.append(len(seen))
        return found

    few = costs()
    for number in range(30):
        shift = a_shift(
            section, starts_at=START + (4 + number) * DAY, swaps_asked=True, needs=[a_need()]
        )
        a_swap(a_participation(shift, a_person(section)), theirs, state=SwapState.AGREED)
    many = costs()
    assert few == many
    assert max(many) <= 8
