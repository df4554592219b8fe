"""What the trail of a section says of its mailings while they are drafts."""

import pytest
import time_machine
from sqlalchemy import select

from brigades.access import Role
from brigades.audit.models import Entry
from brigades.audit.words import say
from brigades.clock import HOUR, MINUTE
from brigades.db import session
from tests import builders as b
from tests.builders import NOON
from tests.mailings.desk import ENGLISH, a_reader


@pytest.fixture
def readers(desk):
    return [a_reader(desk.section, name) for name in ("Ada", "Bea")]


def said(desk, section=None) -> list[tuple[str, str]]:
    """Who did what, as the trail says it."""
    section_id = (section or desk.section).id
    query = select(Entry).where(Entry.what == "mailing", Entry.section_id == section_id)
    with desk.app.test_request_context():
        return [
            ("Cora" if entry.by_id == desk.cora.id else "other", say(entry).became)
            for entry in session.scalars(query.order_by(Entry.id))
        ]


def text(desk, mailing_id, words="Boots", section=None, browser=None):
    typed = {"main": "en", "go": "save", "section": (section or desk.section).id}
    typed |= {"subject_en": words, "body_en": "bring boots"}
    address = f"/mailings/{mailing_id}/text"
    assert (browser or desk.browser).post(address, data=typed).status_code == 303


def test_what_is_done_to_a_draft_is_recorded_until_it_is_thrown_away(desk, readers):
    mailing_id = desk.draft(q="reader")
    text(desk, mailing_id)
    desk.browser.post(f"/mailings/{mailing_id}/people", data={"q": "ada", "go": "show"})
    desk.browser.post(f"/mailings/{mailing_id}/copy")
    desk.browser.post(f"/mailings/{mailing_id}/discard")
    assert said(desk) == [
        ("Cora", "Draft begun"),
        ("Cora", "Draft, its text changed: Boots"),
        ("Cora", "Draft, its readers changed: Boots"),
        ("Cora", "Draft made as a copy: Boots"),
        ("Cora", "Draft thrown away: Boots"),
    ]


def test_saving_again_and_again_is_one_change_an_hour(desk, readers):
    mailing_id = desk.draft(q="reader")
    for minutes, words in ((1, "B"), (2, "Bo"), (3, "Boo"), (3, "Boo"), (50, "Boots")):
        with time_machine.travel(NOON + minutes * MINUTE, tick=False):
            text(desk, mailing_id, words)
    assert [became for _who, became in said(desk)] == ["Draft begun", "Draft, its text changed: B"]
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        text(desk, mailing_id, "Boots, please")
    assert said(desk)[-1] == ("Cora", "Draft, its text changed: Boots, please")
    assert len(said(desk)) == 3


def test_what_changed_nothing_is_not_recorded(desk, readers):
    mailing_id = desk.draft(q="reader")
    text(desk, mailing_id)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        text(desk, mailing_id)
        desk.browser.post(f"/mailings/{mailing_id}/people", data={"q": "reader", "go": "show"})
        desk.browser.post(f"/mailings/{mailing_id}/without", data={"person": "x"})
    assert len(said(desk)) == 2


def test_two_who_write_by_turns_are_both_named(desk, readers):
    otto = b.a_person(desk.section)
    b.an_appointment(otto, desk.section, Role.COORDINATOR)
    mailing_id = desk.draft(q="reader")
    text(desk, mailing_id, "B")
    text(desk, mailing_id, "Bo", browser=desk.as_(otto))
    text(desk, mailing_id, "Boots")
    assert [who for who, _became in said(desk)] == ["Cora", "Cora", "other", "Cora"]


def test_taking_people_out_is_a_change_of_the_readers(desk, readers):
    mailing_id = desk.draft(q="reader")
    desk.browser.post(f"/mailings/{mailing_id}/without", data={"person": readers[0].id})
    assert said(desk)[-1] == ("Cora", "Draft, its readers changed")


def test_a_draft_that_is_signed_by_another_section_is_in_the_trail_of_both(desk, readers):
    below = b.a_section(desk.section, name="Quay")
    mailing_id = desk.draft(q="reader")
    text(desk, mailing_id, section=below)
    changed = ("Cora", "Draft, its text changed: Boots")
    assert said(desk)[-1] == changed
    assert said(desk, below) == [changed]


def test_other_drafts_and_what_was_let_go_do_not_hide_it(desk, readers):
    first, second = desk.draft(q="reader"), desk.draft(q="reader")
    text(desk, first)
    text(desk, second)
    text(desk, first, "Shoes")
    assert [became for _who, became in said(desk)][2:] == [
        "Draft, its text changed: Boots",
        "Draft, its text changed: Boots",
    ]
    desk.browser.post(f"/mailings/{first}/send")
    assert said(desk)[-1] == ("Cora", "Under way, 2 letters: Shoes")
    assert ENGLISH["subject_en"] not in str(said(desk))
