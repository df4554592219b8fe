"""Phone numbers in one form, however they were typed."""

import pytest

from brigades.people.phones import grouped, normal

ARABIC = "".join(chr(0x660 + int(digit)) for digit in "970599123456")


@pytest.mark.parametrize(
    "typed",
    [
        "+" + ARABIC,
        "059 912 3456",
        "\u202a+970 599 123 456\u202c",
        "\u200f+970-599-123-456",
        "00970599123456",
    ],
)
def test_digits_of_any_script_and_copied_marks_are_understood(typed):  # I18N-01
    assert normal(typed, "PS") == "+970599123456"


@pytest.mark.parametrize("typed", ["", "abc", "12", "+", "1" * 40, "+999 12"])
def test_what_cannot_be_a_number_is_refused(typed):
    with pytest.raises(ValueError):
        normal(typed, "PS")


def test_a_kept_number_is_shown_in_groups():
    assert grouped("+970599123456") == "+970 599 123 456"
    assert grouped("none") == "none"
    assert grouped(None) == ""
