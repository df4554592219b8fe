"""What was kept long enough goes, and nothing else; nothing is sent again for it."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from brigades.audit.models import Entry
from brigades.db import db, session, unit
from brigades.keeping import daily, service
from brigades.keeping.rules import Keep
from brigades.mailings.models import Mailing
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Fate, Letter, Mailbox
from brigades.recruiting.models import Application, Stage
from brigades.reminders.service import collect
from brigades.schedule.states import State
from tests.builders import (
    DAY,
    HOUR,
    NOON,
    a_kind,
    a_participation,
    a_person,
    a_qualification,
    a_section,
    a_shift,
)
from tests.support.databases import ONE_DATABASE

LONG_AGO = NOON - 401 * DAY


@pytest.fixture
def section(app):
    return a_section()


def a_letter(key: str, at=LONG_AGO, fate=Fate.SENT, **given):
    values = {"key": key, "name": "password-changed", "to_address": "rosa@example.org"}
    stamps = {"posted_at": at, "due_at": at, "sent_at": at if fate is Fate.SENT else None}
    row = Letter(**values | stamps | {"fate": fate, "locale": "en", "about": {}} | given)
    session.add(row)
    session.commit()
    return row


def an_application(section, email: str, stage=Stage.DECLINED, decided_at=NOON - 366 * DAY):
    row = Application(
        section_id=section.id,
        given_name="Mira",
        family_name="Keller",
        email=email,
        email_key=email,
        phone="+4930123456",
        country="DE",
        why="I can weld",
        reason="no room",
        consent_version="1",
        consented_at=NOON,
        sent_at=NOON,
        stage=stage,
        decided_at=decided_at,
    )
    session.add(row)
    session.commit()
    return row.id


def taken(now=NOON, **given):
    session.rollback()
    gone = daily.take_away(now, **given)
    session.expire_all()
    return gone


def keys() -> set[str]:
    return set(session.scalars(select(Letter.key)))


def test_letters_go_400_days_after_they_ended_however_they_ended(section):
    for fate in (Fate.SENT, Fate.DROPPED, Fate.FAILED):
        a_letter(f"old {fate}", fate=fate)
        a_letter(f"young {fate}", at=NOON - 399 * DAY, fate=fate)
    for fate in (Fate.WAITING, Fate.GATHERED):
        a_letter(f"old {fate}", fate=fate)
    assert taken() == {"letters": 3}
    assert keys() == {
        "young sent",
        "young dropped",
        "young failed",
        "old waiting",
        "old gathered",
    }


def test_a_letter_that_failed_at_last_counts_from_then(section):
    a_letter("tried for long", fate=Fate.FAILED, due_at=NOON - 399 * DAY)
    a_letter("sent late", sent_at=NOON - 399 * DAY)
    assert taken() == {}


def test_a_daily_mail_goes_after_those_that_it_told(section):
    mail = a_letter("daily")
    a_letter("told and older", told_in_id=mail.id)
    a_letter("told and younger", at=NOON - 399 * DAY, told_in_id=mail.id)
    assert taken() == {"letters": 1}
    assert keys() == {"daily", "told and younger"}
    assert taken(NOON + 2 * DAY) == {"letters": 2}


def test_what_was_told_of_a_place_stays_until_the_slot_is_over_as_long(section):
    ahead = a_participation(a_shift(section, starts_at=NOON + 30 * DAY), a_person(section))
    past = a_participation(
        a_shift(section, starts_at=LONG_AGO - 10 * HOUR), a_person(section), State.ATTENDED
    )
    a_letter("of what comes", name="place-confirmed", about={"participation": ahead.id})
    a_letter("of what is over", name="place-confirmed", about={"participation": past.id})
    assert taken() == {"letters": 1}
    assert keys() == {"of what comes"}


def test_of_a_mailing_its_numbers_stay_and_who_has_had_it_but_no_name(section):
    writer, reader = a_person(section), a_person(section, given_name="Rosa")
    mailing = Mailing(
        section_id=section.id,
        by_id=writer.id,
        texts={},
        search="",
        made_at=LONG_AGO,
        changed_at=LONG_AGO,
    )
    session.add(mailing)
    session.commit()
    a_letter("mailing", mailing_id=mailing.id, person_id=reader.id, to_name="Rosa", subject="News")
    assert taken() == {"letters of mailings": 1}
    kept = session.scalars(select(Letter)).one()
    assert (kept.key, kept.fate, kept.person_id) == ("mailing", Fate.SENT, reader.id)
    assert (kept.to_address, kept.to_name, kept.subject) == ("", f"№ {reader.id}", "")
    assert taken(NOON + DAY) == {}


@ONE_DATABASE  # PostgreSQL reads a table of a few rows as a whole
def test_letters_of_mailings_without_a_name_are_not_read_again(app, section):
    # However many of them are kept for good: an index has the others only.
    [kind] = [kind for kind in service.KINDS if kind.name == "letters of mailings"]
    statement = kind.going(LONG_AGO).compile(db.engine, compile_kwargs={"render_postcompile": True})
    values = tuple(statement.params[name] for name in statement.positiontup or ())
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    assert any("ix_letter_named" in row[-1] for row in plan)


def test_an_address_that_sent_mail_back_goes_where_it_is_nobodys(section):
    a_person(section, email="rosa@example.org")
    for address in ("rosa@example.org", "gone@example.org"):
        session.add(Mailbox(address=address, refusals=2, changed_at=LONG_AGO))
    session.commit()
    assert taken() == {"addresses that sent mail back": 1}
    assert session.scalars(select(Mailbox.address)).all() == ["rosa@example.org"]


def test_a_decided_application_keeps_where_when_and_how_and_nothing_that_was_typed(section):
    said_no = an_application(section, "no@example.org")
    took_back = an_application(section, "back@example.org", Stage.WITHDRAWN)
    session.add(Entry(what="application", at=NOON, application_id=said_no, why="no room, Mira"))
    young = an_application(section, "young@example.org", decided_at=NOON - 364 * DAY)
    member = an_application(section, "member@example.org", Stage.ACCEPTED)
    assert taken() == {"applications": 2}
    for id in (said_no, took_back):
        kept = session.get_one(Application, id)
        assert (kept.section_id, kept.stage) == (
            section.id,
            Stage.DECLINED if id == said_no else Stage.WITHDRAWN,
        )
        words = (
            f"{kept.given_name} {kept.email} {kept.phone} {kept.why} {kept.reason} {kept.search}"
        )
        for typed in ("Mira", "example.org", "4930", "weld", "room"):
            assert typed not in words
    assert session.scalar(select(Entry.why).where(Entry.application_id == said_no)) == ""
    assert session.get_one(Application, young).given_name == "Mira"
    assert session.get_one(Application, member).given_name == "Mira"
    assert taken(NOON + DAY) == {}


# REM-03
@pytest.mark.long
def test_nothing_is_reminded_again_once_the_letters_are_gone(section, mail):
    reader = a_person(section)
    a_participation(a_shift(section, starts_at=NOON + 5 * DAY), reader)
    a_qualification(reader, a_kind(), valid_until=date(2026, 8, 1))
    for hours in range(0, 24 * 120, 12):
        with unit():
            collect(NOON + hours * HOUR)
        deliver(NOON + hours * HOUR)
    session.expire_all()
    sent = len(mail.received)
    assert sent >= 3
    later = NOON + 700 * DAY
    assert taken(later)["letters"] == len(mail.received)
    assert keys() == set()
    for hours in range(0, 48, 12):
        with unit():
            collect(later + hours * HOUR)
        deliver(later + hours * HOUR)
    assert len(mail.received) == sent


def test_the_trail_of_the_body_says_of_each_kind_how_many_went(section):
    a_letter("one")
    a_letter("two")
    an_application(section, "no@example.org")
    taken()
    assert trail() == ["letters 2", "applications 1"]
    assert {(one.by_id, one.section_id) for one in session.scalars(select(Entry))} == {
        (None, section.id)
    }
    assert taken(NOON + DAY) == {}
    assert len(session.scalars(select(Entry)).all()) == 2  # nothing to say, no line


def trail() -> list[str]:
    lines = select(Entry.became).where(Entry.what == "kept long enough").order_by(Entry.id)
    return list(session.scalars(lines))


def test_a_step_that_breaks_takes_nothing_of_what_the_trail_says_of_those_before(
    section, monkeypatch
):
    a_letter("one")
    an_application(section, "no@example.org")

    def broken(*given):
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as breaking:
        breaking.setattr(
            service, "KINDS", (*service.KINDS[:-1], replace(service.KINDS[-1], take=broken))
        )
        with pytest.raises(RuntimeError):
            taken()
    assert trail() == ["letters 1"]
    later = NOON + daily.LEASE
    assert taken(later) == {"applications": 1}
    assert trail() == ["letters 1", "applications 1"]


def test_it_runs_once_a_day_and_goes_on_with_what_was_left_over(section, monkeypatch):
    monkeypatch.setattr(service, "BATCH", 2)
    for number in range(5):
        a_letter(f"old {number}")
    assert taken(batches=2) == {"letters": 4}
    assert taken() == {}  # another worker may have it in hand
    assert taken(NOON + daily.LEASE) == {"letters": 1}
    a_letter("later")
    assert taken(NOON + 2 * HOUR) == {}
    assert taken(NOON + DAY) == {"letters": 1}


def test_what_is_kept_for_ever_stays(section):
    service.use(Keep(letters=0, applications=0))
    try:
        a_letter("old")
        an_application(section, "no@example.org")
        assert service.due(NOON) == dict.fromkeys((kind.name for kind in service.KINDS), 0)
        assert taken() == {}
    finally:
        service.use(Keep())


def test_the_command_says_what_would_go_and_takes_nothing(app, section, monkeypatch):
    monkeypatch.setattr("brigades.clock.now", lambda: NOON)
    a_letter("old")
    said = app.test_cli_runner().invoke(args=["keeping", "due"])
    assert said.exit_code == 0, said.output
    assert "letters: kept for 400 days" in said.output
    assert "letters\t1\n" in said.output
    assert keys() == {"old"}


def test_a_public_page_says_what_is_kept_how_long(client, section):
    service.use(Keep(letters=500, applications=0))
    try:
        page = client.get("/privacy")
    finally:
        service.use(Keep())
    assert page.status_code == 200
    for words in ("14 days", "500 days", "as long as this installation runs"):
        assert words in page.text
