"""The trail says who changed what, when and why, in words."""

import ast
from pathlib import Path

from flask import render_template_string

from brigades.audit import service as audit
from brigades.audit import words
from brigades.db import session
from brigades.schedule.following import when_and_where
from brigades.texts import day_words
from tests.builders import NOON, a_person, a_section, a_shift

PAGE = "{% from 'macros/trail.html' import trail %}{{ trail(entries, zone='Europe/Berlin') }}"


def test_an_entry_says_who_when_from_what_to_what_and_why(app):
    section = a_section()
    who, whom = a_person(section, given_name="Rosa", family_name="Fuentes"), a_person(section)
    audit.record(
        "participation",
        by=who.id,
        at=NOON,
        was="offered",
        became="confirmed",
        why="agreed on the phone",
        person_id=whom.id,
    )
    session.commit()
    with app.test_request_context():
        text = render_template_string(PAGE, entries=audit.trail(person_id=whom.id))
    for said in ("Rosa Fuentes", "offered", "confirmed", "agreed on the phone", "14:00", "UTC+2"):
        assert said in text


def test_what_the_system_did_by_itself_is_said_to_be_its_doing(app):
    whom = a_person(a_section())
    audit.record("participation", by=None, at=NOON, became="lapsed", person_id=whom.id)
    session.commit()
    with app.test_request_context():
        text = render_template_string(PAGE, entries=audit.trail(person_id=whom.id))
    assert "The system" in text
    assert "not answered in time" in text


def test_an_empty_trail_says_so(app):
    with app.test_request_context():
        assert "Nothing has changed yet" in render_template_string(PAGE, entries=[])


def recorded():
    """Every name of a change that the code writes into the trail as it stands there."""
    for path in Path(audit.__file__).parent.parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(call, ast.Call) and call.args):
                continue
            name = ast.unparse(call.func)
            if name in ("audit.record", "_record"):
                for part in ast.walk(call.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


def test_every_change_that_is_recorded_has_words(app):
    names = set(recorded())
    assert {"slot", "qualification granted", "section deleted"} <= names
    assert names <= set(words._WHAT)


def test_a_move_says_when_and_where_in_words(app):
    section = a_section()
    shift = a_shift(section, place="Gate B")
    was = when_and_where(shift)
    audit.record("slot", by=None, at=NOON, was=was, became=f"{was}, at the back", slot_id=shift.id)
    session.commit()
    with app.test_request_context():
        (change,) = [words.say(entry) for entry in audit.trail(slot_id=shift.id)]
    day = day_words(shift.starts_local.date())
    assert change.what == "When and where"
    assert change.was.startswith(f"{day} {shift.starts_local:%H:%M} to ")
    assert change.was.endswith(", Gate B") and change.became.endswith(", Gate B, at the back")
