"""Checking in by oneself: scan or type the lead's code, press once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from brigades import tokens
from brigades.attendance import codes
from brigades.audit.models import Entry
from brigades.db import session
from brigades.people.models import Person
from brigades.schedule.states import State
from tests import builders as b
from tests.access.world import difference, snapshot
from tests.builders import HOUR, NOON

MINUTE = timedelta(minutes=1)


def address_of(hall, **how):
    """The address in the code that is shown at this moment."""
    return f"/here/{codes.token(hall.shift.id, **how)}"


@pytest.fixture
def scanned(hall):
    """The address that the shown code leads to, and the volunteer's browser."""
    return address_of(hall), hall.cast.as_(hall.cast.volunteer)


def as_the_second(hall):
    """The browser of another one who has a place."""
    return hall.cast.as_(session.get_one(Person, hall.places[1].person_id))


def letters_on(page: str) -> str:
    """The six letters that a page shows."""
    return "".join(re.findall(r"br-letters.*?<bdi[^>]*>(\w{3}) (\w{3})</bdi>", page)[0])


def seen_on(page: str) -> str:
    """What the page of a code keeps for its button."""
    return re.findall(r'name="seen" value="([^"]+)"', page)[0]


def test_the_lead_shows_a_code_to_scan_and_letters_to_type(hall):
    page = hall.lead.get(f"{hall.address}/code").text
    assert '<svg class="br-qr"' in page or 'class="br-qr"' in page
    assert "style=" not in page.partition("<main")[2]
    letters = codes.letters(hall.shift.id, NOON)
    assert letters_on(page) == letters
    assert re.fullmatch("[2-9A-HJKMNP-Z]{6}", letters)
    assert codes.letters(hall.shift.id + 1, NOON) != letters


def test_the_shown_code_is_another_every_minute_and_shows_itself(hall, clock):
    pages = []
    for minutes in range(3):
        clock(NOON + minutes * MINUTE)
        pages.append(hall.lead.get(f"{hall.address}/code").text)
    assert len({letters_on(page) for page in pages}) == 3
    assert len({re.findall("<svg[^>]*br-qr.*?</svg>", page, re.DOTALL)[0] for page in pages}) == 3
    [page, *_later] = pages
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in page
    assert 'hx-trigger="every 60s"' in page and 'hx-select="#shown"' in page


def test_a_code_is_taken_while_it_is_shown_and_a_little_longer(hall, scanned, clock):
    address, client = scanned
    for late, taken in ((timedelta(seconds=119), True), (3 * MINUTE, False)):
        clock(NOON + late)
        assert ("I am here" in client.get(address).text) is taken
        assert client.post(address, data={"said": "in"}).status_code == (303 if taken else 422)
        assert hall.now(hall.places[0])[0] == ("attended" if taken else "confirmed")
        hall.tap(hall.places[0], "undo")


def test_a_photo_of_the_code_is_of_no_use_to_who_is_elsewhere(hall, scanned, clock):
    address, client = scanned
    letters = codes.letters(hall.shift.id, NOON)
    clock(NOON + 5 * MINUTE)
    assert "This code is old" in client.get(address).text
    answer = client.post(address, data={"said": "in", "seen": "made up"})
    assert answer.status_code == 422 and "This code is old" in answer.text
    assert client.post("/here", data={"code": letters}).status_code == 422
    assert hall.now(hall.places[0])[0] == "confirmed"


def test_who_scanned_in_time_may_press_the_button_later(hall, scanned, clock):
    address, client = scanned
    sent = {"said": "in", "seen": seen_on(client.get(address).text)}
    clock(NOON + 10 * MINUTE)
    assert client.post(address, data=sent).status_code == 303
    assert hall.now(hall.places[0])[0] == "attended"
    assert "You are here since" in client.get(address).text
    again = client.post(address, data=sent)
    assert again.status_code == 200 and "already checked in" in again.text


def test_what_one_persons_page_keeps_is_of_no_use_to_another(hall, scanned, clock):
    address, client = scanned
    seen = seen_on(client.get(address).text)
    clock(NOON + 5 * MINUTE)
    other = as_the_second(hall)
    assert other.post(address, data={"said": "in", "seen": seen}).status_code == 422
    clock(NOON + 16 * MINUTE)
    assert client.post(address, data={"said": "in", "seen": seen}).status_code == 422
    assert [hall.now(place)[0] for place in hall.places[:2]] == ["confirmed", "confirmed"]


