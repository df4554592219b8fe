"""The application behind a real socket, in the test's own process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import make_server


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """Serve a WSGI application on a free loopback port, a thread per request; yields its URL."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    # Open keep-alive connections must not hold up the end of the tests.
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="test-server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
