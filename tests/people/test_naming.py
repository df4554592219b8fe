"""A text without somebody: their whole name, their address, their number however it is written."""

import pytest

from brigades.people.naming import Naming

ANN = Naming("Ann", "Lee", ("ann@example.org",), "+4915112345678", "№ 1")


@pytest.mark.parametrize(
    "number",
    ["+4915112345678", "+49 1511 2345678", "004915112345678", "015112345678", "01511 2345678"],
)
def test_a_number_goes_with_and_without_its_country_and_in_groups(number):
    assert ANN.out_of(f"Call {number}, in the evening") == "Call № 1, in the evening"


def test_what_looks_like_it_and_is_another_number_stays():
    for other in ("0151123456789", "+49151123456780", "9015112345678"):
        assert ANN.out_of(other) == other


def test_a_name_within_another_stays():
    for other in ("Mary-Ann", "Ann-Kathrin", "Annex", "Joann"):
        assert ANN.out_of(other, alone=True) == other
    assert ANN.out_of("Ann – and Ann's friend", alone=True) == "№ 1 – and № 1's friend"


def test_a_name_with_a_hyphen_goes_whole():
    both = Naming("Mary-Ann", "O'Neil", (), "", "№ 2")
    assert both.out_of("Ask Mary-Ann O'Neil", alone=True) == "Ask № 2"
    assert both.out_of("Ask Mary-Ann", alone=True) == "Ask № 2"
