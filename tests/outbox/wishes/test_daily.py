"""What a reader wants once a day comes in one letter, in the morning of where they are."""

import re

import pytest
from sqlalchemy import select

from brigades import worker
from brigades.access import Role, Scope
from brigades.clock import DAY, HOUR, MINUTE
from brigades.db import session, unit
from brigades.outbox import service
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.kinds import How, Kind
from brigades.outbox.letters_page import resending
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import PAUSES, Outcome, Told
from brigades.outbox.wishes import gathering
from brigades.outbox.wishes import service as wishes
from brigades.outbox.wishes.gathering import gather
from brigades.people.models import Person
from brigades.schedule import service as schedule
from brigades.sections import service as sections
from tests.builders import NOON, a_person, a_section, a_shift, an_appointment, signed_in
from tests.outbox.wishes.of_kinds import a_note
from tests.support.databases import POSTGRESQL
from tests.support.race import Race
from tests.support.statements import counted

MORNING = NOON + 17 * HOUR  # 07:00 in Berlin


@pytest.fixture
def notes(app, monkeypatch):
    """Letters that say what they are about."""
    a_note(monkeypatch, {"note": Kind.PLACE, "news": Kind.NEWS})


@pytest.fixture
def section(notes):
    return a_section(contact="berlin@example.org")


@pytest.fixture
def rosa(section):
    return a_reader(section, email="rosa@example.org", given_name="Rosa", family_name="")


def a_reader(section, **given) -> Person:
    """Somebody who wants a daily mail."""
    person = a_person(section, **given)
    with unit():
        wanted = {Kind.PLACE: How.DAILY, Kind.NEWS: How.DAILY, Kind.REMINDER: How.DAILY}
        wishes.wish(person, wanted, by=person.id, now=NOON)
    return person


def post(person: Person, words: str, key: str = "", name: str = "note", now=NOON, **given) -> None:
    about = {"words": words, "bare": given.pop("bare", False)}
    service.post(name, to=person, about=about, key=key or words, now=now, **given)
    session.commit()


def collect(now) -> int:
    with unit():
        return gather(now)


def letter(key: str) -> Letter:
    session.expire_all()
    return session.scalars(select(Letter).where(Letter.key == key)).one()


def told_in(daily: Letter) -> tuple[Told, ...]:
    """What a daily mail that tells all it was to tell says of them."""
    ids = session.scalars(select(Letter.id).where(Letter.told_in_id == daily.id))
    return tuple(Told(id, Fate.SENT, "subject") for id in ids)


def daily_of(person: Person, day: str = "2026-06-11") -> Letter:
    return letter(f"daily:{person.id}:{day}")


def scope(section) -> Scope:
    """That of somebody who looks after the section's mail."""
    person = a_person(section)
    an_appointment(person, section, Role.COORDINATOR)
    return sections.scope_of(person.id, section.id, NOON.date())


def fates(*keys: str) -> list[Fate]:
    return [letter(key).fate for key in keys]


def test_all_that_waits_comes_in_one_letter_in_the_morning(rosa, mail):
    for n, words in enumerate(("Roof", "Wall", "Door")):
        post(rosa, words, now=NOON + n * HOUR)
        assert deliver(NOON + n * HOUR) == 0
    assert collect(MORNING - MINUTE) == 0
    assert collect(MORNING) == 1
    assert collect(MORNING) == 0
    assert deliver(MORNING) == 1
    [got] = mail.received
    assert got.recipients == ("rosa@example.org",)
    assert got.subject == "Your daily mail: 3 messages"
    assert "Hello Rosa" in got.text
    spots = [got.text.index(words) for words in ("* Roof", "Roof is so.", "* Wall", "* Door")]
    assert spots == sorted(spots)
    for words in ("Roof", "Wall", "Door"):
        link = f"http://localhost/do/{letter(words).id}"
        assert link in got.text
        assert f'<a href="{link}"' in got.html
    assert fates("Roof", "Wall", "Door") == [Fate.SENT] * 3
    assert letter("Roof").subject == "Roof"
    assert letter("Roof").sent_at == daily_of(rosa).sent_at


def test_the_first_link_is_the_thing_to_do_and_the_last_leads_to_the_settings(rosa, mail):
    post(rosa, "Roof")
    deliver(NOON)
    collect(MORNING)
    deliver(MORNING)
    [got] = mail.received
    links = [word for word in got.text.split() if word.startswith("http")]
    assert links[0] == f"http://localhost/do/{letter('Roof').id}"
    assert links[-1] == "http://localhost/me/mail"
    assert "Stop such letters" not in got.text  # it comes for as long as it is wished for