def test_a_printed_code_stays_where_the_lead_chooses_one(hall, clock):
    client = hall.cast.as_(hall.cast.volunteer)
    assert f"{hall.address}/code/printed" in hall.lead.get(f"{hall.address}/code").text
    page = hall.lead.get(f"{hall.address}/code/printed").text
    assert "This code stays the same" in page
    assert "http-equiv" not in page and "hx-trigger" not in page
    letters, address = letters_on(page), address_of(hall, printed=0)
    clock(NOON + 3 * HOUR)
    assert letters_on(hall.lead.get(f"{hall.address}/code/printed").text) == letters
    typed = client.post("/here", data={"code": letters})
    assert typed.status_code == 303 and "I am here" in client.get(typed.location).text
    assert client.post(address, data={"said": "in"}).status_code == 303
    assert hall.now(hall.places[0]) == ("attended", NOON + 3 * HOUR, None)
    clock(NOON + 20 * HOUR)
    assert client.post(address, data={"said": "out"}).status_code == 303
    clock(NOON + 21 * HOUR)
    assert as_the_second(hall).post(address, data={"said": "in"}).status_code == 422


def test_a_new_printed_code_makes_the_old_ones_useless_at_once(hall):
    client, other = hall.cast.as_(hall.cast.volunteer), as_the_second(hall)
    old, letters = address_of(hall, printed=0), codes.printed_letters(hall.shift.id, 0)
    assert "I am here" in other.get(old).text  # open on a device while it is replaced
    before = hall.lead.get(f"{hall.address}/code/printed").text
    assert "Make a new code" in before and letters_on(before) == letters
    assert hall.lead.post(f"{hall.address}/code/printed").status_code == 303
    after = hall.lead.get(f"{hall.address}/code/printed").text
    assert "This is the new code." in after
    assert letters_on(after) == codes.printed_letters(hall.shift.id, 1) != letters
    for who in (client, other):
        page = who.get(old)
        assert "This code was replaced by a new one." in page.text and "I am here" not in page.text
        for sent in ({}, {"seen": codes.seen(hall.shift.id, 1)}, {"scanned_at": NOON.isoformat()}):
            answer = who.post(old, data={"said": "in", **sent})
            assert answer.status_code == (400 if "scanned_at" in sent else 422)
        assert who.post("/here", data={"code": letters}).status_code == 422
    assert [hall.now(place)[0] for place in hall.places[:2]] == ["confirmed", "confirmed"]
    new = client.post("/here", data={"code": letters_on(after)}).location
    assert client.post(new, data={"said": "in"}).status_code == 303
    assert hall.now(hall.places[0])[0] == "attended"


def test_a_new_printed_code_stands_in_the_trail_and_leaves_the_shown_one(hall, scanned):
    address, client = scanned
    hall.lead.post(f"{hall.address}/code/printed")
    entry = session.scalars(select(Entry).where(Entry.what == "printed code")).one()
    assert (entry.slot_id, entry.by_id) == (hall.shift.id, hall.shift.lead_id)
    shift = hall.cast.as_(hall.cast.coordinator).get(f"/shifts/{hall.shift.id}")
    assert "Printed code for checking in" in shift.text
    assert client.post(address, data={"said": "in"}).status_code == 303


def test_what_was_printed_before_codes_had_numbers_is_good_until_it_is_replaced(hall):
    client = hall.cast.as_(hall.cast.volunteer)
    old = f"/here/{tokens.sign('attendance printed', hall.shift.id)}"
    assert "I am here" in client.get(old).text
    hall.lead.post(f"{hall.address}/code/printed")
    assert "This code was replaced" in client.get(old).text


def test_who_does_not_lead_sees_no_code(hall):
    client = hall.cast.as_(hall.cast.volunteer)
    for page in ("code", "code/printed"):
        assert client.get(f"{hall.address}/{page}").status_code == 404
    assert client.post(f"{hall.address}/code/printed").status_code == 404


def test_one_button_checks_in_and_later_out(hall, scanned, clock):
    address, client = scanned
    assert "I am here" in client.get(address).text
    assert client.post(address, data={"said": "in"}).status_code == 303
    assert hall.now(hall.places[0]) == ("attended", NOON, None)
    assert "I am leaving" in client.get(address).text
    clock(NOON + 8 * HOUR + 5 * MINUTE)
    assert "scan the code again" in client.get(address).text
    address = address_of(hall)
    assert client.post(address, data={"said": "out"}).status_code == 303
    kept = ("attended", NOON, NOON + 8 * HOUR + 5 * MINUTE)
    assert hall.now(hall.places[0]) == kept
    again = client.post(address, data={"said": "out"})
    assert again.status_code == 200 and "checked out already" in again.text
    assert hall.now(hall.places[0]) == kept


def test_looking_changes_nothing(hall, scanned):
    address, client = scanned
    before = snapshot()
    for page in (address, "/here"):
        assert client.get(page).status_code == 200
    assert difference(before, snapshot()) == ""


