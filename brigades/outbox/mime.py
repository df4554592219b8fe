"""A written letter as the bytes that go over the wire.

Every header is ASCII and folded between words of at most 75 characters, and names one recipient.
Line breaks in names and titles become spaces: a header never starts inside a name. The headers are
put together here since the library's modern folding adds spaces to long names that are not Latin,
and takes three milliseconds a letter.
"""

from base64 import encodebytes
from binascii import b2a_qp
from datetime import datetime
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, parseaddr, quote
from hashlib import sha256
from io import BytesIO
from urllib.parse import urlsplit

from flask import current_app

from brigades.outbox.models import Letter
from brigades.outbox.render import Written

# Longest line that mail may carry as it is, without its line break (RFC 5322, 2.1.1).
LONGEST_LINE = 998
_WIRE = compat32.clone(linesep="\r\n", mangle_from_=False)


def finished(letter: Letter, written: Written, now: datetime) -> bytes:
    """The letter as bytes; ValueError where its address is none.

    ``letter.message_id`` must be set: every try of one letter carries the same.
    """
    headers = [
        _words("Subject", written.subject),
        _mailbox("From", current_app.config["ORGANISATION"], sender()),
        _mailbox("To", letter.to_name, wire_address(letter.to_address)),
        f"Date: {format_datetime(now)}",
        f"Message-ID: {letter.message_id}",
        "Auto-Submitted: auto-generated",
        f"Content-Language: {letter.locale.replace('_', '-')}",
    ]
    if written.content.reply_to:
        headers.append(_mailbox("Reply-To", "", wire_address(written.content.reply_to)))
    head = "".join(f"{header}\r\n" for header in headers)
    return head.encode() + _bytes(_body(written))


def message_id(letter_id: int, key: str) -> str:
    """The same for every try of one letter, and unlike any other letter's."""
    mark = sha256(f"{current_app.config['SECRET_KEY']} {key}".encode()).hexdigest()[:20]
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    return f"<letter.{letter_id}.{mark}@{host}>"


def sender() -> str:
    """The bare address that every mail comes from."""
    return parseaddr(str(current_app.config["MAIL_FROM"]))[1]


def wire_address(address: str) -> str:
    """An address with its domain as mail servers know it; ValueError where it is none."""
    local, _, domain = address.strip().rpartition("@")
    if not local or not domain or any(c.isspace() or c in "<>,;" for c in address.strip()):
        raise ValueError(f"not an address: {address!r}")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


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
    return f"{header}: {Header(text, 'utf-8', 76, header).encode(linesep=_WIRE.linesep)}"


def _body(written: Written) -> Message:
    parts = MIMEMultipart("alternative")
    parts.attach(_text("plain", written.text))
    parts.attach(_text("html", written.html))
    if written.content.calendar is None:
        return parts
    # The event twice: as an alternative, which programs offer to answer, and as a file.
    event = written.content.calendar
    text = event.decode().replace("\r\n", "\n")
    parts.attach(_text("calendar", text, method=written.content.method))
    both = MIMEMultipart("mixed")
    both.attach(parts)
    file = MIMENonMultipart("application", "ics", name="event.ics")
    file.add_header("Content-Disposition", "attachment", filename="event.ics")
    file["Content-Transfer-Encoding"] = "base64"
    file.set_payload(encodebytes(event).decode())
    both.attach(file)
    return both


def _text(subtype: str, text: str, method: str = "") -> Message:
    """A part of text: as it is where that is allowed, else in the encoding that stays shortest."""
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    if method:
        part.set_param("method", method)
    longest = max(map(len, text.splitlines()), default=0)
    foreign = sum(not c.isascii() for c in text)
    if not foreign and longest <= LONGEST_LINE:
        part["Content-Transfer-Encoding"] = "7bit"
        part.set_payload(text)
    elif foreign * 6 < len(text):
        part["Content-Transfer-Encoding"] = "quoted-printable"
        part.set_payload(b2a_qp(text.encode()).decode())
    else:
        part["Content-Transfer-Encoding"] = "base64"
        part.set_payload(encodebytes(text.encode()).decode())
    return part


def _bytes(message: Message) -> bytes:
    buffer = BytesIO()
    BytesGenerator(buffer, policy=_WIRE).flatten(message)
    return buffer.getvalue()
