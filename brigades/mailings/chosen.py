"""What the readers of a mailing were chosen by, as an address and as a draft keep it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from brigades.asking import as_day, as_id
from brigades.schedule.states import COMING, State

# How somebody stands in a slot, in the words of whoever writes.
IN_SLOT: Mapping[str, frozenset[State]] = {
    "coming": COMING,
    "offered": frozenset({State.OFFERED}),
    "requested": frozenset({State.REQUESTED}),
    "waitlisted": frozenset({State.WAITLISTED}),
    "attended": frozenset({State.ATTENDED}),
    "absent": frozenset({State.ABSENT}),
}
# Of these a letter can be about what lies ahead of them.
AHEAD = frozenset({"coming", "offered", "requested", "waitlisted"})
PAPERS = ("valid", "lacking", "lapsing")
TAKEN = ("attended", "not")
ACTIVE, ANY_STANDING, ON_LEAVE = "active", "any", "on leave"
STANDINGS = (ACTIVE, ANY_STANDING, ON_LEAVE)
# More are not taken out one by one: that is what filters are for.
MOST_WITHOUT = 1000
_WORDS = ("q", "skill", "language", "level", "qualification", "minor_on")
_LONGEST = 200


@dataclass(frozen=True)
class Chosen:
    """The filters. Empty ones filter nothing; what is unknown finds nobody, or is the default.

    ``sections`` are slugs; each stands for all below it too. ``without``: ids of people who were
    taken out by hand. ``after``: ids of the mailings that this one repeats; ``yet``: only to those
    whom none of them has reached; ``doubtful``: of whom it may have, too.
    """

    q: str = ""
    sections: tuple[str, ...] = ()
    skill: str = ""
    language: str = ""
    level: str = ""
    standing: str = ACTIVE
    qualification: str = ""
    paper: str = "valid"
    course: int | None = None
    taken: str = "attended"
    minor_on: str = ""
    slot: int | None = None
    states: tuple[str, ...] = ()
    about_place: bool = False
    yet: bool = False
    doubtful: bool = False
    after: tuple[int, ...] = ()
    without: frozenset[int] = field(default_factory=frozenset)

    @property
    def in_states(self) -> list[State]:
        """The states in the slot that were chosen."""
        return sorted(state for name in self.states for state in IN_SLOT[name])

    @property
    def minor_day(self) -> date | None:
        """The day on which to be under age; None where none is asked for, or what is no day."""
        return as_day(self.minor_on)

    def typed(self) -> MultiDict[str, str]:
        """As a form and an address write it."""
        pairs: list[tuple[str, str]] = [(name, getattr(self, name)) for name in _WORDS]
        pairs += [("section", slug) for slug in self.sections]
        pairs += [("state", name) for name in self.states]
        pairs += [(name, getattr(self, name)) for name in ("standing", "paper", "taken")]
        pairs += [("course", str(self.course or "")), ("slot", str(self.slot or ""))]
        if self.about_place:
            pairs.append(("about", "y"))
        if self.yet:
            pairs.append(("yet", "y"))
        if self.doubtful:
            pairs.append(("doubtful", "y"))
        return MultiDict([pair for pair in pairs if pair[1]])

    def kept(self) -> dict[str, Any]:
        """As a draft keeps it."""
        typed = self.typed().to_dict(flat=False)
        return {**typed, "without": sorted(self.without), "after": list(self.after)}


def asked(args: MultiDict[str, str], draft: "Chosen | None" = None) -> Chosen:
    """What an address or a form asks for. Those of the list of people are understood.

    What no address says is taken from the ``draft`` that it is asked for.
    """
    draft = draft or Chosen()
    words = {name: _tidy(args.get(name, "")) for name in _WORDS}
    slot = as_id(args.get("slot"))
    states = tuple(name for name in IN_SLOT if name in args.getlist("state"))
    return Chosen(
        **words,
        sections=tuple(slug for slug in dict.fromkeys(map(_tidy, args.getlist("section"))) if slug),
        standing=_one_of(args.get("standing"), STANDINGS),
        paper=_one_of(args.get("paper"), PAPERS),
        taken=_one_of(args.get("taken"), TAKEN),
        course=as_id(args.get("course")),
        slot=slot,
        states=states if slot else (),
        about_place=bool(args.get("about")),
        yet=bool(args.get("yet") and draft.after),
        doubtful=bool(args.get("doubtful") and draft.after),
        after=draft.after,
        without=draft.without,
    )


def from_kept(kept: Mapping[str, Any]) -> Chosen:
    """What a draft keeps."""
    args: MultiDict[str, str] = MultiDict()
    for name, values in kept.items():
        if name not in ("without", "after", "reach"):
            args.setlist(name, [str(value) for value in values])
    lists = Chosen(after=tuple(kept.get("after", ())), without=frozenset(kept.get("without", ())))
    return asked(args, lists)


def _one_of(value: str | None, known: tuple[str, ...]) -> str:
    return value if value in known else known[0]


def _tidy(words: str) -> str:
    """As a database can be asked: forms refuse the rest, but show what they are asked for."""
    return words.replace("\x00", "").strip()[:_LONGEST]
