"""Whatever is sent, nobody is answered with an error of ours."""

import os
import re
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import quote

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter

from brigades.db import db
from tests.access.routes import address, ask, forms_for, forms_in, pages_of, walk
from tests.access.world import World

pytestmark = pytest.mark.long

# `BRIGADES_LONG=1 pytest tests/access` sends every odd value in every field.
LONG = bool(os.environ.get("BRIGADES_LONG"))

ODD_NUMBERS = (0, -1, 2**31 - 1, 2**31, 2**40, 2**63, 2**70)
ODD_WORDS = ("\x00", "a\x00b", "x" * 3000, "%", "é\u202eلا", "' OR 1=1 --", "..", "{{ 7*7 }}")
ODD_VALUES = (
    "\x00",
    "x" * 20_000,
    "-1",
    str(2**31),
    str(2**64),
    "1e999",
    "NaN",
    "٣",
    "²",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01T00:00",
    "\u202e\ud7ff",
    "[]",
)
# What routes read without a form of their own on the pages that were found.
READ = ("accept", "agreed", "answer", "came", "email", "need", "person", "reason", "why")
FEW = ("\x00", "x" * 20_000, str(2**64), "²")
REST = tuple(value for value in ODD_VALUES if value not in FEW)
SINGLY = ("\x00", str(2**64), "²")


def strict() -> bool:
    """Whether this database refuses odd values: trying all, field by field, here is enough."""
    return db.engine.dialect.name == "postgresql"


def odd_values(names: list[str]) -> Iterator[dict[str, str]]:
    """What is sent under these names: the few in all of them; the rest, mixed, where it is strict.

    With BRIGADES_LONG=1 each name meets each value.
    """
    for odd in ODD_VALUES if LONG and strict() else FEW:
        yield dict.fromkeys(names, odd)
    for turn in range(3 if strict() and not LONG else 0):
        yield {name: REST[(turn + 3 * place) % len(REST)] for place, name in enumerate(names)}


def answers(client, method, at, wrong, what, **more):
    """Ask, and note whatever is no proper answer."""
    answer = ask(client, method, at, **more)
    if answer.fault:
        wrong.append(f"{method} {at[:100]} {what[:100]!r}: {answer.text[:200]}")
    return answer


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_odd_ids_and_words_in_an_address(app, world: World, enter, method):
    client, wrong = enter(world.insider), []
    for rule in walk(app, method, with_arguments=True):
        for name in sorted(rule.arguments):
            if isinstance(rule._converters[name], AnyConverter):
                continue  # any other word is another address
            number = isinstance(rule._converters[name], IntegerConverter)
            real = address(app, rule, world)
            marker = address(app, rule, world, **{name: 123454321 if number else "mark-mark"})
            assert marker != real
            for odd in ODD_NUMBERS if number else ODD_WORDS:
                at = marker.replace(
                    "123454321" if number else "mark-mark", quote(str(odd), safe="")
                )
                answers(client, method, at, wrong, name, follow_redirects=False)
    assert not wrong, "\n".join(wrong)


def test_odd_questions_after_an_address(app, world: World, enter):
    client, wrong, in_turn = enter(world.insider), [], cycle(FEW)
    always = {"q", "page", "section", "next"}
    for rule in walk(app, "GET"):
        at = address(app, rule, world)
        page = ask(client, "GET", at).text
        asked = {
            name for form in forms_in(page, at) if form.method == "GET" for name in form.values
        }
        names = sorted(always | asked)
        # A page that asks nothing reads no more than what all pages do.
        for sent in odd_values(names) if asked else (dict.fromkeys(names, odd) for odd in FEW):
            cut = {name: odd[:3000] for name, odd in sent.items()}
            answers(client, "GET", at, wrong, str(cut), query_string=cut)
        for name in sorted(asked) if strict() else ():  # beside good ones
            odd = next(in_turn)
            answers(client, "GET", at, wrong, name, query_string={name: odd[:3000]})
    assert not wrong, "\n".join(wrong)


def test_odd_values_in_every_field_of_every_form(app, world: World, enter):
    people = [enter(world.insider), enter(world.owner), enter(None)]
    forms = forms_for(app, pages_of(app, world, people))
    wrong: list[str] = []
    in_turn = cycle(SINGLY)  # each field meets one of them; all fields together meet all
    met: set[tuple[str, str]] = set()
    # Long forms first: bare buttons end things, and their rows are gone for all that follow.
    routes = [
        (
            rule,
            address(app, rule, world),
            forms[rule.endpoint].values if rule.endpoint in forms else {},
        )
        for rule in walk(app, "POST")
    ]
    for rule, at, values in sorted(routes, key=lambda route: -len(route[2])):
        fields = sorted(name for name in values if name != "csrf_token")
        client = enter(world.insider)
        for sent in odd_values(fields) if fields else (dict.fromkeys(READ, odd) for odd in FEW):
            answers(client, "POST", at, wrong, f"all {sent}", data=sent)
        answers(client, "POST", at, wrong, "JSON", json={name: [] for name in fields})
        answers(client, "POST", at, wrong, "nothing", data={})
        own = enter(world.owner)
        for odd in FEW if strict() else (str(2**64),):
            sent = dict.fromkeys(fields or READ, odd)
            answer = answers(own, "POST", at, wrong, f"own {odd[:20]}", data=sent)
            if answer.code in (403, 404):
                break  # refused before anything of it was read
        for name in fields if strict() else ():  # beside good ones
            if (same := (rule.endpoint.partition(".")[0], re.sub(r"\d+", "", name))) in met:
                continue  # one form serves several routes, one field several rows
            if not LONG:
                met.add(same)
            without = {key: value for key, value in values.items() if key != name}
            odd = next(in_turn)
            for what, sent in (
                (f"no {name}", without),
                (f"{name}={odd[:20]}", without | {name: odd}),
            ):
                answer = answers(client, "POST", at, wrong, what, data=sent)
                if answer.location.startswith("/login"):
                    client = enter(world.insider)  # an earlier one had signed out
                    answers(client, "POST", at, wrong, what, data=sent)
    assert not wrong, "\n".join(wrong)
