"""The page behind the link in an offer's mail."""

from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from brigades import tokens
from brigades.audit.models import Entry
from brigades.db import session
from brigades.schedule.states import State
from tests import builders as b
from tests.builders import DAY, NOON
from tests.shifts.cast import Cast


def an_offer(cast: Cast, slot: Any = None) -> tuple[Any, str]:
    slot = slot or b.a_shift(cast.section, title="Night pour", place="Gate B")
    place = b.a_participation(
        slot, cast.volunteer, State.OFFERED, asked_at=NOON, answer_by=NOON + DAY
    )
    return place, f"/answer/{tokens.sign('answer', place.id)}"


def test_looking_changes_nothing_and_answering_works_once(cast: Cast, client: Any) -> None:
    # AUTH-09
    place, address = an_offer(cast)
    assert client.head(address).status_code == 200
    for _ in range(2):
        page = client.get(address)
        assert page.status_code == 200
        assert "Night pour" in page.text
        assert 'value="yes"' in page.text
    assert place.state is State.OFFERED
    assert session.scalar(select(func.count(Entry.id))) == 0

    assert client.post(address, data={"accept": "yes"}).status_code == 303
    assert place.state is State.CONFIRMED
    for again in ("yes", "no"):
        second = client.post(address, data={"accept": again})
        assert second.status_code == 409
        assert "answered already" in second.text
    assert place.state is State.CONFIRMED
    assert 'value="yes"' not in client.get(address).text


def test_no_is_an_answer_for_a_session_too(cast: Cast, client: Any) -> None:
    course = b.a_course(cast.section)
    place, address = an_offer(cast, b.a_session(course, cast.section, title="First aid evening"))
    assert "First aid evening" in client.get(address).text
    assert client.post(address, data={"accept": "no"}).status_code == 303
    assert place.state is State.DECLINED


def test_accepting_judges_again_and_says_what_stands_against_it(cast: Cast, client: Any) -> None:
    place, address = an_offer(cast)
    other = b.a_shift(cast.section, title="Roof day")
    b.a_participation(other, cast.volunteer)
    refused = client.post(address, data={"accept": "yes"})
    assert refused.status_code == 422
    assert "Overlaps Roof day" in refused.text
    assert place.state is State.OFFERED


@pytest.mark.parametrize("token", ["x", "%00", "a" * 3000, "WyJhIl0.aaa.bbb"])
def test_forged_links_are_not_found(cast: Cast, client: Any, token: str) -> None:
    for answer in (client.get(f"/answer/{token}"), client.post(f"/answer/{token}")):
        assert answer.status_code == 404


def test_links_for_another_purpose_or_odd_values_are_not_found(cast: Cast, client: Any) -> None:
    place, _address = an_offer(cast)
    for token in (
        tokens.sign("reset", place.id),
        tokens.sign("answer", "1; drop"),
        tokens.sign("answer", 2**70),
        tokens.sign("answer", place.id + 1),
    ):
        assert client.get(f"/answer/{token}").status_code == 404


def test_an_old_link_is_not_found(cast: Cast, client: Any) -> None:
    with time_machine.travel(NOON - 200 * DAY, tick=False):
        _place, address = an_offer(cast)
    assert client.get(address).status_code == 404


def test_the_page_speaks_the_mails_language_unless_its_reader_chose_another(
    cast: Cast, client: Any
) -> None:  # MAIL-11
    place = b.a_participation(b.a_shift(cast.section), cast.volunteer)
    cast.volunteer.locale = "ar"
    address = f"/answer/{tokens.sign('answer', place.id)}"
    browser = {"Accept-Language": "de"}
    assert '<html lang="ar" dir="rtl">' in client.get(address, headers=browser).text
    assert '<html lang="ar" dir="rtl">' in client.post(address, headers=browser).text
    client.set_cookie("language", "de")
    assert '<html lang="de" dir="ltr">' in client.get(address, headers=browser).text
    assert '<html lang="en" dir="ltr">' in cast.as_(cast.coordinator).get(address).text
