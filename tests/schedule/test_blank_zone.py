"""A row that came in without a time zone takes no page with it."""  # TIME-10

import logging

from sqlalchemy import update

from brigades.access import Role
from brigades.clock import now
from brigades.db import session
from brigades.schedule.models import Slot
from tests.builders import (
    DAY,
    a_course,
    a_participation,
    a_person,
    a_section,
    a_session,
    a_shift,
    an_appointment,
    signed_in,
)


def test_every_page_shows_a_slot_without_a_zone_and_all_others(app, caplog):  # TIME-10
    section = a_section()
    boss = a_person(section)
    an_appointment(boss, section, Role.COORDINATOR)
    soon = now() + 5 * DAY
    broken = a_shift(section, title="Broken", starts_at=soon)
    a_shift(section, title="Sound", starts_at=soon + DAY)
    taught = a_session(a_course(section), section, title="Taught", starts_at=soon + 2 * DAY)
    a_participation(broken, boss)
    session.execute(update(Slot).where(Slot.id.in_([broken.id, taught.id])).values(zone=""))
    client = signed_in(app, boss)
    pages = ["/", "/me", f"/shifts/{broken.id}", f"/shifts/{broken.id}/board", "/trainings"]
    pages += [
        f"/shifts/{broken.id}/edit",
        f"/trainings/{taught.id}",
        f"/trainings/{taught.id}/edit",
    ]
    with caplog.at_level(logging.CRITICAL):
        for address in pages:
            assert client.get(address).status_code == 200, address
        listed = client.get("/shifts").text
    assert "Broken" in listed
    assert "Sound" in listed
