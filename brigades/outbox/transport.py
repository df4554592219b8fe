"""The two ways a finished letter goes out: over SMTP, or into a folder where no server is set.

Neither knows the database: nothing is sent while a transaction is open.
"""

import smtplib
import ssl
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

TIMEOUT = 30  # seconds that a mail server may take for one answer


class NotNow(Exception):
    """The letter was not taken, another try may work; the words are the server's."""


class Unreachable(NotNow):
    """There is no way to the mail server at all: the next letter would fare no better."""


class Never(Exception):
    """The letter was refused for good; the words are the server's."""


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

    def connect(self, timeout: float = TIMEOUT) -> smtplib.SMTP:
        """A connection that is greeted, encrypted where the server offers it, and signed in.

        A password never goes over a line in the clear, except to this machine itself.
        """
        if self.tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=timeout, context=_trust()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=timeout)
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._line is not None:
            try:
                self._line.quit()
            except (OSError, smtplib.SMTPException):
                self._line.close()

    def connect(self) -> smtplib.SMTP:
        """The connection as it is, or a new one. Raises Unreachable."""
        if self._line is None or self._line.sock is None:
            try:
                self._line = self.server.connect()
            except (OSError, smtplib.SMTPException) as error:
                raise Unreachable(_words(error)) from error
        return self._line

    def send(self, name: str, sender: str, address: str, letter: bytes) -> None:
        """Send one letter to one address."""
        line = self.connect()
        options = () if address.isascii() else ("SMTPUTF8", "BODY=8BITMIME")
        try:
            line.sendmail(sender, [address], letter, options)
        except smtplib.SMTPNotSupportedError as error:
            raise Never(_words(error)) from error
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _refused(code, words) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            line.close()  # an answer may still be under way; the next letter must not read it
            raise NotNow(_words(error)) from error


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


def transport(mail_url: str, folder: Path) -> Smtp | Folder:
    """The way out that the settings name."""
    return Smtp(MailServer.parse(mail_url)) if mail_url else Folder(folder)


@cache
def _trust() -> ssl.SSLContext:
    """Whose certificates count; reading them takes longer than sending a letter."""
    return ssl.create_default_context()


def _refused(code: int, words: bytes | str) -> Exception:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    said = f"{code} {' '.join(text.split())}"
    return Never(said) if code >= 500 else NotNow(said)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return str(_refused(error.smtp_code, error.smtp_error))
    return f"{type(error).__name__}: {error}"
