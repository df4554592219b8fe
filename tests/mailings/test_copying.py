"""A copy of a mailing: for everybody again, or for those whom the first one has not reached yet."""

import pytest

from brigades.clock import HOUR
from brigades.db import session, unit
from brigades.mailings import holding
from brigades.mailings.models import Mailing, Stage
from brigades.outbox.delivery import delivering
from brigades.outbox.models import Fate
from tests.builders import NOON
from tests.mailings.desk import Desk, a_reader, addresses, kept, letters
from tests.shifts.test_capacity import at_once
from tests.support.statements import counted


@pytest.fixture
def readers(desk):
    return [a_reader(desk.section, name) for name in ("Ada", "Bea", "Cem")]


def copied(desk: Desk, mailing_id: int) -> int:
    answer = desk.browser.post(f"/mailings/{mailing_id}/copy")
    assert answer.status_code == 303
    return int(answer.location.split("/")[2])


def stopped_half_way(desk: Desk, mail) -> int:
    """One that Ada got, and the others did not."""
    mail.refusals |= {"bea@example.org": "451 later", "cem@example.org": "451 later"}
    mailing_id = desk.sent(q="reader")
    session.commit()
    delivering.deliver(NOON)
    desk.browser.post(f"/mailings/{mailing_id}/stop")
    mail.refusals.clear()
    return mailing_id


def test_a_copy_is_a_draft_that_goes_to_everybody_on_its_own(desk, readers):
    first = desk.sent(q="reader")
    answer = desk.browser.post(f"/mailings/{first}/copy")
    assert "also to those who got the first" in desk.after(answer)
    second = int(answer.location.split("/")[2])
    assert kept(second).stage is Stage.DRAFT
    assert "reach" not in kept(second).chosen
    desk.browser.post(f"/mailings/{second}/send")
    assert len(letters(first)) == len(letters(second)) == 3


def test_a_copy_of_a_stopped_one_goes_to_those_whom_it_has_not_reached(desk, readers, mail):
    first = stopped_half_way(desk, mail)
    page = desk.browser.get(f"/mailings/{first}").text
    assert "1 of 3 letters were sent" in page
    assert "2 people have not got it" in page
    assert "1 of 3" in desk.browser.get("/mailings").text
    answer = desk.browser.post(f"/mailings/{first}/copy")
    page = desk.after(answer)
    assert "goes to the 2 people who have not got the first one yet" in page
    second = int(answer.location.split("/")[2])
    page = desk.browser.get(f"/mailings/{second}/people").text
    assert "2 people get it" in page
    assert "has got it already (1)" in page
    looked_at = desk.browser.get(f"/mailings/{second}/send").text
    assert "Only to those who have not got it yet" in looked_at
    desk.browser.post(f"/mailings/{second}/send")
    assert addresses(second) == ["bea@example.org", "cem@example.org"]
    session.commit()
    delivering.deliver(NOON + HOUR)
    assert sorted(address for one in mail.received for address in one.recipients) == [
        "ada@example.org",
        "bea@example.org",
        "cem@example.org",
    ]


def test_whoever_writes_may_have_it_go_to_all_of_them_again(desk, readers, mail):
    second = copied(desk, stopped_half_way(desk, mail))
    form = f"/mailings/{second}/people"
    desk.browser.post(form, data={"q": "reader", "go": "show"})  # the box is not ticked
    assert "3 people get it" in desk.browser.get(form).text
    desk.browser.post(form, data={"q": "reader", "yet": "y", "go": "show"})
    assert "2 people get it" in desk.browser.get(form).text


def test_a_copy_of_a_copy_remembers_all_before_it(desk, readers, mail):
    second = copied(desk, stopped_half_way(desk, mail))
    desk.browser.post(f"/mailings/{second}/send")
    mail.refusals["cem@example.org"] = "451 later"
    session.commit()
    delivering.deliver(NOON + HOUR)
    desk.browser.post(f"/mailings/{second}/stop")
    third = copied(desk, second)
    desk.browser.post(f"/mailings/{third}/send")
    assert addresses(third) == ["cem@example.org"]


def test_one_that_went_to_everybody_again_began_anew(desk, readers, mail):
    first = desk.sent(q="reader")
    session.commit()
    delivering.deliver(NOON)
    second = copied(desk, first)
    desk.browser.post(f"/mailings/{second}/send")
    desk.browser.post(f"/mailings/{second}/stop")
    third = copied(desk, second)
    assert "3 people get it" in desk.browser.get(f"/mailings/{third}/people").text


def test_who_will_still_get_the_first_one_is_not_written_to_twice(desk, readers, mail, monkeypatch):
    first = desk.sent(q="reader")
    letters(first)[2].due_at = NOON + HOUR  # Cem's waits; a worker takes the others in hand
    by, sending_all, seconds = desk.cora.id, delivering.send_all, []

    def copied_meanwhile(*args, **kwargs):
        with unit():
            holding.stop(first, by=by, now=NOON)
        seconds.append(copied(desk, first))
        desk.browser.post(f"/mailings/{seconds[0]}/send")
        return sending_all(*args, **kwargs)

    monkeypatch.setattr(delivering, "send_all", copied_meanwhile)
    session.commit()
    delivering.deliver(NOON)
    assert addresses(seconds[0]) == ["cem@example.org"]
    fates = [letter.fate for letter in letters(first)]
    assert fates == [Fate.SENT, Fate.SENT, Fate.DROPPED]


def test_pressed_twice_there_is_one_draft_and_later_another_for_whom_that_one_lacked(
    desk, readers, mail
):
    bea = readers[1].id
    first = stopped_half_way(desk, mail)
    second = copied(desk, first)
    assert copied(desk, first) == second
    desk.browser.post(f"/mailings/{second}/without", data={"person": bea})
    desk.browser.post(f"/mailings/{second}/send")
    assert addresses(second) == ["cem@example.org"]
    third = copied(desk, first)
    assert third != second
    desk.browser.post(f"/mailings/{third}/send")
    assert addresses(third) == ["bea@example.org"]


def test_two_who_press_at_the_same_moment_begin_one_draft(app, desk, readers, mail):
    first = stopped_half_way(desk, mail)
    session.commit()
    statuses = at_once(app, [(desk.browser, f"/mailings/{first}/copy", {})] * 4)
    assert set(statuses) == {303}
    assert session.query(Mailing).count() == 2


def test_only_a_copy_asks_who_has_it_and_no_address_can(desk, readers, mail):
    other = desk.written(q="reader")
    first = stopped_half_way(desk, mail)
    assert "have not got it yet" not in desk.browser.get(f"/mailings/{other}/people").text
    page = desk.browser.get(f"/mailings/{other}/people?q=reader&yet=y&after={first}").text
    assert "3 people get it" in page
    assert "3 people get it" in desk.browser.get(f"/mailings/new?q=reader&yet=y&after={first}").text


def test_a_copy_costs_the_same_for_one_reader_and_for_thirty(desk, mail):
    costs = []
    for names in (["Solo"], [f"Rae{n}" for n in range(30)]):
        for name in names:
            a_reader(desk.section, name)
        first = desk.sent(q=names[0][:3].lower())
        desk.browser.post(f"/mailings/{first}/stop")
        with counted() as seen:
            second = copied(desk, first)
        costs.append(len(seen))
        with counted() as seen:
            assert desk.browser.get(f"/mailings/{second}/people").status_code == 200
        costs.append(len(seen))
    assert costs[:2] == costs[2:]
    assert costs[1] <= 8
