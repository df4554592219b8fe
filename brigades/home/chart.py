"""The chart of coverage as numbers to draw: pure, and mirrored where reading runs to the left."""

from collections.abc import Sequence
from dataclasses import dataclass

from brigades.home.coverage import Covered

GROUND = 180  # y of the line that the bars stand on
TALLEST = 150
FEW = 6  # people who fill the chart at least: one person alone is no tower
SHARE = 0.664  # of a day's width that its bar takes


@dataclass(frozen=True)
class Bar:
    """One day's bar. ``x``, ``middle`` and ``width`` in percent of the chart, the others in px."""

    covered: Covered
    x: float
    middle: float
    width: float
    held: float
    gap: float

    @property
    def held_top(self) -> float:
        """Where the filled part begins."""
        return round(GROUND - self.held, 1)

    @property
    def gap_top(self) -> float:
        """Where the missing part begins, on top of the filled one."""
        return round(GROUND - self.held - self.gap, 1)


def bars(days: Sequence[Covered], *, rtl: bool = False) -> list[Bar]:
    """A bar for each day, scaled so that the tallest just fits; a few people need not fill it."""
    if not days:
        return []
    highest = max(day.filled + day.short for day in days)
    scale = TALLEST / max(highest, FEW)
    step = 100 / len(days)
    drawn = []
    for n, day in enumerate(days):
        start = (len(days) - 1 - n if rtl else n) * step
        drawn.append(
            Bar(
                covered=day,
                x=round(start + step * (1 - SHARE) / 2, 2),
                middle=round(start + step / 2, 2),
                width=round(step * SHARE, 2),
                held=round(day.filled * scale, 1),
                gap=round(day.short * scale, 1),
            )
        )
    return drawn
