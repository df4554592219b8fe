"""Each kind of letter comes as its reader wishes; what one must know comes always, at once."""

import pytest
from sqlalchemy import func, select

from brigades.access import Role
from brigades.audit import words as audit_words
from brigades.audit.models import Entry
from brigades.clock import DAY, HOUR, MINUTE
from brigades.db import session, unit
from brigades.outbox import service
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.kinds import MUST, QUIET, How, Kind
from brigades.outbox.letters import KINDS, LOADERS
from brigades.outbox.models import Fate, Letter, MailWish
from brigades.outbox.wishes import as_wished
from brigades.outbox.wishes import service as wishes
from brigades.outbox.wishes.gathering import gather
from brigades.people import erasing
from brigades.people.models import Person
from brigades.sections.models import Section
from tests.builders import NOON, a_person, a_section, an_appointment, signed_in
from tests.outbox.wishes.of_kinds import a_note
from tests.support.statements import counted

NIGHT = NOON + 9 * HOUR  # 23:00 in Berlin
MORNING = NOON + 17 * HOUR  # 07:00


@pytest.fixture
def notes(app, monkeypatch):
    """A letter of each kind that says what it is about."""
    a_note(monkeypatch, {f"note-{kind.name.lower()}": kind for kind in Kind})


@pytest.fixture
def person(notes):
    return a_person(a_section(), email="rosa@example.org")


def post(person: Person | None, kind: Kind, key: str = "", now=NOON, **given) -> None:
    name = f"note-{kind.name.lower()}"
    about = {"words": given.pop("words", f"About {kind.value}")}
    more = {"about": about, "key": key or kind.value, "now": now, **given}
    if person is None:
        service.post_to(name, address="nobody@example.org", locale="en", **more)
    else:
        service.post(name, to=person, **more)
    session.commit()


def home(person: Person) -> Section:
    return session.get_one(Section, person.section_id)


def wish(person: Person, now=NOON, **wanted: How) -> None:
    with unit():
        kinds = {Kind[name.upper()]: how for name, how in wanted.items()}
        wishes.wish(session.merge(person), kinds, by=person.id, now=now)


def letter(kind: Kind | str) -> Letter:
    session.expire_all()
    return session.scalars(select(Letter).where(Letter.key == str(kind))).one()


def fates() -> dict[str, Fate]:
    session.expire_all()
    return dict(session.execute(select(Letter.key, Letter.fate)).tuples().all())


def test_without_a_wish_everything_comes_at_once(person, mail):
    for kind in Kind:
        post(person, kind)
    assert deliver(NOON) == len(Kind)
    assert set(fates().values()) == {Fate.SENT}


def test_what_is_not_wanted_is_dropped_and_the_letters_page_says_why(app, person, mail):
    wish(person, place=How.NEVER)
    post(person, Kind.PLACE)
    post(person, Kind.REMINDER)
    assert deliver(NOON) == 1
    assert fates() == {"place": Fate.DROPPED, "reminder": Fate.SENT}
    dropped = letter(Kind.PLACE)
    assert dropped.tries == 0
    coordinator = a_person(home(person))
    an_appointment(coordinator, home(person), Role.COORDINATOR)
    page = signed_in(app, coordinator).get(f"/letters/{dropped.id}").text
    assert "The reader does not want such letters." in page


@pytest.mark.parametrize("kind", sorted(MUST))
@pytest.mark.parametrize("how", [How.DAILY, How.NEVER])
def test_what_one_must_know_always_comes_at_once(person, mail, kind, how):
    with pytest.raises(ValueError):
        wishes.wish(person, {kind: how}, by=person.id, now=NOON)
    session.add(MailWish(person_id=person.id, kind=kind, how=how))  # however it came there
    post(person, kind, now=NIGHT)
    assert deliver(NIGHT) == 1


def test_a_letter_to_nobody_who_is_known_is_not_touched(notes, mail):
    post(None, Kind.NEWS, now=NIGHT)
    assert deliver(NIGHT) == 1


def test_what_is_wished_for_daily_is_gathered_until_the_next_one(person, mail):
    wish(person, reminder=How.DAILY)
    post(person, Kind.REMINDER)
    assert deliver(NOON) == 0
    kept = letter(Kind.REMINDER)
    assert (kept.fate, kept.due_at, kept.tries) == (Fate.GATHERED, MORNING, 0)
    assert deliver(MORNING) == 0  # by itself it never goes


@pytest.mark.parametrize(
    ("needed_by", "fate"),
    [
        (MORNING + 2 * HOUR, Fate.GATHERED),
        (MORNING + 2 * HOUR - MINUTE, Fate.SENT),
        (NOON + HOUR, Fate.SENT),
    ],
)
def test_what_is_needed_before_the_daily_mail_can_be_read_comes_at_once(
    person, mail, needed_by, fate
):
    wish(person, offer=How.DAILY)
    post(person, Kind.OFFER, needed_by=needed_by)
    deliver(NOON)
    assert letter(Kind.OFFER).fate is fate


def test_letters_that_tell_many_things_are_never_gathered(person, mail, monkeypatch):
    monkeypatch.setitem(LOADERS, "digest", lambda to: None)
    wish(person, duty=How.DAILY, reminder=How.NEVER)
    for name in ("digest", "daily"):
        service.post(name, to=person, about={}, key=name, now=NOON)
    session.commit()
    deliver(NOON)
    assert {letter(name).error for name in ("digest", "daily")} == {"no longer holds"}


def test_who_wants_nothing_of_their_duties_gets_no_digest_either(person, mail):
    wish(person, duty=How.NEVER)
    service.post("digest", to=person, about={}, key="digest", now=NOON)
    session.commit()
    deliver(NOON)
    assert letter("digest").error == "not wanted"


