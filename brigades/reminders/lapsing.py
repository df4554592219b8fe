"""When somebody is told that a paper lapses, from days alone. Pure.

Told to its holder, and to who answers for them: both at the same days before the last one.
"""

from collections.abc import Collection
from datetime import date

DAYS = (90, 30, 7)  # before the last day on which a paper holds


def crossed(valid_until: date, today: date, told: Collection[int]) -> int | None:
    """Which of ``DAYS`` is to be told today: the nearest one reached, unless it was told before.

    ``told``: the days of this reader, paper and last day that were told or were passed over by a
    nearer one. A paper that is put down five days before its end is told once, not three times.
    None on days with nothing to tell, and once the paper has lapsed.
    """
    left = (valid_until - today).days
    if left < 0:
        return None
    nearest = min((days for days in DAYS if left <= days), default=None)
    if nearest is None or any(days <= nearest for days in told):
        return None
    return nearest
