"""The pages of reminders: who hears what when, changing it without JavaScript, going back."""

import pytest
from sqlalchemy import select

from brigades import clock
from brigades.access import Role
from brigades.audit.models import Entry
from brigades.audit.words import say
from brigades.clock import DAY
from brigades.db import session
from brigades.reminders.models import ReminderPlan, ReminderRule
from tests.builders import (
    a_course,
    a_need,
    a_participation,
    a_person,
    a_section,
    a_session,
    a_shift,
    an_appointment,
    signed_in,
)
from tests.reminders.passes import a_plan
from tests.support.statements import counted


@pytest.fixture
def section(app):
    return a_section(name="Town", slug="town")


@pytest.fixture
def coordinator(section):
    person = a_person(section)
    an_appointment(person, section, Role.COORDINATOR)
    return person


@pytest.fixture
def desk(app, coordinator):
    return signed_in(app, coordinator)


@pytest.fixture
def shift(section):
    return a_shift(section, starts_at=clock.now() + 3 * DAY, needs=[a_need(least=1)])


def rows(*rules, **more) -> dict[str, str]:
    """A filled form."""
    typed = dict(more)
    for number, (to, hours, *only) in enumerate(rules):
        typed |= {f"rules-{number}-to": to, f"rules-{number}-hours": str(hours)}
        typed |= {f"rules-{number}-only_unfilled": "y"} if only else {}
    return typed


def rules() -> list[tuple[str, int, bool]]:
    """Every rule that is kept."""
    query = select(ReminderRule).order_by(ReminderRule.to, ReminderRule.hours)
    return [(one.to.value, one.hours, one.only_unfilled) for one in session.scalars(query)]


def test_it_says_who_hears_what_when_and_by_whose_plan(desk, section, shift):
    page = desk.get(f"/shifts/{shift.id}/reminders").text
    assert "By the usual reminders" in page
    for words in ("Everybody who has a place", "7 days before", "Whoever leads it", "No reminder"):
        assert words in page
    assert "while places are unfilled" in page
    assert "Berlin (UTC" in page
    a_plan(section, ("coming", 72))
    page = desk.get(f"/shifts/{shift.id}/reminders").text
    assert "By the plan of Town" in page
    assert "3 days before" in page and "7 days before" not in page


def test_every_kind_of_owner_keeps_a_plan_of_its_own_and_gives_it_up(desk, section, shift):
    course = a_course(section)
    training = a_session(course, section, starts_at=clock.now() + 3 * DAY)
    for at in (
        f"/shifts/{shift.id}",
        f"/trainings/{training.id}",
        f"/trainings/courses/{course.id}",
        "/sections/town",
    ):
        form = desk.get(f"{at}/reminders/edit").text
        assert form.count('name="rules-') == 7 * 3  # the defaults, to begin with
        saved = desk.post(f"{at}/reminders/edit", data=rows(("coming", 48), ("lead", 2)))
        assert saved.status_code == 303
        assert saved.location == f"{at}/reminders"
        assert rules() == [("coming", 48, False), ("lead", 2, False)]
        page = desk.get(f"{at}/reminders").text
        assert "2 days before" in page
        assert "Go back to the usual reminders" in page
        assert desk.post(f"{at}/reminders/drop").status_code == 303
        assert rules() == []
        assert session.scalars(select(ReminderPlan)).all() == []
        again = desk.post(f"{at}/reminders/drop")
        assert "Nothing was changed" in desk.get(again.location).text


def test_a_plan_may_remind_nobody(desk, shift):
    desk.post(f"/shifts/{shift.id}/reminders/edit", data={})
    assert rules() == []
    assert len(session.scalars(select(ReminderPlan)).all()) == 1
    assert desk.get(f"/shifts/{shift.id}/reminders").text.count("No reminder") == 5
    assert (
        "Without a reminder nobody is reminded"
        in desk.get(f"/shifts/{shift.id}/reminders/edit").text
    )


