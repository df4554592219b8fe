"""Our own key: browsers take messages only from whoever they subscribed to (VAPID, RFC 8292)."""

from base64 import urlsafe_b64encode
from datetime import datetime
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from brigades.clock import HOUR

# A service refuses signatures that hold for more than a day.
SIGNED_FOR = 12 * HOUR


@lru_cache
def public_key(key: str) -> str:
    """The public half of PUSH_KEY as browsers want it: an uncompressed point in base64url."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = _signer(key).public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).decode().rstrip("=")


def signed(key: str, origin: str, mail_from: str, now: datetime) -> str:
    """The Authorization header for messages to one service; it says whom to write to about us."""
    claims = {
        "aud": origin,
        "exp": int((now + SIGNED_FOR).timestamp()),
        "sub": f"mailto:{parseaddr(mail_from)[1]}",
    }
    return str(_signer(key).sign(claims)["Authorization"])


@lru_cache
def _signer(key: str) -> Any:
    from py_vapid import Vapid

    signer = Vapid.from_raw(key.encode())
    signer.conf["no-strict"] = True  # else a MAIL_FROM whose host has no dot is refused
    return signer
