"""Before mail goes: wishes must be judged, whatever else is done may break."""

from sqlalchemy import select, text, update

from brigades.clock import DAY
from brigades.db import session
from brigades.outbox.delivery import aside, delivering
from brigades.outbox.kinds import How, Kind
from brigades.outbox.letters import KINDS
from brigades.outbox.models import Fate, Letter, MailWish
from brigades.outbox.outcomes import MOST_TRIES
from brigades.outbox.reasons import reason_words
from tests.builders import NOON, a_person, a_section
from tests.outbox.posting import letter, note, post

__all__ = ["note"]


def said(key: str) -> tuple[Fate, int, str]:
    """What a letter's row says: its fate, its tries, the words."""
    kept = letter(key)
    return kept.fate, kept.tries, kept.error


def test_an_aside_step_that_breaks_stops_no_mail(note, mail, monkeypatch, caplog):
    def broken(_ids, _now):
        raise KeyError("odd")

    monkeypatch.setattr(aside, "STEPS", [broken])
    post()
    assert delivering.deliver(NOON) == 1
    assert "could not be put aside" in caplog.text


def test_a_letter_whose_wish_cannot_be_judged_waits_and_the_others_go(
    app, note, mail, monkeypatch, caplog
):
    post("odd", address="odd@example.org")
    post("good", address="good@example.org")
    odd = session.scalars(select(Letter.id).where(Letter.key == "odd")).one()

    def broken(ids, _now):
        if odd in ids:
            raise LookupError("'sometimes' is no way to want a letter")
        return []

    monkeypatch.setattr(aside, "JUDGES", [broken])
    monkeypatch.setitem(KINDS, "note", Kind.NEWS)
    assert delivering.deliver(NOON) == 1
    assert [one.recipients for one in mail.received] == [("good@example.org",)]
    fate, tries, error = said("odd")
    assert (fate, tries) == (Fate.WAITING, 1)
    assert "could not be judged together" in caplog.text
    with app.test_request_context():
        assert reason_words(error).startswith("How its reader wants such letters cannot be read")
    # It is tried again with growing pauses, and is not lost where it never can be.
    now = NOON
    for _ in range(MOST_TRIES + 1):
        now += DAY
        delivering.deliver(now)
    assert said("odd")[:2] == (Fate.FAILED, MOST_TRIES)
    assert len(mail.received) == 1
    monkeypatch.setattr(aside, "JUDGES", [])
    session.execute(update(Letter).where(Letter.id == odd).values(fate=Fate.WAITING, tries=0))
    session.commit()
    assert delivering.deliver(now + DAY) == 1


def test_what_must_come_goes_though_no_wish_can_be_judged(note, mail, monkeypatch):
    def broken(_ids, _now):
        raise LookupError("odd")

    monkeypatch.setattr(aside, "JUDGES", [broken])
    monkeypatch.setitem(KINDS, "note", Kind.CHANGE)
    post("n")
    assert delivering.deliver(NOON) == 1


def test_a_wish_that_is_none_holds_up_its_own_readers_letters_alone(app, note, mail, monkeypatch):
    monkeypatch.setitem(KINDS, "note", Kind.NEWS)
    people = [a_person(a_section(), email=f"{name}@example.org") for name in ("ada", "bea")]
    session.add(MailWish(person_id=people[0].id, kind=Kind.NEWS, how=How.NEVER))
    session.commit()
    for n, person in enumerate(people):
        post(f"n{n}", address=person.email, person_id=person.id)
    session.execute(text("UPDATE mail_wish SET how = 'sometimes'"))
    session.commit()
    assert delivering.deliver(NOON) == 1
    assert [one.recipients for one in mail.received] == [("bea@example.org",)]
    assert said("n0")[0] is Fate.WAITING
