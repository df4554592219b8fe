"""What the answers of a mail server mean, and what is raised of them."""

import re
import smtplib

from brigades.outbox.outcomes import Blame

# The server says that it does not know us, or does not let us: no fault of the address.
_US = re.compile(r"53[0458] |5\d\d 5\.7\.")

NO_MAIL_SERVER = "what answers there is no mail server"


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


class Closing(Exception):
    """The server closes the connection (421); the words are its."""


def expect(
    answer: tuple[int, bytes], wanted: int, blame: Blame, for_good: Blame | None = None
) -> None:
    """Raise what another answer than the wanted one means: NotNow, Never, Closing.

    ``for_good``: whom a refusal for good is blamed on, where not on ``blame``.
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
    raise Never(said, Blame.SERVER if _US.match(said) else for_good or blame)


def error_words(error: Exception) -> str:
    """The server's words where it said some, else what broke."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        said = " ".join(words.split())
        # The library gives -1 for an answer that starts with no number, such as a web server's.
        return f"{error.smtp_code} {said}" if error.smtp_code > 0 else f"{NO_MAIL_SERVER}: {said}"
    return f"{type(error).__name__}: {error}"
