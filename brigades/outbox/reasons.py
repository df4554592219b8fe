"""Why a letter was not sent: what its row keeps where no server said it, and that said aloud."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from brigades import texts
from brigades.outbox.models import Fate, Letter, Mailbox

# What is kept where a server's words stand otherwise.
NOT_TRIED = "not tried: "  # and why
BOUNCED = "comes back since "  # an ISO instant and the server's words
DIED = "worker died"
NO_LONGER = "no longer holds"  # kept in the row of a dropped letter
NOT_WANTED = "not wanted"  # the same
MAILING_STOPPED = "mailing stopped"  # the same
IN_HAND = "mailing stopped, in hand"  # the same, while a worker had it
NOT_JUDGED = "not judged: "  # and why
LETTER_REFUSED = "letter refused: "  # and the server's words
NO_ADDRESS = "no address"  # the same
_REASONS: dict[str, Callable[[], str]] = {
    DIED: lambda: _(
        "The worker ended while it had this letter in hand, and this was the last try."
    ),
    NO_LONGER: lambda: _("What it would have told no longer holds."),
    MAILING_STOPPED: lambda: _("The mailing was stopped before it left."),
    NOT_WANTED: lambda: _("The reader does not want such letters."),
    NO_ADDRESS: lambda: _("has no address"),
}


def why(letter: Letter) -> str:
    """Why a letter failed, waits or was dropped, and that it may have arrived; empty if sent."""
    if letter.fate is Fate.SENT or not letter.may_have_arrived:
        return reason_words(letter.error)
    if letter.error in (IN_HAND, MAILING_STOPPED):
        return str(
            _("The mailing was stopped while this letter was just being sent; it may have arrived.")
        )
    doubt = _("It may have arrived: it was handed over, and nobody knows what became of it.")
    return f"{reason_words(letter.error)} {doubt}".strip()


def reason_words(error: str) -> str:
    """Why a letter failed, waits or was dropped; a mail server's words stay as they are."""
    if error.startswith(NOT_TRIED):
        return str(_("Not tried: %(why)s", why=error.removeprefix(NOT_TRIED)))
    if error.startswith(LETTER_REFUSED):
        words = error.removeprefix(LETTER_REFUSED)
        return str(
            _(
                "The mail server refused this letter, not the address, which stays in use."
                " It said: %(words)s",
                words=words,
            )
        )
    if error.startswith(NOT_JUDGED):
        why = error.removeprefix(NOT_JUDGED)
        return str(_("How its reader wants such letters cannot be read: %(why)s", why=why))
    if error.startswith(BOUNCED):
        since, _space, said = error.removeprefix(BOUNCED).partition(" ")
        return bounce_words(datetime.fromisoformat(since), said)
    return _REASONS[error]() if error in _REASONS else error


def bounced(box: Mailbox) -> str:
    """What is kept in the row of a letter that is not sent since its address sends all back."""
    assert box.bouncing_since is not None
    return f"{BOUNCED}{box.bouncing_since.isoformat()} {box.words}"


def bounce_words(since: datetime, said: str) -> str:
    """Since when mail to an address comes back, on which day in UTC, and what its server said."""
    text: str = _(
        "Mail to this address comes back, since %(day)s. Its server said: %(words)s",
        day=texts.day_words(since.date()),
        words=said,
    )
    return text