def test_a_link_that_somebody_typed_is_not_the_thing_to_do(rosa, mail):
    post(rosa, "What https://elsewhere.example/x says", key="typed")
    deliver(NOON)
    collect(MORNING)
    deliver(MORNING)
    [got] = mail.received
    assert f'<a href="http://localhost/do/{letter("typed").id}"' in got.html
    assert "https://elsewhere.example/x says is so." in got.text  # it is told all the same


def test_nothing_to_tell_no_mail(rosa, mail):
    assert collect(MORNING) == 0
    assert session.scalars(select(Letter)).all() == []


def test_what_no_longer_holds_is_left_out(rosa, mail):
    post(rosa, "Roof")
    post(rosa, "over")
    deliver(NOON)
    collect(MORNING)
    deliver(MORNING)
    assert mail.received[0].subject == "Your daily mail: 1 message"
    assert fates("Roof", "over") == [Fate.SENT, Fate.DROPPED]
    assert letter("over").error == "no longer holds"


def test_where_nothing_holds_any_more_there_is_no_mail(rosa, mail):
    post(rosa, "over")
    deliver(NOON)
    collect(MORNING)
    assert deliver(MORNING) == 0
    assert mail.received == []
    assert fates("over") == [daily_of(rosa).fate] == [Fate.DROPPED]


def test_one_that_cannot_be_written_fails_alone(rosa, mail, caplog):
    post(rosa, "broken")
    post(rosa, "Roof")
    deliver(NOON)
    collect(MORNING)
    assert deliver(MORNING) == 1
    assert "Roof" in mail.received[0].text
    assert fates("broken", "Roof") == [Fate.FAILED, Fate.SENT]
    assert "this row is odd" in letter("broken").error
    assert "could not be written" in caplog.text


def test_where_none_can_be_written_all_have_failed(rosa, mail, caplog):
    post(rosa, "broken")
    deliver(NOON)
    collect(MORNING)
    assert deliver(MORNING) == 0
    assert fates("broken") == [daily_of(rosa).fate] == [Fate.FAILED]
    assert "this row is odd" in letter("broken").error
    assert "could not be written" in caplog.text


def test_what_the_server_refuses_has_failed_with_its_words_and_can_be_tried_again(
    app, section, rosa, mail
):
    post(rosa, "Roof")
    deliver(NOON)
    collect(MORNING)
    mail.refusals["rosa@example.org"] = "550 no such mailbox"
    deliver(MORNING)
    assert letter("Roof").fate is Fate.FAILED
    assert "550 no such mailbox" in letter("Roof").error
    mail.refusals.clear()
    with unit():
        assert resending.again(scope(section), daily_of(rosa).id, by=rosa.id, now=MORNING + HOUR)
    assert deliver(MORNING + HOUR) == 1
    assert fates("Roof") == [Fate.SENT]


def test_one_that_failed_is_tried_again_by_itself(section, rosa, mail, caplog):
    post(rosa, "broken")
    post(rosa, "Roof")
    deliver(NOON)
    collect(MORNING)
    deliver(MORNING)
    with unit():
        failed = letter("broken").id
        assert resending.again(scope(section), failed, by=rosa.id, now=MORNING + HOUR)
        one = session.scalars(select(Letter).where(Letter.key == "broken")).one()
        one.about = {"words": "mended"}
    deliver(MORNING + HOUR)
    assert letter("broken").fate is Fate.GATHERED
    assert collect(MORNING + DAY) == 1
    assert deliver(MORNING + DAY) == 1
    assert "mended" in mail.received[-1].text
    assert "could not be written" in caplog.text


def test_a_server_that_takes_nothing_now_is_asked_again_with_the_same_letter(rosa, mail):
    post(rosa, "Roof")
    deliver(NOON)
    collect(MORNING)
    mail.refusals["rosa@example.org"] = "451 later"
    deliver(MORNING)
    assert fates("Roof") == [Fate.GATHERED]
    mail.refusals.clear()
    assert deliver(MORNING + PAUSES[0] + MINUTE) == 1
    assert fates("Roof") == [Fate.SENT]