def test_rows_come_and_go_without_losing_what_was_typed(desk, shift):
    at = f"/shifts/{shift.id}/reminders/edit"
    typed = rows(("waitlisted", 336), ("organizers", 720, True))
    more = desk.post(at, data=typed | {"add": "rule"})
    assert more.status_code == 200
    assert more.text.count('name="drop"') == 3
    assert 'value="336" selected' in more.text.replace("selected value", "value") or (
        '<option selected value="336">' in more.text
    )
    fewer = desk.post(at, data=typed | {"drop": "0"})
    assert fewer.text.count('name="drop"') == 1
    assert '<option selected value="organizers">' in fewer.text
    assert "checked" in fewer.text
    assert rules() == []


@pytest.mark.parametrize(
    "typed",
    [
        rows(("coming", 48), ("coming", 48, True)),
        rows(("coming", 5)),
        rows(("offered", 48)),
        rows(("everybody", 48)),
        rows(("coming", "x")),
        {"rules-0-to": "coming"} | rows(),
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_sentence(desk, shift, typed):
    answer = desk.post(f"/shifts/{shift.id}/reminders/edit", data=typed)
    if typed == {"rules-0-to": "coming"}:  # the rest of the row is as proposed
        assert answer.status_code in (303, 422)
        return
    assert answer.status_code == 422
    assert "br-error" in answer.text
    assert rules() == []


def test_saving_says_how_many_letters_that_means(desk, section, shift):
    for _ in range(3):
        a_participation(shift, a_person(section))
    saved = desk.post(
        f"/shifts/{shift.id}/reminders/edit",
        data=rows(("coming", 48), ("coming", 4), ("coordinators", 24, True), ("coming", 168)),
    )
    said = desk.get(saved.location).text
    assert "that means 6 letters in the next 7 days" in said  # filled; a week is over


def test_a_change_stands_in_the_trail_and_saving_the_same_changes_nothing(desk, shift):
    at = f"/shifts/{shift.id}/reminders/edit"
    for _ in range(2):
        desk.post(at, data=rows(("coming", 48), ("coordinators", 336, True)))
    desk.post(f"/shifts/{shift.id}/reminders/drop")
    entries = session.scalars(select(Entry).where(Entry.what == "reminders").order_by(Entry.id))
    first, last = entries
    assert first.slot_id == shift.id
    with desk.application.test_request_context():
        said = say(first)
        assert said.was == "as its course or section does"
        assert said.became == (
            "Everybody who has a place 2 days before, "
            "Coordinators nearby 14 days before while unfilled"
        )
        assert say(last).became == "as its course or section does"


def test_only_who_runs_it_sees_and_changes_it(app, section, shift):
    elsewhere = a_person(a_section())
    an_appointment(elsewhere, session.merge(elsewhere).section_id and a_section(), Role.COORDINATOR)
    volunteer = a_person(section)
    for client in (signed_in(app, elsewhere), signed_in(app, volunteer)):
        for page in ("", "/edit"):
            assert client.get(f"/shifts/{shift.id}/reminders{page}").status_code == 404
            assert client.get(f"/sections/town/reminders{page}").status_code == 404
        assert client.post(f"/shifts/{shift.id}/reminders/edit", data={}).status_code == 404
        assert client.post("/sections/town/reminders/drop").status_code == 404


def test_the_pages_cost_few_statements(desk, section, shift):
    def cost() -> list[int]:
        found = []
        for at in (f"/shifts/{shift.id}", "/sections/town"):
            for page in ("", "/edit"):
                with counted() as seen:
                    assert desk.get(f"{at}/reminders{page}").status_code == 200
                found.append(len(seen))
        return found

    few = cost()
    for _ in range(30):
        other = a_section(section)
        a_plan(other, ("coming", 48), ("lead", 2))
    assert cost() == few
    assert max(few) <= 8


def test_the_way_to_it_is_where_it_is_run(desk, section, shift):
    course = a_course(section)
    training = a_session(course, section, starts_at=clock.now() + 3 * DAY)
    for page in (
        f"/shifts/{shift.id}",
        f"/trainings/{training.id}",
        f"/trainings/courses/{course.id}",
        "/sections/town",
    ):
        assert f'href="{page}/reminders"' in desk.get(page).text
    assert 'href="/letters/coming"' in desk.get("/letters").text
