"""Opening a shift, changing it, publishing it, calling it off."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from brigades.access import Role
from brigades.clock import HOUR
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people.levels import Level
from brigades.people.models import Person, Standing
from brigades.people.service import set_standing
from brigades.people.skills import Skill
from brigades.schedule import leads
from brigades.schedule.models import Need, Participation, SignUp, Status
from brigades.schedule.states import State
from brigades.shifts import editing
from brigades.shifts.models import Shift
from tests import builders as b
from tests.builders import DAY, NOON
from tests.shifts.cast import Cast, a_row, typed
from tests.support.databases import POSTGRESQL
from tests.support.race import Race
from tests.support.statements import counted


def saved() -> Shift:
    return session.scalars(select(Shift).order_by(Shift.id.desc())).first()  # type: ignore[return-value]


def count(model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def needs() -> list[Need]:
    return list(session.scalars(select(Need).order_by(Need.position, Need.id)))


def letters(name: str) -> int:
    return session.scalar(select(func.count(Letter.id)).where(Letter.name == name)) or 0


def stored(shift: Shift, **given: Any) -> dict[str, Any]:
    """What the form of a stored shift with one place sends back when nothing is touched."""
    values = {
        "title": shift.title,
        "zone": shift.zone,
        "starts": f"{shift.starts_local:%Y-%m-%dT%H:%M}",
        "ends": f"{shift.ends_local:%Y-%m-%dT%H:%M}",
        "place": shift.place,
        "signup": shift.signup.value,
        "waitlist": "y",
    }
    row = a_row(0, id=str(shift.needs[0].id), least=str(shift.needs[0].least))
    return values | row | given


class Untouched:
    """A form in which nothing was typed."""

    kind_ids: tuple[int, ...] = ()

    def apply_to(self, _slot: Any) -> bool:
        return False


def test_a_shift_over_midnight_and_one_of_thirty_hours_are_kept(cast: Cast) -> None:  # SHIFT-04
    client = cast.as_(cast.coordinator)
    night = typed(cast.section, starts="2026-08-14T20:00", ends="2026-08-15T08:00")
    assert client.post("/shifts/new", data=night).status_code == 303
    shift = saved()
    assert shift.starts_at == datetime(2026, 8, 14, 18, tzinfo=UTC)
    assert shift.ends_at == datetime(2026, 8, 15, 6, tzinfo=UTC)
    assert shift.hours == 12.0

    long = typed(cast.section, starts="2026-08-15T06:00", ends="2026-08-16T12:00")
    assert client.post("/shifts/new", data=long).status_code == 303
    assert saved().hours == 30.0
    assert count(Shift) == 2

    back = typed(cast.section, starts="2026-08-14T20:00", ends="2026-08-14T19:00")
    refused = client.post("/shifts/new", data=back)
    assert refused.status_code == 422
    assert "The end must be after the start." in refused.text
    assert count(Shift) == 2


def test_a_time_that_does_not_exist_is_a_field_error(cast: Cast) -> None:  # TIME-03
    client = cast.as_(cast.coordinator)
    gap = typed(cast.section, starts="2027-03-28T02:30", ends="2027-03-28T06:00")
    refused = client.post("/shifts/new", data=gap)
    assert refused.status_code == 422
    assert "this time does not exist" in refused.text
    assert 'value="2027-03-28T02:30"' in refused.text
    assert count(Shift) == 0


def test_times_are_those_of_the_place_everywhere(cast: Cast) -> None:  # TIME-08
    denver = b.a_section(cast.section, zone="America/Denver")
    client = cast.as_(cast.coordinator)
    assert 'selected value="America/Denver"' in client.get(f"/shifts/new?section={denver.id}").text
    sent = typed(denver, starts="2026-06-13T10:00", ends="2026-06-13T14:00")
    assert client.post("/shifts/new", data=sent).status_code == 303
    shift = saved()
    instant = datetime(2026, 6, 13, 16, tzinfo=UTC)
    assert (shift.zone, shift.starts_at) == ("America/Denver", instant)
    client.post(f"/shifts/{shift.id}/publish")

    for page in (f"/shifts/{shift.id}", "/shifts"):
        text = client.get(page).text
        assert f'<time datetime="{instant.isoformat()}">10:00</time>' in text
        assert "Denver (UTC-6)" in text
    form = client.get(f"/shifts/{shift.id}/edit").text
    assert 'value="2026-06-13T10:00"' in form
    again = sent | a_row(0, id=str(needs()[0].id))
    assert client.post(f"/shifts/{shift.id}/edit", data=again).status_code == 303
    assert (saved().starts_at, saved().sequence) == (instant, 0)


def test_a_blank_zone_is_a_field_error(cast: Cast) -> None:  # TIME-10
    refused = cast.as_(cast.coordinator).post("/shifts/new", data=typed(cast.section, zone=""))
    assert refused.status_code == 422
    assert count(Shift) == 0


def test_no_most_is_no_limit_and_a_most_of_zero_lets_nobody_in(cast: Cast) -> None:  # CAP-03
    client = cast.as_(cast.coordinator)
    for most, state in (("0", State.WAITLISTED), ("", State.CONFIRMED)):
        sent = typed(cast.section) | a_row(0, least="0", most=most)
        assert client.post("/shifts/new", data=sent).status_code == 303
        shift = saved()
        assert needs()[-1].most == (0 if most else None)
        client.post(f"/shifts/{shift.id}/publish")
        for _ in range(2):
            joining = cast.as_(b.a_person(cast.section))
            assert joining.post(f"/shifts/{shift.id}/join").status_code == 303
        states = session.scalars(select(Participation.state).where(Participation.slot == shift))
        assert states.all() == [state, state]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"most": "-1"}, "Number must be between 0 and 9999."),
        ({"most": "abc"}, "Not a valid integer value."),
        ({"most": "99999999999999999999"}, "Number must be between 0 and 9999."),
        ({"least": "3", "most": "2"}, "The most cannot be lower than the least."),
        ({"least": "-2"}, "Number must be between 0 and 9999."),
        ({"ability": "juggling"}, "Not a valid choice"),
        ({"language_to": "ar"}, "Choose the first language of the pair too."),
        ({"level": "B2"}, "Choose the language that this level is about."),
        ({"kind": "99"}, "Not a valid choice"),
        ({"ability": "\x00"}, "Not a valid choice"),
    ],
)
def test_a_wrong_place_is_a_field_error_and_everything_typed_stays(
    cast: Cast, wrong: dict[str, str], sentence: str
) -> None:
    sent = typed(cast.section, note="bring boots") | a_row(0, **wrong)
    refused = cast.as_(cast.coordinator).post("/shifts/new", data=sent)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert "bring boots" in refused.text
    if "most" in wrong:
        assert f'value="{wrong["most"]}"' in refused.text
    assert count(Shift) == count(Need) == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"title": "a\x00b"},
        {"section": "999"},
        {"section": "x"},
        {"zone": "Mars/Base"},
        {"starts": "soon"},
        {"starts": "0001-01-01T00:00"},
        {"starts": "9999-12-31T23:59"},
        {"lead": "12345678901234567890"},
        {"signup": "lottery"},
        {"min_age": "0"},
        {"min_age": "x"},
        {"meet_before": "-1"},
        {"leave_by_hours": "99999999999"},
        {"papers": "999"},
        {"signup_until": "2026-13-01"},
        {"online_url": "javascript:alert(1)"},
        {"starts_fold": "7"},
        {"needs-²-least": "1"},
    ],
)
def test_odd_input_never_breaks_and_saves_nothing(cast: Cast, odd: dict[str, str]) -> None:
    sent = typed(cast.section) | odd
    answer = cast.as_(cast.coordinator).post("/shifts/new", data=sent)
    if "needs-²-least" in odd:
        assert answer.status_code == 303
    else:
        assert answer.status_code == 422
        assert count(Shift) == 0


def test_a_shift_without_places_is_refused(cast: Cast) -> None:
    sent = {k: v for k, v in typed(cast.section).items() if not k.startswith("needs-")}
    refused = cast.as_(cast.coordinator).post("/shifts/new", data=sent)
    assert refused.status_code == 422
    assert "Add at least one kind of place." in refused.text


def test_rows_come_and_go_without_losing_what_was_typed(cast: Cast) -> None:
    client = cast.as_(cast.coordinator)
    sent = typed(cast.section, note="bring boots", starts="soon", add="need")
    sent |= a_row(0, ability="bricklaying", most="5")
    more = client.post("/shifts/new", data=sent)
    assert more.status_code == 200
    assert 'name="needs-1-ability"' in more.text
    assert "bring boots" in more.text
    assert 'value="soon"' in more.text
    assert 'selected value="bricklaying"' in more.text

    del sent["add"]
    sent |= a_row(1, ability="nursing", least="x", drop="0") | {"drop": "0"}
    fewer = client.post("/shifts/new", data=sent)
    assert 'selected value="nursing"' in fewer.text
    assert 'selected value="bricklaying"' not in fewer.text
    assert 'name="needs-1-least"' in fewer.text
    assert 'value="x"' in fewer.text
    assert count(Shift) == 0


def test_who_has_left_or_was_in_charge_once_is_not_offered_as_lead(cast: Cast) -> None:
    gone = b.a_person(cast.section, given_name="Zorro", standing=Standing.LEFT)
    once, later = (b.a_person(cast.section, given_name=name) for name in ("Wanda", "Yara"))
    b.an_appointment(gone, cast.section, Role.COORDINATOR)
    b.an_appointment(once, cast.section, Role.COORDINATOR, until=NOON.date() - DAY)
    b.an_appointment(later, cast.section, Role.COORDINATOR, since=NOON.date() + DAY)
    boss = cast.as_(cast.coordinator)
    offered = boss.get("/shifts/new").text
    assert "Yara" in offered
    assert "Zorro" not in offered and "Wanda" not in offered
    led = b.a_shift(cast.section, lead_id=once.id)
    assert "Wanda" in boss.get(f"/shifts/{led.id}/edit").text


def test_a_form_that_was_open_while_its_lead_left_does_not_put_them_back(cast: Cast) -> None:
    lead = b.a_person(cast.section, standing=Standing.ACTIVE)
    b.an_appointment(lead, cast.section, Role.COORDINATOR)
    shift = b.a_shift(cast.section, lead_id=lead.id)
    shown = stored(shift, title="Roof, then wall", lead=str(lead.id), lead_was=str(lead.id))
    boss, address = cast.as_(cast.coordinator), f"/shifts/{shift.id}/edit"
    assert f'name="lead_was" type="hidden" value="{lead.id}"' in boss.get(address).text
    set_standing(
        session.get_one(Person, lead.id), Standing.LEFT, by=cast.coordinator.id, now=NOON, why=""
    )
    session.commit()
    assert boss.post(address, data=shown).status_code == 303
    assert (saved().title, saved().lead_id) == ("Roof, then wall", None)
    # Where another one leads by now, who touched nothing leaves it at that.
    saved().lead_id = cast.coordinator.id
    session.commit()
    assert boss.post(address, data=shown | {"title": "Wall"}).status_code == 303
    assert (saved().title, saved().lead_id) == ("Wall", cast.coordinator.id)
    # And nobody is taken off by somebody who says so.
    nobody = shown | {"lead": "", "lead_was": str(cast.coordinator.id)}
    assert boss.post(address, data=nobody).status_code == 303
    assert saved().lead_id is None


@pytest.mark.parametrize("new", [True, False])
def test_who_leaves_just_as_they_are_chosen_is_not_made_lead(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, new: bool
) -> None:
    lead = b.a_person(cast.section, standing=Standing.LEFT, given_name="Zorro")
    shift = b.a_shift(cast.section)
    # The list was read when they were still there.
    monkeypatch.setattr(editing, "leads", lambda *_given: [(lead.id, lead.name)])
    sent = typed(cast.section) if new else stored(shift, lead_was="")
    address = "/shifts/new" if new else f"/shifts/{shift.id}/edit"
    answer = cast.as_(cast.coordinator).post(address, data=sent | {"lead": str(lead.id)})
    assert answer.status_code == 422
    assert "They do not take part any more." in answer.text
    assert (count(Shift), saved().lead_id) == (1, None)


@POSTGRESQL
@pytest.mark.parametrize("leave_first", [True, False])
def test_who_leaves_at_the_very_moment_leads_nothing(cast: Cast, leave_first: bool) -> None:
    lead, boss = b.a_person(cast.section), cast.coordinator
    shift = b.a_shift(cast.section)
    lead_id, boss_id, shift_id = lead.id, boss.id, shift.id

    def leave() -> None:
        person = session.get_one(Person, lead_id)
        set_standing(person, Standing.LEFT, by=boss_id, now=NOON, why="")
        session.flush()

    def choose() -> None:
        editing.change(
            session.get_one(Shift, shift_id), Untouched(), [], lead_id=lead_id, by=boss_id, now=NOON
        )

    two = [leave, choose] if leave_first else [choose, leave]
    try:
        Race(cast.app).run(*two)
    except leads.Gone:
        assert leave_first
    assert session.get_one(Shift, shift_id).lead_id is None


def test_everything_asked_for_is_kept(cast: Cast) -> None:
    kind = b.a_kind()
    sent = typed(cast.section, lead=str(cast.coordinator.id), signup="assigned")
    sent |= a_row(0, ability="interpreting", language="ar", language_to="en", level="C1")
    sent |= a_row(1, ability="construction", kind=str(kind.id), least="2", most="4")
    assert cast.as_(cast.coordinator).post("/shifts/new", data=sent).status_code == 303
    shift, (one, two) = saved(), needs()
    assert (shift.status, shift.signup) == (Status.DRAFT, SignUp.ASSIGNED)
    assert shift.lead_id == cast.coordinator.id
    assert (one.skill, one.trade, one.level) == (Skill.INTERPRETING, "interpreting", Level.C1)
    assert (one.language, one.language_to) == ("ar", "en")
    assert (two.skill, two.trade, two.kind_id) == (Skill.CONSTRUCTION, "", kind.id)
    assert (two.least, two.most) == (2, 4)


def test_a_shorter_shift_counts_less_everywhere_and_is_announced(cast: Cast) -> None:  # SHIFT-11
    shift = b.a_shift(cast.section, starts_at=NOON + 7 * DAY, hours=8)
    for _ in range(3):
        b.a_participation(shift, b.a_person(cast.section))
    shorter = stored(shift, ends=f"{shift.ends_local - 2 * HOUR:%Y-%m-%dT%H:%M}")
    client = cast.as_(cast.coordinator)
    assert client.post(f"/shifts/{shift.id}/edit", data=shorter).status_code == 303
    assert (saved().hours, saved().sequence) == (6.0, 1)
    assert letters("slot-moved") == 3
    assert "6 hours" in client.get(f"/shifts/{shift.id}").text

    assert client.post(f"/shifts/{shift.id}/edit", data=shorter).status_code == 303
    assert saved().sequence == 1
    assert letters("slot-moved") == 3


def test_new_words_move_nobody(cast: Cast) -> None:
    shift = b.a_shift(cast.section)
    b.a_participation(shift, cast.volunteer)
    sent = stored(shift, note="bring boots")
    assert cast.as_(cast.coordinator).post(f"/shifts/{shift.id}/edit", data=sent).status_code == 303
    assert (saved().note, saved().sequence) == ("bring boots", 1)
    assert letters("slot-moved") == 0


def test_a_place_that_people_have_cannot_be_removed(cast: Cast) -> None:
    shift = b.a_shift(cast.section, needs=[b.a_need(least=1), b.a_need(position=1)])
    first, second = (need.id for need in shift.needs)
    b.a_participation(shift, cast.volunteer, need_id=second)
    client = cast.as_(cast.coordinator)
    both = stored(shift) | a_row(1, id=str(second), least="0")
    address = f"/shifts/{shift.id}/edit"
    dropped = client.post(address, data=both | {"drop": "1"})
    assert dropped.status_code == 422
    assert "People have signed up for this place" in dropped.text
    assert f'value="{second}"' in dropped.text
    gone = {key: value for key, value in both.items() if not key.startswith("needs-1-")}
    refused = client.post(address, data=gone | {"title": "Changed"})
    assert refused.status_code == 422
    assert "People have signed up for this place" in refused.text
    assert "Changed" in refused.text
    assert saved().title != "Changed"
    unused = {key: value for key, value in both.items() if not key.startswith("needs-0-")}
    assert client.post(address, data=unused).status_code == 303
    assert [need.id for need in needs()] == [second]
    assert first != second


def test_fewer_places_than_people_keeps_the_people_and_says_so(cast: Cast) -> None:
    shift = b.a_shift(cast.section, needs=[b.a_need(least=1, most=3)])
    for _ in range(3):
        b.a_participation(shift, b.a_person(cast.section))
    client = cast.as_(cast.coordinator)
    sent = stored(shift) | a_row(0, id=str(shift.needs[0].id), least="1", most="2")
    assert client.post(f"/shifts/{shift.id}/edit", data=sent).status_code == 303
    assert set(session.scalars(select(Participation.state))) == {State.CONFIRMED}
    for page in (f"/shifts/{shift.id}", f"/shifts/{shift.id}/board", "/shifts"):
        assert "1 more than there are places" in client.get(page).text


def test_more_places_go_to_those_who_wait(cast: Cast) -> None:
    shift = b.a_shift(cast.section, needs=[b.a_need(most=1)])
    b.a_participation(shift, b.a_person(cast.section))
    waiting = b.a_participation(shift, cast.volunteer, State.WAITLISTED)
    sent = stored(shift) | a_row(0, id=str(shift.needs[0].id), least="0", most="2")
    cast.as_(cast.coordinator).post(f"/shifts/{shift.id}/edit", data=sent)
    assert waiting.state is State.OFFERED


def test_publishing_twice_changes_nothing_more(cast: Cast) -> None:
    shift = b.a_shift(cast.section, status=Status.DRAFT)
    client = cast.as_(cast.coordinator)
    for _ in range(2):
        assert client.post(f"/shifts/{shift.id}/publish").status_code == 303
    assert shift.status is Status.PUBLISHED


def test_cancelling_asks_for_a_reason_and_tells_everyone_once(cast: Cast) -> None:
    shift = b.a_shift(cast.section)
    place = b.a_participation(shift, cast.volunteer)
    client = cast.as_(cast.coordinator)
    address = f"/shifts/{shift.id}/cancel"
    assert "1 person has a place" in client.get(address).text
    assert client.post(address, data={"reason": " "}).status_code == 422
    assert shift.status is Status.PUBLISHED
    for _ in range(2):
        assert client.post(address, data={"reason": "storm"}).status_code == 303
    assert (shift.status, place.state) == (Status.CANCELLED, State.CANCELLED)
    assert letters("slot-cancelled") == 1
    assert client.post(f"/shifts/{shift.id}/publish").status_code == 303
    assert shift.status is Status.CANCELLED
    page = client.get(f"/shifts/{shift.id}").text
    assert "storm" in page


def test_strangers_change_nothing(cast: Cast) -> None:  # AUTHZ-01
    shift = b.a_shift(cast.section, title="Ours")
    place = b.a_participation(shift, cast.volunteer)
    sent = stored(shift, title="Theirs", reason="x", person="1", need="1")
    for person in (cast.volunteer, cast.strange_coordinator):
        client = cast.as_(person)
        paths = ("edit", "cancel", "board", "roster", f"places/{place.id}/remove")
        for path in paths:
            answer = client.get(f"/shifts/{shift.id}/{path}")
            assert answer.status_code == 404
            assert "Ours" not in answer.text
        for path in (*paths[:2], "publish", "assign", f"places/{place.id}/confirm", paths[-1]):
            assert client.post(f"/shifts/{shift.id}/{path}", data=sent).status_code == 404
    theirs = cast.as_(cast.strange_coordinator)
    assert theirs.post("/shifts/new", data=typed(cast.section)).status_code == 422
    moved = b.a_shift(cast.strange_section, title="Theirs")
    sent = stored(moved, section=str(cast.section.id))
    assert theirs.post(f"/shifts/{moved.id}/edit", data=sent).status_code == 303
    assert (shift.title, place.state) == ("Ours", State.CONFIRMED)
    assert moved.section_id == cast.strange_section.id
    assert count(Shift) == 2


def test_the_form_costs_the_same_for_one_place_and_for_ten(cast: Cast) -> None:
    one = b.a_shift(cast.section)
    ten = b.a_shift(cast.section, needs=[b.a_need(position=n) for n in range(10)])
    client = cast.as_(cast.coordinator)
    costs = []
    for shift_id in (one.id, ten.id):
        with counted() as seen:
            assert client.get(f"/shifts/{shift_id}/edit").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 8
