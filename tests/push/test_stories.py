"""What reaches the phone, what reaches the mailbox, and in which order."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from brigades.access import Role
from brigades.clock import MINUTE, to_wall
from brigades.db import session, unit
from brigades.outbox.kinds import How, Kind
from brigades.outbox.models import Fate, Letter, MailWish
from brigades.outbox.wishes.gathering import gather
from brigades.people.models import Person
from brigades.push import keys, service, step
from brigades.push.models import Subscription
from brigades.schedule import moves, slots
from brigades.schedule.models import Participation
from brigades.schedule.service import lock
from brigades.schedule.states import State
from brigades.schedule.when_where import WhenWhere
from brigades.sections.models import Section
from tests import builders
from tests.builders import DAY, HOUR, NOON
from tests.push.people import an_offer, carry, deliver, devices, the_letter
from tests.support.statements import counted


def test_an_offer_reaches_the_phone_at_once_and_the_mailbox_half_an_hour_later(app, mail, phones):
    person, _, _ = an_offer()
    phone = carry(person, phones)

    assert deliver(NOON) == 0
    [pushed] = phone.got
    assert pushed.said["title"].startswith("Can you come? Night watch")
    assert pushed.said["body"] == "Open it to answer."
    assert pushed.said["link"].startswith("http://localhost/")
    assert (pushed.said["lang"], pushed.said["dir"]) == ("en", "ltr")
    kept = the_letter()
    assert (kept.fate, kept.pushed_at, kept.tries) == (Fate.WAITING, kept.pushed_at, 0)
    assert NOON <= kept.pushed_at < NOON + MINUTE

    assert deliver(NOON + 29 * MINUTE) == 0
    assert deliver(NOON + 31 * MINUTE) == 1
    assert the_letter().fate is Fate.SENT
    [letter] = mail.to(person.email)
    assert letter.subject == pushed.said["title"]
    assert pushed.said["link"].rpartition("/")[0] in letter.text  # the link tells when it was made
    assert len(phone.got) == 1


def test_whoever_answered_the_push_gets_no_mail(app, mail, phones):
    person, shift, place = an_offer()
    carry(person, phones)
    deliver(NOON)
    with unit():
        slot = lock(shift.id)
        again = session.get_one(Participation, place.id)
        moves.move(again, State.CONFIRMED, by=person.id, now=NOON + MINUTE, why="")
        assert slot.id == shift.id
    deliver(NOON + 31 * MINUTE)
    assert the_letter().fate is Fate.DROPPED
    assert mail.received == []


def test_without_a_device_there_is_mail_at_once(app, mail, phones):
    an_offer()
    assert deliver(NOON) == 1
    assert phones.asked == []


def test_the_mail_does_not_wait_where_the_deadline_is_near(app, mail, phones):
    person, _, place = an_offer(starts_in=3 * HOUR)
    phone = carry(person, phones)
    assert place.answer_by < NOON + 150 * MINUTE
    assert deliver(NOON) == 1
    assert len(phone.got) == 1
    assert the_letter().pushed_at is not None


def test_all_devices_are_told_and_the_last_to_take_it_is_enough(app, mail, phones):
    person, _, _ = an_offer()
    broken, phone = carry(person, phones), carry(person, phones)
    phones.answer(broken, 500)
    assert deliver(NOON) == 0
    assert (len(broken.got), len(phone.got)) == (0, 1)
    first, second = devices()
    assert (first.refused, first.taken_at) == (1, None)
    assert second.refused == 0
    assert second.taken_at is not None


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten_and_the_mail_goes_at_once(app, mail, phones, status):
    person, _, _ = an_offer()
    phones.answer(carry(person, phones), status)
    assert deliver(NOON) == 1
    assert devices() == []
    assert the_letter().pushed_at is None


@pytest.mark.parametrize("status", [302, 400, 403, 413, 429, 500, 503])
def test_a_service_that_refuses_leaves_it_to_the_mail_and_is_not_followed(
    app, mail, phones, status
):
    person, _, _ = an_offer()
    phones.answer(carry(person, phones), status)
    assert deliver(NOON) == 1
    assert devices()[0].refused == 1
    assert len(phones.asked) == 1


def test_ten_refusals_in_a_row_end_it_and_one_success_clears_them(app, mail, phones):
    person, _, _ = an_offer()
    phone = carry(person, phones)
    [device] = devices()
    device.refused = 8
    phones.answer(phone, 500)
    deliver(NOON)
    assert devices()[0].refused == 9
    phones.answer(phone, 201)
    _once_more(person)
    deliver(NOON)
    assert devices()[0].refused == 0
    phones.answer(phone, 500)
    for refused, last_well, left in ((9, NOON - 6 * DAY, 1), (9, NOON - 7 * DAY, 0)):
        [device] = devices()
        device.refused, device.taken_at = refused, last_well
        _once_more(person)
        assert deliver(NOON) == 1  # the mail goes at once
        assert len(devices()) == left


@pytest.mark.parametrize("status", [401, 403, 413, 429, 500, 503])
def test_an_outage_of_days_costs_nobody_their_device(app, mail, phones, status):
    person, _, _ = an_offer()
    phone = carry(person, phones)
    phones.answer(phone, status)
    for _ in range(12):
        _once_more(person)
    assert deliver(NOON) == 13
    assert [device.refused for device in devices()] == [1]  # all of one pass are one refusal
    devices()[0].refused = 30
    _once_more(person)
    assert deliver(NOON) == 1
    assert [device.refused for device in devices()] == [31]


def _once_more(person):
    number = len(session.scalars(select(Letter)).all())
    person = session.get_one(Person, person.id)
    place = session.scalars(select(Participation)).one()
    moves.tell("place-offered", place, person, NOON - number * MINUTE)


def test_a_service_that_hangs_does_not_hold_up_the_mail(app, mail, phones, monkeypatch):
    import time

    monkeypatch.setattr("brigades.push.sending.ONE_MESSAGE", 0.3)
    person, _, _ = an_offer()
    phones.answer(carry(person, phones), 0)
    began = time.monotonic()
    assert deliver(NOON) == 1
    assert time.monotonic() - began < 30  # it would hang for ever
    assert devices()[0].refused == 1


def test_a_last_minute_cancellation_goes_both_ways(app, mail, phones):
    person, shift, _ = an_offer(starts_in=40 * HOUR)
    phone = carry(person, phones)
    _cancel(shift)
    deliver(NOON)
    titles = [pushed.said["title"] for pushed in phone.got]
    assert len([title for title in titles if title.startswith("Cancelled")]) == 1
    assert phone.got[-1].said["body"] == "Open it to see what has changed."
    assert any(letter.subject.startswith("Cancelled") for letter in mail.to(person.email))


def test_what_is_cancelled_long_before_is_mailed_only(app, mail, phones):
    person, shift, _ = an_offer(starts_in=50 * HOUR)
    phone = carry(person, phones)
    _cancel(shift)
    deliver(NOON)
    assert phone.got == []
    assert [letter.subject[:9] for letter in mail.to(person.email)] == ["Cancelled"]


def _cancel(shift):
    by = builders.a_person(builders.a_section())
    slots.cancel(shift.id, by=by.id, now=NOON, why="rain")
    session.commit()


def test_a_shift_that_was_tomorrow_and_moves_far_away_is_last_minute_too(app, mail, phones):
    section = builders.a_section()
    person = builders.a_person(section)
    shift = builders.a_shift(section, starts_at=NOON + 20 * HOUR)
    builders.a_participation(shift, person)
    phone = carry(person, phones)
    by = builders.a_person(section)
    _move(shift, NOON + 9 * DAY, by.id)
    deliver(NOON)
    assert len(phone.got) == 1
    assert len(mail.to(person.email)) == 1


def _move(shift, starts_at, by):
    slot = lock(shift.id)
    stood = WhenWhere.of(slot)
    slot.starts_local = to_wall(starts_at, slot.zone).local
    slot.ends_local = to_wall(starts_at + 4 * HOUR, slot.zone).local
    slot.derive_instants()
    slots.changed(slot, by=by, now=NOON, was="", became="", moved=True, before=stood)
    session.commit()


def test_reminders_and_news_never_reach_the_screen(app, mail, phones):
    person, _, place = an_offer()
    phone = carry(person, phones)
    session.scalars(select(Letter)).one().fate = Fate.DROPPED
    place.state = State.CONFIRMED
    moves.tell("place-confirmed", place, person, NOON)
    assert deliver(NOON) == 1
    assert phone.got == []


def test_who_wants_no_offers_is_not_pushed_either(app, mail, phones):
    person, _, _ = an_offer()
    phone = carry(person, phones)
    session.add(MailWish(person_id=person.id, kind=Kind.OFFER, how=How.NEVER))
    assert deliver(NOON) == 0
    assert (phone.got, mail.received) == ([], [])


def test_who_wants_offers_in_the_daily_mail_has_them_on_the_device_at_once(app, mail, phones):
    person, _, _ = an_offer()
    phone = carry(person, phones)
    session.add(MailWish(person_id=person.id, kind=Kind.OFFER, how=How.DAILY))
    assert deliver(NOON) == 0
    assert len(phone.got) == 1
    letter = the_letter()
    assert letter.fate is Fate.GATHERED
    assert letter.pushed_at is not None
    # The mail follows the wish: in the morning, and only where nobody has answered.
    assert deliver(NOON + HOUR) == 0
    morning = letter.due_at
    with unit():
        assert gather(morning) == 1
    phones.now = morning
    assert deliver(morning) == 1
    assert "Night watch" in mail.to(person.email)[0].text
    assert len(phone.got) == 1


def test_of_what_was_answered_on_the_device_the_daily_mail_says_nothing(app, mail, phones):
    person, shift, place = an_offer()
    carry(person, phones)
    session.add(MailWish(person_id=person.id, kind=Kind.OFFER, how=How.DAILY))
    deliver(NOON)
    with unit():
        lock(shift.id)
        again = session.get_one(Participation, place.id)
        moves.move(again, State.DECLINED, by=person.id, now=NOON + MINUTE, why="")
    with unit():
        gather(NOON + DAY)
    assert deliver(NOON + DAY) == 0
    assert mail.to(person.email) == []


def test_where_no_device_takes_it_the_offer_is_still_in_the_daily_mail(app, mail, phones):
    person, _, _ = an_offer()
    phones.answer(carry(person, phones), 503)
    session.add(MailWish(person_id=person.id, kind=Kind.OFFER, how=How.DAILY))
    assert deliver(NOON) == 0
    letter = the_letter()
    assert (letter.fate, letter.pushed_at) == (Fate.GATHERED, None)
    morning = letter.due_at
    with unit():
        gather(morning)
    assert deliver(morning) == 1


def test_at_night_a_question_is_left_to_the_mail_which_does_not_ring(app, mail, phones):
    person, _, _ = an_offer()
    phone = carry(person, phones)
    assert deliver(_at_night(phones)) == 1
    assert phone.got == []


def test_at_night_what_cannot_wait_rings_and_a_change_that_can_makes_no_sound(app, mail, phones):
    urgent, _, place = an_offer()
    place.answer_by = the_letter().needed_by = NOON + 18 * HOUR  # eight in the morning in Berlin
    _, shift, _ = an_offer(starts_in=40 * HOUR)
    other = session.scalars(select(Person).order_by(Person.id.desc())).first()
    phone, second = carry(urgent, phones), carry(other, phones)
    night = _at_night(phones)
    _cancel(shift)
    session.execute(update(Letter).values(posted_at=night))
    deliver(night)
    [rings], [shows] = phone.got, second.got
    assert rings.said["silent"] is False
    assert shows.said["silent"] is True


def _at_night(phones):
    phones.now = night = NOON + 10 * HOUR  # midnight in Berlin
    session.execute(update(Letter).values(posted_at=night, due_at=night))
    return night


def test_it_speaks_the_reader_s_language_in_its_direction(app, mail, phones):
    person, _, _ = an_offer(locale="ar")
    phone = carry(person, phones)
    deliver(NOON)
    assert (phone.got[0].said["lang"], phone.got[0].said["dir"]) == ("ar", "rtl")
    assert "Can you come" not in phone.got[0].said["title"]


@pytest.mark.parametrize("letter", ["ش", '"', "𐰀", "🧱", "\u0301"])
def test_the_longest_title_is_short_enough_for_every_service(app, mail, phones, letter):
    person, shift, _ = an_offer(locale="ar")
    shift.title = letter * 600
    phone = carry(person, phones)
    deliver(NOON)
    [pushed] = phone.got
    assert len(pushed.raw) <= 3000
    assert pushed.said["title"].endswith("…")
    assert pushed.said["link"].startswith(f"{app.config['BASE_URL']}/answer/")


def test_it_is_signed_with_our_key_urgent_and_short_lived(app, mail, phones):
    person, _, place = an_offer()
    phone = carry(person, phones)
    deliver(NOON)
    [pushed] = phone.got
    assert pushed.signed_by == keys.public_key(app.config["PUSH_KEY"])
    assert pushed.claims["sub"] == "mailto:brigades@127.0.0.1"
    assert pushed.headers["urgency"] == "high"
    left = (place.answer_by - NOON).total_seconds()
    assert left - 60 < int(pushed.headers["ttl"]) <= left
    assert len(pushed.headers["topic"]) == 32
    assert pushed.said["tag"] == pushed.headers["topic"]
    assert b"Night watch" not in pushed.raw


# MAIL-04
def test_killed_between_push_and_mark_it_is_pushed_under_the_same_topic_and_never_lost(
    app, mail, phones, monkeypatch
):
    person, _, _ = an_offer()
    phone = carry(person, phones)
    letter_id = the_letter().id
    with monkeypatch.context() as patch:
        patch.setattr(step.results, "keep", _die)
        with pytest.raises(KeyboardInterrupt):
            step.push([letter_id], NOON)
    session.rollback()
    assert the_letter().pushed_at is None
    assert deliver(NOON + 15 * MINUTE) == 0
    first, second = phone.got
    assert first.headers["topic"] == second.headers["topic"]
    assert deliver(NOON + HOUR) == 1


def _die(*_args):
    raise KeyboardInterrupt


def test_killed_before_it_was_put_off_it_is_not_pushed_twice(app, mail, phones):
    person, _, _ = an_offer()
    phone = carry(person, phones)
    [outcome] = step.push([the_letter().id], NOON)
    assert outcome.due_at == NOON + 30 * MINUTE
    assert deliver(NOON + 5 * MINUTE) == 0
    assert len(phone.got) == 1
    assert the_letter().due_at == NOON + 30 * MINUTE
    assert deliver(NOON + 31 * MINUTE) == 1


def test_the_page_of_letters_says_when_a_device_took_it_and_when_the_mail_follows(
    app, mail, phones
):
    person, shift, _ = an_offer()
    carry(person, phones)
    deliver(NOON)
    boss = builders.a_person(session.get_one(Section, person.section_id))
    builders.an_appointment(boss, session.get_one(Section, shift.section_id), Role.ADMINISTRATOR)
    client = builders.signed_in(app, boss)
    shown = client.get(f"/letters/{the_letter().id}").get_data(as_text=True)
    assert "On a device" in shown
    assert the_letter().due_at.isoformat() in shown


def test_switched_off_there_is_only_mail(app, mail, phones, monkeypatch):
    person, _, _ = an_offer()
    phone = carry(person, phones)
    monkeypatch.setitem(app.config, "PUSH_KEY", "")
    assert deliver(NOON) == 1
    assert phone.got == []


def test_whatever_breaks_while_pushing_the_mail_goes(app, mail, phones, monkeypatch, caplog):
    person, _, _ = an_offer()
    carry(person, phones)
    monkeypatch.setattr(step, "notice_of", _break)
    assert deliver(NOON) == 1
    assert "cannot be pushed" in caplog.text


def _break(*_args):
    raise RuntimeError("odd")


def test_the_test_message_goes_to_the_devices_and_else_by_mail(app, mail, phones):
    person = builders.a_person(builders.a_section())
    phone = carry(person, phones)
    service.try_out(person.id, now=NOON)
    service.try_out(person.id, now=NOON + timedelta(seconds=5))  # pressed twice
    assert deliver(NOON + MINUTE) == 0
    [pushed] = phone.got
    assert pushed.said["title"] == "A test message"
    assert pushed.said["link"] == "http://localhost/me/push"
    assert the_letter().fate is Fate.DROPPED
    phones.answer(phone, 410)
    service.try_out(person.id, now=NOON + 2 * MINUTE)
    assert deliver(NOON + 3 * MINUTE) == 1
    assert "No device of yours took it" in mail.to(person.email)[0].text


@pytest.mark.parametrize("carried", [False, True])
def test_fifty_letters_cost_as_many_statements_as_one(app, mail, phones, carried, monkeypatch):
    monkeypatch.setattr(step, "notice_of", _told_without_writing)

    def cost(number):
        session.query(Letter).delete()
        session.query(Subscription).delete()
        people = [an_offer()[0] for _ in range(number)]
        if carried:
            for person in people:
                carry(person, phones)
        ids = list(session.scalars(select(Letter.id)))
        session.commit()
        with counted() as seen:
            outcomes = step.push(ids, NOON)
        assert len(outcomes) == (number if carried else 0)
        return len(seen)

    assert cost(1) == cost(50) == (3 if carried else 1)


def _told_without_writing(letter, devices, zone, now):
    """Writing a letter costs what its loader asks for, here as when it is mailed."""
    from brigades.push.notices import Notice
    from brigades.push.sending import Message

    kept = timedelta(hours=1)
    messages = tuple(
        Message(letter.id, each.id, each.endpoint, each.key, each.auth, b"{}", "topic", kept)
        for each in devices
    )
    return Notice(letter, letter.needed_by, messages)
