"""The mail server that the settings name, and a connection to it."""

import smtplib
import ssl
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from brigades.outbox.delivery.addresses import wire_domain

TIMEOUT = 30.0  # seconds that a mail server may take for one answer


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
                self._sign_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _sign_in(self, server: smtplib.SMTP) -> None:
        """As the library does, which knows ASCII alone; the rest goes in UTF-8 (RFC 4616)."""
        if (self.user + self.password).isascii():
            server.login(self.user, self.password)
            return
        said = b64encode(f"\0{self.user}\0{self.password}".encode()).decode()
        code, words = server.docmd("AUTH", f"PLAIN {said}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, words)

    @property
    def is_here(self) -> bool:
        """Whether the server runs on this machine."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


@cache
def _trust() -> ssl.SSLContext:
    """Whose certificates count; reading them takes longer than sending a letter."""
    return ssl.create_default_context()
