"""What tests of recruiting share: one way to apply, and the rows it leads to."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from brigades.db import db, session
from brigades.outbox.models import Letter
from brigades.recruiting.models import Application
from brigades.recruiting.service import token_of
from tests.support.apps import beside


@pytest.fixture
def guarded(app: Flask) -> Iterator[Any]:
    """A client of the application with the check of form tokens on, each good for a second."""
    with beside(app, WTF_CSRF_ENABLED=True, WTF_CSRF_TIME_LIMIT=1) as other:
        yield other.test_client()


@pytest.fixture
def statements(app: Flask) -> Iterator[Callable[[Callable[[], Any]], int]]:
    """Counts the SQL statements of what it is given."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)

    def count(work: Callable[[], Any]) -> int:
        seen.clear()
        work()
        return len(seen)

    yield count
    event.remove(db.engine, "before_cursor_execute", note)


def typed(section: Any, /, **more: Any) -> dict[str, Any]:
    """All that must be typed, as a script posts it."""
    must = {
        "given_name": "Mira",
        "family_name": "Koehler",
        "email": "mira@example.org",
        "country": "DE",
        "section": section.slug,
        "consent": "y",
    }
    return must | more


def applications() -> list[Application]:
    """Every application, the oldest first."""
    session.commit()  # what others have written meanwhile is seen in a new transaction
    session.expire_all()
    return list(session.scalars(select(Application).order_by(Application.id)))


def letters() -> list[tuple[str, str]]:
    """Name and address of every letter, in the order of posting."""
    found = session.scalars(select(Letter).order_by(Letter.id))
    return [(letter.name, letter.to_address) for letter in found]


def confirmed(client: Any, section: Any, /, **more: Any) -> Application:
    """An application whose address is confirmed."""
    answer = client.post("/join", data=typed(section, **more))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    application = applications()[-1]
    client.post(f"/join/confirm/{token_of(application)}")
    return applications()[-1]
