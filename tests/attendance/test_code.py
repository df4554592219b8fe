"""Checking in by oneself: scan or type the lead's code, press once."""

import re
from datetime import timedelta

import pytest

from brigades import tokens
from brigades.attendance import codes
from brigades.schedule.states import State
from tests import builders as b
from tests.access.world import difference, snapshot
from tests.builders import HOUR, NOON


@pytest.fixture
def scanned(hall):
    """The address that the shown code leads to, and the volunteer's browser."""
    return f"/here/{codes.token(hall.shift.id)}", hall.cast.as_(hall.cast.volunteer)


def test_the_lead_shows_a_code_to_scan_and_letters_to_type(hall):
    page = hall.lead.get(f"{hall.address}/code").text
    assert '<svg class="br-qr"' in page or 'class="br-qr"' in page
    assert "style=" not in page.partition("<main")[2]
    letters = codes.letters(hall.shift.id)
    assert f"{letters[:3]} {letters[3:]}" in page
    assert re.fullmatch("[2-9A-HJKMNP-Z]{6}", letters)
    assert codes.letters(hall.shift.id + 1) != letters


def test_one_button_checks_in_and_later_out(hall, scanned, clock):
    address, client = scanned
    assert "I am here" in client.get(address).text
    assert client.post(address, data={"said": "in"}).status_code == 303
    assert hall.now(hall.places[0]) == ("attended", NOON, None)
    assert "I am leaving" in client.get(address).text
    clock(NOON + 8 * HOUR + timedelta(minutes=5))
    assert client.post(address, data={"said": "out"}).status_code == 303
    kept = ("attended", NOON, NOON + 8 * HOUR + timedelta(minutes=5))
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
    address, client = scanned
    clock(NOON + timedelta(minutes=20))
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
    address, client = scanned
    for moment in (NOON + 8 * HOUR, NOON + 20 * HOUR):
        clock(moment)
        assert client.post(address, data={"said": "in"}).status_code == 422
        assert "This is over" in client.get(address).text
    assert hall.now(hall.places[0])[0] == "confirmed"


def test_the_letters_can_be_typed_in_any_manner(hall, scanned):
    _address, client = scanned
    letters = codes.letters(hall.shift.id)
    for typed in (letters, letters.lower(), f" {letters[:3]}-{letters[3:]} "):
        answer = client.post("/here", data={"code": typed})
        assert answer.status_code == 303
        assert "I am here" in client.get(answer.location).text
    wrong = client.post("/here", data={"code": "<b>222222"})
    assert wrong.status_code == 422
    assert "&lt;b&gt;222222" in wrong.text
    stranger = hall.cast.as_(hall.cast.stranger)
    assert stranger.post("/here", data={"code": letters}).status_code == 422
