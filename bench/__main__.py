"""`make bench`: measure everything, print a table, write instance/bench.json.

Exits non-zero if a budget is missed. Words narrow it: ``python -m bench pages letters``.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import kill, letters, pages, passes, report, soak, start, weight
from bench.report import Figure
from bench.serving import (
    ROOT,
    Place,
    database_server,
    instance_folder,
    serving,
    settle,
)
from bench.world import ONE, Marks, build
from brigades import clock

PARTS = ("start", "pages", "weight", "passes", "letters")
BESIDE = ("soak", "kill")  # only where it is asked for by name


def main(parts: set[str]) -> int:
    """Run the parts that were asked for, all if none was."""
    wanted = parts or set(PARTS)
    if unknown := wanted - {*PARTS, *BESIDE}:
        known = ", ".join((*PARTS, *BESIDE))
        print(f"There is no part {', '.join(sorted(unknown))}; there are {known}.")
        return 2
    began = time.monotonic()
    print(report.HEAD, flush=True)
    figures = []
    with instance_folder() as folder:
        for figure in measure(folder, wanted):
            figures.append(figure)
            print(report.line(figure), flush=True)
    report.write(figures, ROOT / "instance" / "bench.json")
    missed = [figure for figure in figures if not figure.ok]
    took = time.monotonic() - began
    print(f"{len(figures)} figures in {took:.0f} s, {len(missed)} over their budget")
    for figure in missed:
        print(report.line(figure))
    return 1 if missed else 0


def measure(folder: Path, wanted: set[str]) -> Iterator[Figure]:
    """Every figure, as it is found."""
    if "start" in wanted:
        yield from start.measure(folder / "start")
    if "soak" in wanted:
        with database_server() as server:
            yield from soak.measure(server.create_database("soak"), folder / "soak")
    if "kill" in wanted:
        yield from _kill(folder)
    if not wanted - {"start", *BESIDE}:
        return
    with database_server() as server:
        places: dict[tuple[str, int], Place] = {}
        marks = Marks()
        for times in (1, 10):
            world = build(ONE.times(times), clock.now())
            marks = world.marks
            for name, url in (
                ("sqlite", f"sqlite:///{folder / f'sqlite-{times}' / 'bench.db'}"),
                ("postgresql", server.create_database(f"bench_{times}")),
            ):
                places[name, times] = settle(name, url, folder / f"{name}-{times}", world)
        if "pages" in wanted:
            yield from _pages(places, marks)
        small, large = places["sqlite", 1], places["sqlite", 10]
        if "weight" in wanted:
            with serving(small) as port:
                yield from weight.measure(port, marks)
        if "passes" in wanted:
            yield from passes.remind(large)
            yield from passes.remind(places["postgresql", 10])
            yield from passes.judge(small, marks)
        if "letters" in wanted:
            yield from letters.measure(small)


def _kill(folder: Path) -> Iterator[Figure]:
    with database_server() as server:
        for connections in (1, 4):
            url = server.create_database(f"kill_{connections}")
            course = kill.Course(5000, workers=2, kills=10, connections=connections)
            yield from kill.measure("postgresql", url, folder / f"kill-{connections}", course)
    url = f"sqlite:///{folder / 'kill-sqlite' / 'bench.db'}"
    course = kill.Course(5000, workers=1, kills=10)
    yield from kill.measure("sqlite", url, folder / "kill-sqlite", course)


def _pages(places: dict[tuple[str, int], Place], marks: Marks) -> Iterator[Figure]:
    for name in ("sqlite", "postgresql"):
        with serving(places[name, 1]) as one, serving(places[name, 10]) as ten:
            yield from pages.measure(name, (one, ten), marks)


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
