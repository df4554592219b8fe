"""A written letter as the bytes that go over the wire.

Every header is ASCII and folded between words of at most 75 characters, and names one recipient.
Line breaks in names and titles become spaces: a header never starts inside a name. It is all put
together here since the library's modern folding adds spaces to long names that are not Latin, and
takes several milliseconds a letter.
"""

import logging
import re
from base64 import encodebytes
from binascii import b2a_qp
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, parseaddr, quote
from hashlib import sha256
from secrets import token_hex
from urllib.parse import urlsplit

from flask import current_app

from brigades.outbox.delivery.addresses import wire_address, wire_domain
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import kind_of
from brigades.outbox.models import Letter
from brigades.outbox.render import Written, locale_of

log = logging.getLogger(__name__)

# Longest line that mail may carry as it is, without its line break (RFC 5322, 2.1.1).
LONGEST_LINE = 998
_BREAKS = re.compile(r"\r\n|\r|\n")


def finished(letter: Letter, written: Written, now: datetime) -> bytes:
    """The letter as bytes; ValueError where its address is none.

    ``letter.message_id`` must be set: every try of one letter carries the same.
    """
    headers = [
        _words("Subject", written.subject),
        _mailbox("From", _from()[0], sender()),
        _mailbox("To", letter.to_name, wire_address(letter.to_address)),
        f"Date: {format_datetime(now)}",
        f"Message-ID: {letter.message_id}",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        f"Content-Language: {locale_of(letter).replace('_', '-')}",
    ]
    headers += _reply_to(written.content.reply_to)
    headers += _of_list(kind_of(letter.name), written.content.unsubscribe)
    head = "".join(f"{header}\r\n" for header in headers)
    return head.encode() + _body(written)


def _reply_to(address: str | None) -> list[str]:
    """Where answers go; a section's address that is none must not hold up its letters."""
    try:
        return [_mailbox("Reply-To", "", wire_address(address))] if address else []
    except ValueError as error:
        log.warning("answers go to the sender: %s", error)
        return []


def _of_list(kind: Kind, unsubscribe: str | None) -> list[str]:
    """What says that many get this, and how to get it no more with one click (RFC 8058)."""
    headers = ["Precedence: bulk"] if kind is Kind.NEWS else []
    if unsubscribe is None:
        return headers
    if not re.fullmatch(r"https?://[!-;=?-~]+", unsubscribe):
        raise ValueError(f"no link to unsubscribe by: {unsubscribe!r}")
    return [
        *headers,
        f"List-Id: <{kind}.{_host()}>",
        f"List-Unsubscribe: <{unsubscribe}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]


def message_id(letter_id: int, key: str) -> str:
    """The same for every try of one letter, and unlike any other letter's."""
    mark = sha256(f"{current_app.config['SECRET_KEY']} {key}".encode()).hexdigest()[:20]
    return f"<letter.{letter_id}.{mark}@{_host()}>"


def sender() -> str:
    """The bare address that every mail comes from."""
    return wire_address(_from()[1])


def _from() -> tuple[str, str]:
    """Name and address of MAIL_FROM; where it has no name, the organisation's."""
    name, address = parseaddr(str(current_app.config["MAIL_FROM"]))
    return name or str(current_app.config["ORGANISATION"]), address


def _host() -> str:
    return wire_domain(urlsplit(current_app.config["BASE_URL"]).hostname or "localhost")


def one_line(text: str) -> str:
    """Text without line breaks and control characters."""
    return " ".join("".join(" " if _controls(c) else c for c in text).split())


def _controls(letter: str) -> bool:
    # Marks of direction and joiners stay: Arabic and Persian are written with them.
    return ord(letter) < 32 or 127 <= ord(letter) < 160 or letter in "\u2028\u2029"


def _words(name: str, text: str) -> str:
    """A header of free text."""
    text = one_line(text)
    line = f"{name}: {text}"
    return line if _fits(line) else _encoded(name, text)


def _mailbox(header: str, name: str, address: str) -> str:
    """A header of one mailbox, its name encoded where it must be."""
    name = one_line(name)
    if not name:
        return f"{header}: {address}"
    line = f'{header}: "{quote(name)}" <{address}>'
    return line if _fits(line) else f"{_encoded(header, name)}\r\n <{address}>"


def _fits(line: str) -> bool:
    return line.isascii() and len(line) <= 78 and "=?" not in line


def _encoded(header: str, text: str) -> str:
    return f"{header}: " + Header(text, "utf-8", 76, header).encode(linesep="\r\n")


def _body(written: Written) -> bytes:
    """Everything below the letter's own headers, starting with those of its content."""
    parts = [_text("plain", written.text), _text("html", written.html)]
    event = written.content.calendar
    if event is None:
        whole = _multipart("alternative", parts)
        told = written.content.events
        files = [_file(one, f"event-{n}.ics") for n, one in enumerate(told, 1)]
        return _multipart("mixed", [whole, *files]) if files else whole
    # The event twice: as an alternative, which programs offer to answer, and as a file.
    method = written.content.method
    parts.append(_text("calendar", event.decode(), f"; method={method}"))
    return _multipart("mixed", [_multipart("alternative", parts), _file(event)])


def _multipart(kind: str, parts: list[bytes]) -> bytes:
    mark = token_hex(16)
    start = f'Content-Type: multipart/{kind};\r\n boundary="{mark}"\r\n\r\n'.encode()
    between = f"--{mark}\r\n".encode()
    return start + b"".join(between + part + b"\r\n" for part in parts) + f"--{mark}--\r\n".encode()


def _text(subtype: str, text: str, more: str = "") -> bytes:
    """A part of text: as it is where that is allowed, else in the encoding that stays shortest."""
    lines = _BREAKS.split(text)  # no others end a line on the wire
    data = "\r\n".join(lines).encode()
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    if not foreign and max(map(len, lines), default=0) <= LONGEST_LINE:
        encoding = "7bit"
    elif foreign * 6 < len(text):
        encoding, data = "quoted-printable", b2a_qp(data)
    else:
        encoding, data = "base64", _base64(data)
    head = f'Content-Type: text/{subtype}; charset="utf-8"{more}\r\n'
    return f"{head}Content-Transfer-Encoding: {encoding}\r\n\r\n".encode() + data


def _file(event: bytes, name: str = "event.ics") -> bytes:
    head = (
        f'Content-Type: application/ics; name="{name}"\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + _base64(event)


def _base64(data: bytes) -> bytes:
    return encodebytes(data).rstrip().replace(b"\n", b"\r\n")
