"""The list of letters as a file."""

from flask import Response
from flask_babel import gettext as _

from brigades import clock, sheets
from brigades.access import Scope
from brigades.db import session
from brigades.outbox import reasons, words
from brigades.outbox.letters_page import listing
from brigades.outbox.models import Letter
from brigades.texts import moment_words, zone_words

MOST = 20_000  # the newest; more would not fit into a request's time


def as_csv(scope: Scope, ask: listing.Ask) -> Response:
    """All that the list would show, over its pages."""
    return _file(sheets.csv_bytes(_head(), _rows(scope, ask)), "csv")


def as_xlsx(scope: Scope, ask: listing.Ask) -> Response:
    """The same as a workbook."""
    return _file(sheets.xlsx_bytes(_head(), [(_("Letters"), _rows(scope, ask))]), "xlsx")


def _head() -> list[str]:
    return [
        _("Kind"),
        _("Subject"),
        _("Name"),
        _("Address"),
        _("Time zone"),
        _("Written"),
        _("State"),
        _("Tries"),
        _("Sent"),
        _("Next try"),
        _("Why"),
        _("Message-ID"),
    ]


def _rows(scope: Scope, ask: listing.Ask) -> list[list[sheets.Cell]]:
    letters = session.scalars(listing.letters(scope, ask).limit(MOST)).all()
    zones = listing.zones_of(letters)
    return [_row(letter, listing.zone_of(zones, letter)) for letter in letters]


def _row(letter: Letter, zone: str) -> list[sheets.Cell]:
    waits = words.next_try(letter)
    return [
        words.name_words(letter.name),
        letter.subject,
        letter.to_name,
        letter.to_address,
        zone_words(zone, letter.posted_at),
        moment_words(letter.posted_at, zone),
        words.badge_of(letter)[2],
        letter.tries,
        moment_words(letter.sent_at, zone) if letter.sent_at else "",
        moment_words(waits, zone) if waits else "",
        reasons.why(letter),
        letter.message_id or "",
    ]


def _file(content: bytes, ending: str) -> Response:
    name = _("Letters %(day)s", day=clock.now().date().isoformat())
    return sheets.download(content, name, ending)
