"""Addresses that strangers give us: which are called, and which never."""

import socket
import time

import pytest
import pywebpush  # noqa: F401 -- takes half a second, which is not what is measured here

from brigades.push import endpoints, rules, sending
from brigades.push.endpoints import NotAllowed
from brigades.push.rules import Answer
from tests.builders import HOUR, NOON
from tests.support import push
from tests.support.push import Device

KEY = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"


def sender(**given):
    return sending.Sender(KEY, "us@example.org", NOON, **given)


def message(device: Device, number: int = 1) -> sending.Message:
    keys = {"key": device.key, "auth": device.auth}
    return sending.Message(
        number, number, device.endpoint, **keys, words=b"{}", topic="t", kept_for=HOUR
    )


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # where clouds keep their secrets
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
    ],
)
def test_what_is_not_on_the_public_internet_is_not_called(address, monkeypatch):
    assert not endpoints.is_public(address)
    _lead_to(monkeypatch, address)
    with pytest.raises(NotAllowed):
        endpoints.addresses_of(endpoints.parse("https://push.example.org/x"))


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    _lead_to(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(NotAllowed):
        endpoints.addresses_of(endpoints.parse("https://push.example.org/x"))


def test_services_on_the_public_internet_are_called_at_the_address_that_was_looked_at(monkeypatch):
    _lead_to(monkeypatch, "93.184.216.34", "2606:2800:220:1::1")
    called = []

    def connect(address, timeout):
        called.append(address)
        raise OSError("not from here")

    monkeypatch.setattr(socket, "create_connection", connect)
    device = Device("https://push.example.org/x")
    told = message(device)
    assert sender().send_all([told]) == {told: Answer.REFUSED}
    assert called == [("93.184.216.34", 443), ("2606:2800:220:1::1", 443)]


def _lead_to(monkeypatch, *addresses):
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: entries)


def test_a_signature_is_for_the_service_alone():
    assert endpoints.parse("https://push.example.org/x?y=1").origin == "https://push.example.org"
    assert endpoints.parse("https://push.example.org/x?y=1").path == "/x?y=1"
    at = endpoints.parse("http://127.0.0.1:81/x", loopback=True)
    assert at.origin == "http://127.0.0.1:81"


def test_a_message_is_encrypted_for_the_device_and_signed_for_its_service():
    with push.service() as service:
        service.now = NOON
        device = service.a_device()
        told = message(device)
        assert sender(loopback=True).send_all([told]) == {told: Answer.TAKEN}
        [got] = device.got
        assert got.said == {}
        assert got.claims == {
            "aud": service.origin,
            "exp": int((NOON + 12 * HOUR).timestamp()),
            "sub": "mailto:us@example.org",
        }


def test_loopback_is_refused_where_it_is_not_allowed_for_tests():
    with push.service() as service:
        told = message(service.a_device())
        assert sender().send_all([told]) == {told: Answer.REFUSED}
        assert service.asked == []


@pytest.mark.long
@pytest.mark.parametrize("how", [0, -1])
def test_services_that_hang_or_drip_hold_up_nobody_beyond_the_time_of_a_batch(how):
    with push.service() as service:
        slow = [service.a_device() for _ in range(sending.BESIDE_EACH_OTHER + 2)]
        for device in slow:
            service.answer(device, how)
        told = [message(device, number) for number, device in enumerate(slow)]
        began = time.monotonic()
        answers = sender(loopback=True).send_all(told, seconds=2.5)
        assert time.monotonic() - began < 30  # each of them would hang for ever
        assert set(answers.values()) == {Answer.REFUSED}
        assert len(answers) == sending.BESIDE_EACH_OTHER  # for the last two no time was left
        assert len(service.asked) == sending.BESIDE_EACH_OTHER


@pytest.mark.long
def test_one_slow_service_does_not_keep_the_others_from_being_told():
    with push.service() as service:
        slow, quick = service.a_device(), service.a_device()
        service.answer(slow, 0)
        told = [message(slow, 1), *(message(quick, number) for number in range(2, 30))]
        answers = sender(loopback=True).send_all(told, seconds=2)
        assert [each.letter_id for each, said in answers.items() if said is not Answer.TAKEN] == [1]


def test_a_service_with_a_wrong_certificate_is_told_nothing():
    with push.service() as service:
        told = message(Device(service.origin.replace("http:", "https:") + "/x"))
        assert sender(loopback=True).send_all([told]) == {told: Answer.REFUSED}
        assert service.asked == []


def test_a_service_that_is_not_there_is_a_refusal():
    with push.service() as service:
        device = service.a_device()
    told = message(device)
    assert sender(loopback=True).send_all([told]) == {told: Answer.REFUSED}


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
         "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
         "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
         "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36",
         "Samsung Internet, Android"),
        ("", ""),
        ("curl/8", ""),
    ],
)  # fmt: skip
def test_a_device_is_called_what_its_owner_calls_it(agent, words):
    assert rules.device_words(agent) == words


def test_the_mail_follows_after_half_an_hour_but_two_hours_before_the_deadline():
    minutes = rules.MAIL_AFTER
    assert rules.mail_follows_at(NOON, None) == NOON + minutes
    assert rules.mail_follows_at(NOON, NOON + 9 * HOUR) == NOON + minutes
    assert rules.mail_follows_at(NOON, NOON + 2.25 * HOUR) == NOON + 0.25 * HOUR
    assert rules.mail_follows_at(NOON, NOON + HOUR) < NOON


def test_the_service_keeps_a_message_no_longer_than_it_matters():
    assert rules.kept_for(NOON, NOON + HOUR) == HOUR
    assert rules.kept_for(NOON, NOON - HOUR) == rules.MINUTE
    assert rules.kept_for(NOON, None) == rules.LONGEST_KEPT
