"""How many of the people of a slot are where. Pure: they are read elsewhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from brigades.schedule.models import Participation
from brigades.schedule.states import COMING, State


@dataclass(frozen=True)
class Counts:
    """How many are where; ``here`` are those who came and have not left.

    ``seeking`` are those of the expected who said that they cannot come and found nobody. ``over``
    is how many more there are than places.
    """

    expected: int
    seeking: int
    here: int
    left: int
    absent: int
    over: int = 0

    @property
    def came(self) -> int:
        """All who came, left by now or not."""
        return self.here + self.left

    @property
    def sure(self) -> int:
        """Of how many the lead may say at once that they came."""
        return self.expected - self.seeking


def counts(places: Sequence[Participation]) -> Counts:
    """How many of them are where."""
    came = [place for place in places if place.state is State.ATTENDED]
    left = sum(1 for place in came if place.left_at is not None)
    return Counts(
        expected=sum(1 for place in places if place.state in COMING),
        seeking=sum(1 for place in places if place.state is State.SEEKING_COVER),
        here=len(came) - left,
        left=left,
        absent=sum(1 for place in places if place.state is State.ABSENT),
        over=_over(places),
    )


def _over(places: Sequence[Participation]) -> int:
    at = Counter(place.need for place in places if place.holds)
    return sum(max(0, n - need.most) for need, n in at.items() if need.most is not None)
