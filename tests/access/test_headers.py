"""What every answer tells a browser, and which hosts are answered at all."""

import re
from urllib.parse import urlsplit

import pytest

import config
from brigades import clock
from brigades.accounts import passwords
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.outbox.render import write
from brigades.web import link
from tests import builders
from tests.support.apps import beside
from tests.support.databases import ONE_DATABASE

CSP = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}


@pytest.fixture
def secure(app):
    """The application as it runs behind https."""
    with beside(app, BASE_URL="https://hands.example.org", **https_settings()) as other:
        yield other


def https_settings():
    kept = config.settings(
        {"BASE_URL": "https://hands.example.org", "SECRET_KEY": "x", "DATA_KEY": "x"}
    )
    names = ("HTTPS", "TRUSTED_HOSTS", "SESSION_COOKIE_SECURE", "REMEMBER_COOKIE_SECURE")
    return {name: kept[name] for name in names}


@pytest.fixture
def mira(app):
    person = builders.a_person(builders.a_section(), email="mira@example.org")
    return builders.an_account(person, password_hash=passwords.hashed("seven quiet lanterns"))


def policy(answer) -> dict[str, str]:
    parts = [part.strip() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: rest for name, _, rest in (part.partition(" ") for part in parts if part)}


@pytest.mark.parametrize("path", ["/login", "/no-such-page", "/healthz-not", "/account/password"])
def test_every_answer_carries_the_strict_policy_and_the_usual_headers(client, path):
    answer = client.get(path)
    assert policy(answer) == CSP
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Strict-Transport-Security" not in answer.headers


def test_over_https_browsers_are_told_to_stay_there_and_plain_requests_are_sent_there(secure):
    client = secure.test_client()
    plain = client.get("/login", base_url="http://hands.example.org")
    assert plain.status_code in (301, 302, 308)
    assert plain.location == "https://hands.example.org/login"
    answer = client.get("/login", base_url="https://hands.example.org")
    assert answer.status_code == 200
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("https", [False, True])
def test_cookies_stay_away_from_scripts_and_other_sites_and_from_plain_http_where_there_is_https(
    app, secure, mira, https
):
    client = (secure if https else app).test_client()
    base = "https://hands.example.org" if https else "http://localhost"
    answer = client.post(
        "/login",
        data={"email": "mira@example.org", "password": "seven quiet lanterns", "remember": "y"},
        base_url=base,
    )
    language = client.post("/language", data={"locale": "de"}, base_url=base)
    cookies = [*answer.headers.getlist("Set-Cookie"), *language.headers.getlist("Set-Cookie")]
    names = {cookie.partition("=")[0] for cookie in cookies}
    assert {"session", "remember_token", "language"} <= names
    for cookie in cookies:
        flags = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax"} <= flags, cookie
        assert ("secure" in flags) is https, cookie


@ONE_DATABASE
# AUTH-02
@pytest.mark.parametrize("path", ["/", "/login", "/password/forgot", "/no-such-page", "/static/x"])
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "a b"]
)
def test_a_request_that_names_another_host_is_refused(app, mira, path, host):
    stranger, member = app.test_client(), builders.signed_in(app, _somebody())
    cookie = f"session={member.get_cookie('session').value}"
    for client, sent in ((stranger, {}), (app.test_client(use_cookies=False), {"Cookie": cookie})):
        answer = client.get(path, headers={"Host": host} | sent)
        assert answer.status_code == 400
        assert "evil.example" not in answer.get_data(as_text=True)
        assert "evil.example" not in answer.headers.get("Location", "")


def test_no_cache_on_the_way_keeps_what_somebody_may_see(app):
    client = builders.signed_in(app, _somebody())
    assert app.test_client().get("/").headers["Cache-Control"] == "private, no-cache"
    for path in ("/me", "/shifts", "/no-such-page"):
        assert client.get(path).headers["Cache-Control"] == "private, no-cache"


def _somebody():
    return builders.a_person(builders.a_section())


# AUTH-02
def test_another_host_sends_no_letter_and_is_not_followed_to_https(app, secure, mira):
    typed = {"email": "mira@example.org"}
    for other in (app, secure):
        answer = other.test_client().post(
            "/password/forgot", data=typed, headers={"Host": "evil.example"}
        )
        assert answer.status_code == 400
        assert "Location" not in answer.headers
    assert session.query(Letter).count() == 0


# AUTH-02
def test_a_forwarded_host_is_not_believed_and_links_start_with_our_address(app, mira):
    answer = app.test_client().post(
        "/password/forgot",
        data={"email": "mira@example.org"},
        headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    )
    assert answer.status_code == 302
    assert urlsplit(answer.location).netloc in ("", "localhost")
    letter = session.query(Letter).one()
    written = write(letter, clock.now())  # as the worker does, without a request
    assert written is not None
    for part in (written.text, written.html):
        assert "evil.example" not in part
        assert set(re.findall(r"https?://[^/\s\"<]+", part)) == {"http://localhost"}
        assert "http://localhost/password/" in part
    with app.test_request_context(headers={"Host": "evil.example"}):
        assert link("accounts.forgot") == "http://localhost/password/forgot"
