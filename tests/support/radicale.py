"""Radicale, a real CalDAV server, as a process of its own on loopback."""

import http.client
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

PATIENCE = 60  # seconds until it must listen, on a machine that does much else
DAV = "{DAV:}"
DATA = "{urn:ietf:params:xml:ns:caldav}calendar-data"
BETWEEN = """<?xml version="1.0"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><D:getetag/><C:calendar-data/></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
<C:time-range start="{start}" end="{end}"/>
</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"""


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    text: str
    etag: str


@dataclass(frozen=True)
class Server:
    """A running server; everybody may sign in under any name and owns what stands below it."""

    port: int
    user: str = "vera"

    def ask(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Answer:
        """One request; header names with _ for -."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        secret = b64encode(f"{self.user}:x".encode()).decode()
        data = body.encode() if isinstance(body, str) else body
        try:
            connection.request(
                method, path, body=data, headers={"Authorization": f"Basic {secret}", **named}
            )
            answer = connection.getresponse()
            text = answer.read().decode()
            return Answer(answer.status, text, answer.headers.get("ETag", ""))
        finally:
            connection.close()

    def put(self, path: str, calendar: bytes, **headers: str) -> Answer:
        """Put a calendar file, as a program does that took it in."""
        return self.ask(
            "PUT", path, calendar, Content_Type="text/calendar; charset=utf-8", **headers
        )

    def between(self, path: str, start: str, end: str) -> list[str]:
        """The files of a collection with an event in a span of UTC times (20260610T120000Z)."""
        answer = self.ask("REPORT", path, BETWEEN.format(start=start, end=end), Depth="1")
        assert answer.status == 207, answer
        found = ElementTree.fromstring(answer.text).iter(DATA)
        return [str(each.text) for each in found]


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server that keeps its files in ``folder``; it ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "config": "",
        "server-hosts": f"127.0.0.1:{port}",
        "auth-type": "none",
        "storage-filesystem-folder": str(folder),
        "logging-level": "warning",
    }
    given = [f"--{name}={value}" for name, value in settings.items()]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "radicale", *given], stderr=log)
    try:
        _wait(port, process)
        yield Server(port)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("Radicale did not start")
