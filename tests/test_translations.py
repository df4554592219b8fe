"""The catalogues are complete: every text, in every language, with its placeholders."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from brigades.locales import LOCALES

ROOT = Path(__file__).parent.parent
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
TRANSLATED = [code for code in LOCALES if code != "en"]


@pytest.fixture(scope="module")
def texts() -> set[str | tuple[str, ...]]:
    """Every text in code and templates; a pair is a singular and its plural."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(ROOT), methods, options, KEYWORDS)
    return {message[2] for message in found if message[2]}


def catalogue(locale: str) -> Catalog:
    path = ROOT / "brigades" / "translations" / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]", text))


def wordings(message: Message) -> Iterator[str]:
    yield from [message.string] if isinstance(message.string, str) else message.string


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_text_is_translated(locale: str, texts: set[str | tuple[str, ...]]):
    known = {message.id: message for message in catalogue(locale) if message.id}
    missing = [text for text in texts if text not in known or not all(wordings(known[text]))]
    assert missing == []
    assert [message.id for message in known.values() if message.fuzzy] == []
    assert [text for text in known if text not in texts] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_placeholders_and_markup_survive_translation(locale: str):
    for message in catalogue(locale):
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[1]
        for wording in wordings(message):
            extra = placeholders(wording) - placeholders(source)
            assert not extra, (message.id, wording)
            if isinstance(message.id, str):
                assert placeholders(wording) == placeholders(source), (message.id, wording)
            assert re.findall(r"</?\w+", wording) == re.findall(r"</?\w+", source), wording


def test_arabic_counts_as_arabic_does():
    arabic = catalogue("ar")
    assert arabic.num_plurals == 6
    plural = next(message for message in arabic if isinstance(message.id, tuple))
    assert len(plural.string) == 6
    assert "n%100>=11 ? 4 : 5" in arabic.plural_expr
