"""Whom a mailing goes to: the filters, who is left out and why, and the list before it is sent."""

import csv
import io
from datetime import date, timedelta

import pytest

from brigades.access import Role
from brigades.db import session
from brigades.outbox.kinds import How, Kind
from brigades.outbox.models import Mailbox, MailWish
from brigades.people.models import Standing
from brigades.schedule.states import State
from tests import builders as b
from tests.builders import DAY, NOON
from tests.mailings.desk import a_reader, addresses, kept
from tests.shifts.test_capacity import at_once
from tests.support.statements import counted

TODAY = NOON.date()
WITH_A_PLACE = ("coming", "offered", "requested", "waitlisted")


def found(desk, **chosen) -> list[str]:
    """Who would get it, by given name, as the page says."""
    page = desk.browser.get("/mailings/new", query_string=chosen).text
    names = ("Ada", "Bea", "Cem", "Dia", "Eli")
    return [name for name in names if f"{name} Reader" in page]


@pytest.fixture
def people(desk):
    """Five people, each of whom something else holds."""
    below = b.a_section(desk.section, name="Quay")
    first_aid = b.a_kind("First aid")
    ada = a_reader(desk.section, "Ada", "bricklaying", languages={"ar": "B1"})
    bea = a_reader(desk.section, "Bea", "nursing", languages={"ar": "native"})
    cem = a_reader(below, "Cem", "medical")
    dia = a_reader(desk.section, "Dia", languages={"en": "C1"}, born=date(2010, 1, 1))
    b.a_qualification(ada, first_aid)
    b.a_qualification(bea, first_aid, valid_until=TODAY + timedelta(days=30))
    b.a_qualification(cem, first_aid, valid_until=TODAY - timedelta(days=1))
    return {"Ada": ada, "Bea": bea, "Cem": cem, "Dia": dia, "kind": first_aid, "below": below}


def test_without_filters_everybody_of_ones_sections_gets_it(desk, people):
    a_reader(desk.other, "Eli")
    assert found(desk) == ["Ada", "Bea", "Cem", "Dia"]


def test_a_section_stands_for_all_below_it(desk, people):
    assert found(desk, section=people["below"].slug) == ["Cem"]
    assert found(desk, section=[people["below"].slug, desk.section.slug]) == [
        "Ada",
        "Bea",
        "Cem",
        "Dia",
    ]
    assert found(desk, section=desk.other.slug) == []
    assert found(desk, section="nowhere") == []


def test_by_skill_language_name_and_age(desk, people):
    assert found(desk, skill="medical") == ["Bea", "Cem"]
    assert found(desk, skill="bricklaying") == ["Ada"]
    assert found(desk, language="ar") == ["Ada", "Bea"]
    assert found(desk, language="ar", level="B2") == ["Bea"]
    assert found(desk, language="ar", level="B1") == ["Ada", "Bea"]
    assert found(desk, q="ada") == ["Ada"]
    assert found(desk, minor_on="2026-06-10") == ["Dia"]


def test_by_a_qualification_that_is_valid_lacking_or_about_to_lapse(desk, people):
    kind = people["kind"].id
    assert found(desk, qualification=kind) == ["Ada", "Bea"]
    assert found(desk, qualification=kind, paper="lacking") == ["Cem", "Dia"]
    assert found(desk, qualification=kind, paper="lapsing") == ["Bea"]


def test_by_a_course_that_was_attended_or_not(desk, people):
    course = b.a_course(desk.section)
    past = b.a_session(course, desk.section, starts_at=NOON - 7 * DAY)
    b.a_participation(past, people["Ada"], State.ATTENDED)
    b.a_participation(past, people["Bea"], State.ABSENT)
    assert found(desk, course=course.id) == ["Ada"]
    assert found(desk, course=course.id, taken="not") == ["Bea", "Cem", "Dia"]


def test_by_how_they_stand_in_a_slot(desk, people):
    shift = b.a_shift(desk.section, needs=[b.a_need(most=9)])
    for name, state in (
        ("Ada", State.CONFIRMED),
        ("Bea", State.OFFERED),
        ("Cem", State.WAITLISTED),
        ("Dia", State.WITHDRAWN),
    ):
        b.a_participation(shift, people[name], state)
    assert found(desk, slot=shift.id, state="coming") == ["Ada"]
    assert found(desk, slot=shift.id, state=["offered", "waitlisted"]) == ["Bea", "Cem"]
    assert found(desk, slot=shift.id) == []  # nobody until it is said who


