"""Drafts, the list of mailings, and the text page."""

import pytest

from brigades.access import Role
from brigades.db import session
from brigades.mailings import copying
from brigades.mailings.models import Mailing
from brigades.outbox.delivery import delivering
from tests import builders as b
from tests.builders import NOON
from tests.mailings.desk import ARABIC, ENGLISH, GERMAN, a_reader, kept
from tests.support.statements import counted


def typed(desk, **given):
    return {"main": "en", "section": str(desk.section.id), "go": "look"} | given


def test_whoever_may_write_finds_the_way_and_others_do_not(desk):
    assert 'href="/mailings"' in desk.browser.get("/people").text
    vera = a_reader(desk.section, "Vera")
    tess = b.a_person(desk.section)
    b.an_appointment(tess, desk.section, Role.TRAINER)
    for person in (vera, tess):
        browser = desk.as_(person)
        assert 'href="/mailings"' not in browser.get("/me").text
        for path in ("/mailings", "/mailings/new"):
            assert browser.get(path).status_code == 404
        assert browser.post("/mailings/new", data={"go": "next"}).status_code == 404
    assert session.query(Mailing).count() == 0


def test_an_empty_list_says_what_to_do_next(desk):
    page = desk.browser.get("/mailings").text
    assert "No mailing yet" in page
    assert 'href="/mailings/new"' in page


def test_leaving_loses_nothing(desk):
    mailing_id = desk.draft(skill="medical")
    half = typed(desk, subject_de="Nur ein {betreff}", main="de", go="save")
    answer = desk.browser.post(f"/mailings/{mailing_id}/text", data=half)
    assert "Kept as a draft." in desk.after(answer)
    page = desk.after(desk.browser.get(f"/mailings/{mailing_id}"))
    assert "Nur ein {betreff}" in page
    assert "Nur ein {betreff}" in desk.browser.get("/mailings").text


def test_a_subject_says_in_words_what_will_stand_there(desk):
    mailing_id = desk.draft(skill="medical")
    text = typed(desk, subject_en="Boots, {given_name}", body_en="x", go="save")
    desk.browser.post(f"/mailings/{mailing_id}/text", data=text)
    listed = desk.browser.get("/mailings").text
    assert 'Boots, <span class="br-blank">given name</span>' in listed
    assert "{given_name}" not in listed
    assert (
        "Draft, its text changed: Boots, [given name]"
        in desk.browser.get(f"/sections/{desk.section.slug}/trail").text
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ({"subject_en": "Hi", "body_en": "Dear {nobody}"}, "{nobody} is no placeholder."),
        ({"subject_en": "Hi {", "body_en": "x"}, "There is a single {."),
        ({"subject_en": "Hi", "body_en": "At {when}"}, "{when} says something only where"),
        ({"subject_en": "Hi", "body_en": ""}, "Write a text too."),
        ({"subject_en": "", "body_en": "x"}, "Write a subject too."),
        ({}, "Write a subject and a text in at least one language."),
        ({"subject_en": "x" * 201, "body_en": "x"}, "Field cannot be longer than 200 characters."),
        ({"subject_en": "x", "body_en": "x" * 10_001}, "longer than 10000 characters."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_stays_typed(desk, text, words):
    mailing_id = desk.draft()
    answer = desk.browser.post(f"/mailings/{mailing_id}/text", data=typed(desk, **text))
    assert answer.status_code == 422
    assert words in answer.text
    assert all(value[:150] in answer.text for value in text.values())
    assert kept(mailing_id).texts == {}


def test_the_main_language_comes_first_and_blank_ones_are_not_written(desk):
    mailing_id = desk.written(ENGLISH, ARABIC, main="ar")
    assert list(kept(mailing_id).texts) == ["ar", "en"]
    page = desk.browser.get(f"/mailings/{mailing_id}/text").text
    assert 'dir="rtl"' in page.split('name="body_ar"')[0].rsplit("<textarea", 1)[1]


def test_it_can_be_written_only_in_the_name_of_a_section_of_ones_own(desk):
    mailing_id = desk.draft()
    given = typed(desk, **ENGLISH, section=str(desk.other.id))
    assert desk.browser.post(f"/mailings/{mailing_id}/text", data=given).status_code == 422


def test_a_new_one_is_in_the_name_of_the_slots_section_else_of_ones_own(desk):
    quay = b.a_section(desk.section, name="Quay")
    assert kept(desk.draft()).section_id == desk.section.id
    shift = b.a_shift(quay)
    assert kept(desk.draft(slot=shift.id, state="coming")).section_id == quay.id


def test_a_draft_can_be_thrown_away(desk):
    mailing_id = desk.draft()
    answer = desk.browser.post(f"/mailings/{mailing_id}/discard")
    assert "The draft is thrown away." in desk.after(answer)
    assert session.query(Mailing).count() == 0
    assert desk.browser.get(f"/mailings/{mailing_id}").status_code == 404


def test_the_list_is_found_by_subject_and_writer_and_filtered_by_stage(desk, mail):
    a_reader(desk.section, "Vera")
    sent = desk.sent(GERMAN, main="de", q="vera")
    desk.written(ENGLISH, q="vera")
    browser = desk.browser

    def listed(**asked):
        page = browser.get("/mailings", query_string=asked).text
        return [words for words in ("Stiefel für", "Boots for") if f"<bdi>{words}" in page]

    assert listed() == ["Stiefel für", "Boots for"]
    assert listed(q="STIEFEL fur") == ["Stiefel für"]
    assert listed(q="writer") == ["Stiefel für", "Boots for"]
    assert listed(q="nothing like it") == []
    assert listed(stage="draft") == ["Boots for"]
    assert listed(stage="sending") == ["Stiefel für"]
    assert listed(stage="done") == []
    session.commit()
    delivering.deliver(NOON)
    assert listed(stage="done") == ["Stiefel für"]
    assert "1 of 1" in browser.get("/mailings?stage=done").text
    browser.post(f"/mailings/{sent}/stop")
    assert listed(stage="stopped") == ["Stiefel für"]


def test_the_list_costs_the_same_for_one_and_for_thirty(desk):
    a_reader(desk.section, "Vera")
    one = kept(desk.sent(q="vera"))
    costs = []
    for _ in range(2):
        with counted() as seen:
            desk.browser.get("/mailings")
        costs.append(len(seen))
        for _ in range(29):
            copying.copy(one, by=desk.cora.id, now=NOON).stage = one.stage
        session.commit()
    assert costs[0] == costs[1] <= 8


def test_the_text_page_costs_little(desk):
    mailing_id = desk.written()
    with counted() as seen:
        desk.browser.get(f"/mailings/{mailing_id}/text")
    assert len(seen) <= 8
