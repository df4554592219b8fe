"""Signing in at the mail server, and the line it goes over."""

import ssl
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from brigades.outbox.delivery import delivering, mail_server
from brigades.outbox.models import Fate
from tests.builders import NOON
from tests.outbox.posting import letter, note, post
from tests.support import smtp

__all__ = ["note"]

PASSWORDS = {"brigade": "p:a@s/s%", "jörg": "schlüssel"}


@contextmanager
def sending_as(app, user, password, **more):
    """A mail server that keeps who signed in, and the application sending to it."""
    signed_in = []

    def knows(_server, _session, _envelope, _mechanism, said):
        user = said.login.decode()
        right = PASSWORDS.get(user) == said.password.decode()
        signed_in.extend([user] if right else [])
        return AuthResult(success=right, handled=False)

    with smtp.sink(authenticator=knows, **more) as server:
        server.signed_in = signed_in
        before = app.config["MAIL_URL"]
        who = f"{quote(user)}:{quote(password, safe='')}"
        app.config["MAIL_URL"] = server.url.replace("//", f"//{who}@")
        try:
            yield server
        finally:
            app.config["MAIL_URL"] = before


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """A server's own certificate for 127.0.0.1, and what trusts it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))  # judged by the machine's clock,
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))  # which the tests' own does not reach
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem, none = serialization.Encoding.PEM, serialization.NoEncryption()
    file = tmp_path_factory.mktemp("papers") / "server.pem"
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, none)
    file.write_bytes(secret + made.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return SimpleNamespace(server=server, trust=ssl.create_default_context(cafile=str(file)))


@pytest.mark.parametrize("user", PASSWORDS)
def test_a_sign_in_of_any_letters_is_taken(app, note, user):
    with sending_as(app, user, PASSWORDS[user], auth_require_tls=False) as server:
        post()
        assert delivering.deliver(NOON) == 1
        assert (server.signed_in, len(server.received)) == ([user], 1)


@pytest.mark.parametrize("password", ["wrong", "fälsch"])
def test_a_wrong_password_sends_nothing_and_keeps_all_for_later(app, note, password):
    with sending_as(app, "brigade", password, auth_require_tls=False) as server:
        post()
        assert delivering.deliver(NOON) == 0
        assert server.received == []
    kept = letter()
    assert kept.fate is Fate.WAITING
    assert kept.error.startswith("535 ")
    assert password not in kept.error


def test_the_password_goes_over_a_line_that_is_encrypted_where_that_is_offered(
    app, note, papers, monkeypatch
):
    monkeypatch.setattr(mail_server, "_trust", lambda: papers.trust)
    with sending_as(app, "brigade", PASSWORDS["brigade"], tls_context=papers.server) as server:
        post()
        assert delivering.deliver(NOON) == 1  # it lets nobody sign in before
        assert (server.signed_in, len(server.received)) == (["brigade"], 1)


def test_a_server_that_cannot_prove_who_it_is_gets_neither_password_nor_letter(app, note, papers):
    with sending_as(app, "brigade", PASSWORDS["brigade"], tls_context=papers.server) as server:
        post()
        assert delivering.deliver(NOON) == 0
        assert server.signed_in == server.received == []
    kept = letter()
    assert (kept.fate, kept.tries) == (Fate.WAITING, 1)
    assert "certificate" in kept.error.lower()


def test_no_password_goes_in_the_clear_to_another_machine(app, note, monkeypatch):
    monkeypatch.setattr(mail_server.MailServer, "is_here", property(lambda _self: False))
    with sending_as(app, "brigade", PASSWORDS["brigade"], auth_require_tls=False) as server:
        post()
        assert delivering.deliver(NOON) == 0
        assert server.signed_in == server.received == []
    assert "the password was not sent" in letter().error
