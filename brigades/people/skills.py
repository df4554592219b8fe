"""Skills and the trades under them, with their ISCO-08 codes for exchange with others.

Labels are gettext message ids; ``label`` gives the reader's language. Sections may add trades of
their own (``people.models.Trade``); their names are shown as written.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from flask_babel import lazy_gettext as _l

from brigades.reader import language


class Skill(StrEnum):
    """What a brigade does."""

    CONSTRUCTION = "construction"
    MEDICAL = "medical"
    YOUTH = "youth"
    INTERPRETING = "interpreting"


@dataclass(frozen=True)
class TradeKind:
    """A trade: stable code, skill it belongs to, ISCO-08 unit group, label to translate."""

    code: str
    skill: Skill
    isco: str
    label: object

    def __str__(self) -> str:
        return str(self.label)


SKILL_LABELS = {
    Skill.CONSTRUCTION: _l("Construction"),
    Skill.MEDICAL: _l("Medical"),
    Skill.YOUTH: _l("Youth work"),
    Skill.INTERPRETING: _l("Interpreting"),
}
SKILL_ICONS = {
    Skill.CONSTRUCTION: "bricks",
    Skill.MEDICAL: "heart-pulse",
    Skill.YOUTH: "people",
    Skill.INTERPRETING: "translate",
}

_C, _M, _Y, _I = Skill.CONSTRUCTION, Skill.MEDICAL, Skill.YOUTH, Skill.INTERPRETING
TRADES = {
    trade.code: trade
    for trade in (
        TradeKind("bricklaying", _C, "7112", _l("Bricklaying")),
        TradeKind("concrete", _C, "7114", _l("Concrete work")),
        TradeKind("carpentry", _C, "7115", _l("Carpentry")),
        TradeKind("roofing", _C, "7121", _l("Roofing")),
        TradeKind("tiling", _C, "7122", _l("Tiling")),
        TradeKind("plastering", _C, "7123", _l("Plastering")),
        TradeKind("plumbing", _C, "7126", _l("Plumbing")),
        TradeKind("electrics", _C, "7411", _l("Building electrics")),
        TradeKind("welding", _C, "7212", _l("Welding")),
        TradeKind("civil-engineering", _C, "2142", _l("Civil engineering")),
        TradeKind("architecture", _C, "2161", _l("Architecture")),
        TradeKind("labouring", _C, "9313", _l("Labouring, no trade needed")),
        TradeKind("general-practice", _M, "2211", _l("General practice")),
        TradeKind("specialist-medicine", _M, "2212", _l("Specialist medicine")),
        TradeKind("nursing", _M, "2221", _l("Nursing")),
        TradeKind("midwifery", _M, "2222", _l("Midwifery")),
        TradeKind("paramedic", _M, "2240", _l("Paramedic")),
        TradeKind("pharmacy", _M, "2262", _l("Pharmacy")),
        TradeKind("physiotherapy", _M, "2264", _l("Physiotherapy")),
        TradeKind("ambulance", _M, "3258", _l("Ambulance work")),
        TradeKind("psychology", _M, "2634", _l("Psychology")),
        TradeKind("social-work", _Y, "2635", _l("Social work and counselling")),
        TradeKind("social-assistance", _Y, "3412", _l("Social assistance")),
        TradeKind("child-care", _Y, "5311", _l("Child care")),
        TradeKind("early-childhood", _Y, "2342", _l("Early childhood education")),
        TradeKind("primary-teaching", _Y, "2341", _l("Primary teaching")),
        TradeKind("sports-coaching", _Y, "3422", _l("Sports coaching")),
        TradeKind("interpreting", _I, "2643", _l("Interpreting and translating")),
    )
}


def trades_of(skill: Skill) -> list[TradeKind]:
    """The trades under a skill, in the order of the field's list."""
    return [trade for trade in TRADES.values() if trade.skill is skill]


def label(code: str) -> str:
    """A trade's or skill's name in the reader's language; a code we do not know as it is."""
    return _label(code, language())


@lru_cache(maxsize=1024)
def _label(code: str, _language: str) -> str:
    if code in TRADES:
        return str(TRADES[code].label)
    if code in SKILL_LABELS:
        return str(SKILL_LABELS[Skill(code)])
    return code
