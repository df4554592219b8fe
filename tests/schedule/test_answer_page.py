"""The page behind a mail's link about a place: what it says, what it takes, for how long."""

import logging
from datetime import datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from brigades import tokens
from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.schedule import answer_links, slots, swaps
from brigades.schedule.models import Participation, Slot
from brigades.schedule.states import State
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.shifts.cast import Cast, a_cast
from tests.support.apps import beside
from tests.support.statements import counted


@pytest.fixture
def cast(app: Any) -> Any:
    with time_machine.travel(NOON, tick=False):
        yield a_cast(app)


def a_place(cast: Cast, state: State = State.CONFIRMED, *, days: float = 9, **given: Any) -> Any:
    slot = b.a_shift(cast.section, title="Night pour", starts_at=NOON + days * DAY, place="Gate B")
    if state is State.OFFERED:
        given = {"asked_at": NOON, "answer_by": NOON + DAY, **given}
    return b.a_participation(slot, cast.volunteer, state, **given)


def link_to(place: Participation) -> str:
    return f"/answer/{answer_links.token_of(place)}"


def state_of(place: Participation) -> State:
    session.expire_all()
    return session.get_one(Participation, place.id).state


SAYS = {
    State.REQUESTED: ("The coordinator decides", "Take the request back"),
    State.WAITLISTED: ("number 1", "Leave the waiting list"),
    State.OFFERED: ("Please answer by", "Decline"),
    State.CONFIRMED: ("The place is yours", "I cannot come"),
    State.SEEKING_COVER: ("You said that you cannot come", "I can come after all"),
    State.ATTENDED: ("You were there", ""),
    State.ABSENT: ("You were marked as not there", ""),
    State.DECLINED: ("The coordinator could not give you this place", ""),
    State.LAPSED: ("The time to answer is over", ""),
    State.WITHDRAWN: ("This place is not yours any more", ""),
    State.CANCELLED: ("This place is not open any more", ""),
}


@pytest.mark.parametrize("state", list(State))
def test_the_page_says_what_when_where_for_whom_and_how_it_stands(
    cast: Cast, client: Any, state: State
) -> None:
    cast.section.contact = "berlin@example.org"
    place = a_place(cast, state)
    with counted() as statements:
        page = client.get(link_to(place)).text
    says, button = SAYS[state]
    assert says in page
    for part in ("Night pour", "Gate B", "Berlin (UTC+2)", "Vera", "mailto:berlin@example.org"):
        assert part in page
    assert "Volunteer" not in page  # whoever the mail is passed on to reads no family name
    assert f'action="{link_to(place)}"' in page if button else 'action="/answer' not in page
    assert button in page
    assert len(statements) <= 8


def test_a_place_is_given_up_without_signing_in_and_once(cast: Cast, client: Any) -> None:
    place = a_place(cast)
    assert "give the place up freely until" in client.get(link_to(place)).text
    done = client.post(link_to(place), data={"say": "leave", "why": "A wedding"})
    assert done.status_code == 303
    assert state_of(place) is State.WITHDRAWN
    assert "You gave your place up" in client.get(done.headers["Location"]).text
    again = client.post(link_to(place), data={"say": "leave"})
    assert again.status_code == 409
    assert "You have answered already: you gave it up." in again.text
    assert [entry.why for entry in session.scalars(select(Entry))] == ["A wedding"]


def test_late_it_says_that_the_place_stays_theirs_and_asks_for_cover(
    cast: Cast, client: Any
) -> None:
    place = a_place(cast, days=0.5)
    assert "It stays yours until one of them takes it" in client.get(link_to(place)).text
    assert client.post(link_to(place), data={"say": "leave"}).status_code == 303
    assert state_of(place) is State.SEEKING_COVER
    again = client.post(link_to(place), data={"say": "leave"})
    assert again.status_code == 409
    assert "you said that you cannot come" in again.text
    assert client.post(link_to(place), data={"say": "come"}).status_code == 303
    assert state_of(place) is State.CONFIRMED
    assert client.post(link_to(place), data={"say": "come"}).status_code == 409


@pytest.mark.parametrize("state", [State.WAITLISTED, State.REQUESTED])
def test_waiting_and_a_request_are_given_up_too(cast: Cast, client: Any, state: State) -> None:
    place = a_place(cast, state)
    assert client.post(link_to(place), data={"say": "leave"}).status_code == 303
    assert state_of(place) is State.WITHDRAWN


def test_the_same_answer_again_hears_what_was_said(cast: Cast, client: Any) -> None:
    for word, state, says in (
        ("yes", State.CONFIRMED, "You have answered already: the place is yours."),
        ("no", State.DECLINED, "You have answered already: you said no."),
    ):
        place = a_place(cast, State.OFFERED)
        assert client.post(link_to(place), data={"accept": word}).status_code == 303
        again = client.post(link_to(place), data={"accept": word})
        assert (again.status_code, state_of(place)) == (409, state)
        assert says in again.text
        place.state = State.WITHDRAWN
        session.commit()


@pytest.mark.parametrize("data", [{}, {"say": "perhaps"}, {"accept": ""}])
def test_what_says_nothing_changes_nothing(cast: Cast, client: Any, data: Any) -> None:
    place = a_place(cast)
    assert client.post(link_to(place), data=data).status_code == 422
    assert state_of(place) is State.CONFIRMED


