"""A kind of letter of the outbox's own tests: it says what it is about."""

from typing import Any

import pytest
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select

from brigades.db import session
from brigades.outbox import service
from brigades.outbox.letters import LOADERS, Content
from brigades.outbox.models import Letter
from brigades.outbox.render import environment
from tests.builders import NOON

BODY = "{% block body %}{{ words }}{% endblock %}"


@pytest.fixture
def note(app, monkeypatch):
    """The letter ``note`` for the length of a test."""
    pages = {"letters/note/subject.txt": "{{ words }}"}
    for part, kind in (("text", "txt"), ("body", "html")):
        frame = f'{{% extends "letters/base.{kind}" %}}'
        pages[f"letters/note/{part}.{kind}"] = frame + BODY
    templates = environment()
    assert templates.loader is not None
    both = ChoiceLoader([DictLoader(pages), templates.loader])
    monkeypatch.setattr(templates, "loader", both)
    monkeypatch.setitem(LOADERS, "note", load)


def load(letter: Letter) -> Content | None:
    """Its content; "over" no longer holds, "broken" cannot be written."""
    words = letter.about["words"]
    if words == "broken":
        raise KeyError("this row is odd")
    return None if words == "over" else Content(why="Because.", context={"words": words})


def post(
    key: str = "one",
    words: str = "Hello",
    address: str = "rosa@example.org",
    now: Any = NOON,
    **given: Any,
) -> None:
    """Post a note and commit."""
    service.post_to(
        "note", address=address, locale="en", about={"words": words}, key=key, now=now, **given
    )
    session.commit()


def letter(key: str = "one") -> Letter:
    """The letter as it is kept now."""
    session.expire_all()
    return session.scalars(select(Letter).where(Letter.key == key)).one()
