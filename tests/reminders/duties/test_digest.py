"""The daily mail: to whom something needs, of what they answer for, once a morning."""

from datetime import date

import pytest
from sqlalchemy import select

from brigades.access import Role
from brigades.clock import DAY, HOUR, MINUTE
from brigades.db import session, unit
from brigades.outbox.models import Fate, Mailbox
from brigades.outbox.render import write
from brigades.people.models import Standing
from brigades.reminders.models import Told
from brigades.reminders.service import collect
from brigades.schedule.models import Slot, Swap, SwapState
from brigades.schedule.states import State
from tests.builders import (
    a_kind,
    a_need,
    a_participation,
    a_person,
    a_qualification,
    a_section,
    a_shift,
    an_appointment,
)
from tests.reminders.duties.mornings import SEVEN, an_application, appointed, morning, post, rows
from tests.support.statements import counted

START = SEVEN + 5 * DAY


@pytest.fixture
def section(app):
    return a_section()


@pytest.fixture
def coordinator(section):
    return appointed(section)


def test_nothing_to_say_is_no_mail_and_no_letter(section, coordinator, mail):
    assert morning(mail, SEVEN + HOUR) == {}
    assert rows() == []
    an_application(section, SEVEN + 2 * HOUR)
    assert morning(mail, SEVEN + 3 * HOUR) == {}  # what comes up during the day waits
    assert rows() == []
    assert set(morning(mail, SEVEN + DAY)) == {coordinator.email}
    assert [letter.fate for letter in rows()] == [Fate.SENT]


def test_nothing_is_kept_of_a_morning_but_one_mark_a_zone(section, mail):
    for _ in range(5):
        appointed(section)
    for day in range(4):
        morning(mail, SEVEN + day * DAY)
    assert rows() == []
    assert list(session.scalars(select(Told.key))) == ["morning:Europe/Berlin"]


def test_what_is_done_by_the_time_the_letter_is_written_drops_it(section, coordinator, mail):
    application = an_application(section)
    with unit():
        collect(SEVEN)
    application = session.merge(application)
    session.delete(application)
    session.commit()
    assert morning(mail, SEVEN + MINUTE) == {}
    assert [letter.fate for letter in rows()] == [Fate.DROPPED]


def test_all_that_needs_somebody_stands_in_it(section, coordinator, mail):
    people = [
        a_person(section, given_name=name, family_name="")
        for name in ("Rosa", "Sami", "Tariq", "Uma", "Vera", "Wim", "Xenia")
    ]
    rosa, sami, tariq, uma, vera, wim, xenia = people
    watch = a_shift(
        section, starts_at=START, title="Night watch", needs=[a_need(least=9)], swaps_asked=True
    )
    later = a_shift(section, starts_at=START + DAY, title="Roof")
    over = a_shift(section, starts_at=SEVEN - DAY, title="Yesterday's kitchen")
    an_application(section)
    a_participation(watch, rosa, State.SEEKING_COVER, cover_since=SEVEN - HOUR)
    a_participation(watch, sami, State.REQUESTED)
    a_participation(watch, tariq, State.OFFERED, answer_by=SEVEN + DAY)
    a_participation(watch, uma, against="on-leave")
    mine, theirs = a_participation(watch, vera), a_participation(later, wim)
    session.add(
        Swap(
            mine_id=mine.id,
            theirs_id=theirs.id,
            state=SwapState.AGREED,
            asked_at=SEVEN - HOUR,
            changed_at=SEVEN - HOUR,
        )
    )
    a_participation(over, wim)
    a_participation(over, vera)
    a_qualification(xenia, a_kind("Crane licence"), verified_on=None)
    session.add(
        Mailbox(
            address=xenia.email,
            refusals=2,
            bouncing_since=SEVEN - DAY,
            words="550 no such user",
            changed_at=SEVEN - DAY,
        )
    )
    session.commit()
    [got] = morning(mail, SEVEN)[coordinator.email]
    # four of nine hold a place, and of two nobody has said whether they came
    assert "15 things need you" in got.subject
    for words in (
        "1 application waits",
        "Ali Nr0",
        "1 person looks for cover",
        "Rosa: Night watch",
        "1 person asks for a place",
        "Sami: Night watch",
        "1 swap waits for your approval",
        "Vera: Night watch",
        "1 place is in question",
        "Uma: Night watch",
        "1 document waits to be verified",
        f"Xenia: Crane licence\r\n  http://localhost/people/{xenia.id}\r\n",
        "1 offer has no answer yet",
        "Tariq: Night watch, answer by",
        "5 places are still unfilled",
        "4 of 9",
        "Of 2 people nobody has said whether they came",
        "Yesterday's kitchen",
        "1 mail address takes no mail any more",
        f"Xenia: {xenia.email}",
    ):
        assert words in got.text, words
    for address in (
        "/applications",
        "/swaps",
        "/places/in-question",
        "/attendance",
        f"/people/{xenia.id}",
        f"/shifts/{watch.id}/board",
        f"/shifts/{over.id}/attendance",
    ):
        assert address in got.text, address
        assert address in got.html, address


