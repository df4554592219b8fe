"""In a real browser: the page adds the device, and the worker shows what is pushed to it.

Only the maker's push service is not there: a script stands in for the answer to "subscribe", and
what our server sends to the stand-in on loopback is handed to the worker as it was decrypted.
"""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page

from brigades import clock, create_app
from brigades.accounts.models import Account
from brigades.db import Base, db, session, unit
from brigades.outbox.delivery.delivering import deliver
from brigades.push import service
from brigades.push.models import Subscription
from tests import builders
from tests.support import push
from tests.support.browser import axe, open_page, problems, sideways, small_targets
from tests.support.server import serving

pytestmark = pytest.mark.browser

SUBSCRIBED = """
const device = %s;
const subscription = {
  endpoint: device.endpoint,
  toJSON: () => ({endpoint: device.endpoint, keys: {p256dh: device.key, auth: device.auth}}),
  unsubscribe: async () => { localStorage.removeItem("subscribed"); return true; },
};
PushManager.prototype.subscribe = async (wanted) => {
  localStorage.setItem("subscribed", wanted.applicationServerKey.length);
  return subscription;
};
PushManager.prototype.getSubscription = async () =>
  localStorage.getItem("subscribed") ? subscription : null;
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application behind a socket, and one person in it: without a device between tests."""
    folder = tmp_path_factory.mktemp("push")
    app = create_app(
        {
            "TESTING": True,
            "INSTANCE_PATH": str(folder),
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'push.db'}",
            "RATELIMIT_ENABLED": False,
            "PUSH_TO_LOOPBACK": True,
            "MAIL_URL": "",
        }
    )
    with app.app_context():
        Base.metadata.create_all(db.engine)
        mira = builders.a_person(builders.a_section(), email="mira@example.org", locale="ar")
        builders.an_account(mira)
        session.commit()
    with serving(app) as url:
        app.config["BASE_URL"] = url
        yield app
    with app.app_context():
        db.engine.dispose()


def test_a_device_is_added_and_shows_what_is_pushed_until_it_is_removed(
    own: Flask, chromium: Browser
):
    url = own.config["BASE_URL"]
    with push.service() as phones:
        device = phones.a_device()
        page = _phone(own, chromium)
        page.context.grant_permissions(["notifications"], origin=url)
        page.add_init_script(SUBSCRIBED % json.dumps(device.form))
        page.goto("/me/push")
        with page.expect_navigation():
            page.locator("[data-state~=ready] button").click()
        page.locator("[data-state=told]").wait_for(state="visible")
        assert page.locator("[data-this]").is_visible()
        assert page.evaluate("localStorage.getItem('subscribed')") == "65"  # our key, in bytes
        assert axe(page) + sideways(page) + small_targets(page) == []

        devtools = page.context.new_cdp_session(page)
        registration = _registration(devtools, page)
        with own.app_context():
            with unit():
                [kept] = session.query(Subscription).all()
                assert kept.endpoint == device.endpoint
                service.try_out(kept.person_id, now=clock.now())
            deliver(clock.now())
        [pushed] = device.got
        devtools.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": url,
                "registrationId": registration,
                "data": json.dumps(pushed.said),
            },
        )
        page.wait_for_function(SHOWN)
        [shown] = page.evaluate(SHOWN)
        assert shown["title"] == pushed.said["title"]
        assert shown["dir"] == "rtl"
        assert shown["link"] == f"{url}/me/push"

        [worker] = page.context.service_workers
        assert worker.evaluate("within('https://elsewhere.example/x')") == f"{url}/"
        assert worker.evaluate("within('javascript:alert(1)')") == f"{url}/"

        page.locator("[data-mark] button").click()
        page.locator("[data-state~=ready]").wait_for(state="visible")
        assert page.evaluate("localStorage.getItem('subscribed')") is None
        assert problems(page) == []
        page.context.close()
    with own.app_context():
        assert session.query(Subscription).all() == []


BLOCKED = "Notification.__defineGetter__('permission', () => 'denied')"
ASKS_LATER = "Notification.requestPermission = async () => 'default'"
FAILS = """
Notification.requestPermission = async () => "granted";
PushManager.prototype.subscribe = async () => { throw new Error("no service"); };
PushManager.prototype.getSubscription = async () => null;
"""
NO_PUSH = "delete window.PushManager"
IPHONE = (
    f"{NO_PUSH}; navigator.__defineGetter__('userAgent', () => "
    "'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1')"
)
# A browser that somebody signed up, and nobody out: with our key, or with one that we had before.
KNOWN = """
Notification.__defineGetter__('permission', () => 'granted');
navigator.serviceWorker.getRegistration = async () => ({pushManager: {getSubscription: async () =>
  ({endpoint: "https://push.example.org/former", options: {applicationServerKey: %s}})}});
"""
OURS = "null"  # browsers that do not say it
FORMER = "new Uint8Array(65)"


@pytest.mark.parametrize(
    ("script", "press", "state", "button"),
    [
        (BLOCKED, False, "denied", False),
        (ASKS_LATER, True, "dismissed", True),
        (FAILS, True, "failed", True),
        (NO_PUSH, False, "unable", False),
        (IPHONE, False, "iphone", False),
        (KNOWN % OURS, False, "other", True),
        (KNOWN % FORMER, False, "changed", True),
    ],
)
def test_what_stands_in_the_way_of_messages_is_explained(
    own: Flask, chromium: Browser, script: str, press: bool, state: str, button: bool
):
    page = _phone(own, chromium)
    page.add_init_script(script)
    page.goto("/me/push")
    if press:
        page.locator("[data-state~=ready] button").click()
    page.locator(f"[data-state={state}]").wait_for(state="visible")
    assert page.locator("[data-state~=ready] button").is_visible() is button
    visible = page.locator("[data-state]:visible").count()
    assert visible == 1 + button
    assert axe(page) + sideways(page) + small_targets(page) == []
    assert problems(page) == []
    page.context.close()


def test_without_scripts_it_says_what_is_missing(own: Flask, chromium: Browser):
    page = _phone(own, chromium, javascript=False)
    page.goto("/me/push")
    assert page.locator("noscript .br-note").is_visible()
    assert not page.locator("[data-state~=ready]").is_visible()
    assert problems(page) == []
    page.context.close()


SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  const shown = await worker.getNotifications();
  return shown.length && shown.map(
    (one) => ({title: one.title, dir: one.dir, link: one.data.link})
  );
}"""


def _phone(app: Flask, chromium: Browser, javascript: bool = True) -> Page:
    """A phone whose owner is signed in."""
    with app.app_context():
        client = app.test_client()
        builders.sign_in(client, session.query(Account).one())
    cookie = client.get_cookie("session")
    assert cookie is not None
    url = app.config["BASE_URL"]
    page = open_page(chromium, url, width=375, javascript=javascript)
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": url}])
    return page


def _registration(devtools: CDPSession, page: Page) -> str:
    """What the browser calls the worker that the page registered."""
    known: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: known.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    for _ in range(200):  # it is told beside the answer; asking the page anything lets it in
        if known:
            break
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    assert known
    return known[0]