def test_a_slot_that_is_not_ones_own_finds_nobody(desk, people):
    strange = b.a_shift(desk.other)
    b.a_participation(strange, people["Ada"])
    assert found(desk, slot=strange.id, state="coming") == []
    answer = desk.browser.post(
        "/mailings/new", data={"slot": strange.id, "state": "coming", "go": "next"}
    )
    assert answer.status_code == 422


def test_who_is_left_out_is_listed_with_the_reason(desk, people):
    people["Ada"].email = people["Ada"].email_key = None
    session.add(
        Mailbox(address="bea@example.org", refusals=2, bouncing_since=NOON, changed_at=NOON)
    )
    session.add(MailWish(person_id=people["Cem"].id, kind=Kind.NEWS, how=How.NEVER))
    session.add(MailWish(person_id=people["Dia"].id, kind=Kind.NEWS, how=How.DAILY))
    people["Dia"].standing = Standing.ON_LEAVE
    mailing_id = desk.draft()
    assert found(desk) == []
    page = desk.browser.get(f"/mailings/{mailing_id}/people?out=1").text
    for name, why in (
        ("Ada", "has no address"),
        ("Bea", "mail to their address comes back"),
        ("Cem", "does not want such letters"),
        ("Dia", "is on leave"),
    ):
        row = page.split(f"{name} Reader")[1].split("</li>")[0]
        assert why in row
    assert "4 more people fit and are left out" in page
    assert found(desk, standing="any") == ["Dia"]  # the daily mail is a way to get it


def test_who_left_since_is_named_where_a_slot_asks_for_its_people(desk, people):
    past = b.a_shift(desk.section, starts_at=NOON - 3 * DAY)
    b.a_participation(past, people["Ada"], State.ATTENDED)
    b.a_participation(past, people["Bea"], State.ATTENDED)
    people["Ada"].standing = Standing.LEFT
    page = desk.browser.get(f"/mailings/new?slot={past.id}&state=attended").text
    assert "1 person gets it" in page
    assert "has left (1)" in page


def test_a_letter_about_their_place_reaches_those_who_want_no_news(desk, people):
    shift = b.a_shift(desk.section)
    b.a_participation(shift, people["Ada"])
    session.add(MailWish(person_id=people["Ada"].id, kind=Kind.NEWS, how=How.NEVER))
    session.commit()
    assert found(desk, slot=shift.id, state="coming") == []
    assert found(desk, slot=shift.id, state="coming", about="y") == ["Ada"]


@pytest.mark.parametrize(
    "chosen",
    [
        {"about": "y"},
        {"about": "y", "state": "attended", "slot": "past"},
        {"about": "y", "state": ["coming", "attended"], "slot": "ahead"},
        {"about": "y", "state": "coming", "slot": "past"},
    ],
)
def test_only_what_lies_ahead_of_people_is_about_their_place(desk, chosen):
    slots = {
        "ahead": b.a_shift(desk.section),
        "past": b.a_shift(desk.section, starts_at=NOON - 3 * DAY),
    }
    if "slot" in chosen:
        chosen = chosen | {"slot": slots[chosen["slot"]].id}
    answer = desk.browser.post("/mailings/new", data=chosen)
    assert answer.status_code == 422
    assert "This asks for a shift or training that is not over" in answer.text


def test_single_people_are_taken_out_and_back_in(desk, people):
    mailing_id = desk.draft(skill="medical")
    bea = people["Bea"].id
    out = desk.browser.post(f"/mailings/{mailing_id}/without", data={"person": [bea, "x", ""]})
    assert out.status_code == 303
    assert kept(mailing_id).chosen["without"] == [bea]
    page = desk.browser.get(f"/mailings/{mailing_id}/people").text
    assert "Bea Reader" not in page
    assert "taken out by hand (1)" in page
    # Choosing anew forgets nobody who was taken out.
    desk.browser.post(f"/mailings/{mailing_id}/people", data={"skill": "", "go": "show"})
    assert kept(mailing_id).chosen["without"] == [bea]
    desk.browser.post(f"/mailings/{mailing_id}/without", data={"person": bea, "back": "1"})
    assert "Bea Reader" in desk.browser.get(f"/mailings/{mailing_id}/people").text


