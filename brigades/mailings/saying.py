"""What a mailing says to one reader: subject, text and HTML, each placeholder filled in.

What people typed is escaped, and their words are set apart from the line they stand in.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape

from brigades.calendars.ical import slot_link
from brigades.locales import direction
from brigades.mailings.rules import Block, Part, Piece, Placeholder, Texts, blocks, filled, read_in
from brigades.people.models import Person
from brigades.reader import locale_of
from brigades.schedule.models import Slot
from brigades.texts import day_words, time_words, zone_words


@dataclass(frozen=True)
class Said:
    """A mailing as one reader gets it; ``direction`` is that of its language."""

    locale: str
    direction: str
    subject: str
    text: str
    html: Markup


def say(texts: Texts, person: Person, section: str, slot: Slot | None) -> Said:
    """The mailing in the reader's language, or the main one where it is not written in theirs.

    ``section`` is the name of the reader's. ValueError where it is written in no language.
    """
    code = read_in(texts, person.locale)
    return say_in(code, texts, person, section, slot)


def say_in(code: str, texts: Texts, person: Person, section: str, slot: Slot | None) -> Said:
    """The same in a language that it is written in."""
    words = texts[code]
    with force_locale(locale_of(code)):
        plain = _values(person, section, slot)
        shown = _shown(plain, slot)
    return Said(
        locale=code,
        direction=direction(code),
        subject=filled(words["subject"], plain.__getitem__),
        text=filled(words["body"].strip(), plain.__getitem__),
        html=Markup("\n").join(_block(block, shown) for block in blocks(words["body"])),
    )


def _values(person: Person, section: str, slot: Slot | None) -> dict[Placeholder, str]:
    """What each placeholder says, without line breaks; of no slot nothing."""
    values = {
        Placeholder.GIVEN_NAME: person.given_name or person.name,
        Placeholder.NAME: person.name,
        Placeholder.SECTION: section,
        Placeholder.SLOT: slot.title if slot else "",
        Placeholder.WHEN: str(_when(slot, str)) if slot else "",
        Placeholder.WHERE: (slot.place or slot.online_url or _("Place to be announced"))
        if slot
        else "",
        Placeholder.LINK: slot_link(slot) if slot else "",
    }
    return {name: " ".join(value.split()) for name, value in values.items()}


def _shown(plain: dict[Placeholder, str], slot: Slot | None) -> dict[Placeholder, Markup]:
    shown = {name: Markup("<bdi>{}</bdi>").format(value) for name, value in plain.items()}
    if slot is not None:
        shown[Placeholder.WHEN] = Markup("<bdi>{}</bdi>").format(_when(slot, _ltr))
        shown[Placeholder.LINK] = _link(plain[Placeholder.LINK])
        if plain[Placeholder.WHERE] == slot.online_url:
            shown[Placeholder.WHERE] = _link(slot.online_url)
    return shown


def _when(slot: Slot, mark: Any) -> Any:
    """From when to when, with the zone; ``mark`` sets apart what reads left to right."""
    first, last = slot.starts.local.date(), slot.ends.local.date()
    sentence = (
        _("%(day)s, %(start)s to %(end)s, %(zone)s")
        if first == last
        else _("%(day)s, %(start)s to %(last_day)s, %(end)s, %(zone)s")
    )
    span = Markup(sentence) % {  # noqa: S704 -- our sentence; the values are escaped
        "day": day_words(first),
        "start": mark(time_words(slot.starts)),
        "last_day": day_words(last),
        "end": mark(time_words(slot.ends)),
        "zone": mark(zone_words(slot.zone, slot.starts_at)),
    }
    return span if mark is _ltr else span.unescape()


def _ltr(text: str) -> Markup:
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


def _link(address: str) -> Markup:
    if not address.startswith(("https://", "http://")):
        return _ltr(address)
    return Markup('<a href="{0}" rel="noopener noreferrer"><bdi dir="ltr">{0}</bdi></a>').format(
        address
    )


def _block(block: Block, shown: dict[Placeholder, Markup]) -> Markup:
    lines = [Markup("").join(_piece(piece, shown) for piece in line) for line in block.lines]
    if block.listed:
        items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
        return Markup("<ul>{}</ul>").format(items)
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(lines))


def _piece(piece: Piece, shown: dict[Placeholder, Markup]) -> Markup:
    if piece.part is Part.PLACEHOLDER:
        return shown[Placeholder(piece.text)]
    return _link(piece.text) if piece.part is Part.ADDRESS else escape(piece.text)
