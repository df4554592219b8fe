"""A mail server in a process of its own that takes every letter.

``python -m bench.sink`` prints its port, serves until its input closes, and keeps nothing; with the
name of a file it writes the Message-ID of each letter there before it says that it has it.
"""

import asyncio
import re
import socket
import sys
from typing import Any, TextIO

from aiosmtpd.smtp import SMTP

_MESSAGE_ID = re.compile(rb"(?mi)^Message-ID: *(<[^>\r\n]+>)")


class Taken:
    """Says yes to every letter."""

    def __init__(self, file: TextIO | None) -> None:
        self.file = file

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take it."""
        if self.file is not None:
            found = _MESSAGE_ID.search(envelope.content)
            print(found[1].decode() if found else "none", file=self.file, flush=True)
        return "250 OK"


async def _serve(file: TextIO | None) -> None:
    loop = asyncio.get_running_loop()
    listening = socket.create_server(("127.0.0.1", 0))
    await loop.create_server(lambda: SMTP(Taken(file), enable_SMTPUTF8=True), sock=listening)
    print(listening.getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        with open(sys.argv[1], "w") as kept:
            asyncio.run(_serve(kept))
    else:
        asyncio.run(_serve(None))
