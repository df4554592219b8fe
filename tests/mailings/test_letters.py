"""What readers get: each one letter, in their language, read as the rows are when it is sent."""

from sqlalchemy import select

from brigades.access import Role
from brigades.clock import HOUR
from brigades.db import session
from brigades.mailings.models import Mailing
from brigades.outbox.delivery import delivering
from brigades.outbox.models import Fate, Letter
from brigades.people.erasing import erase
from brigades.people.models import Standing
from brigades.people.service import join_section
from brigades.schedule import slots
from brigades.schedule.states import State
from tests import builders as b
from tests.builders import NOON
from tests.mailings.desk import ARABIC, ENGLISH, GERMAN, a_reader, addresses, kept, letters

PLACE = {"state": "coming", "about": "y"}


def deliver(now=NOON):
    session.commit()
    return delivering.deliver(now)


def test_each_person_gets_one_letter_in_their_language(desk, mail):  # MAIL-11, MAIL-13
    a_reader(desk.section, "Vera", locale="en")
    a_reader(desk.section, "Uwe", locale="de")
    a_reader(desk.section, "Amal", locale="ar")
    mailing_id = desk.sent(ENGLISH, GERMAN, ARABIC, main="de")
    assert deliver() == 4
    assert deliver() == 0
    subjects = {one.recipients[0]: one.subject for one in mail.received}
    assert subjects == {
        "cora@example.org": "Boots for Cora",
        "vera@example.org": "Boots for Vera",
        "uwe@example.org": "Stiefel für Uwe",
        "amal@example.org": "أحذية يا Amal",
    }
    [arabic] = mail.to("amal@example.org")
    assert '<div lang="ar" dir="rtl">' in arabic.html
    assert "<bdi>Amal Reader</bdi>" in arabic.html
    assert all(letter.fate is Fate.SENT for letter in letters(mailing_id))


def test_whoever_reads_another_language_gets_the_main_one_marked_as_such(desk, mail):
    a_reader(desk.section, "Amal", locale="ar")
    desk.sent(ENGLISH, GERMAN, main="de")
    deliver()
    [got] = mail.to("amal@example.org")
    assert got.subject == "Stiefel für Amal"
    assert '<div lang="de" dir="ltr">' in got.html
    assert '<html lang="ar" dir="rtl">' in got.html  # the frame is in the reader's own


def test_it_is_signed_and_answers_go_to_the_section(desk, mail):
    a_reader(desk.section, "Vera")
    desk.sent()
    deliver()
    [got] = mail.to("vera@example.org")
    assert got.message["Reply-To"] == "harbour@example.org"
    assert "Cora Writer, Harbour" in got.text
    assert got.message["To"] == "Vera Reader <vera@example.org>"
    assert "cora@example.org" not in got.raw.decode()  # no recipient sees another


def test_without_an_address_of_the_section_answers_go_to_whoever_wrote(desk, mail):
    desk.section.contact = None
    a_reader(desk.section, "Vera")
    desk.sent()
    deliver()
    assert mail.to("vera@example.org")[0].message["Reply-To"] == "cora@example.org"


def test_whoever_wrote_it_and_was_erased_is_not_named_any_more(desk, mail):
    a_reader(desk.section, "Vera")
    mailing_id = desk.sent(q="vera")
    b.an_appointment(a_reader(desk.top, "Ada"), desk.top, Role.ADMINISTRATOR)
    erase(desk.cora, by=desk.cora.id, now=NOON, why="asked")
    assert deliver() == 1
    [got] = mail.to("vera@example.org")
    assert "bring boots.\r\n\r\nHarbour" in got.text
    assert "Cora" not in got.text
    assert kept(mailing_id).subject == ENGLISH["subject_en"]


def test_news_say_how_to_unsubscribe_with_one_click(desk, mail):
    a_reader(desk.section, "Vera")
    desk.sent()
    deliver()
    message = mail.to("vera@example.org")[0].message
    assert "List-Unsubscribe=One-Click" in message["List-Unsubscribe-Post"]
    assert message["List-Unsubscribe"].strip().startswith("<http://localhost/")


def test_names_and_titles_with_line_breaks_or_markup_stay_words(desk, mail):  # MAIL-02
    a_reader(desk.section, "Sam\r\nBcc: x@evil.example", email="sam@example.org")
    a_reader(
        desk.section, "<b>Eve</b>", email="eve@example.org", family_name="- http://evil.example"
    )
    desk.sent({"subject_en": "For {name}", "body_en": "{name}\n\n<script>1</script>"})
    deliver()
    [sam] = mail.to("sam@example.org")
    assert sam.recipients == ("sam@example.org",)
    assert sam.message["Bcc"] is None
    assert sam.subject == "For Sam Bcc: x@evil.example Reader"
    [eve] = mail.to("eve@example.org")
    assert "<p><bdi>&lt;b&gt;Eve&lt;/b&gt; - http://evil.example</bdi></p>" in eve.html
    assert "<script>" not in eve.html
    assert "<li>" not in eve.html


def test_a_line_break_in_a_subject_becomes_a_space(desk):  # MAIL-02
    mailing_id = desk.draft()
    typed = ENGLISH | {"subject_en": "Hello\r\nBcc: x@evil.example", "main": "en"}
    answer = desk.browser.post(
        f"/mailings/{mailing_id}/text", data=typed | {"section": desk.section.id, "go": "look"}
    )
    assert answer.status_code == 303
    session.expire_all()
    assert session.get_one(Mailing, mailing_id).texts["en"]["subject"] == (
        "Hello Bcc: x@evil.example"
    )


