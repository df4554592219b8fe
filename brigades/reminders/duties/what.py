"""What there is to do for whoever coordinates or organizes, and how a row says it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Integer, Select, Text, cast, func, literal, null, select

from brigades.db import Instant


class What(StrEnum):
    """What there is to do, in the order in which the mail tells it."""

    APPLICATION = "application"
    COVER = "cover"
    REQUEST = "request"
    SWAP = "swap"
    DOUBT = "doubt"
    PAPER = "paper"
    OFFER = "offer"
    GAP = "gap"
    UNSAID = "unsaid"
    MAILBOX = "mailbox"


# What waits for a decision or a tick: left undone it climbs by the days since it came up. A gap
# climbs as its start comes near; an offer waits for whoever got it, and a mailbox for its owner.
CLIMBING = frozenset(What) - {What.GAP, What.OFFER, What.MAILBOX}


def row(
    what: What,
    id: Any,
    section: Any,
    since: Any,
    *,
    at: Any = None,
    person: Any = None,
    title: Any = None,
    slot: Any = None,
    number: Any = 1,
    of: Any = 0,
) -> Select[Any]:
    """One thing to do, as every part of what waits gives it.

    ``since`` and ``at`` are columns of instants or None; ``person`` and ``slot`` are models.
    """
    name = func.trim(person.given_name + " " + person.family_name) if person is not None else ""
    return select(
        cast(literal(what.value), Text).label("what"),
        id.label("id"),
        section.label("section_id"),
        cast(null(), Instant()).label("since") if since is None else since.label("since"),
        cast(null(), Instant()).label("at") if at is None else at.label("at"),
        (literal(name) if isinstance(name, str) else name).label("name"),
        (literal("") if title is None else title).label("title"),
        (cast(null(), Integer) if slot is None else slot.id).label("slot_id"),
        (literal("") if slot is None else slot.type).label("type"),
        (literal("") if slot is None else slot.zone).label("zone"),
        (cast(literal(number), Integer) if isinstance(number, int) else number).label("number"),
        (cast(literal(of), Integer) if isinstance(of, int) else of).label("of"),
    )
