"""How long things are kept is a setting."""

import pytest

from brigades.keeping.rules import Keep, before, keep_from
from tests.builders import DAY, NOON


def test_nothing_said_keeps_letters_for_400_days_and_decided_applications_for_a_year():
    assert keep_from("") == Keep(letters=400, applications=365)


def test_each_is_set_by_its_name_and_0_is_for_ever():
    assert keep_from("letters=0, applications=90") == Keep(letters=0, applications=90)
    assert before(NOON, 0) is None
    assert before(NOON, 90) == NOON - 90 * DAY


@pytest.mark.parametrize(
    "odd",
    ["people=3", "letters", "letters=", "letters=-1", "letters=7", "letters=²", "letters=999999"],
)
def test_what_cannot_be_stops_the_start_with_a_sentence(odd):
    with pytest.raises(ValueError, match="KEEP"):
        keep_from(odd)
