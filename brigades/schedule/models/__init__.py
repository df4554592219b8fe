"""The core: whatever has a time, a place and places to fill is a Slot."""

from brigades.schedule.models.origins import Origin
from brigades.schedule.models.places import CoverAsk, Participation, Swap, SwapState
from brigades.schedule.models.slots import (
    Need,
    Series,
    SignUp,
    Slot,
    SlotPaper,
    Status,
)
from brigades.schedule.rules.series import Every

__all__ = [
    "CoverAsk",
    "Every",
    "Need",
    "Origin",
    "Participation",
    "Series",
    "SignUp",
    "Slot",
    "SlotPaper",
    "Status",
    "Swap",
    "SwapState",
]
