"""How `make run` serves: one process with threads, and the scheduler beside them if embedded.

Production sets its own number of workers with `GUNICORN_CMD_ARGS` and runs `flask worker`.
"""

import os
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
workers = 1
worker_class = "gthread"
threads = 8
# Longer than browsers pause between two clicks, so the second finds the connection open.
keepalive = 30
# Nobody steers this server over a socket, and its default place is outside the project.
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Say in the log what `flask check` cannot know: the command line may ask for more workers."""
    if server.cfg.workers > 1 and not os.environ.get("RATE_LIMIT_URL"):
        server.log.warning(
            "RATE_LIMIT_URL is not set: each of %s web processes counts attempts by itself",
            server.cfg.workers,
        )


def post_worker_init(worker: Any) -> None:
    """Start the scheduler where the database is the embedded one.

    Here and not in `create_app`: every command, and a preloading master, would start one too.
    With a database server any number of processes serve, and `flask worker` does the passes.
    """
    url = os.environ.get("DATABASE_URL") or "sqlite://"
    if url.startswith("sqlite"):
        from brigades.worker import start_embedded

        start_embedded(worker.wsgi)
