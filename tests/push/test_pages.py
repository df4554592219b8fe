"""The page of one's devices: adding the one at hand, removing, trying out, signing out."""

import re
import struct

import pytest
from sqlalchemy import select

from brigades import clock
from brigades.audit.models import Entry
from brigades.db import session, unit
from brigades.outbox.models import Letter
from brigades.people import erasing
from brigades.people import service as people
from brigades.people.models import Person, Standing
from brigades.push import keys, service
from tests import builders
from tests.builders import NOON
from tests.push.people import carry, devices
from tests.support.apps import beside
from tests.support.statements import counted

PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
def mira(app) -> Person:
    return builders.a_person(builders.a_section())


@pytest.fixture
def hers(app, mira):
    return builders.signed_in(app, mira)


def page(client) -> str:
    answer = client.get("/me/push")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def add(client, phone, **more):
    given = {"data": phone.form | more, "headers": {"User-Agent": PHONE}}
    return client.post("/me/push/devices", **given)


def test_a_device_is_added_named_by_its_browser_and_removed_again(app, hers, mira, phones):
    assert "No device yet" in page(hers)
    answer = add(hers, phones.a_device())
    assert (answer.status_code, answer.location) == (303, "/me/push")
    [device] = devices()
    assert (device.person_id, device.device) == (mira.id, "Firefox, Android")
    shown = page(hers)
    assert "Firefox, Android" in shown
    assert "No message yet" in shown
    assert service.mark_of(device.endpoint) in shown
    assert device.endpoint not in shown
    assert hers.post(f"/me/push/devices/{device.id}/remove").status_code == 303
    assert devices() == []
    trail = session.scalars(select(Entry).where(Entry.what == "push device").order_by(Entry.id))
    assert [(one.was, one.became) for one in trail] == [
        ("", "Firefox, Android"),
        ("Firefox, Android", ""),
    ]


def test_the_page_gives_the_script_our_public_key_and_works_without_scripts(app, hers, mira):
    shown = page(hers)
    assert f'data-key="{keys.public_key(app.config["PUSH_KEY"])}"' in shown
    assert "<noscript>" in shown
    assert not re.search(r"<script(?![^>]* src=)", shown)


def test_another_s_device_is_not_there(app, hers, mira, phones):
    other = builders.a_person(builders.a_section())
    carry(other, phones)
    [device] = devices()
    assert "Firefox" not in page(hers)
    assert hers.post(f"/me/push/devices/{device.id}/remove").status_code == 404
    assert len(devices()) == 1


def test_a_browser_belongs_to_whoever_added_it_last(app, hers, mira, phones):
    other = builders.a_person(builders.a_section())
    phone = phones.a_device()
    add(builders.signed_in(app, other), phone)
    add(hers, phone)
    assert [device.person_id for device in devices()] == [mira.id]


def test_adding_it_twice_keeps_it_once_and_another_address_takes_its_place(app, hers, phones):
    first, second = phones.a_device(), phones.a_device()
    add(hers, first)
    add(hers, first)
    assert [device.endpoint for device in devices()] == [first.endpoint]
    add(hers, second, instead=first.endpoint)
    assert [device.endpoint for device in devices()] == [second.endpoint]


def test_a_browser_that_gets_another_address_by_itself_stays_with_whoever_added_it(
    app, hers, mira, phones
):
    other = builders.a_person(builders.a_section())
    theirs, anew = carry(other, phones), phones.a_device()
    # Mira is signed in now, without the other having signed out; nobody presses anything.
    assert add(hers, anew, instead=theirs.endpoint, renewed="y").status_code == 303
    assert [device.person_id for device in devices()] == [other.id]
    add(builders.signed_in(app, other), anew, instead=theirs.endpoint, renewed="y")
    [device] = devices()
    assert (device.person_id, device.endpoint) == (other.id, anew.endpoint)


def test_an_eleventh_device_is_refused_until_one_is_removed(app, hers, mira, phones):
    for _ in range(10):
        carry(mira, phones)
    answer = add(hers, phones.a_device())
    assert answer.status_code == 422
    assert "10 devices already" in answer.get_data(as_text=True)
    assert len(devices()) == 10
    hers.post(f"/me/push/devices/{devices()[0].id}/remove")
    assert add(hers, phones.a_device()).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": ""},
        {"endpoint": "ftp://push.example.org/x"},
        {"endpoint": "https://push.example.org/" + "x" * 1000},
        {"endpoint": "https://somebody@push.example.org/x"},
        {"endpoint": "https://push.example.org/x\r\nHost: elsewhere"},
        {"endpoint": "https://push.example.org:99999/x"},
        {"endpoint": "https://[::1]/x"},
        {"key": ""},
        {"key": "AAAA"},
        {"key": "é" * 87},
        {"key": "B" + "A" * 86},
        {"auth": ""},
        {"auth": "A" * 500},
    ],
)
def test_what_no_message_could_be_sent_to_is_refused(app, hers, phones, wrong):
    answer = add(hers, phones.a_device(), **wrong)
    assert answer.status_code == 422
    assert "Your browser gave" in answer.get_data(as_text=True)
    assert devices() == []


