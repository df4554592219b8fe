"""Who and what goes when, listed for whoever looks after that; the dry run takes nothing."""

import csv
import io
from typing import Any

import pytest
from sqlalchemy import select

from brigades.access import Role
from brigades.db import session
from brigades.keeping import holding, service
from brigades.keeping.models import Farewell
from brigades.keeping.rules import Ground, Keep
from brigades.people.models import Person
from brigades.recruiting.models import Application, Stage
from tests.builders import DAY, NOON, a_section, an_appointment
from tests.keeping.test_taking_away import an_application
from tests.keeping.test_who_left import who_left
from tests.people.desks import a_desk
from tests.support.statements import counted


@pytest.fixture
def section(app: Any, monkeypatch: Any) -> Any:
    monkeypatch.setattr("brigades.clock.now", lambda: NOON)
    return a_section(a_section())


@pytest.fixture
def organizer(app: Any, section: Any) -> Any:
    return a_desk(app, section, Role.ORGANIZER)


def test_the_list_says_who_goes_when_and_why_not_sooner(section, organizer):
    who_left(section, given_name="Amal")
    held = who_left(section, given_name="Bilal")
    until = (NOON + 60 * DAY).date()
    holding.hold_back(held, until, Ground.INQUIRY, "", by=organizer.person.id, now=NOON)
    role = who_left(section, given_name="Carla")
    an_appointment(role, section, Role.TRAINER)
    who_left(section, NOON - 900 * DAY, given_name="Dunya")
    page = organizer.get("/keeping/members").text
    for name in ("Amal", "Bilal", "Carla"):
        assert name in page
    assert "Dunya" not in page  # her time is over in half a year
    assert "Dunya" in organizer.get("/keeping/members?ahead=365").text
    assert "10 Jul 2026" in page  # 30 days from now: nobody was told yet
    assert "Kept until Sun, 9 Aug 2026: Something that happened is looked into." in page
    assert "Has a role." in page
    for state, name in (("goes", "Amal"), ("held", "Bilal"), ("stands", "Carla")):
        rows = list(csv.DictReader(io.StringIO(_csv(organizer, f"?state={state}"))))
        assert [row["Name"] for row in rows] == [f"{name} Lang"]
    assert "Nobody fits" in organizer.get("/keeping/members?q=nobody").text
    assert "Amal" in organizer.get(f"/keeping/members?q=amal&section={section.slug}").text
    assert organizer.get("/keeping/members.xlsx").status_code == 200


def _csv(client: Any, query: str) -> str:
    return client.get(f"/keeping/members.csv{query}").data.decode("utf-8-sig")


def test_applications_are_listed_with_the_same_words(section, organizer):
    an_application(section, "no@example.org", Stage.DECLINED, NOON - 300 * DAY)
    unconfirmed = an_application(section, "who@example.org", Stage.SENT, None)
    an_application(section, "young@example.org", Stage.DECLINED, NOON - 100 * DAY)
    page = organizer.get("/keeping/applications").text
    assert "Declined on Thu, 14 Aug 2025." in page and "14 Aug 2026" in page
    assert "Sent on Wed, 10 Jun 2026; nobody confirmed the address." in page
    assert page.count("Mira Keller") == 2
    assert session.get_one(Application, unconfirmed).given_name == "Mira"
    file = organizer.get("/keeping/applications.csv?q=mira").data.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(file)))) == 2
    assert organizer.get("/keeping/applications.xlsx").status_code == 200


@pytest.mark.parametrize("where", ["members", "applications"])
def test_empty_lists_say_what_to_do_next(organizer, where):
    page = organizer.get(f"/keeping/{where}").text
    assert "Look a year ahead" in page and "90 days before" in page


def test_it_costs_the_same_for_one_and_for_thirty(section, organizer):
    def cost() -> int:
        with counted() as statements:
            assert organizer.get("/keeping/members?q=lang").status_code == 200
        return len(statements)

    who_left(section)
    one = cost()
    for _number in range(29):
        who_left(section)
    assert cost() == one <= 8


def test_an_organizer_holds_back_and_lets_go_with_reasons_on_the_page(section, organizer):
    person = who_left(section)
    at = f"/keeping/members/{person.id}"
    assert "Keep Rosa Lang longer" in organizer.get(at).text
    until = (NOON + 100 * DAY).date()
    for typed, says in (
        ({"until": "2026-01-01", "ground": "asked"}, "Choose a day that is still to come."),
        ({"until": "2199-01-01", "ground": "asked"}, "At most five years ahead."),
        ({"until": until.isoformat(), "ground": "other"}, "Write what it is."),
        ({"until": until.isoformat(), "ground": "", "words": "Kept words"}, "Choose a reason."),
    ):
        refused = organizer.post(at, data=typed)
        assert refused.status_code == 422 and says in refused.text
        assert typed.get("words", "") in refused.text and typed["until"] in refused.text
    kept = {"until": until.isoformat(), "ground": "other", "words": "a prize is due"}
    assert organizer.post(at, data=kept).status_code == 303
    page = organizer.get(at).text
    assert "Is kept until Fri, 18 Sept 2026." in page and "a prize is due" in page
    assert "Kept longer after having left" in organizer.get(f"/people/{person.id}").text
    assert organizer.post(f"{at}/let-go").status_code == 303
    assert session.scalars(select(Farewell.kept_until)).one() is None


def test_coordinators_and_other_sections_do_not_find_it(app, section):
    person = who_left(section)
    for client in (
        a_desk(app, section, Role.COORDINATOR),
        a_desk(app, a_section(), Role.ADMINISTRATOR),
    ):
        for method, at in (("get", ""), ("post", ""), ("post", "/let-go")):
            answer = getattr(client, method)(f"/keeping/members/{person.id}{at}")
            assert answer.status_code == 404
    coordinator = a_desk(app, section, Role.COORDINATOR)
    assert coordinator.get("/keeping/members").status_code == 404
    other = a_desk(app, a_section(), Role.ADMINISTRATOR)
    assert "Rosa" not in other.get("/keeping/members").text


def test_the_command_lists_who_goes_when_and_why_and_takes_nothing(app, section):
    person = who_left(section, email=None)
    an_application(section, "no@example.org", Stage.DECLINED, NOON - 350 * DAY)
    said = app.test_cli_runner().invoke(args=["keeping", "due"])
    assert said.exit_code == 0, said.output
    assert "members who left: kept for 1095 days" in said.output
    lines = said.output.splitlines()
    left = "Left on Tue, 6 Jun 2023."
    assert f"2026-07-10\tmember\tRosa Lang\t{section.name}\t{left}" in lines
    assert any(line.startswith("2026-06-25\tapplication\tMira Keller\t") for line in lines)
    assert session.get_one(Person, person.id).erased_on is None
    assert session.scalars(select(Farewell)).all() == []


def test_the_public_page_says_the_periods_as_they_are_set(client, section):
    service.use(Keep(members=730, children=4000))
    try:
        page = client.get("/privacy").text
    finally:
        service.use(Keep())
    assert "730 days after your membership ended" in page
    assert "4000 days after you were there for the last time" in page
    assert "a letter 30 days before" in page
