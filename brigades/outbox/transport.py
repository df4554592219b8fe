"""The two ways a finished letter goes out: over SMTP, or into a folder where no server is set.

Neither knows the database: nothing is sent while a transaction is open.
"""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from brigades.outbox.addresses import wire_domain
from brigades.outbox.outcomes import Blame

TIMEOUT = 30.0  # seconds that a mail server may take for one answer
# The same for its word on a whole letter, which it may have somebody look through first: giving up
# on it would send the letter twice.
LAST_WORD = 60.0


class NotNow(Exception):
    """The letter was not taken, another try may work; the words are the server's."""

    def __init__(self, words: str, blame: Blame = Blame.SERVER) -> None:
        super().__init__(words)
        self.blame = blame


class Unreachable(NotNow):
    """There is no way to the mail server at all: the next letter would fare no better."""


class Never(Exception):
    """The letter was refused for good; the words are the server's."""

    def __init__(self, words: str, blame: Blame) -> None:
        super().__init__(words)
        self.blame = blame


class Transport(Protocol):
    """Sends finished letters, one after another, while its ``with`` lasts."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def send(self, name: str, sender: str, address: str, letter: bytes) -> None:
        """Hand one letter over; raises NotNow, Unreachable or Never."""
        ...

    def cut(self) -> None:
        """Break off whatever is under way, and send nothing more; from another thread."""
        ...


@dataclass(frozen=True)
class MailServer:
    """A mail server's address, as MAIL_URL spells it."""

    host: str
    port: int
    tls: bool
    user: str
    password: str

    @classmethod
    def parse(cls, url: str) -> "MailServer":
        """From ``smtp://user:password@host:port`` or ``smtps://…``; ValueError for another."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError(f"MAIL_URL must start with smtp:// or smtps://, not {parts.scheme!r}")
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if tls else 587 if parts.username else 25),
            tls=tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def connect(self, timeout: float | None = None) -> smtplib.SMTP:
        """A connection that is greeted, encrypted where the server offers it, and signed in.

        A password never goes over a line in the clear, except to this machine itself.
        """
        host, wait = wire_domain(self.host), timeout or TIMEOUT
        if self.tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, self.port, timeout=wait, context=_trust())
        else:
            server = smtplib.SMTP(host, self.port, timeout=wait)
        try:
            server.ehlo_or_helo_if_needed()
            if not self.tls and server.has_extn("starttls"):
                server.starttls(context=_trust())
                server.ehlo()
            if self.user:
                if not isinstance(server.sock, ssl.SSLSocket) and not self.is_here:
                    raise smtplib.SMTPNotSupportedError(
                        "the mail server offers no encryption, the password was not sent"
                    )
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    @property
    def is_here(self) -> bool:
        """Whether the server runs on this machine."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


