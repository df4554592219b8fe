"""Letters of a test's own: each says what it is about."""

from collections.abc import Mapping
from typing import Any

from jinja2 import ChoiceLoader, DictLoader

from brigades.outbox.kinds import Kind
from brigades.outbox.letters import KINDS, LOADERS, Content
from brigades.outbox.models import Letter
from brigades.outbox.render import environment

TEXT = """{% block body %}Hello {{ letter.to_name }},

{{ words }} is so.
And so on.

{% if not bare %}Do it: http://localhost/do/{{ letter.id }}{% endif %}

{% endblock %}"""
HTML = "{% block body %}<p>{{ words }}</p>{% endblock %}"


def a_note(monkeypatch: Any, kinds: Mapping[str, Kind]) -> None:
    """Register a letter for each name; one about "over" no longer holds, "broken" raises.

    One about ``bare`` has no link.
    """
    pages = {}
    for name in kinds:
        pages[f"letters/{name}/subject.txt"] = "{{ words }}"
        pages[f"letters/{name}/text.txt"] = '{% extends "letters/base.txt" %}' + TEXT
        pages[f"letters/{name}/body.html"] = '{% extends "letters/base.html" %}' + HTML
    templates = environment()
    assert templates.loader is not None
    monkeypatch.setattr(templates, "loader", ChoiceLoader([DictLoader(pages), templates.loader]))
    for name, kind in kinds.items():
        monkeypatch.setitem(LOADERS, name, _load)
        monkeypatch.setitem(KINDS, name, kind)


def _load(letter: Letter) -> Content | None:
    words = letter.about["words"]
    if words == "broken":
        raise KeyError("this row is odd")
    bare = bool(letter.about.get("bare"))
    return None if words == "over" else Content("Because.", {"words": words, "bare": bare})
