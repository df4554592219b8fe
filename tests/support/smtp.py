"""A real mail server on loopback that keeps what it is given."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from typing import Any

from aiosmtpd.controller import Controller


@dataclass(frozen=True)
class Received:
    """One letter as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        """The letter parsed."""
        message = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def subject(self) -> str:
        """Its subject, decoded."""
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """Its plain text part."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """Its HTML part."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None, f"the letter has no {kind} part"
        return str(part.get_content())


class Sink:
    """A running mail server.

    `refusals` maps an address to the answer it gets instead of 250, `refused_letters` to the one
    that its letter gets once it is there; `unwelcome` is what a sender hears. Letters to `dropped`
    break the connection, and those to `kept_waiting` get no answer, before they are kept. What else
    is given goes to aiosmtpd, such as who may sign in.
    """

    def __init__(self, **more: Any) -> None:
        self.received: list[Received] = []
        self.refusals: dict[str, str] = {}
        self.refused_letters: dict[str, str] = {}
        self.unwelcome = ""
        self.dropped: set[str] = set()
        self.kept_waiting: set[str] = set()
        self.connections = 0
        self.speaks_utf8 = True
        self._stopped = False
        self._lock = threading.Lock()
        self._controller = _Controller(self, more)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._controller.port)

    @property
    def url(self) -> str:
        """Its address, as the setting MAIL_URL takes it."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[Received]:
        """The letters to that address, oldest first."""
        return [letter for letter in self.received if address in letter.recipients]

    def clear(self) -> None:
        """Forget letters and refusals."""
        self.received.clear()
        self.refusals.clear()
        self.refused_letters.clear()
        self.unwelcome = ""
        self.speaks_utf8 = True
        self.dropped.clear()
        self.kept_waiting.clear()
        self.connections = 0

    def start(self) -> None:
        """Listen."""
        self._controller.start()

    def stop(self) -> None:
        """Listen no more; connections are closed."""
        self._stopped = True
        self._controller.stop(no_assert=True)

    # What aiosmtpd calls, by these names.

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count connections: each starts with this."""
        session.host_name = hostname
        with self._lock:
            self.connections += 1
        return [line for line in responses if self.speaks_utf8 or "SMTPUTF8" not in line]

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take the sender, or give the answer that a test asked for."""
        if self.unwelcome:
            return self.unwelcome
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take the recipient, or give the answer that a test asked for."""
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep the letter, or do what a test asked for."""
        for address in envelope.rcpt_tos:
            if address in self.dropped:
                server.transport.abort()
                return "250 OK"
            while address in self.kept_waiting and not self._stopped:
                await asyncio.sleep(0.02)
            if address in self.refused_letters:
                return self.refused_letters[address]
        letter = Received(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.original_content)
        with self._lock:
            self.received.append(letter)
        return "250 OK"


class _Controller(Controller):
    """Listens on a port that the system chose: no two test processes can want the same."""

    def __init__(self, handler: Sink, more: dict[str, Any]) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        # Connections take it over: else each greeting, which is many small writes, waits for 40 ms.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = self._socket.getsockname()[1]
        super().__init__(handler, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True, **more)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)


@contextmanager
def sink(**more: Any) -> Iterator[Sink]:
    """A mail server for the length of a `with`."""
    server = Sink(**more)
    server.start()
    try:
        yield server
    finally:
        server.stop()
