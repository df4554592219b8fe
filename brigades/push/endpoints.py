"""Where a browser says that its messages are to go: any address on the web, so none of ours.

A person gives us these addresses and our server calls them. So only https on its usual port is
called, and only what lies on the public internet: nobody reaches our own network through us.
"""

import re
import socket
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

LONGEST = 1000  # characters; those of today's services have at most about 600
_NUMBER = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)\.?", re.ASCII | re.IGNORECASE)  # 127.1 is one too
_VISIBLE = re.compile(r"[!-~]+")  # no space and no line break: it becomes part of a request


class NotAllowed(ValueError):
    """This is no address that we call."""


@dataclass(frozen=True)
class Endpoint:
    """An address of a push service, in the parts that a request is made of."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Whom a signature is meant for (RFC 8292)."""
        scheme, usual = ("https", 443) if self.secure else ("http", 80)
        return f"{scheme}://{self.host}" + ("" if self.port == usual else f":{self.port}")


def parse(text: str, *, loopback: bool = False) -> Endpoint:
    """The parts of an address; raises NotAllowed. ``loopback``: plain http and any port too."""
    if len(text) > LONGEST or not _VISIBLE.fullmatch(text):
        raise NotAllowed("too long, or not plain")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise NotAllowed(str(error)) from error
    secure = parts.scheme == "https"
    if not parts.hostname or "@" in parts.netloc or "[" in parts.netloc:
        raise NotAllowed("no host by name, or a name to sign in with")
    if not loopback and (not secure or port not in (None, 443)):
        raise NotAllowed("not https on its usual port")
    if not loopback and _NUMBER.fullmatch(parts.hostname):
        raise NotAllowed("no host by name")
    if parts.scheme not in ("http", "https"):
        raise NotAllowed("neither https nor http")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(secure, parts.hostname, port or (443 if secure else 80), path)


def addresses_of(endpoint: Endpoint, *, loopback: bool = False) -> list[str]:
    """The internet addresses behind a host, asked for now; raises NotAllowed and OSError.

    Whoever calls must connect to one of these and not ask again: the next answer may be another.
    """
    found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not loopback and not all(map(is_public, addresses)):
        raise NotAllowed("leads into a network that is not public")
    return addresses


def is_public(address: str) -> bool:
    """Whether an internet address is one that everybody reaches, also where another is in it."""
    one = ip_address(address.partition("%")[0])
    if isinstance(one, IPv6Address):
        if one.ipv4_mapped is not None:
            return is_public(str(one.ipv4_mapped))
        if one.sixtofour is not None or one.teredo is not None or _is_translated(one):
            return False
    return one.is_global and not one.is_multicast


def _is_translated(one: IPv6Address) -> bool:
    """Whether a gateway calls the IPv4 address inside: 64:ff9b::/96 and 64:ff9b:1::/48."""
    return one.packed[:4] == bytes.fromhex("0064ff9b")


def check_keys(key: str, auth: str) -> None:
    """Raise ValueError unless a message can be encrypted with these (RFC 8291)."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

    EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(key, 65))
    _bytes(auth, 16)


def _bytes(text: str, length: int) -> bytes:
    if len(text) > 2 * length or not re.fullmatch(r"[\w-]+=*", text, re.ASCII):
        raise ValueError("not base64url")
    raw = urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    if len(raw) != length:
        raise ValueError(f"{len(raw)} bytes instead of {length}")
    return raw
