"""What the answers of a mail server mean, and what is raised of them."""

import re
import smtplib
from collections.abc import Callable

from brigades.outbox.outcomes import Blame
from brigades.outbox.reasons import LETTER_REFUSED

# The server does not know us, does not let us, or takes nothing from our sender's address.
_US = re.compile(r"53[0458] |5\d\d 5\.1\.[78]\b")
# It does not believe that we may send for our domain, or knows no name of ours (RFC 7372).
_NOT_US = re.compile(r"5\d\d 5\.7\.2[0-6]\b")
_NO_RECIPIENT = re.compile(r"55[013]\b|5\d\d 5\.1\.")
_NO_ADDRESS = re.compile(r"5\d\d 5\.1\.")
_POLICY = re.compile(r"5\d\d 5\.7\.")

NO_MAIL_SERVER = "what answers there is no mail server"


class NotNow(Exception):
    """The letter was not taken, another try may work; the words are the server's.

    ``unanswered``: or it was, but the server never said so.
    """

    def __init__(
        self, words: str, blame: Blame = Blame.SERVER, *, unanswered: bool = False
    ) -> None:
        super().__init__(words)
        self.blame = blame
        self.unanswered = unanswered


class Unreachable(NotNow):
    """There is no way to the mail server at all: the next letter would fare no better."""


class Never(Exception):
    """The letter was refused for good; the words are the server's."""

    def __init__(self, words: str, blame: Blame) -> None:
        super().__init__(words)
        self.blame = blame


class Closing(Exception):
    """The server closes the connection (421); the words are its."""


def of_sender(_said: str) -> Blame:
    """Whom it is blamed on that a server does not take our sender."""
    return Blame.SERVER


def of_recipient(said: str) -> Blame:
    """Whom it is blamed on that a server does not take a recipient: the address, or us."""
    if _US.match(said) or _POLICY.match(said):
        return Blame.SERVER
    return Blame.ADDRESS if _NO_RECIPIENT.match(said) else Blame.LETTER


def of_letter(said: str) -> Blame:
    """Whom it is blamed on that a server does not take a letter once it knows the recipient.

    Such as what the letter says (5.6), or that it looks like spam (5.7): the address is well.
    """
    if _US.match(said) or _NOT_US.match(said):
        return Blame.SERVER
    return Blame.ADDRESS if _NO_ADDRESS.match(said) else Blame.LETTER


def expect(
    answer: tuple[int, bytes], wanted: int, blame: Blame, for_good: Callable[[str], Blame]
) -> None:
    """Raise what another answer than the wanted one means: NotNow, Never, Closing.

    ``blame``: whom a refusal for now is blamed on; ``for_good`` says it of one for good.
    """
    code, words = answer
    if code // 10 == wanted // 10:
        return
    said = f"{code} {' '.join(words.decode('utf-8', 'replace').split())}"
    if code == 421:
        raise Closing(said)
    if code == -1:
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
    if code < 500:
        raise NotNow(said, blame)
    whose = for_good(said)
    raise Never(LETTER_REFUSED + said if whose is Blame.LETTER else said, whose)


def error_words(error: Exception) -> str:
    """The server's words where it said some, else what broke."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        said = " ".join(words.split())
        # The library gives -1 for an answer that starts with no number, such as a web server's.
        return f"{error.smtp_code} {said}" if error.smtp_code > 0 else f"{NO_MAIL_SERVER}: {said}"
    return f"{type(error).__name__}: {error}"
