"""October in a section of two hundred: every letter that was promised came, exactly once."""

from collections import Counter
from datetime import date

import pytest

from brigades.accounts.models import Account
from brigades.db import session, unit
from brigades.outbox.kinds import How, Kind
from brigades.outbox.wishes import service as wishes
from brigades.recruiting import decisions
from tests.builders import a_kind, a_qualification, an_account
from tests.reminders.duties.mornings import an_application
from tests.story.month import Month, at
from tests.support.databases import ONE_DATABASE

pytestmark = pytest.mark.long

# A place, and the two reminders of it.
USUAL = Counter({"place-confirmed": 1, "reminder": 2})


@pytest.fixture
def month(app, mail) -> Month:
    return Month(mail, people=200)


@ONE_DATABASE
def test_everybody_hears_of_everything_once_in_october(month: Month):
    expected = {person.email: Counter(USUAL) for person in month.people}

    def also(*numbers: int, **letters: int) -> None:
        for number in numbers:
            more = {name.replace("_", "-"): count for name, count in letters.items()}
            expected[month.people[number].email].update(more)

    def fewer(*numbers: int, **letters: int) -> None:
        for number in numbers:
            less = {name.replace("_", "-"): count for name, count in letters.items()}
            expected[month.people[number].email].subtract(less)

    # The 1st, ten in the morning: ten shifts from the 12th on, twenty people sign up for each.
    shifts = [month.shift(12 + number) for number in range(10)]
    for number, shift in enumerate(shifts):
        month.join(shift, *range(20 * number, 20 * number + 20))

    # Some want their mail otherwise; one holds a certificate that lapses on the 25th.
    with unit():
        wishes.wish(month.people[197], {Kind.REMINDER: How.DAILY}, by=None, now=month.now)
        wishes.wish(month.people[198], {Kind.PLACE: How.NEVER}, by=None, now=month.now)
    fewer(197, reminder=2)
    also(197, daily=2)
    fewer(198, place_confirmed=1)
    a_qualification(month.people[199], a_kind(), valid_until=date(2026, 10, 25))
    also(199, paper_lapses=2)  # at once, as less than thirty days are left, and seven days before

    # On the 2nd: the night on which the clocks change, a training that is full, an open need.
    month.until(at(2, 13))
    night = month.shift(24, hour=22, hours=9)
    month.join(night, *range(10))
    also(*range(10), **USUAL)
    training = month.training(27, hour=18, most=12)
    month.join(training, *range(180, 195))
    also(*range(180, 192), **USUAL)
    also(192, 193, 194, place_waitlisted=1)
    unfilled = month.shift(29, hour=12, least=5, most=5)
    month.join(unfilled, 195, 196)
    also(195, 196, **USUAL)

    # On the 3rd somebody applies; nobody decides until the 15th.
    month.until(at(3, 13))
    applied = an_application(month.section, since=month.now)

    # One shift moves after its first reminder, one is called off, somebody leaves, one is closed.
    month.until(at(7, 13))
    month.move(shifts[1], day=23)
    also(*range(20, 40), slot_moved=1, reminder=1)
    month.until(at(8, 13))
    month.cancel(shifts[2])
    fewer(*range(40, 60), reminder=1)
    also(*range(40, 60), slot_cancelled=1)
    month.until(at(9, 13))
    month.leave(shifts[3], 60)
    fewer(60, reminder=1)
    also(60, place_given_up=1)
    account = an_account(month.people[61])
    month.until(at(10, 13))
    with unit():
        session.get_one(Account, account.id).active = False
    fewer(61, reminder=1)

    # A place in the training becomes free; the longest waiting takes it.
    month.until(at(12, 13))
    month.leave(training, 180)
    fewer(180, reminder=2)
    also(180, place_given_up=1)
    month.until(at(13, 7))
    month.accept(training, 192)
    also(192, place_free=1, **USUAL)

    month.until(at(15, 13))
    with unit():
        decisions.decline(
            session.merge(applied), "No place", by=month.coordinator.id, now=month.now
        )

    # Somebody signs up on the evening before a shift, and has just read all about it.
    month.until(at(17, 19))
    month.join(shifts[6], 60)
    also(60, place_confirmed=1)

    # For twelve hours nothing runs. The reminders of these hours are made up for.
    month.until(at(18, 7))
    month.worker_is_down(until=at(18, 19))
    month.until(at(31, 20))

    got = month.got()
    assert {address: got.get(address, Counter()) for address in expected} == {
        address: +letters for address, letters in expected.items()
    }
    assert got[month.trainer.email] == {"reminder-lead": 1}
    assert got[applied.email] == {"application-declined": 1}
    # From the 4th the application, from the 15th to the 29th the open need too.
    assert got[month.coordinator.email] == {"digest": 26, "countdown": 3, "papers-lapse": 2}
    # What has waited for seven days reaches the deputy, what has for ten the body above, and a gap
    # both in its last two days; an organizer hears of every gap.
    assert got[month.deputy.email] == {"digest": 5 + 2}
    assert got[month.organizer.email] == {"digest": 16, "countdown": 1, "stood-still": 1}
    assert len(got) == 200 + 5
