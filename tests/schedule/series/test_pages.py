"""Pages on which slots repeat and are copied: the same for shifts and for trainings."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from brigades.access import Role
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.schedule.models import Need, Slot, Status
from brigades.sections.models import Section
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.support.statements import counted

MONDAY = datetime(2026, 10, 12, 16, tzinfo=UTC)  # two weeks before the clocks go back in Berlin
WEEKLY = {"every": "week", "step": "1", "weekdays": ["1"], "until": "", "count": "4"}
STILL_DRAFTS = "still drafts, because they start in the past or last more than 14 days"


@dataclass
class Setting:
    """A section, its coordinator's browser, a volunteer, and a kind of slot."""

    app: Flask
    kind: str
    section: Section
    client: Any
    vera: Person

    def slot(self, **given: Any) -> Any:
        """A slot on a Monday from 18:00 to 20:00 unless told otherwise."""
        given = {"starts_at": MONDAY, "hours": 2, "title": "First aid", **given}
        if self.kind == "shifts":
            return b.a_shift(self.section, **given)
        return b.a_session(b.a_course(self.section), self.section, **given)

    def series(self, **given: Any) -> list[Any]:
        """Four in a row, published."""
        slot = self.slot(**given)
        assert self.make(self.at(slot, "/repeat"), WEEKLY, publish="y").status_code == 303
        return slots()

    def at(self, slot: Slot, page: str = "") -> str:
        return f"/{self.kind}/{slot.id}{page}"

    def make(self, address: str, sent: dict[str, Any], **more: Any) -> Any:
        """Look at the list, then send it as it stands."""
        page = self.client.post(address, data=sent)
        assert page.status_code == 200
        return self.client.post(address, data=sent | looked(page.text) | more)

    def stored(self, slot: Any, **given: Any) -> dict[str, Any]:
        """What the form of a slot sends back when nothing is touched."""
        sent = {
            "title": slot.title,
            "zone": slot.zone,
            "starts": f"{slot.starts_local:%Y-%m-%dT%H:%M}",
            "ends": f"{slot.ends_local:%Y-%m-%dT%H:%M}",
            "place": slot.place,
            "signup": slot.signup.value,
            "waitlist": "y",
        }
        need = session.scalars(select(Need).where(Need.slot_id == slot.id)).one()
        if self.kind == "shifts":
            row = {
                "id": need.id,
                "least": need.least,
                "most": "" if need.most is None else need.most,
            }
            sent |= {f"needs-0-{name}": str(value) for name, value in row.items()}
        else:
            sent |= {"course": slot.course_id, "section": slot.section_id, "least": need.least}
            sent["most"] = "" if need.most is None else need.most
        return sent | given


@pytest.fixture(params=["shifts", "trainings"])
def plan(request: pytest.FixtureRequest, app: Flask) -> Any:
    with time_machine.travel(NOON, tick=False):
        section = b.a_section()
        boss = b.a_person(section, given_name="Cora", family_name="Coordinator")
        b.an_appointment(boss, section, Role.COORDINATOR)
        vera = b.a_person(section, given_name="Vera", family_name="Volunteer")
        yield Setting(app, request.param, section, b.signed_in(app, boss), vera)


def slots() -> list[Any]:
    session.expire_all()
    return list(session.scalars(select(Slot).order_by(Slot.starts_at, Slot.id)))


def looked(text: str) -> dict[str, Any]:
    """What the list on a page sends back as it stands: its mark and what is ticked."""
    return {
        "make": re.search(r'name="make" value="(\w+)"', text)[1],  # type: ignore[index]
        "take": re.findall(r'name="take" value="([^"]+)" checked', text),
    }


def offered(text: str) -> list[str]:
    return re.findall(r'name="take" value="([^"]+)"', text)


def test_a_slot_repeats_on_the_same_wall_time_over_the_change_of_clocks(plan: Setting):  # TIME-07
    found = plan.series()
    assert [one.starts_local.hour for one in found] == [18] * 4
    assert [one.starts_at.hour for one in found] == [16, 16, 17, 17]
    assert {one.status for one in found} == {Status.PUBLISHED}
    page = plan.client.get(plan.at(found[1])).text
    assert "2 of 4, every Monday until Mon, 2 Nov 2026" in page
    assert f'href="{plan.at(found[2])}"' in page


def test_this_and_the_following_change_and_who_has_a_place_is_told(plan: Setting):
    plan.series()
    for need in session.scalars(select(Need)).all():
        slot = session.get_one(Slot, need.slot_id)
        b.a_participation(slot, session.get_one(Person, plan.vera.id), need_id=need.id)
    second = slots()[1]
    sent = plan.stored(second, starts="2026-10-20T17:00", ends="2026-10-20T19:00", place="Gate C")
    sent |= {"reach": "following"}
    assert plan.client.post(plan.at(second, "/edit"), data=sent).status_code in (302, 303)
    assert [one.starts_local for one in slots()] == [
        datetime(2026, 10, 12, 18),
        *(datetime(2026, *day, 17) for day in ((10, 20), (10, 27), (11, 3))),
    ]
    assert [one.place for one in slots()][1:] == ["Gate C"] * 3
    moved = select(func.count()).where(Letter.name == "slot-moved")
    assert session.scalar(moved) == 3


