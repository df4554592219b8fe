"""A mail server in a process of its own that takes every letter and keeps none.

``python -m bench.sink`` prints its port and serves until its input closes.
"""

import asyncio
import socket
import sys
from typing import Any

from aiosmtpd.smtp import SMTP


class Taken:
    """Says yes to every letter."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take it."""
        return "250 OK"


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    listening = socket.create_server(("127.0.0.1", 0))
    await loop.create_server(lambda: SMTP(Taken(), enable_SMTPUTF8=True), sock=listening)
    print(listening.getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
