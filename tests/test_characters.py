"""What is kept of what people type: all that is seen, and nothing that only misleads."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brigades import characters
from brigades.people.models import plain

NAMES = (
    "Mira Keller",
    "O'Hara",
    "N’golo",
    "al-ʿAttar",
    "Jean-Luc",
    "Zoë Øster",
    "محـــمد",  # stretched
    "مُحَمَّد",  # with its vowels
    "می\u200cخواهم",  # Persian: the joiner is spelling
    "क्\u200dष",  # and so in Indic scripts
    "李小龍",
    "한국",
    "\U0001f469\u200d\U0001f680 crew",
)


@pytest.mark.parametrize("name", NAMES)
def test_every_script_is_kept_letter_by_letter(name):
    assert characters.one_line(name) == unicodedata.normalize("NFC", name)
    assert characters.text(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    "odd",
    [
        *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\u2060\ufff9",
        *"\x00\x01\x08\x1b\x7f\x9f\ud800\udfff\ufdd0\ufffe\U0010ffff",
    ],
)
def test_what_nobody_sees_goes_in_silence(odd):
    for clean in (characters.one_line, characters.text):
        assert clean(f"Sam{odd}my") == "Sammy"
        assert clean(f"{odd}Sam{odd}") == "Sam"
        assert clean(odd) == ""


@pytest.mark.parametrize("mark", "\u200e\u200f\u061c\u00ad")
def test_marks_of_layout_stay_in_a_text_and_not_in_a_name(mark):
    assert characters.one_line(f"Sam{mark}my") == "Sammy"
    assert characters.text(f"Sam{mark}my") == f"Sam{mark}my"


# MAIL-02
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_a_line_ends_alike_and_a_name_has_one_line(end):
    assert characters.text(f"one{end}two") == "one\ntwo"
    assert characters.one_line(f"Sam{end}Bcc: x@evil.example") == "Sam Bcc: x@evil.example"


def test_a_text_keeps_its_paragraphs_and_tabs():
    assert characters.text("one\n\n\ttwo  three\n") == "one\n\n\ttwo  three"


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        None,
        "  ",
        "\u200c",
        "\u200d\u200c",
        "\u3164",
        "\u2800 \u115f",
        "\ufe0f",
        "\u00a0",
        "\u3000",
    ],
)
def test_what_shows_nothing_is_empty(nothing):
    assert characters.one_line(nothing) == characters.text(nothing) == ""


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_cleaning_twice_is_cleaning_once_and_the_rest_can_be_kept(typed):
    for clean in (characters.one_line, characters.text):
        kept = clean(typed)
        assert clean(kept) == kept
        kept.encode()  # no halves of characters
        assert not set(kept) & set("\x00\r\u202e\u2066\ufeff")
    assert len(characters.one_line(typed).splitlines()) <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoe\u0308", "Zoë"),  # as one keyboard sends it, and as another does
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("می\u200cخواهم", "میخواهم"),
        ("أحمد", "احمد"),
    ],
)
def test_searching_finds_a_name_however_it_was_typed(one, other):
    assert plain(one) == plain(other)
