"""The link that stops one kind of letters for one person, whoever opens it; it says nothing else.

Signed and good for 400 days: such links are followed long after a letter came.
"""

from datetime import timedelta

from brigades import tokens
from brigades.outbox.kinds import DAILY_MAIL, MUST, Kind
from brigades.outbox.letters import kind_of
from brigades.outbox.models import Letter
from brigades.web import link

PURPOSE = "stop mail"
LIFETIME = timedelta(days=400)
_BY_LETTER = {kind[0]: kind for kind in Kind}


def token_of(person_id: int, kind: Kind) -> str:
    """A token for a kind that can be switched off; short, for it stands in a header's line."""
    return tokens.sign(PURPOSE, f"{kind[0]}{person_id}")


def opened(token: str) -> tuple[int, Kind] | None:
    """Whose letters of which kind a token is about; None where it is forged or too old.

    Also where letters of its kind always come by now.
    """
    value = tokens.read(PURPOSE, token, LIFETIME)
    if value is None:
        return None
    kind = _BY_LETTER[value[0]]
    return None if kind in MUST else (int(value[1:]), kind)


def stop_link(letter: Letter) -> str | None:
    """The full address that stops letters such as this one.

    None where they always come, are to nobody who is known here, or tell letters of many kinds:
    a daily mail comes for as long as it is wished for.
    """
    kind = kind_of(letter.name)
    if kind in MUST or letter.person_id is None or letter.name == DAILY_MAIL:
        return None
    return link("people.stop_mail", token=token_of(letter.person_id, kind))


def settings_link(letter: Letter) -> str | None:
    """The full address where a reader says how they want their mail; None for who is not known."""
    return None if letter.person_id is None else link("people.mail_settings")