def test_mail_that_can_wait_comes_in_the_morning_in_its_order(person, mail):
    for n, kind in enumerate((Kind.REMINDER, Kind.DUTY, Kind.REMINDER, Kind.DUTY)):
        post(person, kind, key=f"n{n}", words=f"number {n}", now=NIGHT + n * MINUTE)
    assert deliver(NIGHT + HOUR) == 0
    assert {letter(f"n{n}").due_at for n in range(4)} == {MORNING}
    assert {letter(f"n{n}").tries for n in range(4)} == {0}
    assert deliver(MORNING - MINUTE) == 0
    assert deliver(MORNING) == 4
    assert [got.subject for got in mail.received] == [f"number {n}" for n in range(4)]


@pytest.mark.parametrize("kind", sorted(set(Kind) - QUIET))
def test_what_somebody_has_just_set_off_does_not_wait_for_the_morning(person, mail, kind):
    post(person, kind, now=NIGHT)
    assert deliver(NIGHT) == 1


def test_what_starts_or_ends_soon_after_the_morning_does_not_wait(person, mail):
    post(person, Kind.REMINDER, "soon", now=NIGHT, needed_by=MORNING + HOUR)
    post(person, Kind.REMINDER, "later", now=NIGHT, needed_by=MORNING + 3 * HOUR)
    assert deliver(NIGHT) == 1
    assert fates() == {"soon": Fate.SENT, "later": Fate.WAITING}


def test_the_night_is_that_of_the_readers_own_zone(person, mail):
    far = a_person(home(person), zone="America/New_York")
    post(person, Kind.REMINDER, "here", now=NIGHT)
    post(far, Kind.REMINDER, "far", now=NIGHT)
    assert deliver(NIGHT) == 1
    assert fates() == {"here": Fate.WAITING, "far": Fate.SENT}


def test_a_letter_that_was_put_off_once_is_not_put_off_again(person, mail):
    post(person, Kind.REMINDER, now=NIGHT)
    assert deliver(NIGHT) == 0
    assert deliver(NIGHT + DAY) == 1  # the worker stood still all day


def test_a_letter_that_a_server_did_not_take_waits_for_the_morning_with_its_words(person, mail):
    mail.refusals["rosa@example.org"] = "451 try later"
    post(person, Kind.REMINDER, now=NIGHT - 2 * HOUR - MINUTE)
    assert deliver(NIGHT - 2 * HOUR - MINUTE) == 0
    mail.refusals.clear()
    assert deliver(NIGHT) == 0
    kept = letter(Kind.REMINDER)
    assert (kept.tries, kept.due_at) == (1, MORNING)
    assert "451 try later" in kept.error


def test_another_wish_is_kept_once_and_stands_in_the_trail(person):
    wish(person, reminder=How.DAILY, place=How.AT_ONCE)
    wish(person, reminder=How.DAILY)
    assert wishes.of(person.id)[Kind.REMINDER] is How.DAILY
    [entry] = session.scalars(select(Entry)).all()
    assert (entry.person_id, entry.by_id, entry.section_id) == (
        person.id,
        person.id,
        person.section_id,
    )
    said = audit_words.say(entry)
    assert said.what == "How mail is wanted"
    assert (said.was, said.became) == ("Reminders: At once", "Reminders: In the daily mail")
    wish(person, reminder=How.AT_ONCE)
    assert session.scalars(select(MailWish)).all() == []  # at once needs no row


def test_what_waits_for_the_daily_mail_follows_another_wish(person, mail):
    wish(person, reminder=How.DAILY, place=How.DAILY)
    post(person, Kind.REMINDER)
    post(person, Kind.PLACE)
    deliver(NOON)
    wish(person, reminder=How.AT_ONCE, place=How.NEVER, now=NOON + HOUR)
    assert deliver(NOON + HOUR) == 1
    assert fates() == {"reminder": Fate.SENT, "place": Fate.DROPPED}


def test_who_is_erased_leaves_no_wish_and_nothing_that_waits(person, mail):
    wish(person, reminder=How.DAILY)
    post(person, Kind.REMINDER)
    deliver(NOON)
    with unit():
        gather(MORNING)
    with unit():
        erasing.erase(session.merge(person), by=person.id, now=MORNING, why="asked")
    assert session.scalar(select(func.count()).select_from(MailWish)) == 0
    assert set(fates().values()) == {Fate.DROPPED}
    assert deliver(MORNING) == 0
    assert session.get_one(Person, person.id).zone is None


def test_a_person_who_is_deleted_takes_their_wishes_along(app):
    person = a_person(a_section())
    session.add(MailWish(person_id=person.id, kind=Kind.NEWS, how=How.NEVER))
    session.commit()
    session.execute(MailWish.__table__.metadata.tables["membership"].delete())
    session.execute(Person.__table__.delete().where(Person.id == person.id))
    session.commit()
    assert session.scalar(select(func.count()).select_from(MailWish)) == 0


def test_looking_at_wishes_costs_one_statement_for_five_letters_and_for_fifty(person):
    section = home(person)
    cost = []
    for n in (5, 50):
        for i in range(n):
            whom = a_person(section)
            wish(whom, reminder=How.DAILY, place=How.NEVER)
            post(whom, (Kind.REMINDER, Kind.PLACE, Kind.OFFER)[i % 3], f"{n}-{i}")
        ids = list(session.scalars(select(Letter.id).where(Letter.key.like(f"{n}-%"))))
        session.rollback()
        with counted() as statements:
            aside = as_wished.put_aside(ids, NOON)
        cost.append(len(statements))
        assert len(aside) == sum(i % 3 < 2 for i in range(n))
    assert cost == [1, 1]


def test_every_letter_says_of_which_kind_it_is():
    assert LOADERS.keys() == KINDS.keys()
