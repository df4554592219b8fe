"""How well somebody fits. Pure."""

from datetime import date, timedelta

from brigades.people.levels import Level
from brigades.schedule.fit import Experience, Grade, Why, fit
from brigades.schedule.rules import Commitment, Holding, NeedFacts, PersonFacts, SlotFacts
from tests.builders import DAY, HOUR, NOON

SLOT = SlotFacts(1, "Night pour", NOON, NOON + 8 * HOUR, "UTC")
MASON = NeedFacts(1, skill="construction", trade="bricklaying")
SKILLS = frozenset({("construction", "bricklaying"), ("construction", "")})
NEW = Experience()


def whys(need: NeedFacts, person: PersonFacts, seen: Experience = NEW) -> set[Why]:
    return {reason.why for reason in fit(SLOT, need, person, seen).reasons}


def test_years_and_a_check_put_somebody_before_a_beginner() -> None:
    person = PersonFacts(1, skills=SKILLS)
    beginner = fit(SLOT, MASON, person, Experience())
    expert = fit(SLOT, MASON, person, Experience(years=12, verified=True))
    assert expert.points > beginner.points
    assert (expert.grade, beginner.grade) == (Grade.BEST, Grade.GOOD)
    assert fit(SLOT, MASON, person, Experience(years=90)).points < 20


def test_a_level_above_what_is_asked_counts() -> None:
    need = NeedFacts(1, languages=("ar", "en"), level=Level.B2)
    plain = PersonFacts(1, languages={"ar": Level.B2, "en": Level.B2})
    better = PersonFacts(2, languages={"ar": Level.NATIVE, "en": Level.B2})
    assert Why.LEVEL not in whys(need, plain)
    assert Why.LEVEL in whys(need, better)


def test_a_certificate_that_holds_long_beyond_the_end_counts() -> None:
    need = NeedFacts(1, kind_id=7, kind_name="First aid")
    for until, counts in (
        (date(2026, 6, 10), False),
        (date(2026, 6, 10) + timedelta(days=90), True),
        (None, True),
    ):
        person = PersonFacts(1, holdings={7: (Holding(until),)})
        assert (Why.LONG_VALID in whys(need, person)) is counts
    unchecked = PersonFacts(1, holdings={7: (Holding(None, verified=False),)})
    assert Why.LONG_VALID not in whys(need, unchecked)


def test_a_free_day_before_and_after_counts() -> None:
    near = Commitment(2, "Roof", NOON - 20 * HOUR, NOON - 12 * HOUR, "UTC")
    far = Commitment(3, "Wall", NOON - 3 * DAY, NOON - 2 * DAY, "UTC")
    assert Why.FREE in whys(NeedFacts(1), PersonFacts(1, commitments=(far,)))
    assert Why.FREE not in whys(NeedFacts(1), PersonFacts(1, commitments=(near, far)))


def test_nothing_asked_and_nothing_known_is_no_fault() -> None:
    assert fit(SLOT, NeedFacts(1), PersonFacts(1), NEW).grade is Grade.FITS