def test_about_a_slot_it_says_what_when_and_where_in_the_zone_of_the_place(desk, mail):
    vera = a_reader(desk.section, "Vera", locale="en")
    uwe = a_reader(desk.section, "Uwe", locale="de")
    shift = b.a_shift(desk.section, title="Night pour", place="Gate B", zone="Asia/Hebron")
    for person in (vera, uwe):
        b.a_participation(shift, person)
    page = f"http://localhost/shifts/{shift.id}"
    text = {"subject_en": "{slot}", "body_en": "{when}\n{where}\n{link}\n{section}"}
    desk.sent(text, {"subject_de": "{slot}!", "body_de": "{when}"}, slot=shift.id, **PLACE)
    assert deliver() == 2
    [got] = mail.to("vera@example.org")
    assert got.subject == "Night pour"
    assert "Wed, 17 Jun 2026, 15:00 to 23:00, Hebron (UTC+3)" in got.text
    assert f"Gate B\r\n{page}\r\nHarbour" in got.text
    assert '<bdi dir="ltr">15:00</bdi>' in got.html
    assert f'<a href="{page}"' in got.html
    assert "15:00 bis 23:00" in mail.to("uwe@example.org")[0].text


def test_a_brace_as_such_can_be_written(desk, mail):
    a_reader(desk.section, "Vera")
    desk.sent({"subject_en": "{{name}}", "body_en": "{{ and }} and {given_name}"})
    deliver()
    [got] = mail.to("vera@example.org")
    assert got.subject == "{name}"
    assert "{ and } and Vera" in got.text


def test_who_left_moved_away_or_was_erased_since_gets_nothing(desk, mail):  # REM-05
    people = {name: a_reader(desk.section, name) for name in ("Vera", "Lea", "Mo", "Eli")}
    mailing_id = desk.sent()
    people["Lea"].standing = Standing.LEFT
    join_section(people["Mo"], desk.other, by=None, now=NOON)
    erase(people["Eli"], by=desk.cora.id, now=NOON, why="asked")
    assert deliver() == 2
    assert {one.recipients[0] for one in mail.received} == {"cora@example.org", "vera@example.org"}
    fates = {letter.person_id: letter.fate for letter in letters(mailing_id)}
    assert [fates[people[name].id] for name in ("Lea", "Mo", "Eli")] == [Fate.DROPPED] * 3
    assert kept(mailing_id).texts["en"]["subject"] == ENGLISH["subject_en"]
    assert not [one for one in letters(mailing_id) if "eli" in one.to_address]


def test_who_gave_the_place_up_before_it_was_sent_gets_nothing(desk, mail):  # REM-05
    shift = b.a_shift(desk.section, needs=[b.a_need(most=5)])
    stays, leaves = a_reader(desk.section, "Vera"), a_reader(desk.section, "Lea")
    places = [b.a_participation(shift, person) for person in (stays, leaves)]
    mailing_id = desk.sent(slot=shift.id, **PLACE)
    places[1].state = State.WITHDRAWN
    assert deliver() == 1
    assert {one.to_address: one.fate for one in letters(mailing_id)} == {
        "vera@example.org": Fate.SENT,
        "lea@example.org": Fate.DROPPED,
    }


def test_a_letter_about_a_place_is_needed_by_the_start(desk):
    shift = b.a_shift(desk.section)
    b.a_participation(shift, a_reader(desk.section, "Vera"))
    [one] = letters(desk.sent(slot=shift.id, **PLACE))
    assert (one.name, one.needed_by) == ("mailing-place", shift.starts_at)


def test_a_test_goes_to_oneself_in_each_language_as_often_as_one_likes(desk, mail):
    a_reader(desk.section, "Vera")
    mailing_id = desk.written(ENGLISH, ARABIC)
    for _ in range(2):
        assert desk.browser.post(f"/mailings/{mailing_id}/test").status_code == 303
    assert deliver(NOON + 11 * HOUR) == 4  # at night too
    assert sorted(one.subject for one in mail.received) == sorted(
        ["[Test] Boots for Cora", "[تجربة] أحذية يا Cora"] * 2
    )
    assert {one.recipients for one in mail.received} == {("cora@example.org",)}
    assert letters(mailing_id) == []  # not counted


def test_the_letters_page_shows_it_as_it_reads_and_lists_those_of_one_mailing(desk):
    a_reader(desk.section, "Vera")
    first, second = desk.sent(), desk.sent(GERMAN, main="de")
    one = next(letter for letter in letters(first) if letter.to_address == "vera@example.org")
    assert "bring boots" in desk.browser.get(f"/letters/{one.id}").text
    page = desk.browser.get(f"/letters?mailing={second}").text
    assert page.count("vera@example.org") == 1
    assert session.query(Letter).count() == 4
    assert "vera@example.org" in desk.browser.get(f"/letters?mailing={first}&q=vera").text
    assert addresses(first) == ["vera@example.org"]


def test_a_cancelled_shift_needs_no_letter_about_it_any_more(desk, mail):
    shift = b.a_shift(desk.section)
    b.a_participation(shift, a_reader(desk.section, "Vera"))
    mailing_id = desk.sent(slot=shift.id, **PLACE)
    slots.cancel(shift.id, by=desk.cora.id, now=NOON, why="storm")
    deliver()
    assert [one.fate for one in letters(mailing_id)] == [Fate.DROPPED]
    assert session.scalars(select(Letter.fate).where(Letter.name == "slot-cancelled")).all() == [
        Fate.SENT
    ]
