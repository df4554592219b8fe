"""Many sign up at the same moment, on both databases."""

import threading

from brigades.db import session
from brigades.web import limiter
from tests.builders import a_section
from tests.recruiting.conftest import applications, letters, typed
from tests.support.apps import beside


def at_once(app, posts):
    """Post each form on a thread of its own, all released together; the statuses."""
    session.commit()
    statuses: list[int] = []
    ready = threading.Barrier(len(posts))

    def send(data):
        client = app.test_client()
        ready.wait()
        with app.app_context():
            statuses.append(client.post("/join", data=data).status_code)

    threads = [threading.Thread(target=send, args=(data,)) for data in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


# DB-01
def test_ten_sign_ups_at_once_are_all_kept(app):
    section = a_section()
    posts = [typed(section, email=f"m{number}@example.org") for number in range(10)]
    assert at_once(app, posts) == [303] * 10
    assert sorted(a.email for a in applications()) == sorted(p["email"] for p in posts)
    assert len(letters()) == 10


# ID-01
def test_one_mailbox_ten_times_at_once_is_one_application(app):
    section = a_section()
    posts = [
        typed(section, email="MiraK@example.org"[:number] + "mirak@example.org"[number:])
        for number in range(10)
    ]
    assert at_once(app, posts) == [303] * 10
    assert len(applications()) == 1
    assert len(letters()) == 1


def test_a_flood_from_one_connection_is_slowed_and_loses_nothing(app):
    section = a_section()
    with beside(app, RATELIMIT_ENABLED=True) as throttled:
        limiter.reset()
        client = throttled.test_client()
        for number in range(60):
            data = typed(section, email=f"m{number}@example.org")
            assert client.post("/join", data=data).status_code == 303
        answer = client.post("/join", data=typed(section, email="last@example.org"))
    assert answer.status_code == 429
    assert "last@example.org" in answer.text
    assert len(applications()) == 60