def test_the_same_scan_again_is_heard_and_changes_nothing(hall, scanned, clock):  # CHK-01
    clock(NOON + 15 * MINUTE)
    address, (_before, client) = address_of(hall), scanned
    clock(NOON + 20 * MINUTE)  # the device was without a network meanwhile
    sent = {"said": "in", "scanned_at": "2026-06-10T12:15:00Z"}
    assert client.post(address, data=sent).status_code == 303
    again = client.post(address, data=sent)
    assert again.status_code == 200 and "already checked in" in again.text
    assert hall.now(hall.places[0]) == ("attended", NOON + timedelta(minutes=15), None)
    for impossible in ("2026-06-10T12:21:00Z", "2026-06-10T10:59:00Z"):
        hall.tap(hall.places[0], "undo")
        sent["scanned_at"] = impossible
        assert client.post(address, data=sent).status_code == 400
        assert hall.now(hall.places[0])[0] == "confirmed"
    sent["scanned_at"] = "2026-06-10T12:19:00Z"  # when it was shown no more
    assert client.post(address, data=sent).status_code == 400
    clock(NOON + 40 * MINUTE)  # too late to tell
    sent["scanned_at"] = "2026-06-10T12:15:00Z"
    assert client.post(address, data=sent).status_code == 400
    assert hall.now(hall.places[0])[0] == "confirmed"


def test_no_device_tells_of_a_scan_from_before_the_code_was_shown(hall, scanned, clock):
    clock(NOON + 20 * MINUTE)
    address, (_before, client) = address_of(hall), scanned
    page = client.get(address).text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    for kept in ({}, {"seen": seen[1]}):
        sent = {"said": "in", "scanned_at": "2026-06-10T12:01:00Z", **kept}
        assert client.post(address, data=sent).status_code == 400
        assert hall.now(hall.places[0])[0] == "confirmed"
    sent = {"said": "in", "scanned_at": "2026-06-10T12:18:00Z"}  # its clock is two minutes behind
    assert client.post(address, data=sent).status_code == 303
    assert hall.now(hall.places[0]) == ("attended", NOON + 18 * MINUTE, None)


def test_who_is_signed_out_signs_in_first_and_comes_back(hall, scanned):
    address, _client = scanned
    answer = hall.cast.app.test_client().get(address)
    assert answer.status_code == 302
    assert address in answer.location


def test_whoever_has_no_place_is_told_kindly_and_learns_nothing(hall, scanned):
    address, _client = scanned
    stranger = hall.cast.as_(hall.cast.stranger)
    page = stranger.get(address)
    assert page.status_code == 200 and "You have no place here" in page.text
    assert "Wall day" not in page.text
    assert stranger.post(address, data={"said": "in"}).status_code == 422
    waiting = b.a_person(hall.cast.section)
    b.a_participation(hall.shift, waiting, State.WAITLISTED, need_id=hall.places[0].need_id)
    assert hall.cast.as_(waiting).post(address, data={"said": "in"}).status_code == 422


def test_a_forged_code_leads_nowhere(hall, scanned):
    _address, client = scanned
    for token in ("x", codes.token(hall.shift.id)[:-1], tokens.sign("answer", hall.shift.id)):
        assert client.get(f"/here/{token}").status_code == 404
        assert client.post(f"/here/{token}", data={"said": "in"}).status_code == 404
    assert client.post(_address, data={"said": "maybe"}).status_code == 400


def test_nobody_checks_in_by_code_before_the_doors_open_or_after_the_end(hall, scanned, clock):
    _address, client = scanned
    clock(NOON - 2 * HOUR)
    early = as_the_second(hall)
    assert early.post(address_of(hall), data={"said": "in"}).status_code == 422
    assert "Checking in begins shortly before" in early.get(address_of(hall)).text
    for moment in (NOON + 8 * HOUR, NOON + 20 * HOUR):
        clock(moment)
        address = address_of(hall)
        assert client.post(address, data={"said": "in"}).status_code == 422
        assert "This is over" in client.get(address).text
    assert hall.now(hall.places[0])[0] == "confirmed"


def test_the_letters_can_be_typed_in_any_manner(hall, scanned):
    _address, client = scanned
    letters = codes.letters(hall.shift.id, NOON)
    for typed in (letters, letters.lower(), f" {letters[:3]}-{letters[3:]} "):
        answer = client.post("/here", data={"code": typed})
        assert answer.status_code == 303
        assert "I am here" in client.get(answer.location).text
    wrong = client.post("/here", data={"code": "<b>222222"})
    assert wrong.status_code == 422
    assert "&lt;b&gt;222222" in wrong.text
    stranger = hall.cast.as_(hall.cast.stranger)
    assert stranger.post("/here", data={"code": letters}).status_code == 422