def test_what_comes_during_the_day_waits_for_the_next_morning(rosa, mail):
    post(rosa, "Roof")
    deliver(NOON)
    collect(MORNING)
    deliver(MORNING)
    post(rosa, "Wall", now=MORNING + HOUR)
    deliver(MORNING + HOUR)
    assert collect(MORNING + 2 * HOUR) == 0
    assert collect(MORNING + DAY) == 1
    assert deliver(MORNING + DAY) == 1
    assert daily_of(rosa, "2026-06-12").fate is Fate.SENT


def test_what_was_gathered_too_late_for_todays_mail_is_looked_at_anew(rosa, mail):
    post(rosa, "Roof")
    deliver(NOON)
    collect(MORNING)
    deliver(MORNING)
    for words, needed_by in (("soon", MORNING + 3 * HOUR), ("later", None)):
        post(rosa, words, needed_by=needed_by)
        letter(words).fate = Fate.GATHERED
        letter(words).due_at = MORNING
        session.commit()
    assert collect(MORNING + MINUTE) == 0
    assert deliver(MORNING + MINUTE) == 1
    assert fates("soon", "later") == [Fate.SENT, Fate.GATHERED]
    assert letter("later").due_at == MORNING + DAY


def test_a_mail_that_nobody_has_begun_to_write_takes_up_what_comes_late(rosa, mail):
    post(rosa, "Roof")
    post(rosa, "Wall")
    deliver(NOON)
    letter("Wall").due_at = MORNING + MINUTE
    session.commit()
    assert collect(MORNING) == 1
    assert collect(MORNING + MINUTE) == 1
    assert deliver(MORNING + MINUTE) == 1
    assert mail.received[0].subject == "Your daily mail: 2 messages"


def test_after_a_day_of_standing_still_nobody_is_woken_for_it(rosa, mail):
    post(rosa, "Roof")
    deliver(NOON)
    assert collect(MORNING + 15 * HOUR) == 0  # 22:00
    assert collect(MORNING + DAY) == 1


def test_everybody_has_their_own_morning(section, mail):
    here, far = a_reader(section), a_reader(section, zone="America/New_York")
    post(here, "here")
    post(far, "far")
    deliver(NOON)
    assert collect(MORNING) == 1
    assert letter("here").told_in_id and not letter("far").told_in_id
    assert collect(MORNING + 6 * HOUR) == 1
    assert letter("far").told_in_id == daily_of(far).id


def test_an_hour_of_the_clock_more_or_less_makes_one_mail_a_day(rosa, mail):
    for day in ("2026-10-24", "2026-10-25", "2026-10-26", "2026-03-28", "2026-03-29"):
        noon = NOON.replace(month=int(day[5:7]), day=int(day[8:]))
        post(rosa, day, now=noon)
        deliver(noon)
        due = letter(day).due_at
        assert due.hour == 6 if day in ("2026-10-25", "2026-10-24", "2026-10-26") else 5
        with unit():
            gather(due)
        assert deliver(due) == 1


def test_news_is_told_in_whole_and_what_has_no_link_too(rosa, mail):
    post(rosa, "Feast", name="news")
    post(rosa, "Plain", bare=True)
    deliver(NOON)
    collect(MORNING)
    deliver(MORNING)
    [got] = mail.received
    for words in ("Feast", "Plain"):
        assert f"{words} is so." in got.text
    assert got.text.count("And so on.") == 2
    assert "You get this once a day" in got.text
    assert got.message["Reply-To"] == "berlin@example.org"


def test_a_real_letter_is_told_with_its_time_and_the_way_to_it(section, rosa, mail):
    shift = a_shift(section, starts_at=NOON + 7 * DAY, title="Roof <b>&</b>")
    with unit():
        schedule.join(shift.id, session.merge(rosa), now=NOON)
    assert deliver(NOON) == 0
    assert worker.once(MORNING) is True
    [got] = [got for got in mail.received if "daily" in got.subject]
    assert f"http://localhost/shifts/{shift.id}" in got.text
    assert "Roof <b>&</b>" in got.text
    assert "Roof &lt;b&gt;&amp;&lt;/b&gt;" in got.html
    [event] = [part for part in got.message.walk() if part.get_content_type() == "text/calendar"]
    assert event.get_param("method") == "REQUEST"
    assert "METHOD:REQUEST" in event.get_content()
    assert "The event is attached. Your calendar feed has it too" in got.text
    assert "http://localhost/calendar\r\n" in got.text
    assert 'href="http://localhost/calendar"' in got.html
    assert got.message["Reply-To"] == "berlin@example.org"


