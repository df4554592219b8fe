"""The list in the lead's hand: one tap a person, and everything can be taken back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from brigades.access import Role
from brigades.audit.models import Entry
from brigades.db import session, unit
from brigades.people.models import Person
from brigades.schedule import attendance, facts, history, slots
from brigades.schedule.by_hand import promote
from brigades.schedule.models import Need, Participation
from brigades.schedule.states import State
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.support.statements import counted

HTMX = {"HX-Request": "true"}


def trail(what: str) -> list[Entry]:
    return list(session.scalars(select(Entry).where(Entry.what == what).order_by(Entry.id)))


def test_the_lead_checks_in_and_out_with_one_tap_each_and_both_are_undone(hall, clock):
    place = hall.places[0]
    assert hall.tap(place, "in").status_code == 302
    assert hall.now(place) == ("attended", NOON, None)
    assert "here since" in hall.lead.get(hall.address).text
    clock(NOON + 7 * HOUR)
    assert hall.tap(place, "out").status_code == 302
    assert hall.now(place) == ("attended", NOON, NOON + 7 * HOUR)
    page = hall.lead.get(hall.address).text
    assert "left " in page and "21:00" in page  # Berlin's summer clock
    hall.tap(place, "undo")
    assert hall.now(place) == ("attended", NOON, None)
    hall.tap(place, "undo")
    assert hall.now(place) == ("confirmed", None, None)
    became = [entry.became for entry in trail("participation")]
    assert became == ["attended", "confirmed"]
    assert [entry.became for entry in trail("checked in")] == ["2026-06-10 14:00"]
    assert [entry.became or entry.was for entry in trail("checked out")] == ["2026-06-10 21:00"] * 2


def test_absent_is_said_and_taken_back(hall):
    place = hall.places[0]
    hall.tap(place, "absent")
    assert hall.now(place)[0] == "absent"
    assert hall.tap(place, "in").status_code == 302  # late after all
    assert hall.now(place) == ("attended", NOON, None)
    hall.tap(place, "undo")
    assert hall.now(place)[0] == "confirmed"


def test_nobody_is_absent_before_the_start_so_that_no_place_is_given_away_early(hall, clock):
    place = hall.places[0]
    clock(NOON - timedelta(minutes=20))
    page = hall.lead.get(hall.address).text
    assert "Here" in page and "Absent" not in page
    answer = hall.tap(place, "absent")
    assert (answer.status_code, "before the start" in answer.text) == (422, True)
    assert hall.now(place)[0] == "confirmed"
    clock(NOON)
    assert "Absent" in hall.lead.get(hall.address).text
    hall.tap(place, "absent")
    assert hall.now(place)[0] == "absent"


@pytest.fixture
def given_away(hall):
    """Somebody who is absent, and whose place another one was given meanwhile."""
    absent = hall.places[0]
    need = session.get_one(Need, absent.need_id)
    need.most = len(hall.places)
    session.commit()
    hall.tap(absent, "absent")
    late = b.a_participation(
        hall.shift, b.a_person(hall.cast.section), State.WAITLISTED, need_id=absent.need_id
    )
    with unit():
        promote(session.get_one(Participation, late.id), by=hall.cast.coordinator.id, now=NOON)
    return absent


def test_absence_is_not_taken_back_into_a_place_that_somebody_else_has(hall, given_away):
    absent = given_away
    answer = hall.tap(absent, "undo")
    assert (answer.status_code, "was given the place" in answer.text) == (422, True)
    assert hall.now(absent)[0] == "absent"
    # Who stands in the hall stands there: that is said of nobody in vain.
    assert hall.tap(absent, "in").status_code == 302
    assert hall.now(absent)[0] == "attended"


def test_who_comes_after_all_is_one_more_than_there_are_places_and_every_page_says_so(
    hall, given_away, clock
):
    over, why = "1 more than there are places", "came after all"
    assert over not in hall.lead.get(hall.address).text
    row = hall.tap(given_away, "in", headers=HTMX).text
    for page in (row, hall.lead.get(hall.address).text):
        assert over in page and why in page and "Whoever is there counts" in page
        assert session.get_one(Person, given_away.person_id).name in page
    staff = hall.cast.as_(hall.cast.coordinator)
    for address in ("", "/board"):
        page = staff.get(f"/shifts/{hall.shift.id}{address}").text
        assert over in page and ">Full<" not in page
    trail = staff.get(f"/shifts/{hall.shift.id}").text
    assert "came after all, when the place was given away" in trail
    assert over in staff.get(f"/schedule?view=timeline&day={NOON.date()}").text
    # Nobody comes in on top of it, and the hours are theirs as anybody's.
    [need] = facts.needs_of([hall.shift.id])[hall.shift.id]
    assert (need.held, need.most, need.free) == (4, 3, 0)
    clock(NOON + 9 * HOUR)
    hours = history.hours([given_away.person_id], NOON + 9 * HOUR)
    assert hours == {given_away.person_id: 8}


def test_taking_back_that_somebody_came_after_all_leaves_them_absent(hall, given_away):
    hall.tap(given_away, "in")
    assert hall.tap(given_away, "undo").status_code == 302
    assert hall.now(given_away)[0] == "absent"
    assert "than there are places" not in hall.lead.get(hall.address).text
    # Where there is room again they are expected, as anybody whose coming is taken back.
    hall.tap(given_away, "in")
    session.get_one(Need, given_away.need_id).most = None
    session.commit()
    hall.tap(given_away, "undo")
    assert hall.now(given_away)[0] == "confirmed"


def test_more_people_than_places_for_another_reason_blames_nobody(hall):
    hall.tap(hall.places[0], "absent")
    hall.tap(hall.places[1], "in")
    session.get_one(Need, hall.places[0].need_id).most = 1
    session.commit()
    page = hall.lead.get(hall.address).text
    assert "1 more than there are places" in page and "came after all" not in page
    hall.tap(hall.places[1], "undo")
    assert hall.now(hall.places[1])[0] == "confirmed"


def test_what_is_taken_back_after_the_shift_was_cancelled_is_no_place(hall, clock):
    place = hall.places[0]
    hall.tap(place, "in")
    with unit():
        slots.cancel(hall.shift.id, by=hall.cast.coordinator.id, now=NOON + HOUR, why="storm")
    clock(NOON + 2 * HOUR)
    assert hall.tap(place, "undo").status_code == 302
    assert hall.now(place)[0] == "cancelled"
    assert [entry.became for entry in trail("participation")][-2:] == ["cancelled", "cancelled"]


def test_a_tap_swaps_the_row_and_the_count_and_says_so_once(hall):
    place = hall.places[0]
    for _ in range(2):  # the connection dropped, and the phone sent it again
        answer = hall.tap(place, "in", headers=HTMX)
        assert answer.status_code == 200
        assert f'id="place-{place.id}"' in answer.text
        assert "1 of 3 came, 2 not said yet" in answer.text
        assert "<html" not in answer.text
    assert len(trail("checked in")) == 1


def test_the_list_opens_a_little_before_people_meet_and_afterwards_asks_who_came(hall, clock):
    place = hall.places[0]
    hall.shift.meet_before = 30
    session.commit()
    clock(NOON - 91 * timedelta(minutes=1))
    assert "Checking in begins shortly" in hall.lead.get(hall.address).text
    assert hall.tap(place, "in").status_code == 422
    refused = hall.tap(place, "in", headers=HTMX)
    assert (refused.status_code, refused.headers["HX-Refresh"]) == (422, "true")
    clock(NOON - 90 * timedelta(minutes=1))
    assert hall.tap(place, "in").status_code == 302
    clock(NOON + 9 * HOUR)
    page = hall.lead.get(hall.address).text
    assert "no check-out" in page
    assert page.count('value="came"') == 2
    assert hall.tap(hall.places[1], "in").status_code == 422
    assert hall.tap(hall.places[1], "came").status_code == 302
    assert hall.now(hall.places[1]) == ("attended", None, None)


def test_all_the_others_are_here_after_one_question(hall, clock):
    clock(NOON - 2 * HOUR)
    assert hall.lead.post(f"{hall.address}/all").status_code == 422
    clock(NOON)
    hall.tap(hall.places[0], "absent")
    asked = hall.lead.get(f"{hall.address}/all")
    assert "2 people of whom nothing was said" in asked.text
    assert hall.now(hall.places[1])[0] == "confirmed"
    assert hall.lead.post(f"{hall.address}/all").status_code == 302
    assert [hall.now(place)[0] for place in hall.places] == ["absent", "attended", "attended"]
    assert hall.now(hall.places[1])[1] == NOON
    clock(NOON + 9 * HOUR)
    assert hall.lead.post(f"{hall.address}/all").status_code == 302  # nobody is left


def test_who_said_that_they_cannot_come_is_not_ticked_among_all_the_others(hall):
    seeking = hall.places[0]
    seeking.state, seeking.cover_since = State.SEEKING_COVER, NOON - DAY
    session.commit()
    assert "Looks for cover" in hall.lead.get(hall.address).text
    assert "2 people of whom nothing was said" in hall.lead.get(f"{hall.address}/all").text
    hall.lead.post(f"{hall.address}/all")
    assert [hall.now(place)[0] for place in hall.places] == ["seeking cover", *["attended"] * 2]
    assert hall.tap(seeking, "in").status_code == 302  # came after all, and is said by name
    assert hall.now(seeking)[0] == "attended"


def test_a_scan_counts_when_it_happened_and_once(hall, clock):  # CHK-01
    place, at = hall.places[0], NOON + timedelta(minutes=15)
    clock(NOON + timedelta(minutes=20))
    scanned = {"scanned_at": at.isoformat().replace("+00:00", "Z")}
    assert hall.tap(place, "in", **scanned).status_code == 302
    assert hall.now(place) == ("attended", at, None)
    again = hall.tap(place, "in", **scanned)
    assert again.status_code == 200
    assert "already checked in" in again.text
    assert hall.now(place) == ("attended", at, None)
    assert len(session.scalars(select(Participation.id)).all()) == 3
    assert len(trail("checked in")) == 1


@pytest.mark.parametrize(
    "scanned_at",
    [
        "2026-06-10T12:20:01Z",  # in the future
        "2026-06-10T10:59:59Z",  # before the tolerance
        "2026-06-10T12:00:00",  # no zone: no instant
        "yesterday",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_scan_that_cannot_be_is_a_bad_request(hall, clock, scanned_at):  # CHK-01
    clock(NOON + timedelta(minutes=20))
    assert hall.tap(hall.places[0], "in", scanned_at=scanned_at).status_code == 400
    assert hall.now(hall.places[0]) == ("confirmed", None, None)


def test_who_leaves_after_midnight_leaves_the_same_shift(cast, clock):  # SHIFT-08
    starts = datetime(2026, 8, 14, 18, tzinfo=UTC)
    shift = b.a_shift(cast.section, starts_at=starts, hours=6)
    place = b.a_participation(shift, cast.volunteer)
    address = f"/shifts/{shift.id}/attendance/{place.id}"
    clock(starts)
    client = cast.as_(cast.coordinator)
    client.post(address, data={"said": "in"})
    clock(datetime(2026, 8, 15, 0, 5, tzinfo=UTC))
    assert client.post(address, data={"said": "out"}).status_code in (200, 302)
    kept = session.scalars(select(Participation)).one()
    assert (kept.came_at, kept.left_at) == (starts, datetime(2026, 8, 15, 0, 5, tzinfo=UTC))


def test_only_those_who_keep_the_attendance_of_this_slot_find_it(hall):
    cast, place = hall.cast, hall.places[0]
    other = b.a_shift(cast.section, starts_at=NOON)
    for stranger in (cast.stranger, cast.strange_coordinator, cast.volunteer):
        client = cast.as_(stranger)
        for page in ("", "/all", "/code", f"/{place.id}/times"):
            assert client.get(hall.address + page).status_code == 404
        assert hall.tap(place, "in", client).status_code == 404
        assert client.post(f"{hall.address}/all").status_code == 404
        assert client.post(f"{hall.address}/{place.id}/times").status_code == 404
    assert hall.now(place)[0] == "confirmed"
    assert hall.lead.get(f"/shifts/{other.id}/attendance").status_code == 404
    assert hall.lead.get(f"/trainings/{hall.shift.id}/attendance").status_code == 404
    assert hall.lead.get(f"/people/{hall.shift.id}/attendance").status_code == 404
    trainer = b.a_person(cast.section)
    b.an_appointment(trainer, cast.section, Role.TRAINER)
    assert hall.tap(place, "in", cast.as_(trainer)).status_code == 302


def test_a_place_of_another_shift_is_not_ticked_here(hall):
    other = b.a_shift(hall.cast.section, starts_at=NOON)
    place = b.a_participation(other, b.a_person(hall.cast.section))
    assert hall.tap(place, "in").status_code == 404
    person, need_id = b.a_person(hall.cast.section), hall.places[0].need_id
    waiting = b.a_participation(hall.shift, person, State.WAITLISTED, need_id=need_id)
    assert hall.tap(waiting, "in").status_code == 422


def test_two_leads_who_tap_at_the_same_moment_say_it_once(hall):
    place_id, by = hall.places[0].id, hall.cast.coordinator.id

    def tap(_number: int) -> bool:
        with hall.cast.app.app_context(), unit():
            place = session.get_one(Participation, place_id)
            return attendance.check_in(place, by=by, now=NOON)

    session.commit()
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(tap, range(4)))
    assert sorted(said) == [False, False, False, True]
    assert len(trail("checked in")) == 1


def test_what_breaks_in_between_leaves_nothing_half_done(hall, monkeypatch):
    place_id, by = hall.places[0].id, hall.cast.coordinator.id
    session.commit()

    def killed(*_what: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(attendance, "listeners", [killed])
    with pytest.raises(RuntimeError), unit():
        attendance.check_in(session.get_one(Participation, place_id), by=by, now=NOON)
    assert hall.now(session.get_one(Participation, place_id)) == ("confirmed", None, None)
    assert trail("checked in") == trail("participation") == []


def test_what_is_over_and_unsaid_is_listed_for_the_lead_and_the_coordinator(hall, clock):
    coordinator = hall.cast.as_(hall.cast.coordinator)
    assert "Wall day" not in hall.lead.get("/attendance").text
    hall.tap(hall.places[0], "in")
    clock(NOON + DAY)
    for client in (hall.lead, coordinator):
        page = client.get("/attendance").text
        assert "Wall day" in page and "2 not said yet" in page
    assert "Wall day" not in hall.cast.as_(hall.cast.strange_coordinator).get("/attendance").text
    assert "Of 2 people nobody has said" in coordinator.get("/").text
    assert "/attendance" in hall.lead.get("/").text
    hall.tap(hall.places[1], "absent")
    hall.tap(hall.places[2], "came")
    assert "Wall day" not in hall.lead.get("/attendance").text


@pytest.mark.parametrize("page", ["", "/all", "/code"])
def test_the_pages_cost_the_same_for_one_and_for_thirty(hall, page):
    def cost() -> int:
        with counted() as statements:
            assert hall.lead.get(hall.address + page).status_code == 200
        return len(statements)

    need_id = hall.places[0].need_id
    cost()
    few = cost()
    for _ in range(30):
        b.a_participation(hall.shift, b.a_person(hall.cast.section), need_id=need_id)
    assert cost() <= few <= 8


def test_the_list_of_what_is_unsaid_costs_the_same_for_one_and_for_thirty(hall, clock):
    clock(NOON + DAY)

    def cost() -> int:
        with counted() as statements:
            assert hall.lead.get("/attendance").status_code == 200
        return len(statements)

    cost()
    few = cost()
    for _ in range(30):
        shift = b.a_shift(hall.cast.section, starts_at=NOON, lead_id=hall.shift.lead_id)
        b.a_participation(shift, b.a_person(hall.cast.section))
    assert cost() <= few <= 8