class Smtp:
    """One connection for all letters of a batch, made at the first and again if it breaks."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._line: smtplib.SMTP | None = None
        self._breaks = 0  # in a row
        self._over = False

    def __enter__(self) -> Self:
        self._breaks, self._over = 0, False
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._line is not None and self._line.sock is not None:
            try:
                self._line.quit()
            except (OSError, smtplib.SMTPException):
                self._line.close()
        self._line = None

    def cut(self) -> None:
        """Break the connection: nothing that was not taken by now will be."""
        self._over = True
        sock = self._line.sock if self._line is not None else None
        if sock is not None:
            with suppress(OSError):  # it is gone already
                sock.shutdown(socket.SHUT_RDWR)

    def connect(self) -> smtplib.SMTP:
        """The connection as it is, or a new one. Raises Unreachable."""
        if self._line is None or self._line.sock is None:
            try:
                self._line = self.server.connect()
            except (OSError, ValueError, smtplib.SMTPException) as error:
                raise Unreachable(_words(error)) from error
        if self._over:
            raise Unreachable("the mail server answers too slowly")
        return self._line

    def send(self, name: str, sender: str, address: str, letter: bytes) -> None:
        """Send one letter to one address.

        A connection that breaks costs the letter a try, since the letter may be the reason. Where
        a second one breaks at the next letter, it is the server: Unreachable.
        """
        line = self.connect()
        try:
            _hand_over(line, sender, address, letter)
        except (OSError, smtplib.SMTPException) as error:
            # An answer may still be under way; the next letter must not read it.
            self._broke(_words(error), error)
        except _Closing as error:
            self._broke(str(error), error)
        except (NotNow, Never):
            self._breaks = 0
            _forget(line)
            raise
        except Exception:
            line.close()
            raise
        self._breaks = 0

    def _broke(self, words: str, error: Exception) -> None:
        if self._line is not None:
            self._line.close()
        self._breaks += 1
        raise (Unreachable if self._breaks > 1 or self._over else NotNow)(words) from error


class _Closing(Exception):
    """The server closes the connection (421); the words are its."""


def _hand_over(line: smtplib.SMTP, sender: str, address: str, letter: bytes) -> None:
    """Sender, recipient, letter. Raises NotNow and Never, and what smtplib and sockets raise."""
    options = []
    if not (sender + address).isascii():
        if not line.has_extn("smtputf8"):
            raise Never(
                "the mail server takes no addresses with letters beyond ASCII before the @"
                " (it offers no SMTPUTF8)",
                Blame.LETTER,
            )
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    _expect(line.mail(sender, options), 250, Blame.SERVER)
    _expect(line.rcpt(address), 250, Blame.ADDRESS)
    _expect(line.docmd("data"), 354, Blame.SERVER, for_good=Blame.ADDRESS)
    line.send(_DOTS.sub(b"..", letter.removesuffix(b"\r\n")) + b"\r\n.\r\n")
    assert line.sock is not None
    line.sock.settimeout(LAST_WORD)
    answer = line.getreply()
    line.sock.settimeout(TIMEOUT)
    _expect(answer, 250, Blame.SERVER, for_good=Blame.ADDRESS)


# A line that starts with a dot gets another, since a dot alone ends the letter.
_DOTS = re.compile(rb"^\.", re.MULTILINE)
# The server says that it does not know us, or does not let us: no fault of the address.
_US = re.compile(r"53[0458] |5\d\d 5\.7\.")


def _expect(
    answer: tuple[int, bytes], wanted: int, blame: Blame, for_good: Blame | None = None
) -> None:
    """Raise what another answer than the wanted one means."""
    code, words = answer
    if code // 10 == wanted // 10:
        return
    said = f"{code} {' '.join(words.decode('utf-8', 'replace').split())}"
    if code == 421:
        raise _Closing(said)
    if code == -1:
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
    if code < 500:
        raise NotNow(said, blame)
    raise Never(said, Blame.SERVER if _US.match(said) else for_good or blame)


def _forget(line: smtplib.SMTP) -> None:
    """Let the server forget the letter that it did not take, so that the next one may begin."""
    try:
        line.rset()
    except (OSError, smtplib.SMTPException):
        line.close()


class Folder:
    """A folder of ``.eml`` files, which mail programs open."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        self.path.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def send(self, name: str, sender: str, address: str, letter: bytes) -> None:
        """Write one letter; a second try writes over the first."""
        try:
            (self.path / f"{name}.eml").write_bytes(letter)
        except OSError as error:
            raise NotNow(_words(error)) from error

    def cut(self) -> None:
        """A file is written at once or not."""


def transport(mail_url: str, folder: Path) -> Transport:
    """The way out that the settings name."""
    return Smtp(MailServer.parse(mail_url)) if mail_url else Folder(folder)


@cache
def _trust() -> ssl.SSLContext:
    """Whose certificates count; reading them takes longer than sending a letter."""
    return ssl.create_default_context()


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        return f"{error.smtp_code} {' '.join(words.split())}"
    return f"{type(error).__name__}: {error}"
