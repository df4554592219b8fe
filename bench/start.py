"""How long a command takes from nothing to its end, on a warm machine."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.report import Figure, at_most
from bench.serving import ROOT, Place

TRIES = 7


def measure(folder: Path) -> Iterator[Figure]:
    """The best of a few runs of ``flask check`` on a database that is up to date."""
    place = Place("sqlite", folder, f"sqlite:///{folder / 'start.db'}")
    folder.mkdir()
    _run(place, "db", "upgrade")
    yield at_most("start: flask check", min(_run(place, "check") for _ in range(TRIES)), "s", 1.5)


def _run(place: Place, *words: str) -> float:
    started = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=ROOT,
        env=place.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if ended.returncode not in (0, 1) or "Traceback" in ended.stderr:  # 1: unfit, as it must say
        raise RuntimeError(ended.stderr)
    return seconds
