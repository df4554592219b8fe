"""Settings, read from the environment once; every one has a safe default.

The README's table lists each of them; a test keeps both equal.
"""

import os
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent

# name -> what it is for; the README repeats this table.
SETTINGS = {
    "DATABASE_URL": "where the data is kept; unset: SQLite in the instance folder",
    "SECRET_KEY": "signs cookies and links; unset: made once and kept in the instance folder",
    "BASE_URL": "the address people type; every link in a mail starts with it",
    "TRUSTED_HOSTS": "comma-separated host names that requests may name",
    "MAIL_URL": "the mail server, smtp://user:password@host:port; unset: mail is kept as files",
    "MAIL_FROM": "the sender of every mail, an address or Name <address>",
    "MAIL_CONNECTIONS": "connections to the mail server of one worker at once, 1 to 20; unset: 1",
    "ORGANISATION": "the organisation's name",
    "MISSION": "one or two sentences on the public page that say what the organisation does",
    "ACCENT": "the colour of buttons and marks as #rrggbb; unset: petrol",
    "DEFAULT_LOCALE": "language of visitors whose browser asks for none that we have",
    "DATA_KEY": "encrypts sensitive fields; unset: made once and kept in the instance folder",
    "PUSH_KEY": "signs push messages; unset: made once and kept in the instance folder; off: none",
    "RATE_LIMIT_URL": "counts attempts across processes, redis://…; unset: in memory",
    "LIMITS": "rest rules and deadlines that differ from the defaults, such as rest=12 week=40",
    "KEEP": "days that letters, decided applications and members who left are kept, members=1095",
    "PORT": "port that `make run` serves on",
    "INSTANCE_PATH": "folder of the embedded database, secrets and written mail",
}


def kept_secret(
    folder: Path, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)
) -> str:
    """A secret that is made at first use and kept in a file only its owner can read.

    Of several processes that make it at the same moment, all get the one that was kept.
    """
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{name}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(make())
        try:
            os.link(draft, path)  # in whole or not at all: nobody reads half of it
        except FileExistsError:  # another process was faster
            pass
        except OSError:  # a file system without links
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    return path.read_text().strip()


# How many keys the curve P-256 has, on which push messages are signed (RFC 8292).
PUSH_KEYS = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def new_push_key() -> str:
    """A private key for signing push messages: its 32 bytes in base64url."""
    number = 1 + secrets.randbelow(PUSH_KEYS - 1)
    return urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")


def checked_push_key(key: str) -> str:
    """The key, empty where push is off; raises ValueError for what is none."""
    if key == "off":
        return ""
    try:
        raw = urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except ValueError:
        raw = b""
    if len(raw) != 32 or not 0 < int.from_bytes(raw, "big") < PUSH_KEYS:
        raise ValueError("PUSH_KEY must be 32 bytes in base64url, as the file push-key has, or off")
    return key


def normal_database_url(url: str) -> str:
    """Hosting platforms hand out postgres:// and postgresql://; both mean psycopg here."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def contrast_with_white(colour: str) -> float:
    """WCAG contrast of #rrggbb against white, 1 to 21."""

    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def checked_accent(colour: str) -> str:
    """The accent, if white text can be read on it; raises ValueError otherwise."""
    if not colour:
        return ""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"ACCENT must be a colour such as #0b4f66, not {colour!r}")
    if contrast_with_white(colour) < 4.5:
        raise ValueError(f"ACCENT {colour} is too light: white text on it cannot be read")
    return colour.lower()


def checked_port(port: str) -> int:
    """The port as a number; raises ValueError for what is none."""
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"PORT must be a number from 1 to 65535, not {port!r}")
    return int(port)


def ascii_host(host: str) -> str:
    """A host as browsers and mail servers send it (IDNA 2008); raises ValueError for none."""
    if host.isascii():
        return host
    import idna

    return idna.encode(host, uts46=True, transitional=False).decode()


def checked_base_url(url: str) -> str:
    """The address with its host in ASCII and no slash at its end; ValueError where it is none."""
    url = url.rstrip("/")
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(f"BASE_URL must start with http:// or https://, not {url!r}")
    if host.isascii():
        return url
    try:
        return parts._replace(netloc=parts.netloc.lower().replace(host, ascii_host(host))).geturl()
    except ValueError as error:
        raise ValueError(f"BASE_URL names no host that can be: {host!r} ({error})") from error


def checked_sender(sender: str) -> str:
    """The sender, if an address of ASCII before its @ is in it; raises ValueError otherwise."""
    local, _, domain = parseaddr(sender)[1].rpartition("@")
    try:
        ascii_host(domain)
    except ValueError:
        domain = ""
    if not local or not local.isascii() or not domain or "\n" in sender or "\r" in sender:
        raise ValueError(f"MAIL_FROM must be an address or Name <address>, not {sender!r}")
    return sender


def checked_connections(number: str) -> int:
    """How many connections at once; raises ValueError for what is no such number."""
    if not (number.isascii() and number.isdigit() and 0 < int(number) <= 20):
        raise ValueError(f"MAIL_CONNECTIONS must be a number from 1 to 20, not {number!r}")
    return int(number)


def settings(env: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Flask configuration from environment variables; raises ValueError for one that cannot be."""
    instance = Path(env.get("INSTANCE_PATH") or ROOT / "instance").resolve()
    port = checked_port(env.get("PORT") or "8000")
    base_url = checked_base_url(env.get("BASE_URL") or f"http://127.0.0.1:{port}")
    parts = urlsplit(base_url)
    hosts = [host.strip() for host in (env.get("TRUSTED_HOSTS") or "").split(",") if host.strip()]
    https = parts.scheme == "https"
    return {
        "INSTANCE_PATH": str(instance),
        "SQLALCHEMY_DATABASE_URI": normal_database_url(
            env.get("DATABASE_URL") or f"sqlite:///{instance / 'brigades.db'}"
        ),
        "SECRET_KEY": env.get("SECRET_KEY") or kept_secret(instance, "secret-key"),
        "DATA_KEY": env.get("DATA_KEY") or kept_secret(instance, "data-key"),
        "PUSH_KEY": checked_push_key(
            env.get("PUSH_KEY") or kept_secret(instance, "push-key", new_push_key)
        ),
        "BASE_URL": base_url,
        "TRUSTED_HOSTS": hosts or [parts.hostname, "127.0.0.1", "localhost", "[::1]"],
        "MAIL_URL": env.get("MAIL_URL") or "",
        "MAIL_FROM": checked_sender(env.get("MAIL_FROM") or f"brigades@{parts.hostname}"),
        "MAIL_CONNECTIONS": checked_connections(env.get("MAIL_CONNECTIONS") or "1"),
        "ORGANISATION": env.get("ORGANISATION") or "Open Hands International",
        "MISSION": env.get("MISSION") or "",
        "ACCENT": checked_accent(env.get("ACCENT") or ""),
        "DEFAULT_LOCALE": env.get("DEFAULT_LOCALE") or "en",
        "RATE_LIMIT_URL": env.get("RATE_LIMIT_URL") or "memory://",
        "LIMITS": env.get("LIMITS") or "",
        "KEEP": env.get("KEEP") or "",
        "PORT": port,
        "HTTPS": https,
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": https,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": 8 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": 4 * 3600,
        "WTF_CSRF_CHECK_DEFAULT": False,  # the door, brigades.web.needs, checks instead
    }
