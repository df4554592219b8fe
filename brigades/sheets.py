"""Tables that leave the system. A cell that a person typed never becomes a formula elsewhere."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from urllib.parse import quote

from flask import Response

Cell = str | int | float | date | None

# What a spreadsheet starts a formula with; the full-width forms count too in some of them.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PHONE = re.compile(r"\+[0-9]{5,15}")


def safe_cell(value: Cell) -> Cell:
    """Text that would start a formula with an apostrophe before it; anything else unchanged.

    Numbers stay numbers, and a phone number in international form stays as it is: a plus and
    digits compute nothing, and whoever reads the sheet again must find the same number.
    """
    if not isinstance(value, str) or _PHONE.fullmatch(value):
        return value
    return f"'{value}" if value.lstrip(" ").startswith(_STARTS) else value


def plain_cell(value: str) -> str:
    """What ``safe_cell`` was given: a sheet of ours that is read again adds no apostrophes."""
    rest = value[1:]
    return rest if value.startswith("'") and rest.lstrip(" ").startswith(_STARTS) else value


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file in UTF-8; the mark at its start tells spreadsheet programs so."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe_cell(name) for name in head])
    for row in rows:
        writer.writerow([_written(safe_cell(value)) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _written(value: Cell) -> Cell:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value


def xlsx_bytes(
    head: Sequence[str], tables: Iterable[tuple[str, Iterable[Sequence[Cell]]]]
) -> bytes:
    """A workbook with one sheet a table, each named as closely as a sheet may be.

    Text is kept as text, never as a formula, phone numbers among it; numbers and days stay what
    they are.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for name, rows in tables:
        sheet = book.create_sheet(sheet_title(name, taken))
        for number, row in enumerate([head, *rows], start=1):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(number, column)
                if isinstance(value, str):
                    cell.value = _UNPRINTABLE.sub("", value)
                    cell.data_type, cell.number_format = "s", "@"
                else:
                    cell.value = value
    if not book.worksheets:
        book.create_sheet(sheet_title("", taken))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def sheet_title(name: str, taken: set[str]) -> str:
    """A name that a sheet may have and no other in ``taken`` has; it is added to them.

    At most 31 letters, none of ``[]:*?/\\``, no apostrophe at either end, case does not tell
    two apart.
    """
    base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name)
    base = " ".join(base.split()).strip("'")[:31].strip("' ") or "1"
    title, number = base, 1
    while title.casefold() in taken:
        number += 1
        tail = f" {number}"
        title = base[: 31 - len(tail)].rstrip() + tail
    taken.add(title.casefold())
    return title


def attachment(name: str, ending: str) -> str:
    """A Content-Disposition for a file of this name, in whatever script; no line can break it."""
    clean = " ".join(re.sub(r"[\x00-\x1f\x7f/\\\"]", " ", name).split())[:100] or "file"
    plain = clean.encode("ascii", "ignore").decode().strip() or "file"
    return (
        f'attachment; filename="{plain}.{ending}"; '
        f"filename*=UTF-8''{quote(clean, safe='')}.{ending}"
    )


def download(content: bytes, name: str, ending: str) -> Response:
    """A table as a file to keep, "csv" or "xlsx", under a name in whatever script."""
    response = Response(content, content_type=_TYPES[ending])
    response.headers["Content-Disposition"] = attachment(name, ending)
    return response
