"""Several workers at the same morning, after the same outage: everything is written once."""

import threading
from collections import Counter
from datetime import timedelta

from brigades import worker
from brigades.access import Role
from brigades.clock import DAY
from tests.builders import a_kind, a_participation, a_person, a_qualification, a_section, a_shift
from tests.reminders.duties.mornings import SEVEN, an_application, appointed, rows


def test_four_workers_on_one_morning_write_each_letter_once(app, mail, caplog):
    top = a_section()
    chief = appointed(top, Role.ADMINISTRATOR)
    towns = [a_section(top) for _ in range(6)]
    coordinators = [appointed(town) for town in towns for _ in range(2)]
    for town in towns:
        an_application(town, SEVEN - DAY)
        for days in (7, 30, 90):
            person = a_person(town, email=None)
            a_participation(a_shift(town, starts_at=SEVEN + 100 * DAY), person)
            until = SEVEN.date() + timedelta(days=days)
            a_qualification(person, a_kind(), valid_until=until)
    worker.once(SEVEN - 2 * DAY)
    mail.received.clear()
    start = threading.Barrier(4)

    def work() -> None:
        with app.app_context():
            start.wait()
            worker.once(SEVEN)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    worker.once(SEVEN)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    both = {person.id for person in coordinators}
    for name in ("digest", "papers-lapse"):
        on_the_day = [letter for letter in rows(name) if letter.posted_at == SEVEN]
        assert Counter(letter.person_id for letter in on_the_day) == Counter(both), name
    assert [letter.person_id for letter in rows("stood-still")] == [chief.id]
    got = Counter(one.recipients[0] for one in mail.received)
    assert got == {person.email: 2 for person in coordinators} | {chief.email: 1}