def test_a_week_is_copied_once(plan: Setting):
    for number in range(3):
        plan.slot(title=f"Day {number}", starts_at=MONDAY + number * DAY)
    sent = {"section": plan.section.id, "week": "2026-10-14", "to": "2026-10-26"}
    address = f"/{plan.kind}/copy-week"
    done = sent | looked(plan.client.get(address, query_string=sent).text) | {"publish": "y"}
    assert plan.client.post(address, data=done).status_code == 303
    copies = slots()[3:]
    assert [one.starts_local for one in copies] == [datetime(2026, 10, n, 18) for n in (26, 27, 28)]
    assert {one.type for one in copies} == {slots()[0].type}
    twice = plan.client.post(address, data=done)
    assert twice.status_code == 422
    assert twice.text.count("There is one of this title and time already.") == 3
    assert len(slots()) == 6


def test_copies_in_the_past_or_of_many_days_are_not_ticked_and_stay_drafts(plan: Setting):
    slot = plan.slot(starts_at=NOON - 8 * DAY)
    address = plan.at(slot, "/repeat")
    sent = WEEKLY | {"count": "3", "weekdays": [str(slot.starts_local.isoweekday())]}
    page = plan.client.post(address, data=sent).text
    past, ahead = offered(page)
    assert looked(page)["take"] == [ahead]
    assert "The start is in the past" in page
    assert "it stays a draft until you publish it on its own page" in page
    done = plan.make(address, sent, take=[past, ahead], publish="y")
    assert done.status_code == 303
    assert [one.status for one in slots()[1:]] == [Status.DRAFT, Status.PUBLISHED]

    long = plan.slot(starts_at=NOON + 30 * DAY, hours=15 * 24)
    monday = long.starts_local.date().isoformat()
    week = {"section": plan.section.id, "week": monday, "to": "2026-11-02"}
    page = plan.client.get(f"/{plan.kind}/copy-week", query_string=week).text
    assert "It lasts 15 days, more than fourteen." in page
    sent = week | looked(page) | {"take": offered(page), "publish": "y"}
    assert plan.client.post(f"/{plan.kind}/copy-week", data=sent).status_code == 303
    assert slots()[-1].status is Status.DRAFT


def test_a_list_that_went_past_meanwhile_is_looked_at_again(plan: Setting):
    slot = plan.slot(starts_at=NOON + HOUR)
    address = plan.at(slot, "/repeat")
    daily = WEEKLY | {"every": "day"}
    sent = daily | looked(plan.client.post(address, data=daily).text)
    with time_machine.travel(NOON + DAY + 2 * HOUR, tick=False):
        again = plan.client.post(address, data=sent)
    assert again.status_code == 422
    assert "Since you looked the list has changed" in again.text
    assert len(slots()) == 1


def test_publishing_all_drafts_leaves_those_whose_dates_are_rarely_meant(plan: Setting):
    slot = plan.slot(starts_at=NOON - 15 * DAY, status=Status.DRAFT)
    sent = WEEKLY | {"weekdays": [str(slot.starts_local.isoweekday())]}
    page = plan.client.post(plan.at(slot, "/repeat"), data=sent).text
    assert plan.make(plan.at(slot, "/repeat"), sent, take=offered(page)).status_code == 303
    done = plan.client.post(plan.at(slot, "/series/publish"))
    page = plan.client.get(done.location).text
    assert "1 draft is published." in page
    assert f"3 are {STILL_DRAFTS}" in page
    assert [one.status for one in slots()] == [Status.DRAFT] * 3 + [Status.PUBLISHED]
    first = slots()[0]
    assert plan.client.post(plan.at(first, "/publish")).status_code == 422
    assert plan.client.post(plan.at(first, "/publish"), data={"sure": "y"}).status_code == 422
    assert slots()[0].status is Status.DRAFT


def test_following_ones_go_into_the_past_only_where_that_is_ticked(plan: Setting):
    first, second, *_others = plan.series()
    session.get_one(Slot, first.id).status = Status.DRAFT  # nobody is asked about a draft
    session.commit()
    back = {"starts": "2026-05-04T18:00", "ends": "2026-05-04T20:00", "reach": "following"}
    sent = plan.stored(first, **back)
    refused = plan.client.post(plan.at(first, "/edit"), data=sent)
    assert refused.status_code == 422
    assert "First aid would be on Mon, 11 May 2026, in the past" in refused.text
    assert "Yes, I mean it" in refused.text
    assert slots()[1].starts_local == second.starts_local == datetime(2026, 10, 19, 18)
    done = plan.client.post(plan.at(first, "/edit"), data=sent | {"sure": "y"})
    assert done.status_code in (302, 303)
    assert slots()[1].starts_local == datetime(2026, 5, 11, 18)


def test_the_page_of_a_slot_in_a_series_costs_the_same_for_few_and_for_many(plan: Setting):
    cost, volunteer = [], b.signed_in(plan.app, plan.vera)
    for number in (2, 30):
        slot = plan.slot(starts_at=MONDAY + number * 7 * DAY, title=f"Every {number}")
        sent = WEEKLY | {"count": str(number)}
        assert plan.make(plan.at(slot, "/repeat"), sent, publish="y").status_code == 303
        for client in (plan.client, volunteer):
            address = plan.at(session.get_one(Slot, slot.id))
            client.get(address)
            with counted() as seen:
                assert f"1 of {number}" in client.get(address).text
            cost.append(len(seen))
    assert cost[:2] == cost[2:]
    assert max(cost) <= 8


def test_volunteers_are_not_led_to_drafts_of_the_series(plan: Setting):
    found = plan.series()
    session.get_one(Slot, found[1].id).status = Status.DRAFT
    session.commit()
    volunteer = b.signed_in(plan.app, session.get_one(Person, plan.vera.id))
    page = volunteer.get(plan.at(found[0])).text
    assert "1 of 3" in page
    assert f'href="{plan.at(found[1])}"' not in page
    assert "1 of 4" in plan.client.get(plan.at(found[0])).text
