"""A certificate of hours as a PDF, in the reader's language and its direction.

Typst sets it; what people typed goes in as values, never as markup. Fonts come from the
environment's own packages, so it looks the same on every machine.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _

from brigades import texts
from brigades.attendance.served import Served
from brigades.locales import direction
from brigades.people.models import Person
from brigades.reader import language

_FONTS = ("fontpkg_noto_sans", "fontpkg_ibm_plex_sans_arabic")


@dataclass(frozen=True)
class Certificate:
    """What is certified: a person's hours between two local days, on a day."""

    person: Person
    served: Sequence[Served]
    since: date
    until: date
    today: date

    @property
    def hours(self) -> float:
        """All of them."""
        return sum(one.hours for one in self.served)


def pdf(certificate: Certificate) -> bytes:
    """The finished file; takes some hundredths of a second."""
    import typst

    said = _said(certificate)
    written = typst.compile(
        str(Path(current_app.root_path).parent / "templates/attendance/certificate.typ"),
        font_paths=list(_fonts()),
        ignore_system_fonts=True,
        sys_inputs={"said": json.dumps(said)},
        timestamp=int(datetime.combine(certificate.today, time(12), UTC).timestamp()),
    )
    assert isinstance(written, bytes)
    return written


@lru_cache(maxsize=1)
def _fonts() -> tuple[str, ...]:
    found = []
    for name in _FONTS:
        spec = find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            raise RuntimeError(f"the font package {name} is not installed")
        found.append(str(Path(spec.submodule_search_locations[0]) / "files"))
    return tuple(found)


def _said(certificate: Certificate) -> dict[str, object]:
    organisation = current_app.config["ORGANISATION"]
    return {
        "language": language(),
        "direction": direction(language()),
        "organisation": organisation,
        "title": _("Certificate of hours"),
        "person": certificate.person.name,
        "sentence": _(
            "has given the following hours of voluntary work with %(organisation)s.",
            organisation=organisation,
        ),
        "span": _(
            "From %(first)s to %(last)s",
            first=texts.full_day(certificate.since),
            last=texts.full_day(certificate.until),
        ),
        "head": [_("Day"), _("Shift or training"), _("Hours")],
        "rows": [
            [texts.full_day(one.day), one.title, one.place, texts.hours_words(one.hours)]
            for one in reversed(certificate.served)
        ],
        "total": _("In all"),
        "hours": texts.hours_words(certificate.hours),
        "issued": _("Issued on %(day)s", day=texts.full_day(certificate.today)),
        "sign": _("Signature and stamp"),
        "page": _("Page"),
    }
