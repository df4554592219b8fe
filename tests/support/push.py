"""A push service on loopback, and browsers that subscribed to it.

It does what a real one does: it takes messages for devices it knows, signed by whom they subscribed
to; and what only the browser can: it decrypts them.
"""

import json
import os
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def in_letters(raw: bytes) -> str:
    """Base64url without padding, as browsers write it."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def in_bytes(text: str) -> bytes:
    """The other way round."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class Pushed:
    """One message as it came, decrypted, with what its signature said."""

    said: dict[str, Any]
    headers: dict[str, str]
    claims: dict[str, Any]
    signed_by: str
    raw: bytes


@dataclass
class Device:
    """A browser: its address at the service, and keys that never leave it."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: os.urandom(16))
    got: list[Pushed] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What it is encrypted with, as the page's script sends it."""
        public = self.private.public_key()
        return in_letters(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def auth(self) -> str:
        """Its secret, as the page's script sends it."""
        return in_letters(self.secret)

    @property
    def form(self) -> dict[str, str]:
        """What the page's script posts."""
        return {"endpoint": self.endpoint, "key": self.key, "auth": self.auth}

    def read(self, raw: bytes) -> dict[str, Any]:
        """Decrypt a message (RFC 8291)."""
        words = http_ece.decrypt(
            raw, private_key=self.private, auth_secret=self.secret, version="aes128gcm"
        )
        return dict(json.loads(words))


class PushService:
    """A running service. ``answers`` maps a device's address to another status than 201.

    A status of 0 keeps whoever calls waiting; -1 sends a byte now and then for ever.
    """

    def __init__(self) -> None:
        self.devices: dict[str, Device] = {}
        self.answers: dict[str, int] = {}
        self.asked: list[str] = []  # paths, in the order of being called
        self.now: datetime | None = None  # signatures must hold now; None: whatever they say
        self.closing = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                service.take(self)

            def log_message(self, *_words: Any) -> None:
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def origin(self) -> str:
        """Whom signatures must be meant for."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def a_device(self) -> Device:
        """A browser that has just subscribed."""
        path = f"/push/{in_letters(os.urandom(24))}"
        self.devices[path] = device = Device(self.origin + path)
        return device

    def answer(self, device: Device, status: int) -> None:
        """Answer so from now on to what comes for a device."""
        self.answers[device.endpoint.removeprefix(self.origin)] = status

    def take(self, request: BaseHTTPRequestHandler) -> None:
        """Take a message, or refuse it like a real service does."""
        self.asked.append(request.path)
        raw = request.rfile.read(int(request.headers["Content-Length"]))
        status = self.answers.get(request.path, 201)
        if status == 0:
            self.closing.wait()
            return
        if status == -1:
            self._drip(request)
            return
        device = self.devices.get(request.path)
        if status == 201 and device is None:
            status = 404
        if status == 201 and device is not None:
            status = self._keep(device, request, raw)
        request.send_response(status)
        if 300 <= status < 400:
            request.send_header("Location", f"{self.origin}/elsewhere")
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _keep(self, device: Device, request: BaseHTTPRequestHandler, raw: bytes) -> int:
        headers = {name.lower(): value for name, value in request.headers.items()}
        if headers.get("content-encoding") != "aes128gcm" or "ttl" not in headers:
            return 400
        if len(raw) > 4096:
            return 413
        signed = verified(headers["authorization"])
        if signed is None:
            return 401
        claims, signed_by = signed
        now = (self.now or datetime.fromtimestamp(claims["exp"] - 60, UTC)).timestamp()
        if claims["aud"] != self.origin or not now < claims["exp"] <= now + 24 * 3600:
            return 403
        if not claims["sub"].startswith("mailto:"):
            return 403
        device.got.append(Pushed(device.read(raw), headers, claims, signed_by, raw))
        return 201

    def _drip(self, request: BaseHTTPRequestHandler) -> None:
        try:
            request.wfile.write(b"HTTP/1.1 201 ")
            while not self.closing.wait(0.05):
                request.wfile.write(b"C")
        except OSError:  # they hung up, as they should
            pass

    def start(self) -> None:
        """Listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # many call at the same moment


def verified(header: str) -> tuple[dict[str, Any], str] | None:
    """What a VAPID header claims and who signed it; None where the signature is wrong."""
    scheme, _, rest = header.partition(" ")
    if scheme != "vapid":
        return None
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, claims, signature = parts["t"].split(".")
    if json.loads(in_bytes(head))["alg"] != "ES256":
        return None
    raw = in_bytes(signature)
    halves = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), in_bytes(parts["k"]))
    try:
        key.verify(encode_dss_signature(*halves), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    except Exception:
        return None
    return json.loads(in_bytes(claims)), parts["k"]


@contextmanager
def service() -> Iterator[PushService]:
    """A push service for the length of a `with`."""
    running = PushService()
    running.start()
    try:
        yield running
    finally:
        running.stop()
