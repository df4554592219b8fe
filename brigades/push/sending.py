"""Messages to push services: each by itself, several beside each other, all within a set time.

Knows neither database nor application: no transaction is open meanwhile.
"""

import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from http.client import HTTPSConnection

from brigades.push import endpoints, keys
from brigades.push.rules import ONE_BATCH, ONE_MESSAGE, Answer, answer_of

log = logging.getLogger(__name__)

BESIDE_EACH_OTHER = 8
MOST_ADDRESSES = 3  # of one service that are tried


@dataclass(frozen=True)
class Message:
    """What goes to one device of a letter's reader; ``words`` are what the browser shows."""

    letter_id: int
    device_id: int
    endpoint: str
    key: str
    auth: str
    words: bytes
    topic: str
    kept_for: timedelta


class Sender:
    """Who sends: PUSH_KEY and MAIL_FROM. ``loopback`` lets it call this machine, for tests."""

    def __init__(self, key: str, mail_from: str, now: datetime, *, loopback: bool = False) -> None:
        self.key, self.mail_from, self.now, self.loopback = key, mail_from, now, loopback
        self._lines: set[socket.socket] = set()
        self._over = False
        self._lock = threading.Lock()

    def send_all(
        self, messages: Sequence[Message], seconds: float = ONE_BATCH
    ) -> dict[Message, Answer]:
        """What the services said; a message that there was no time for is left out.

        Returns after ``seconds`` at the latest, however slowly anybody answers.
        """
        ends = time.monotonic() + seconds
        pool = ThreadPoolExecutor(BESIDE_EACH_OTHER, thread_name_prefix="push")
        try:
            begun = {pool.submit(self._send_before, ends, each): each for each in messages}
            done, late = wait(begun, timeout=seconds)
            answers = {begun[one]: one.result() for one in done}
            answers |= {begun[one]: Answer.REFUSED for one in late if not one.cancel()}
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            self._hang_up()
        return {message: answer for message, answer in answers.items() if answer is not None}

    def _send_before(self, ends: float, message: Message) -> Answer | None:
        """What the service said; None where no time was left to ask it."""
        left = ends - time.monotonic()
        if left <= 0:
            return None
        try:
            return answer_of(self._send(message, min(left, ONE_MESSAGE)))
        except Exception as error:  # whatever a stranger's server does, it is that device's matter
            log.info("device %s could not be told: %s", message.device_id, error)
            return Answer.REFUSED

    def _send(self, message: Message, seconds: float) -> int:
        endpoint = endpoints.parse(message.endpoint, loopback=self.loopback)
        headers = {
            "Authorization": keys.signed(self.key, endpoint.origin, self.mail_from, self.now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(message.kept_for.total_seconds())),
            "Topic": message.topic,
            "Urgency": "high",
        }
        with self._line(endpoint, seconds) as line:
            line.request("POST", endpoint.path, body=encrypted(message), headers=headers)
            return line.getresponse().status  # nothing else is read, and nothing is followed

    @contextmanager
    def _line(self, endpoint: endpoints.Endpoint, seconds: float) -> Iterator[HTTPSConnection]:
        """A connection to an address that was looked at just before."""
        addresses = endpoints.addresses_of(endpoint, loopback=self.loopback)
        line = HTTPSConnection(endpoint.host, endpoint.port, timeout=seconds, context=_trust())
        end = _connected(addresses, endpoint.port, seconds)
        try:
            if endpoint.secure:
                end = _trust().wrap_socket(
                    end, server_hostname=endpoint.host, do_handshake_on_connect=False
                )
            with self._lock:
                self._lines.add(end)
                if self._over:  # it took so long to get through that the others hung up
                    raise TimeoutError
            if isinstance(end, ssl.SSLSocket):
                end.do_handshake()
            line.sock = end
            yield line
        finally:
            with self._lock:
                self._lines.discard(end)
            line.close()
            end.close()

    def _hang_up(self) -> None:
        """End what is still going on: a service that sends a byte now and then holds up nobody."""
        with self._lock:
            self._over = True
            for end in self._lines:
                with suppress(OSError):  # it ended by itself
                    socket.socket.shutdown(end, socket.SHUT_RDWR)


def _connected(addresses: list[str], port: int, seconds: float) -> socket.socket:
    """A connection to the first of these that answers; raises OSError."""
    error = OSError("no address")
    for address in addresses[:MOST_ADDRESSES]:
        try:
            return socket.create_connection((address, port), seconds)
        except OSError as refused:  # such as IPv6 where there is none
            error = refused
    raise error


def encrypted(message: Message) -> bytes:
    """The words as only the device can read them (RFC 8291)."""
    from pywebpush import WebPusher

    device = {"endpoint": message.endpoint, "keys": {"p256dh": message.key, "auth": message.auth}}
    return bytes(WebPusher(device).encode(message.words)["body"])


@cache
def _trust() -> ssl.SSLContext:
    """Whose certificates count; reading them takes longer than sending a message."""
    return ssl.create_default_context()
