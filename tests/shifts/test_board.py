"""The assignment board: who is on, who fits, who cannot and why; and giving places from it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people.levels import Level
from brigades.people.models import PersonSkill, Standing
from brigades.people.skills import Skill
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import State
from brigades.shifts.models import Shift
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.shifts.cast import Cast
from tests.support.statements import counted

MASON = {"skill": Skill.CONSTRUCTION, "trade": "bricklaying"}


def parts(page: str, need_id: int) -> tuple[str, str, str]:
    """On this shift, candidates, and who cannot come, of one need."""
    section = page.split(f'id="need-{need_id}"')[1].split("</section>", maxsplit=1)[0]
    on, rest = section.split("Candidates, best fit first")
    fits, _, cannot = rest.partition("Cannot come")
    return on, fits, cannot


def give(client: Any, shift: Slot, person: Any, need_id: int, **more: Any) -> Any:
    sent = {"person": person.id, "need": need_id} | more
    return client.post(f"/shifts/{shift.id}/assign", data=sent)


def places(person: Any) -> list[State]:
    query = select(Participation.state).where(Participation.person_id == person.id)
    return list(session.scalars(query.order_by(Participation.id)))


def test_the_board_shows_who_is_on_who_fits_and_who_cannot_with_every_reason(cast: Cast) -> None:
    need = b.a_need(**MASON, least=2, most=3)
    shift = b.a_shift(cast.section, needs=[need])
    need_id = need.id
    on = b.a_person(cast.section, "bricklaying", given_name="Olga", phone="+4915112345678")
    b.a_participation(shift, on)
    busy = b.a_person(cast.section, "bricklaying", given_name="Boris")
    b.a_participation(b.a_shift(cast.section, title="Roof day"), busy)
    nurse = b.a_person(cast.section, "nursing", given_name="Nina")
    gone = b.a_person(cast.section, "bricklaying", given_name="Gone", standing=Standing.LEFT)
    page = cast.as_(cast.coordinator).get(f"/shifts/{shift.id}/board").text
    held, fits, cannot = parts(page, need_id)
    assert "Olga" in held
    assert "+4915112345678" in held
    assert "Vera" in fits
    assert "Olga" not in fits
    assert "Boris" in cannot
    assert "Overlaps Roof day" in cannot
    for stranger in (cast.stranger, nurse, gone):
        assert stranger.given_name not in page


def test_a_name_finds_anybody_of_the_section_and_says_why_not(cast: Cast) -> None:
    need = b.a_need(**MASON)
    shift = b.a_shift(cast.section, needs=[need])
    need_id = need.id
    b.a_person(cast.section, "nursing", given_name="Nina", family_name="Ñuñez")
    client = cast.as_(cast.coordinator)
    _on, fits, cannot = parts(client.get(f"/shifts/{shift.id}/board?q=NUNEZ").text, need_id)
    assert "Nina" in cannot
    assert "This place asks for Bricklaying." in cannot
    assert "Vera" not in fits
    assert "Stan" not in client.get(f"/shifts/{shift.id}/board?q=stan").text.split("Apply")[1]


def test_candidates_of_sections_below_are_in_the_pool_and_filters_narrow_it(cast: Cast) -> None:
    below = b.a_section(cast.section, name="Harbour")
    b.a_person(below, "bricklaying", given_name="Hanno", languages={"ar": "B1"})
    need = b.a_need(**MASON)
    shift = b.a_shift(cast.section, needs=[need])
    need_id = need.id
    client = cast.as_(cast.coordinator)
    for query, vera, hanno in (
        ("", True, True),
        (f"?section={below.id}", False, True),
        ("?speaks=ar", False, True),
        ("?speaks=fr", False, False),
    ):
        _on, fits, _not = parts(client.get(f"/shifts/{shift.id}/board{query}").text, need_id)
        assert ("Vera" in fits, "Hanno" in fits) == (vera, hanno), query


def test_who_cannot_come_can_be_left_out(cast: Cast) -> None:
    need = b.a_need(**MASON)
    shift = b.a_shift(cast.section, needs=[need])
    need_id = need.id
    b.a_participation(b.a_shift(cast.section), cast.volunteer)
    client = cast.as_(cast.coordinator)
    assert "Vera" in parts(client.get(f"/shifts/{shift.id}/board").text, need_id)[2]
    text = client.get(f"/shifts/{shift.id}/board?filtered=1").text
    assert "Vera" not in text.split("Apply")[1]


def test_a_lapsed_certificate_counts_nothing_and_says_its_date(cast: Cast) -> None:  # QUAL-01
    kind = b.a_kind("First aid")
    need = b.a_need(**MASON, kind_id=kind.id)
    start = datetime(2026, 7, 2, 6, tzinfo=UTC)
    shift = b.a_shift(cast.section, needs=[need], starts_at=start)
    need_id = need.id
    b.a_qualification(cast.volunteer, kind, valid_until=date(2026, 6, 30))
    client = cast.as_(cast.coordinator)
    _on, fits, cannot = parts(client.get(f"/shifts/{shift.id}/board").text, need_id)
    assert "Vera" not in fits
    assert "First aid is valid until" in cannot
    assert "30 Jun" in cannot or "Jun 30" in cannot
    refused = give(client, shift, cast.volunteer, need_id, agreed="1", reason="she knows it all")
    assert refused.status_code == 422
    assert cast.as_(cast.volunteer).post(f"/shifts/{shift.id}/join").status_code == 422
    assert places(cast.volunteer) == []


@pytest.mark.parametrize(
    ("start", "hours", "fits"),
    [
        (datetime(2026, 9, 30, 5, tzinfo=UTC), 8, True),
        (datetime(2026, 9, 30, 17, tzinfo=UTC), 12, False),
        (datetime(2026, 10, 1, 5, tzinfo=UTC), 8, False),
    ],
    ids=["on the last day", "into the day after", "the day after"],
)
def test_a_certificate_must_hold_until_the_end_in_the_zone_of_the_place(
    cast: Cast, start: datetime, hours: int, fits: bool
) -> None:  # QUAL-03
    kind = b.a_kind("First aid")
    need = b.a_need(**MASON, kind_id=kind.id)
    shift = b.a_shift(cast.section, needs=[need], starts_at=start, hours=hours, zone="Asia/Gaza")
    b.a_qualification(cast.volunteer, kind, valid_until=date(2026, 9, 30))
    answer = give(cast.as_(cast.coordinator), shift, cast.volunteer, need.id)
    assert answer.status_code == (303 if fits else 422)
    assert ("First aid is valid until" in answer.text) is not fits


def test_candidates_come_by_fit_then_few_hours_then_long_unasked(cast: Cast) -> None:
    need = b.a_need(**MASON)
    shift = b.a_shift(cast.section, needs=[need], starts_at=NOON + 30 * DAY)
    need_id = need.id
    worked, asked, expert = (
        b.a_person(cast.section, "bricklaying", given_name=name)
        for name in ("Worked", "Asked", "Expert")
    )
    past = b.a_shift(cast.section, starts_at=NOON - 20 * DAY, hours=9)
    b.a_participation(past, worked, State.ATTENDED)
    b.a_participation(past, asked, State.DECLINED, asked_at=NOON - 3 * DAY)
    skill = session.scalars(select(PersonSkill).where(PersonSkill.person_id == expert.id)).one()
    skill.years, skill.verified_on = 12, date(2026, 1, 1)
    page = cast.as_(cast.coordinator).get(f"/shifts/{shift.id}/board").text
    _on, fits, _cannot = parts(page, need_id)
    order = sorted(("Vera", "Worked", "Asked", "Expert"), key=fits.index)
    assert order == ["Expert", "Vera", "Asked", "Worked"]
    assert "best fit" in fits
    assert "12 years of experience" in fits
    assert "9 h" in fits
    assert "3 days ago" in fits


def test_who_said_no_to_this_shift_comes_last_with_the_day(cast: Cast) -> None:
    need = b.a_need(**MASON)
    shift = b.a_shift(cast.section, needs=[need])
    need_id = need.id
    b.a_participation(shift, cast.volunteer, State.DECLINED, changed_at=NOON - 2 * DAY)
    b.a_person(cast.section, "bricklaying", given_name="Willing")
    page = cast.as_(cast.coordinator).get(f"/shifts/{shift.id}/board").text
    _on, fits, _cannot = parts(page, need_id)
    assert fits.index("Willing") < fits.index("Vera")
    assert "said no to this shift on" in fits


def test_a_place_is_offered_with_a_deadline_and_a_mail(cast: Cast) -> None:
    need = b.a_need(**MASON)
    shift = b.a_shift(cast.section, needs=[need])
    client = cast.as_(cast.coordinator)
    assert give(client, shift, cast.volunteer, need.id).status_code == 303
    place = session.scalars(select(Participation)).one()
    assert (place.state, place.answer_by) == (State.OFFERED, NOON + DAY)
    assert session.scalar(select(Letter.name)) == "place-offered"
    page = client.get(f"/shifts/{shift.id}/board").text
    assert "Offered to Vera Volunteer" in page
    assert "answer by" in page


def test_who_has_agreed_is_confirmed_at_once_and_two_clicks_are_one(cast: Cast) -> None:
    need = b.a_need(**MASON)
    shift = b.a_shift(cast.section, needs=[need])
    need_id = need.id
    for _ in range(2):
        client = cast.as_(cast.coordinator)
        assert give(client, shift, cast.volunteer, need_id, agreed="1").status_code == 303
    assert places(cast.volunteer) == [State.CONFIRMED]


def test_slots_that_touch_do_not_overlap(cast: Cast) -> None:  # SHIFT-01
    day = datetime(2026, 7, 2, tzinfo=UTC)
    client = cast.as_(cast.coordinator)
    for start in (6, 10):
        shift = b.a_shift(cast.section, starts_at=day + start * HOUR, hours=4)
        need_id = shift.needs[0].id
        board = client.get(f"/shifts/{shift.id}/board?q=vera").text
        assert "Offer anyway" not in board
        assert give(client, shift, cast.volunteer, need_id, agreed="1").status_code == 303
    assert places(cast.volunteer) == [State.CONFIRMED, State.CONFIRMED]


def test_overlap_is_judged_on_moments_not_on_times_of_day(cast: Cast) -> None:  # SHIFT-02
    zone = {"zone": "UTC"}
    first = b.a_shift(
        cast.section, starts_at=datetime(2027, 1, 10, 22, tzinfo=UTC), hours=6, title="A", **zone
    )
    second = b.a_shift(
        cast.section, starts_at=datetime(2027, 1, 10, 2, tzinfo=UTC), hours=6, **zone
    )
    third = b.a_shift(cast.section, starts_at=datetime(2027, 1, 11, 2, tzinfo=UTC), hours=6, **zone)
    ids = [shift.needs[0].id for shift in (first, second, third)]
    client = cast.as_(cast.coordinator)
    answers = [
        give(client, shift, cast.volunteer, need_id, agreed="1")
        for shift, need_id in zip((first, second, third), ids, strict=True)
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 422]
    assert "Overlaps A" in answers[2].text


def test_a_warning_passes_with_a_reason_that_stays_and_never_without(cast: Cast) -> None:
    need = b.a_need(**MASON)
    shift = b.a_shift(cast.section, needs=[need])
    need_id = need.id
    early = b.a_shift(cast.section, title="Early", starts_at=shift.starts_at - 10 * HOUR, hours=5)
    b.a_participation(early, cast.volunteer)
    client = cast.as_(cast.coordinator)
    _on, fits, _not = parts(client.get(f"/shifts/{shift.id}/board").text, need_id)
    assert "Only 5 h of rest beside Early" in fits
    assert "Offer anyway, with a reason" in fits
    for reason in ("", "   "):
        refused = give(client, shift, cast.volunteer, need_id, reason=reason)
        assert refused.status_code == 422
        assert "Only 5 h of rest" in refused.text
    too_long = give(client, shift, cast.volunteer, need_id, reason="long " * 300)
    assert too_long.status_code == 422
    assert "long long" in too_long.text
    answer = give(client, shift, cast.volunteer, need_id, reason="nobody else, she agreed")
    assert answer.status_code == 303
    place = session.scalars(select(Participation).where(Participation.slot_id == shift.id)).one()
    assert place.override == "nobody else, she agreed"
    assert "nobody else, she agreed" in session.scalars(select(Entry.why)).all()
    assert "Exception: nobody else" in client.get(f"/shifts/{shift.id}/board").text


def test_the_last_place_goes_to_one_the_next_waits(cast: Cast) -> None:
    need = b.a_need(**MASON, most=1)
    shift = b.a_shift(cast.section, needs=[need])
    need_id = need.id
    second = b.a_person(cast.section, "bricklaying")
    client = cast.as_(cast.coordinator)
    give(client, shift, cast.volunteer, need_id)
    give(client, shift, second, need_id, agreed="1")
    assert (places(cast.volunteer), places(second)) == ([State.OFFERED], [State.WAITLISTED])
    page = client.get(f"/shifts/{shift.id}/board").text
    assert "is on the waiting list" in page
    assert "number 1 in line" in page
    assert "Anyone you add now goes on the waiting list." in page


def test_an_offer_is_confirmed_on_somebodys_behalf_in_the_name_of_who_did_it(cast: Cast) -> None:
    shift = b.a_shift(cast.section)
    place = b.a_participation(shift, cast.volunteer, State.OFFERED, answer_by=NOON + DAY)
    client = cast.as_(cast.coordinator)
    address = f"/shifts/{shift.id}/places/{place.id}/confirm"
    assert client.post(address).status_code == 303
    assert (place.state, place.answer_by) == (State.CONFIRMED, None)
    assert session.scalars(select(Entry.by_id)).one() == cast.coordinator.id
    assert client.post(address).status_code == 303
    assert "nothing was changed" in client.get(f"/shifts/{shift.id}/board").text


@pytest.mark.parametrize(
    ("starts_at", "became"), [(NOON + HOUR, State.OFFERED), (NOON - HOUR, State.CONFIRMED)]
)
def test_somebody_who_waits_is_given_a_free_place_by_hand_after_the_deadline(  # WAIT-03
    cast: Cast, starts_at: datetime, became: State
) -> None:
    """Offered; after the start there is no time left to answer, and they have it at once."""
    yesterday = NOON.date() - DAY
    shift = b.a_shift(
        cast.section, needs=[b.a_need(most=1)], starts_at=starts_at, signup_until=yesterday
    )
    waits = b.a_participation(shift, cast.volunteer, State.WAITLISTED)
    client = cast.as_(cast.coordinator)
    address = f"/shifts/{shift.id}/places/{waits.id}/promote"
    assert client.post(address).status_code == 303
    assert waits.state is became


def test_nobody_is_promoted_into_a_full_need(cast: Cast) -> None:
    shift = b.a_shift(cast.section, needs=[b.a_need(most=1)])
    b.a_participation(shift, b.a_person(cast.section))
    waits = b.a_participation(shift, cast.volunteer, State.WAITLISTED)
    client = cast.as_(cast.coordinator)
    assert client.post(f"/shifts/{shift.id}/places/{waits.id}/promote").status_code == 303
    assert waits.state is State.WAITLISTED


def test_taking_somebody_off_asks_why_tells_them_and_frees_the_place(cast: Cast) -> None:
    shift = b.a_shift(cast.section, needs=[b.a_need(most=1)])
    place = b.a_participation(shift, cast.volunteer)
    waits = b.a_participation(shift, b.a_person(cast.section), State.WAITLISTED)
    client = cast.as_(cast.coordinator)
    address = f"/shifts/{shift.id}/places/{place.id}/remove"
    assert "Take Vera Volunteer off?" in client.get(address).text
    assert client.post(address, data={"reason": ""}).status_code == 422
    assert place.state is State.CONFIRMED
    assert client.post(address, data={"reason": "double booked"}).status_code == 303
    assert (place.state, waits.state) == (State.CANCELLED, State.OFFERED)
    assert "double booked" in session.scalars(select(Entry.why)).all()
    assert client.post(address, data={"reason": "again"}).status_code == 303
    assert client.get(address).status_code == 303


def test_only_people_of_the_section_and_below_can_be_given_places(cast: Cast) -> None:  # AUTHZ-01
    shift = b.a_shift(cast.section)
    need_id = shift.needs[0].id
    other = b.a_shift(cast.section)
    other_need = other.needs[0].id
    above = b.a_person(cast.top)
    client = cast.as_(cast.coordinator)
    for person in (cast.stranger, above):
        assert give(client, shift, person, need_id).status_code == 404
    assert give(client, shift, cast.volunteer, other_need).status_code == 404
    for odd in ("", "x", "-1", "9" * 12, "\x00"):
        sent = {"person": odd, "need": str(need_id)}
        assert client.post(f"/shifts/{shift.id}/assign", data=sent).status_code == 404
    assert session.scalars(select(Participation)).all() == []


def test_a_draft_gives_no_places(cast: Cast) -> None:
    shift = b.a_shift(cast.section, status=Status.DRAFT)
    need_id = shift.needs[0].id
    client = cast.as_(cast.coordinator)
    assert "This shift is a draft" in client.get(f"/shifts/{shift.id}/board").text
    assert give(client, shift, cast.volunteer, need_id).status_code == 422


def test_who_holds_a_place_and_should_not_any_more_is_marked(cast: Cast) -> None:
    kind = b.a_kind("First aid")
    need = b.a_need(kind_id=kind.id)
    shift = b.a_shift(cast.section, needs=[need])
    need_id = need.id
    b.a_participation(shift, cast.volunteer)
    page = cast.as_(cast.coordinator).get(f"/shifts/{shift.id}/board").text
    assert "This place asks for: First aid." in parts(page, need_id)[0]


def test_hours_follow_the_shift_when_it_is_corrected(cast: Cast) -> None:  # SHIFT-11, TIME-01
    autumn = b.a_shift(
        cast.section,
        starts_at=datetime(2025, 10, 25, 20, tzinfo=UTC),
        ends_at=datetime(2025, 10, 26, 5, tzinfo=UTC),
    )
    past_id = autumn.id
    b.a_participation(autumn, cast.volunteer, State.ATTENDED)
    shift = b.a_shift(cast.section)
    client = cast.as_(cast.coordinator)
    assert ">9 h<" in client.get(f"/shifts/{shift.id}/board?q=vera").text.replace(" </span>9", ">9")
    past = session.get_one(Shift, past_id)
    past.ends_local -= 2 * HOUR
    past.derive_instants()
    session.commit()
    assert ">7 h<" in client.get(f"/shifts/{shift.id}/board?q=vera").text.replace(" </span>7", ">7")


def test_the_roster_lists_who_is_on(cast: Cast) -> None:
    shift, empty = b.a_shift(cast.section), b.a_shift(cast.section, starts_at=NOON + 9 * DAY)
    b.a_participation(shift, cast.volunteer)
    client = cast.as_(cast.coordinator)
    assert "Nobody yet" in client.get(f"/shifts/{empty.id}/roster").text
    assert "Vera Volunteer" in client.get(f"/shifts/{shift.id}/roster").text


@pytest.mark.parametrize(
    "query", ["?q=%25", "?section=x", "?speaks=zz9", "?speaks=%00ar", "?q=" + "a" * 3000]
)
def test_odd_filters_break_nothing(cast: Cast, query: str) -> None:
    shift = b.a_shift(cast.section)
    status = cast.as_(cast.coordinator).get(f"/shifts/{shift.id}/board{query}").status_code
    assert status == (400 if "%00" in query else 200)


def test_the_board_costs_the_same_for_few_people_and_many(cast: Cast) -> None:
    needs = [
        b.a_need(**MASON, most=5),
        b.a_need(language="ar", language_to="en", level=Level.B2, position=1),
    ]
    shift = b.a_shift(cast.section, needs=needs)
    need_id = needs[0].id
    client = cast.as_(cast.coordinator)

    def cost() -> int:
        with counted() as seen:
            assert client.get(f"/shifts/{shift.id}/board").status_code == 200
        return len(seen)

    few = cost()
    for n in range(15):
        languages = {"ar": "C1", "en": "B2"}
        b.a_person(cast.section, "bricklaying", languages=languages)
        on = b.a_person(cast.section, "bricklaying")
        b.a_participation(
            shift, on, State.WAITLISTED if n > 4 else State.CONFIRMED, need_id=need_id
        )
    assert cost() == few <= 8