def test_of_several_events_each_is_a_file_since_programs_take_only_the_first(section, rosa, mail):
    shifts = [a_shift(section, starts_at=NOON + days * DAY) for days in (7, 9)]
    for shift in shifts:
        with unit():
            schedule.join(shift.id, session.merge(rosa), now=NOON)
    deliver(NOON)
    assert worker.once(MORNING) is True
    [got] = [got for got in mail.received if "daily" in got.subject]
    events = list(got.message.iter_attachments())
    assert [event.get_content_type() for event in events] == ["application/ics"] * 2
    assert [event.get_filename() for event in events] == ["event-1.ics", "event-2.ics"]
    uids = [re.findall(rb"UID:(\S+)", event.get_content()) for event in events]
    assert [len(one) for one in uids] == [1, 1]
    assert uids[0] != uids[1]
    assert not [part for part in got.message.walk() if part.get_content_type() == "text/calendar"]
    assert "The events are attached as files. Your calendar feed has them too" in got.text


def test_the_mail_is_in_its_readers_language_and_direction(section, mail):
    leila = a_reader(section, locale="ar", given_name="ليلى", family_name="")
    post(leila, "سقف")
    deliver(NOON)
    collect(MORNING)
    deliver(MORNING)
    [got] = mail.received
    assert 'dir="rtl"' in got.html
    assert "ليلى" in got.text


def test_two_workers_post_one_mail(app, rosa, mail):
    import threading

    for n in range(20):
        post(rosa, f"n{n}")
    deliver(NOON)
    start = threading.Barrier(3)

    def work():
        with app.app_context():
            start.wait()
            collect(MORNING)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    collect(MORNING)
    assert deliver(MORNING) == 1
    assert mail.received[0].subject == "Your daily mail: 20 messages"


def test_the_letters_page_shows_what_the_mail_said(app, section, rosa, mail):
    post(rosa, "Roof")
    deliver(NOON)
    coordinator = a_person(section)
    an_appointment(coordinator, section, Role.COORDINATOR)
    client = signed_in(app, coordinator)
    assert "07:00" in client.get(f"/letters/{letter('Roof').id}").text
    collect(MORNING)
    deliver(MORNING)
    assert f'/letters/{daily_of(rosa).id}"' in client.get(f"/letters/{letter('Roof').id}").text
    page = client.get(f"/letters/{daily_of(rosa).id}").text
    assert "Roof is so." in page


def test_gathering_and_keeping_cost_the_same_for_five_people_and_for_fifty(section, mail):
    cost = []
    for n, morning in ((5, MORNING), (50, MORNING + DAY)):
        for i in range(n):
            person = a_reader(section)
            post(person, f"{n}-{i}", now=morning - 10 * HOUR)
        deliver(morning - 10 * HOUR)
        with counted() as statements, unit():
            assert gather(morning) == n
        gathered = len(statements)
        dailies = session.scalars(select(Letter).where(Letter.key.like("daily:%"))).all()
        waiting = [one for one in dailies if one.fate is Fate.WAITING]
        outcomes = [Outcome(one.id, Fate.SENT, told=told_in(one)) for one in waiting]
        for one in waiting:
            one.leased_until = morning
        assert len(outcomes) == n
        session.commit()
        with counted() as statements, unit():
            tied = gathering.tied_to(outcomes, morning)
            gathering.follow(tied, outcomes, morning)
        with unit():
            for one in waiting:
                session.merge(one).leased_until = None
        cost.append((gathered, len(statements)))
        deliver(morning)
    assert cost[0] == cost[1] == (4, 2)


@POSTGRESQL
@pytest.mark.parametrize("address", ["new@example.org", None])
def test_a_daily_mail_made_while_an_address_changes_goes_to_the_new_one(app, rosa, mail, address):
    post(rosa, "hello")
    deliver(NOON)
    person_id = rosa.id
    Race(app).run(lambda: gather(MORNING), lambda: service.readdress(person_id, address))
    deliver(MORNING)
    session.expire_all()
    told = [one for got in mail.received for one in got.recipients]
    assert told == ([address] if address else [])


@POSTGRESQL
def test_one_made_while_its_reader_is_erased_never_leaves(app, rosa, mail):
    post(rosa, "hello")
    deliver(NOON)
    person_id = rosa.id
    Race(app).run(
        lambda: gather(MORNING),
        lambda: service.forget(person_id, ["rosa@example.org"], "№ 1"),
    )
    deliver(MORNING)
    session.expire_all()
    assert {one.fate for one in session.scalars(select(Letter))} == {Fate.DROPPED}
    assert mail.received == []
