"""What somebody must be able to do, and the qualifications they must hold until the end."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from brigades.qualifications.rules import months_after
from brigades.schedule.rules.facts import Holding, NeedFacts, Paper, PersonFacts, SlotFacts
from brigades.schedule.rules.limits import Limits
from brigades.schedule.rules.reasons import Code, Refusal


def about_need(
    slot: SlotFacts, need: NeedFacts, person: PersonFacts, now: datetime, limits: Limits
) -> Iterator[Refusal]:
    """What the place itself asks for: skill, languages, and a qualification."""
    if need.skill and (need.skill, need.trade) not in person.skills:
        yield Refusal(Code.SKILL_MISSING, skill=need.trade or need.skill)
    for language in need.languages:
        has = person.languages.get(language)
        if has is None:
            yield Refusal(Code.LANGUAGE_MISSING, language=language, level=need.level)
        elif need.level is not None and not has.reaches(need.level):
            yield Refusal(Code.LEVEL_TOO_LOW, language=language, level=need.level, has=has)
    asked = need.asks
    if asked is not None:
        yield from _about_paper(slot, asked, person, now, limits)


def about_papers(
    slot: SlotFacts, need: NeedFacts | None, person: PersonFacts, now: datetime, limits: Limits
) -> Iterator[Refusal]:
    """What everybody in the slot must hold; what the need asks for already is said once."""
    for paper in slot.papers:
        if need is None or need.kind_id != paper.kind_id:
            yield from _about_paper(slot, paper, person, now, limits)
    if slot.with_children:
        yield from _about_safeguarding(slot, person)


def _about_paper(
    slot: SlotFacts, paper: Paper, person: PersonFacts, now: datetime, limits: Limits
) -> Iterator[Refusal]:
    held = person.holdings.get(paper.kind_id, ())
    until = months_after(slot.last_day, paper.months_past_end)
    code, latest = _found(held, until)
    if code is not None:
        yield Refusal(
            code,
            blocks=not paper.travel or slot.starts_at - now <= limits.travel,
            kind=paper.name,
            on=latest,
            until=slot.last_day if code is Code.QUALIFICATION_EXPIRES else None,
            months=paper.months_past_end,
        )


def _found(held: Iterable[Holding], until: date) -> tuple[Code | None, date | None]:
    """What is wrong with the qualifications held, None for nothing, and their latest last day."""
    held = list(held)
    covering = [one for one in held if one.covers(until)]
    if any(one.verified for one in covering):
        return None, None
    if covering:
        return Code.QUALIFICATION_UNVERIFIED, None
    if not held:
        return Code.QUALIFICATION_MISSING, None
    return Code.QUALIFICATION_EXPIRES, max(one.until for one in held if one.until is not None)


_OF_SAFEGUARDING = {
    Code.QUALIFICATION_MISSING: Code.SAFEGUARDING_MISSING,
    Code.QUALIFICATION_UNVERIFIED: Code.SAFEGUARDING_UNVERIFIED,
    Code.QUALIFICATION_EXPIRES: Code.SAFEGUARDING_EXPIRES,
}


def _about_safeguarding(slot: SlotFacts, person: PersonFacts) -> Iterator[Refusal]:
    """One valid check of any kind that allows work with children."""
    held = [one for kind in slot.safeguarding for one in person.holdings.get(kind, ())]
    code, latest = _found(held, slot.last_day)
    if code is not None:
        expired = code is Code.QUALIFICATION_EXPIRES
        yield Refusal(_OF_SAFEGUARDING[code], on=latest, until=slot.last_day if expired else None)
