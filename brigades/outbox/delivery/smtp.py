"""Sending letters over SMTP, over one connection as long as it holds."""

import re
import smtplib
import socket
from contextlib import suppress
from types import TracebackType
from typing import Self

from brigades.outbox.delivery.answers import (
    Closing,
    Never,
    NotNow,
    Unreachable,
    error_words,
    expect,
    of_letter,
    of_recipient,
    of_sender,
)
from brigades.outbox.delivery.mail_server import MailServer
from brigades.outbox.outcomes import Blame

# Seconds that a server may take for its word on a whole letter, which it may have somebody look
# through first: giving up on it would send the letter twice.
LAST_WORD = 60.0
# A line that starts with a dot gets another, since a dot alone ends the letter.
_DOTS = re.compile(rb"^\.", re.MULTILINE)


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
                raise Unreachable(error_words(error)) from error
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
            self._broke(error_words(error), error)
        except _NoLastWord as silence:
            self._broke(error_words(silence.why), silence.why, unanswered=True)
        except Closing as error:
            self._broke(str(error), error)
        except (NotNow, Never):
            self._breaks = 0
            _forget(line)
            raise
        except Exception:
            line.close()
            raise
        self._breaks = 0

    def _broke(self, words: str, error: Exception, *, unanswered: bool = False) -> None:
        if self._line is not None:
            self._line.close()
        self._breaks += 1
        broken = Unreachable if self._breaks > 1 or self._over else NotNow
        raise broken(words, unanswered=unanswered) from error


class _NoLastWord(Exception):
    """The letter was handed over whole, and the line broke before the server's word on it."""

    def __init__(self, why: OSError | smtplib.SMTPException) -> None:
        super().__init__(str(why))
        self.why = why


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
    expect(line.mail(sender, options), 250, Blame.SERVER, of_sender)
    expect(line.rcpt(address), 250, Blame.ADDRESS, of_recipient)
    expect(line.docmd("data"), 354, Blame.SERVER, of_letter)
    line.send(_DOTS.sub(b"..", letter.removesuffix(b"\r\n")) + b"\r\n.\r\n")
    assert line.sock is not None
    line.sock.settimeout(LAST_WORD)
    try:
        answer = line.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise _NoLastWord(error) from error
    line.sock.settimeout(line.timeout)
    expect(answer, 250, Blame.SERVER, of_letter)


def _forget(line: smtplib.SMTP) -> None:
    """Let the server forget the letter that it did not take, so that the next one may begin."""
    try:
        line.rset()
    except (OSError, smtplib.SMTPException):
        line.close()
