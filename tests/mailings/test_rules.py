"""What a mailing's text may say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brigades.mailings.rules import (
    Fault,
    Part,
    Piece,
    Placeholder,
    Wrong,
    blocks,
    complete,
    faults,
    filled,
    pieces,
    read_in,
)


def said(text: str) -> str:
    return filled(text, lambda name: f"<{name.value}>")


def test_placeholders_are_filled_in_and_a_brace_written_twice_is_one():
    assert said("Hello {given_name}, { name }!") == "Hello <given_name>, <name>!"
    assert said("{{given_name}} stays, {{}} too") == "{given_name} stays, {} too"
    assert said("{{{name}}}") == "{<name>}"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{givenname}", [Fault(Wrong.UNKNOWN, "{givenname}")]),
        ("{}", [Fault(Wrong.UNKNOWN, "{}")]),
        ("one { alone", [Fault(Wrong.BRACE, "{")]),
        ("{name", [Fault(Wrong.BRACE, "{")]),
        ("}", [Fault(Wrong.BRACE, "}")]),
        ("{when} {when}", [Fault(Wrong.NEEDS_SLOT, "{when}")]),
        ("{{when}} {name}", []),
        ("{name\n}", [Fault(Wrong.BRACE, "{"), Fault(Wrong.BRACE, "}")]),
        ("{name.__class__}", [Fault(Wrong.UNKNOWN, "{name.__class__}")]),
        ("{0}", [Fault(Wrong.UNKNOWN, "{0}")]),
    ],
)
def test_what_cannot_be_filled_in_is_named(text, wrong):
    assert faults(text, about_slot=False) == wrong


def test_what_is_of_a_slot_needs_one():
    text = "{slot} {when} {where} {link}"
    assert len(faults(text, about_slot=False)) == 4
    assert faults(text, about_slot=True) == []


def addresses(text: str) -> list[str]:
    return [piece.text for piece in pieces(text) if piece.part is Part.ADDRESS]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://example.org/a?b=c&d=1.", ["https://example.org/a?b=c&d=1"]),
        ("(http://example.org/x)", ["http://example.org/x"]),
        ("https://example.org/a_(b) and more", ["https://example.org/a_(b)"]),
        ("هنا https://example.org/ع، ثم", ["https://example.org/ع"]),
        ("https://example.org/{{x}}", ["https://example.org/{x}"]),
        ("https://a.example http://b.example", ["https://a.example", "http://b.example"]),
        ("javascript:alert(1) ftp://x https://", []),
        ('https://x.example/"onmouseover=', ["https://x.example/"]),
    ],
)
def test_addresses_of_the_web_are_found_without_what_ends_the_sentence(text, found):
    assert addresses(text) == found


def test_nothing_that_a_placeholder_says_is_an_address():
    assert pieces("at {name}.") == (
        Piece(Part.TEXT, "at "),
        Piece(Part.PLACEHOLDER, "name"),
        Piece(Part.TEXT, "."),
    )


def test_blank_lines_part_paragraphs_and_dashes_make_a_list():
    found = blocks("One\r\ntwo\n\n\nThree:\n- a {name}\n* b\n• c\nfour\n\n-no item")
    shape = [(block.listed, len(block.lines)) for block in found]
    assert shape == [(False, 2), (False, 1), (True, 3), (False, 1), (False, 1)]
    assert found[2].lines[0] == (Piece(Part.TEXT, "a "), Piece(Part.PLACEHOLDER, "name"))


@given(st.text(alphabet="ab {}\n-*https://.name", max_size=60))
def test_whatever_is_typed_nothing_is_lost_and_nothing_raises(text):
    blocks(text)
    faults(text, about_slot=True)
    words = filled(text.replace("{", "{{").replace("}", "}}"), lambda name: "never")
    assert words == text


def test_each_reads_their_own_language_and_others_the_first_complete_one():
    texts = {
        "de": {"subject": "Nur ein Betreff", "body": ""},
        "ar": {"subject": "أ", "body": "ب"},
        "en": {"subject": "a", "body": "b"},
    }
    assert complete(texts) == ["ar", "en"]
    assert [read_in(texts, code) for code in ("en", "ar", "de", "fr")] == ["en", "ar", "ar", "ar"]
    with pytest.raises(ValueError):
        read_in({}, "en")


def test_every_placeholder_has_a_name_of_small_letters():
    assert all(name.value.replace("_", "").islower() for name in Placeholder)