def test_it_works_without_cookies_and_without_a_forms_token(cast: Cast) -> None:
    place = a_place(cast, State.OFFERED)
    with beside(cast.app, WTF_CSRF_ENABLED=True) as guarded:
        bare = guarded.test_client(use_cookies=False)
        assert bare.post(link_to(place), data={"accept": "yes"}).status_code == 303
        assert "The place is yours" in bare.get(link_to(place)).text
        assert bare.post(link_to(place), data={"say": "leave"}).status_code == 303
    assert state_of(place) is State.WITHDRAWN


def test_looking_as_scanners_do_changes_nothing(cast: Cast, client: Any) -> None:  # AUTH-09
    places = [a_place(cast, state) for state in SAYS]
    for place in places:
        for method in ("HEAD", "GET", "GET"):
            assert client.open(link_to(place), method=method).status_code == 200
    assert [state_of(place) for place in places] == list(SAYS)
    assert session.scalar(select(func.count(Entry.id))) == 0
    assert session.scalar(select(func.count(Letter.id))) == 0


def test_nothing_is_answered_any_more_once_it_started_or_is_off(cast: Cast, client: Any) -> None:
    place, off = a_place(cast), a_place(cast, days=20)
    slots.cancel(off.slot_id, by=cast.coordinator.id, now=NOON, why="storm")
    session.commit()
    assert "This does not take place" in client.get(link_to(off)).text
    with time_machine.travel(NOON + 9 * DAY + HOUR, tick=False):
        page = client.get(link_to(place)).text
        assert "It has started" in page
        assert 'action="/answer' not in page
        assert client.post(link_to(place), data={"say": "leave"}).status_code == 409
    assert state_of(place) is State.CONFIRMED


def test_nobody_keeps_these_pages_and_no_other_site_learns_their_address(
    cast: Cast, client: Any
) -> None:
    place = a_place(cast)
    for address in (link_to(place), "/answer/x", "/cover/x", "/swaps/answer/x"):
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.status_code == (200 if place is not None and address[-1] != "x" else 404)
    assert "This link leads nowhere any more" in client.get("/answer/x").text


def opens(client: Any, token: str, at: datetime) -> bool:
    with time_machine.travel(at, tick=False):
        return bool(client.get(f"/answer/{token}").status_code == 200)


def test_a_link_opens_until_the_slot_is_over_and_sixty_days_at_least(
    cast: Cast, client: Any
) -> None:
    soon, late = a_place(cast, days=1), a_place(cast, days=100)
    for place, last in ((soon, NOON + 60 * DAY), (late, NOON + 100 * DAY + 8 * HOUR)):
        token = answer_links.token_of(place)
        assert opens(client, token, last)
        assert not opens(client, token, last + HOUR)
    bare = tokens.sign("answer", soon.id)  # as links of before named it
    assert opens(client, bare, NOON + 180 * DAY)
    assert not opens(client, bare, NOON + 181 * DAY)


@pytest.mark.parametrize("odd", [[1], [1, 2, 3], ["1", "2"], [True, 1], {"place": 1}, None, 1.5])
def test_links_that_carry_something_else_open_nothing(cast: Cast, client: Any, odd: Any) -> None:
    a_place(cast)
    assert client.get(f"/answer/{tokens.sign('answer', odd)}").status_code == 404


def test_a_link_names_its_person_and_opens_nobody_elses_place(cast: Cast, client: Any) -> None:
    place = a_place(cast)
    stolen = tokens.sign("answer", [place.id, cast.stranger.id])
    assert client.get(f"/answer/{stolen}").status_code == 404
    assert client.post(f"/answer/{stolen}", data={"say": "leave"}).status_code == 404
    assert state_of(place) is State.CONFIRMED


def test_after_a_swap_the_former_holders_mail_answers_nothing(cast: Cast, client: Any) -> None:
    other = b.a_person(cast.section)
    mine = a_place(cast)
    theirs = b.a_participation(b.a_shift(cast.section, starts_at=NOON + 12 * DAY), other)
    before = link_to(mine)
    swap = swaps.ask(mine.id, theirs.id, now=NOON)
    swaps.answer(swap.id, True, now=NOON)
    session.commit()
    assert client.post(before, data={"say": "leave"}).status_code == 409
    live = select(Participation.state).where(Participation.state == State.CONFIRMED)
    assert len(session.scalars(live).all()) == 2


def test_who_came_back_keeps_the_new_place_whatever_an_old_mail_says(
    cast: Cast, client: Any
) -> None:
    gone = a_place(cast, State.WITHDRAWN)
    back = b.a_participation(
        session.get_one(Slot, gone.slot_id), cast.volunteer, need_id=gone.need_id, round=2
    )
    assert client.post(link_to(gone), data={"say": "leave"}).status_code == 409
    assert state_of(back) is State.CONFIRMED


def test_a_token_stands_in_no_log_when_something_breaks(
    cast: Cast, monkeypatch: Any, caplog: Any
) -> None:
    place = a_place(cast)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("brigades.schedule.views.by_mail.acts", broken)
    with beside(cast.app, TESTING=False, PROPAGATE_EXCEPTIONS=False) as live:
        assert live.test_client().get(link_to(place)).status_code == 500
    assert "/answer/<token>" in caplog.text
    assert answer_links.token_of(place) not in caplog.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    caplog.clear()