def test_of_many_the_first_ten_are_named_and_the_others_counted(section, coordinator, mail):
    for number in range(13):
        an_application(section, SEVEN - HOUR - number * MINUTE)
    [got] = morning(mail, SEVEN)[coordinator.email]
    assert "13 applications wait" in got.text
    assert got.text.count("- Ali Nr") == 10
    assert "and 3 more" in got.text
    assert "Ali Nr12" in got.text  # the oldest
    assert "/applications\r\n" in got.text


def test_who_is_nearest_answers_and_nobody_above_hears_of_it(section, coordinator, mail):
    top = appointed(section, Role.ORGANIZER)
    town = a_section(section)
    nearest, second = appointed(town), appointed(town)
    beside = appointed(a_section(section))
    an_application(town, SEVEN - DAY)
    assert set(morning(mail, SEVEN)) == {nearest.email, second.email}
    assert {letter.person_id for letter in rows()} == {nearest.id, second.id}
    assert top.email
    assert beside.email


def test_where_nobody_is_appointed_those_above_answer(section, coordinator, mail):
    an_application(a_section(a_section(section)), SEVEN - DAY)
    assert set(morning(mail, SEVEN)) == {coordinator.email}


@pytest.mark.parametrize("how", ["away", "ended", "to come"])
def test_who_cannot_look_after_it_is_not_counted_as_nearest(section, coordinator, mail, how):
    town = a_section(section)
    given = {
        "ended": {"until": date(2026, 5, 1)},
        "to come": {"since": date(2099, 1, 1)},
    }.get(how, {})
    person = appointed(town, **given)
    if how == "away":
        person.standing = Standing.ON_LEAVE
        session.commit()
    an_application(town, SEVEN - DAY)
    assert set(morning(mail, SEVEN)) == {coordinator.email}


def test_an_organizer_keeps_the_overview_of_gaps_section_by_section(section, mail):
    head = appointed(section, Role.ORGANIZER)
    regional = appointed(section, Role.COORDINATOR)
    towns = [a_section(section, name=f"Town {number}") for number in range(12)]
    theirs = [appointed(town) for town in towns]
    for number, town in enumerate(towns):
        starts_at = START + number * HOUR
        a_shift(town, starts_at=starts_at, title="In town", needs=[a_need(least=2)])
        a_shift(town, starts_at=starts_at, title="In town", needs=[a_need(least=1)])
    here = a_shift(section, starts_at=START, title="At the top", needs=[a_need(least=1)])
    got = morning(mail, SEVEN)
    assert set(got) == {head.email, regional.email} | {one.email for one in theirs}
    [overview] = got[head.email]
    assert "37 things need you" in overview.subject
    assert "36 places are still unfilled" in overview.text
    assert "Town 0: 3 places" in overview.text
    assert "Town 9: 3 places" in overview.text
    assert "Town 10" not in overview.text
    assert "and 2 more sections" in overview.text
    assert "In town" not in overview.text
    assert f"/shifts/{here.id}/board" in overview.text
    [own] = got[regional.email]  # a coordinator hears of what they answer for
    assert "1 thing needs you" in own.subject
    [town] = got[theirs[0].email]
    assert "3 things need you" in town.subject


def test_a_section_below_without_a_good_zone_takes_no_overview_with_it(section, mail):
    head = appointed(section, Role.ORGANIZER)
    town = a_section(section, name="Town")
    appointed(town)
    a_shift(town, starts_at=START, needs=[a_need(least=2)])
    town.zone = "Mars/Base"  # it came in past the forms
    session.commit()
    [overview] = morning(mail, SEVEN)[head.email]
    assert "Town: 2 places" in overview.text


