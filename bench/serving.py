"""Databases and servers for the length of a measurement; nothing is left behind."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from bench.world import World, load
from brigades import create_app
from tests.support import postgres

ROOT = Path(__file__).resolve().parent.parent
KEYS = {"SECRET_KEY": "measured in the open", "DATA_KEY": "measured in the open"}


@dataclass(frozen=True)
class Place:
    """A database with a world in it, and the folder of an instance on it."""

    name: str  # sqlite or postgresql
    folder: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process that works on it is started with."""
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        return {
            **kept,  # a machine that is warm has its bytecode
            **KEYS,
            "INSTANCE_PATH": str(self.folder),
            "DATABASE_URL": self.url,
            "BASE_URL": "http://127.0.0.1",
            "PYTHONPATH": str(ROOT),
        }

    def app(self, **settings: str) -> Flask:
        """The application on it, in this process."""
        return create_app(
            {
                **KEYS,
                "INSTANCE_PATH": str(self.folder),
                "SQLALCHEMY_DATABASE_URI": self.url,
                "BASE_URL": "http://127.0.0.1",
                **settings,
            }
        )


@contextmanager
def database_server() -> Iterator[postgres.Server]:
    """A real PostgreSQL."""
    postgres.sweep()
    server = postgres.Server()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def instance_folder() -> Iterator[Path]:
    """A folder for everything that is written."""
    with tempfile.TemporaryDirectory(prefix="brigades-bench-") as folder:
        yield Path(folder)


def settle(name: str, url: str, folder: Path, world: World) -> Place:
    """Load a world into a database."""
    folder.mkdir()
    place = Place(name, folder, url)
    load(world, place.app())
    return place


@contextmanager
def serving(place: Place, processes: int = 1) -> Iterator[int]:
    """The application behind gunicorn; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port = chosen.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "python:bench.gunicorn_settings"]
    server = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "-w", str(processes), "bench.wsgi:app"],
        cwd=ROOT,
        env=place.environment,
    )
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start")