def test_those_who_are_taken_out_at_the_same_moment_all_stay_out(app, desk, people):
    mailing_id = desk.draft(skill="medical")
    ids = sorted(people[name].id for name in ("Ada", "Bea", "Cem", "Dia"))
    out = f"/mailings/{mailing_id}/without"
    statuses = at_once(app, [(desk.browser, out, {"person": one}) for one in ids])
    assert set(statuses) == {303}
    assert kept(mailing_id).chosen["without"] == ids


def test_what_no_database_can_keep_is_refused_and_nobody_is_found(desk):
    answer = desk.browser.post("/mailings/new", data={"q": "a\0b", "section": "\0", "go": "next"})
    assert answer.status_code == 422
    assert "Nobody fits" in answer.text


def test_what_was_chosen_is_kept_on_the_draft(desk, people):
    mailing_id = desk.draft(skill="medical", language="ar", level="B2", section=desk.section.slug)
    page = desk.browser.get(f"/mailings/{mailing_id}/people").text
    assert '<option selected value="medical">' in page
    assert '<option selected value="B2">' in page
    assert "Bea Reader" in page
    assert "Cem Reader" not in page


def test_the_list_of_people_hands_its_filters_over(desk, people):
    page = desk.browser.get("/people?skill=medical&q=reader&minor_on=").text
    assert "/mailings/new?skill=medical&amp;q=reader&amp;minor_on=" in page
    assert "Write to these" not in desk.browser.get("/people?standing=left").text


def test_a_shift_and_a_session_lead_to_those_who_come(desk, people):
    shift = b.a_shift(desk.section)
    training = b.a_session(b.a_course(desk.section), desk.section)
    for slot in (shift, training):
        b.a_participation(slot, people["Ada"])
    pages = {f"/shifts/{shift.id}": shift.id, f"/trainings/{training.id}": training.id}
    for address, slot_id in pages.items():
        page = desk.browser.get(address).text
        assert f"/mailings/new?slot={slot_id}&amp;state=coming&amp;about=y" in page
        assert found(desk, slot=slot_id, state="coming", about="y") == ["Ada"]
    assert "Write to those who come" not in desk.as_(people["Dia"]).get(f"/shifts/{shift.id}").text


def test_the_list_leaves_as_a_file_with_who_is_left_out(desk, people):
    people["Ada"].email = people["Ada"].email_key = None
    mailing_id = desk.draft(skill="bricklaying")
    answer = desk.browser.get(f"/mailings/{mailing_id}/people.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["Name"], row["Left out"]) for row in rows] == [("Ada Reader", "has no address")]
    book = desk.browser.get(f"/mailings/{mailing_id}/people.xlsx")
    assert book.status_code == 200
    assert book.data[:2] == b"PK"


def test_an_organizer_of_the_whole_chooses_across_sections_and_a_coordinator_sees_only_theirs(
    desk, people
):
    omar = b.a_person(desk.top, given_name="Omar", family_name="Organizer")
    b.an_appointment(omar, desk.top, Role.ORGANIZER)
    a_reader(desk.other, "Eli")
    browser = desk.as_(omar)
    theirs = desk.draft(browser, q="reader")
    assert "Eli Reader" in browser.get(f"/mailings/{theirs}/people").text
    assert desk.browser.get(f"/mailings/{theirs}/people").status_code == 404
    assert desk.browser.post(f"/mailings/{theirs}/send").status_code == 404
    assert browser.get(f"/mailings/{desk.draft()}/people").status_code == 200
    assert addresses(theirs) == []


def test_choosing_costs_the_same_for_one_person_and_for_thirty(desk, people):
    shift = b.a_shift(desk.section)
    need_id = shift.needs[0].id
    mailing_id = desk.draft(slot=shift.id, state="coming")
    addresses = (f"/mailings/{mailing_id}/people", f"/mailings/{mailing_id}/people?out=1")
    b.a_participation(shift, people["Ada"], need_id=need_id)
    costs = []
    for _ in range(2):
        for address in addresses:
            with counted() as seen:
                assert desk.browser.get(address).status_code == 200
            costs.append(len(seen))
        for _ in range(30):
            person = b.a_person(desk.section, "medical", languages={"ar": "C1"})
            b.a_participation(shift, person, need_id=need_id)
            b.a_shift(desk.section)
            b.a_course(desk.section)
    assert costs[:2] == costs[2:]
    assert max(costs) <= 8