def test_the_day_is_that_of_where_the_reader_lives(section, mail):
    away = a_person(section, zone="America/Bogota")
    an_appointment(away, section, Role.COORDINATOR)
    an_application(section, SEVEN - DAY)
    assert morning(mail, SEVEN) == {}
    bogota = SEVEN + 7 * HOUR
    assert morning(mail, bogota - MINUTE) == {}
    assert set(morning(mail, bogota)) == {away.email}


def test_who_has_no_address_gets_no_letter_and_holds_up_nobody(section, coordinator, mail):
    coordinator.email = None
    session.commit()
    second = appointed(section)
    an_application(section, SEVEN - DAY)
    assert set(morning(mail, SEVEN)) == {second.email}


def test_a_swap_between_sections_waits_for_whoever_runs_both(section, coordinator, mail):
    towns = [a_section(section), a_section(section)]
    theirs = [appointed(town) for town in towns]
    shifts = [a_shift(town, starts_at=START, swaps_asked=True) for town in towns]
    places = [a_participation(shift, a_person(section)) for shift in shifts]
    swap = Swap(
        mine_id=places[0].id,
        theirs_id=places[1].id,
        state=SwapState.AGREED,
        asked_at=SEVEN - HOUR,
        changed_at=SEVEN - HOUR,
    )
    session.add(swap)
    session.commit()
    assert set(morning(mail, SEVEN)) == {coordinator.email}
    session.get_one(Slot, shifts[0].id).swaps_asked = False
    session.commit()
    assert set(morning(mail, SEVEN + DAY)) == {theirs[1].email}


def statements(at) -> int:
    with unit(), counted() as seen:
        post(at)
    return len(seen)


def test_looking_costs_the_same_for_three_readers_and_for_thirty(section, mail):
    def more(number):
        for _ in range(number):
            town = a_section(section)
            appointed(town)
            an_application(town, SEVEN - DAY)
            a_shift(town, starts_at=START, needs=[a_need(least=1)])
        session.commit()

    appointed(section, Role.ORGANIZER)
    more(3)
    statements(SEVEN)
    few = statements(SEVEN + DAY)
    more(27)
    many = statements(SEVEN + 2 * DAY)
    assert few == many
    assert statements(SEVEN + 2 * DAY + MINUTE) < few  # the morning is over
    assert len(rows()) == 4 + 4 + 31


def test_writing_costs_the_same_for_three_sections_and_for_thirty(section, mail):
    def more(number):
        for _ in range(number):
            town = a_section(section)
            appointed(town)
            an_application(town, SEVEN - 30 * DAY)
            a_shift(town, starts_at=START, needs=[a_need(least=1)])
        session.commit()

    def cost(at):
        with unit():
            collect(at)
        letter = next(one for one in reversed(rows()) if one.person_id == head.id)
        session.expunge_all()
        session.rollback()
        with counted() as seen:
            written = write(letter, at)
        assert written is not None
        return len(seen)

    head = appointed(section, Role.ORGANIZER)
    more(3)
    few = cost(SEVEN)
    session.remove()
    more(27)
    assert cost(SEVEN + DAY) == few
    assert few <= 6


def test_ones_own_paper_is_for_somebody_else_to_check(section, coordinator, mail):
    kind = a_kind("Crane licence")
    a_qualification(coordinator, kind, verified_on=None)
    assert morning(mail, SEVEN) == {}
    assert rows() == []
    second = appointed(section)
    assert set(morning(mail, SEVEN + DAY)) == {second.email}
    a_qualification(second, kind, verified_on=None)
    got = morning(mail, SEVEN + 2 * DAY)
    assert set(got) == {coordinator.email, second.email}
    assert "1 document waits" in got[coordinator.email][0].text
    assert second.name in got[coordinator.email][0].text.split("document")[1]


def test_a_deputy_of_an_organizer_keeps_no_overview(section, mail):
    town = a_section(section)
    nearest = appointed(town)
    head = appointed(section, Role.ORGANIZER)
    deputy = appointed(section, Role.ORGANIZER, deputy=True)
    a_shift(town, starts_at=START, needs=[a_need(least=1)])
    assert set(morning(mail, SEVEN)) == {nearest.email, head.email}
    assert deputy.id not in {letter.person_id for letter in rows()}
