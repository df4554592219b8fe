"""The day on which the tests run: always the same, whatever day and hour it is outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import time_machine

# A Wednesday, far from midnight, from the end of a month and from a change of clocks. It is past,
# so that no file is younger than the present.
TODAY = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)


def begin() -> None:
    """From here on it is that day in this process; time passes as usual."""
    time_machine.travel(TODAY).start()


@contextmanager
def outside() -> Iterator[None]:
    """The machine's own time, for tests whose processes of their own know no other."""
    with time_machine.travel(time_machine.escape_hatch.datetime.datetime.now(UTC)):
        yield
