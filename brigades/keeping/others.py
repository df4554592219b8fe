"""Other people's names in what is kept of somebody: they are not given out with it.

[GDPR Art. 15 (4)] Whole names of whomever we know, names alone of those who stood in the same
slots or belong to the same section, and addresses that are not the reader's.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import or_, select

from brigades.db import session
from brigades.people.models import Person
from brigades.people.naming import Naming
from brigades.schedule.models import Participation

SOMEBODY = "somebody else"
LONGEST = 4  # words of a given or a family name
MOST = 5000  # values in one statement
_WORD = re.compile(r"[^\s,;:.!?()\"“”„«»|]+")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def without_others(kept: Any, person: Person) -> Any:
    """What is kept, as JSON holds it, with ``SOMEBODY`` where it names anybody else."""
    names = list(_named_in(_texts(kept), person))
    own = (person.email or "").lower()

    def without(text: str) -> str:
        for naming, near in names:
            text = naming.out_of(text, alone=near)
        return _ADDRESS.sub(lambda found: found[0] if found[0].lower() == own else SOMEBODY, text)

    return _each(kept, without)


def _named_in(texts: Iterable[str], person: Person) -> Iterator[tuple[Naming, bool]]:
    """Whom the texts may name, and whether a name of theirs alone means them."""
    words = sorted({words for text in texts for words in _runs(text)})
    slots = select(Participation.slot_id).where(Participation.person_id == person.id)
    together = select(Participation.person_id).where(Participation.slot_id.in_(slots))
    near = or_(Person.section_id == person.section_id, Person.id.in_(together))
    own = {person.given_name, person.family_name}
    for start in range(0, len(words), MOST):
        some = words[start : start + MOST]
        found = select(Person.given_name, Person.family_name, near.label("near")).where(
            Person.id != person.id,
            Person.erased_on.is_(None),
            or_(Person.given_name.in_(some), Person.family_name.in_(some)),
        )
        for given, family, is_near in session.execute(found.order_by(Person.id)):
            yield Naming(given, family, (), "", SOMEBODY), False
            if is_near:  # a name that they share with the reader is the reader's
                given, family = ("" if name in own else name for name in (given, family))
                yield Naming(given, family, (), "", SOMEBODY), True


def _runs(text: str) -> Iterator[str]:
    """Each word of a text, and each few that stand beside each other."""
    words = _WORD.findall(text)
    for at in range(len(words)):
        for length in range(1, LONGEST + 1):
            yield " ".join(words[at : at + length])


def _texts(kept: Any) -> Iterator[str]:
    if isinstance(kept, str):
        yield kept
    elif isinstance(kept, list | dict):
        for one in kept.values() if isinstance(kept, dict) else kept:
            yield from _texts(one)


def _each(kept: Any, change: Any) -> Any:
    if isinstance(kept, str):
        return change(kept)
    if isinstance(kept, list):
        return [_each(one, change) for one in kept]
    if isinstance(kept, dict):
        return {name: _each(one, change) for name, one in kept.items()}
    return kept
