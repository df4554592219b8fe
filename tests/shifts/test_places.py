"""One shift: joining, leaving, answering, and hearing why not."""

from typing import Any

import pytest
from sqlalchemy import select

from brigades.db import session
from brigades.people.skills import Skill
from brigades.schedule.models import Participation, SignUp, Slot, Status
from brigades.schedule.states import State
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.shifts.cast import Cast
from tests.support.statements import counted

MASON = {"skill": Skill.CONSTRUCTION, "trade": "bricklaying"}


def state_of(slot: Slot, person: Any) -> State | None:
    query = select(Participation.state).where(
        Participation.slot_id == slot.id, Participation.person_id == person.id
    )
    return session.scalar(query.order_by(Participation.id.desc()))


def test_a_volunteer_takes_a_place_and_leaves_it(cast: Cast) -> None:
    shift = b.a_shift(cast.section, needs=[b.a_need(**MASON, most=1)])
    client = cast.as_(cast.volunteer)
    assert "Take a place" in client.get(f"/shifts/{shift.id}").text
    assert client.post(f"/shifts/{shift.id}/join").status_code == 303
    assert state_of(shift, cast.volunteer) is State.CONFIRMED
    assert "Give up my place" in client.get(f"/shifts/{shift.id}").text
    assert client.post(f"/shifts/{shift.id}/leave", data={"why": "ill"}).status_code == 303
    assert state_of(shift, cast.volunteer) is State.WITHDRAWN


def test_the_same_click_twice_is_answered_kindly(cast: Cast) -> None:
    shift = b.a_shift(cast.section)
    client = cast.as_(cast.volunteer)
    for path in ("join", "join", "leave", "leave"):
        assert client.post(f"/shifts/{shift.id}/{path}").status_code == 303
    page = client.get(f"/shifts/{shift.id}")
    assert "You are not in this." in page.text
    assert session.scalars(select(Participation.state)).all() == [State.WITHDRAWN]


def test_a_full_need_leads_to_the_waiting_list_with_a_position(cast: Cast) -> None:
    shift = b.a_shift(cast.section, needs=[b.a_need(most=1)])
    b.a_participation(shift, b.a_person(cast.section))
    b.a_participation(shift, b.a_person(cast.section), State.WAITLISTED)
    client = cast.as_(cast.volunteer)
    assert "Join the waiting list" in client.get(f"/shifts/{shift.id}").text
    assert client.post(f"/shifts/{shift.id}/join").status_code == 303
    assert state_of(shift, cast.volunteer) is State.WAITLISTED
    assert "number 2" in client.get(f"/shifts/{shift.id}").text


def test_where_a_place_is_free_and_others_wait_the_page_says_who_goes_first(cast: Cast) -> None:
    shift = b.a_shift(cast.section, needs=[b.a_need(most=2)])
    b.a_participation(shift, b.a_person(cast.section), State.WAITLISTED)
    client = cast.as_(cast.volunteer)
    page = client.get(f"/shifts/{shift.id}").text
    assert "Join the waiting list" in page
    assert "Others wait already and go first." in page
    # Where no waiting list is kept any more, who is left on it had their turn.
    session.get_one(Slot, shift.id).waitlist = False
    session.commit()
    page = client.get(f"/shifts/{shift.id}").text
    assert "Take a place" in page
    assert "Others wait already" not in page
    client.post(f"/shifts/{shift.id}/join")
    assert state_of(shift, cast.volunteer) is State.CONFIRMED


def test_one_of_several_needs_can_be_chosen(cast: Cast) -> None:
    shift = b.a_shift(cast.section, needs=[b.a_need(**MASON), b.a_need(position=1)])
    second = shift.needs[1].id
    answer = cast.as_(cast.volunteer).post(f"/shifts/{shift.id}/join", data={"need": second})
    assert answer.status_code == 303
    assert session.scalar(select(Participation.need_id)) == second


def test_every_reason_why_not_is_said_with_what_would_remove_it(cast: Cast) -> None:
    kind = b.a_kind("First aid")
    need = b.a_need(skill=Skill.MEDICAL, trade="nursing", language="ar", kind_id=kind.id)
    shift = b.a_shift(cast.section, needs=[need])
    busy = b.a_shift(cast.section, title="Roof day", starts_at=shift.starts_at + HOUR)
    b.a_participation(busy, cast.volunteer)
    client = cast.as_(cast.volunteer)
    shown, refused = client.get(f"/shifts/{shift.id}"), client.post(f"/shifts/{shift.id}/join")
    assert refused.status_code == 422
    for page in (shown.text, refused.text):
        for sentence in ("asks for Nursing", "asks for Arabic", "First aid", "Overlaps Roof day"):
            assert page.count(sentence) == 1 or sentence == "First aid"
        assert "It opens once the skill stands in the profile." in page
    assert state_of(shift, cast.volunteer) is None


def test_places_given_by_the_coordinator_cannot_be_taken(cast: Cast) -> None:
    shift = b.a_shift(cast.section, signup=SignUp.ASSIGNED)
    client = cast.as_(cast.volunteer)
    assert "Places here are given by the coordinator." in client.get(f"/shifts/{shift.id}").text
    assert client.post(f"/shifts/{shift.id}/join").status_code == 422


