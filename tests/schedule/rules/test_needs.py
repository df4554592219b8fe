"""What a place asks for: skills and languages."""

from brigades.people.levels import Level
from brigades.schedule.rules import Code, NeedFacts
from tests.schedule.rules.given import a_slot, codes, somebody


def test_a_trade_is_asked_for_by_name_and_its_skill_alone_is_not_enough():
    mason = somebody(skills=frozenset({("construction", ""), ("construction", "bricklaying")}))
    helper = somebody(skills=frozenset({("construction", "")}))
    trade = NeedFacts(1, skill="construction", trade="bricklaying")
    assert codes(a_slot(), mason, trade) == {}
    assert codes(a_slot(), helper, NeedFacts(1, skill="construction")) == {}
    assert codes(a_slot(), helper, trade)[Code.SKILL_MISSING].skill == "bricklaying"


def test_each_language_of_a_pair_must_reach_the_level():
    pair = NeedFacts(1, languages=("ar", "en"), level=Level.B2)
    assert codes(a_slot(), somebody(languages={"ar": Level.NATIVE, "en": Level.B2}), pair) == {}
    low = codes(a_slot(), somebody(languages={"ar": Level.B1}), pair)
    assert low[Code.LEVEL_TOO_LOW].has is Level.B1
    assert low[Code.LANGUAGE_MISSING].language == "en"
