"""The blueprint of the pages that are the same for every kind of slot, and what they share."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, url_for

from brigades.access import Can, Scope
from brigades.schedule.models import Slot
from brigades.schedule.rules import Code, Refusal

bp = Blueprint("schedule", __name__)


@dataclass(frozen=True)
class Kind:
    """How one kind of slot is found and shown; its own folder says so.

    ``find``: one that the reader may see. ``find_to_run``: one whose people they decide on, which
    they may by ``run``. ``page``: its page anew, with the reasons why what was asked for was
    refused. ``people``: the address where its people are looked after, at a need.
    """

    bp: Blueprint
    address: str
    run: Can
    find: Callable[[Scope, int], Slot | None]
    find_to_run: Callable[[Scope, int], Slot | None]
    page: Callable[[Scope, int, list[Refusal]], str]
    people: Callable[[Slot, int], str]

    def to(self, slot: Slot) -> str:
        """The address of a slot's page."""
        return f"{url_for(f'{self.bp.name}.index')}/{slot.id}"

    def list(self) -> str:
        """The address of the list."""
        return url_for(f"{self.bp.name}.index")


def only(reasons: list[Refusal], code: Code) -> bool:
    """Whether one of the reasons is of that kind."""
    return any(reason.code is code for reason in reasons)


def said(form: dict[str, str]) -> bool | None:
    """Yes or no, under either name that answers have; None where it says neither."""
    return {"yes": True, "no": False}.get(form.get("accept") or form.get("answer") or "")