@pytest.mark.parametrize("yes", [True, False])
def test_an_offer_is_answered_on_the_page(cast: Cast, yes: bool) -> None:
    shift = b.a_shift(cast.section)
    place = b.a_participation(
        shift, cast.volunteer, State.OFFERED, asked_at=NOON, answer_by=NOON + DAY
    )
    client = cast.as_(cast.volunteer)
    page = client.get(f"/shifts/{shift.id}").text
    assert "Please answer by" in page
    assert "14:00" in page
    assert "Berlin (UTC+2)" in page
    answer = client.post(f"/shifts/{shift.id}/answer", data={"accept": "yes" if yes else "no"})
    assert answer.status_code == 303
    assert place.state is (State.CONFIRMED if yes else State.DECLINED)
    again = client.post(f"/shifts/{shift.id}/answer", data={"accept": "no"})
    assert again.status_code == 303
    assert place.state is (State.CONFIRMED if yes else State.DECLINED)


def test_who_leaves_what_has_started_hears_whom_to_tell(cast: Cast) -> None:
    shift = b.a_shift(cast.section, starts_at=NOON - HOUR)
    b.a_participation(shift, cast.volunteer)
    refused = cast.as_(cast.volunteer).post(f"/shifts/{shift.id}/leave")
    assert refused.status_code == 422
    assert "Tell whoever leads it" in refused.text
    assert state_of(shift, cast.volunteer) is State.CONFIRMED


def test_an_answer_that_says_nothing_changes_nothing(cast: Cast) -> None:
    shift = b.a_shift(cast.section)
    place = b.a_participation(shift, cast.volunteer, State.OFFERED)
    client = cast.as_(cast.volunteer)
    assert client.post(f"/shifts/{shift.id}/answer", data={"accept": "maybe"}).status_code == 422
    assert place.state is State.OFFERED


def test_drafts_and_strange_shifts_are_not_there(cast: Cast) -> None:  # AUTHZ-01
    draft = b.a_shift(cast.section, status=Status.DRAFT)
    strange = b.a_shift(cast.strange_section, title="Of strangers")
    client = cast.as_(cast.volunteer)
    for shift in (draft, strange):
        for path in ("", "/leave"):
            assert client.get(f"/shifts/{shift.id}{path}").status_code == 404
        for path in ("join", "leave", "answer"):
            assert client.post(f"/shifts/{shift.id}/{path}").status_code == 404


def test_volunteers_do_not_see_who_is_on_nor_the_trail(cast: Cast) -> None:  # AUTHZ-01
    shift = b.a_shift(cast.section)
    b.a_participation(shift, b.a_person(cast.section, given_name="Hidden", family_name="Person"))
    page = cast.as_(cast.volunteer).get(f"/shifts/{shift.id}").text
    assert "Hidden" not in page
    assert "What happened" not in page
    assert "Hidden" in cast.as_(cast.coordinator).get(f"/shifts/{shift.id}").text


@pytest.mark.parametrize("number", ["0", "2147483648", "9223372036854775808", "9" * 30])
def test_ids_beyond_any_row_are_not_found(cast: Cast, number: str) -> None:
    client = cast.as_(cast.coordinator)
    for path in ("", "/board", "/edit", "/cancel", "/leave", f"/places/{number}/remove"):
        assert client.get(f"/shifts/{number}{path}").status_code == 404
    shift = b.a_shift(cast.section)
    assert client.post(f"/shifts/{shift.id}/join", data={"need": number}).status_code == 404
    assert client.get(f"/shifts/{shift.id}/places/{number}/remove").status_code == 404


@pytest.mark.parametrize("who", ["volunteer", "coordinator"])
def test_a_shift_costs_the_same_however_many_are_on(cast: Cast, who: str) -> None:
    shift = b.a_shift(cast.section, needs=[b.a_need(), b.a_need(**MASON, position=1)])
    need_id = shift.needs[0].id
    client = cast.as_(getattr(cast, who))
    b.a_participation(shift, b.a_person(cast.section), need_id=need_id)
    with counted() as few:
        assert client.get(f"/shifts/{shift.id}").status_code == 200
    for _ in range(30):
        b.a_participation(shift, b.a_person(cast.section), need_id=need_id)
    with counted() as many:
        assert client.get(f"/shifts/{shift.id}").status_code == 200
    assert len(few) == len(many) <= 8


def test_who_has_a_place_finds_the_event_and_whom_to_call(cast: Cast) -> None:
    lead = b.a_person(cast.section, given_name="Lea", phone="+49 30 555")
    shift = b.a_shift(cast.section, lead=lead)
    place = b.a_participation(shift, cast.volunteer)
    address = f"/shifts/{shift.id}"
    other = cast.as_(b.a_person(cast.section)).get(address).text
    assert "tel:" not in other and "/calendar/place/" not in other
    page = cast.as_(cast.volunteer).get(address).text
    assert f'href="/calendar/place/{place.id}.ics"' in page
    assert f'href="tel:{lead.phone}"' in page


def test_who_decides_is_told_so(cast: Cast) -> None:
    shift = b.a_shift(cast.section, signup=SignUp.REQUEST)
    address = f"/shifts/{shift.id}"
    asks, decides = "You ask for a place here", "People ask for a place here, and you decide."
    for person, said, other in ((cast.volunteer, asks, decides), (cast.coordinator, decides, asks)):
        page = cast.as_(person).get(address).text
        assert said in page and other not in page


def test_why_staff_cannot_come_themselves_waits_to_be_opened(cast: Cast) -> None:
    shift = b.a_shift(cast.section, needs=[b.a_need(**MASON), b.a_need(skill=Skill.MEDICAL)])
    page = cast.as_(cast.coordinator).get(f"/shifts/{shift.id}").text
    folded = '<summary class="br-tap br-small br-soft">You cannot take a place here yourself'
    assert page.count(folded) == 2
    assert "You cannot take a place here:" not in page
    draft = b.a_shift(cast.section, status=Status.DRAFT)
    page = cast.as_(cast.coordinator).get(f"/shifts/{draft.id}").text
    assert "Once it is published, people see it" in page and "br-refusal" not in page