def test_outside_of_tests_only_https_on_its_usual_port_is_taken(app, hers, phones):
    app.config["PUSH_TO_LOOPBACK"] = False
    phone = phones.a_device()
    assert add(hers, phone).status_code == 422
    assert add(hers, phone, endpoint="https://push.example.org:8443/x").status_code == 422
    assert add(hers, phone, endpoint="https://push.example.org/x").status_code == 303


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "169.254.169.254", "127.1", "2130706433", "0x7f.1", "0X7F000001", "10.1."]
)
def test_no_service_is_called_by_a_number(app, hers, phones, host):
    app.config["PUSH_TO_LOOPBACK"] = False
    assert add(hers, phones.a_device(), endpoint=f"https://{host}/x").status_code == 422


def test_whoever_signs_out_on_a_device_is_told_nothing_more_there(app, hers, mira, phones):
    elsewhere = carry(mira, phones)
    add(hers, phones.a_device())
    assert len(devices()) == 2
    assert hers.post("/logout").status_code == 302
    assert [device.endpoint for device in devices()] == [elsewhere.endpoint]


def test_signing_out_elsewhere_leaves_the_device(app, hers, mira, phones):
    carry(mira, phones)
    hers.post("/logout")
    assert len(devices()) == 1


def test_the_device_of_whoever_had_this_browser_before_is_not_theirs_to_sign_out(
    app, hers, mira, phones
):
    phone = phones.a_device()
    add(hers, phone)
    other = builders.a_person(builders.a_section())
    service.add(other.id, **phone.form, device="", now=NOON)
    hers.post("/logout")
    assert [device.person_id for device in devices()] == [other.id]


def test_a_test_is_posted_once_a_minute_however_often_it_is_pressed(app, hers, mira, phones):
    add(hers, phones.a_device())
    for _ in range(3):
        assert hers.post("/me/push/test").status_code == 303
    assert 1 <= len(session.scalars(select(Letter)).all()) <= 2  # a minute may have turned


def test_switched_off_nothing_is_offered_or_taken(app, mira, phones):
    with beside(app, PUSH_KEY="", PUSH_TO_LOOPBACK=True) as without:
        client = builders.signed_in(without, mira)
        shown = page(client)
        assert "switched off" in shown
        assert "push.js" not in shown
        assert add(client, phones.a_device()).status_code == 422
        assert client.get("/me/push/again").json["key"] == ""
    assert devices() == []


def test_the_worker_is_served_at_the_root_and_asked_for_anew(client):
    answer = client.get("/push-worker.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    again = client.get("/push-worker.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    script = answer.get_data(as_text=True)
    assert "caches" not in script
    assert '"fetch"' not in script


def test_a_home_screen_learns_what_it_opens(app, client):
    answer = client.get("/app.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    assert answer.json["name"] == app.config["ORGANISATION"]
    assert answer.json["display"] == "standalone"
    assert answer.cache_control.max_age == 86400
    for picture in answer.json["icons"]:
        with client.get(picture["src"]) as got:
            assert (got.status_code, got.mimetype) == (200, picture["type"])
            width, height = struct.unpack(">II", got.data[16:24])
        assert picture["sizes"] == f"{width}x{height}"
    assert {picture["purpose"] for picture in answer.json["icons"]} == {"any", "maskable"}


def test_every_page_says_how_to_put_the_site_on_a_home_screen(client, hers):
    for page in (client.get("/login").text, hers.get("/me/push").text):
        assert page.count('<link rel="manifest" href="/app.webmanifest">') == 1
        [icon] = re.findall(r'<link rel="apple-touch-icon" href="([^"]+)">', page)
        with client.get(icon) as got:
            assert got.status_code == 200


def test_a_worker_whose_browser_got_another_address_learns_how_to_say_so(app, mira):
    with beside(app, WTF_CSRF_ENABLED=True, PUSH_TO_LOOPBACK=True) as guarded:
        client = builders.signed_in(guarded, mira)
        told = client.get("/me/push/again").json
        form = {"endpoint": "https://push.example.org/x", "csrf_token": told["token"]}
        answer = client.post("/me/push/devices", data=form)
        assert "Your browser gave a key" in answer.get_data(as_text=True)  # the token was right
        assert told["key"] == keys.public_key(app.config["PUSH_KEY"])
        assert app.test_client().get("/me/push/again").status_code == 302


def test_who_leaves_or_is_erased_has_no_devices(app, mira, phones):
    other = builders.a_person(builders.a_section())
    by = builders.a_person(builders.a_section())
    carry(mira, phones)
    carry(other, phones)
    with unit():
        leaver = session.get_one(Person, mira.id)
        people.set_standing(leaver, Standing.LEFT, by=by.id, now=NOON, why="")
    assert [device.person_id for device in devices()] == [other.id]
    with unit():
        erasing.erase(session.get_one(Person, other.id), by=by.id, now=clock.now(), why="asked")
    assert devices() == []


def test_the_page_costs_the_same_for_one_device_and_for_ten(app, hers, mira, phones):
    def cost() -> int:
        with counted() as seen:
            page(hers)
        return len(seen)

    carry(mira, phones)
    hers.get("/me/push")
    one = cost()
    for _ in range(9):
        carry(mira, phones)
    assert cost() == one <= 8
