"""What the trail says of what was taken away, in the reader's language."""

from collections.abc import Callable

from flask_babel import gettext as _

_KINDS: dict[str, Callable[[str], str]] = {
    "letters": lambda number: _("letters: %(number)s", number=number),
    "letters of mailings": lambda number: _("names in mailings: %(number)s", number=number),
    "addresses that sent mail back": lambda number: _(
        "addresses that sent mail back: %(number)s", number=number
    ),
    "calendar files": lambda number: _("calendar files: %(number)s", number=number),
    "applications": lambda number: _("applications: %(number)s", number=number),
}


def trail_words(value: str) -> str:
    """How many of each kind went; what is none of ours as it was written."""
    said = []
    for part in value.split(", ") if value else []:
        name, _space, number = part.rpartition(" ")
        said.append(_KINDS[name](number) if name in _KINDS else part)
    return str(_(", ")).join(said)
