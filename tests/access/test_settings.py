"""Without a word from whoever installs it, everything is safe."""

import pytest

import config


def settings(folder, **env):
    return config.settings({"INSTANCE_PATH": str(folder), **env})


def test_secrets_are_made_once_and_only_their_owner_can_read_them(tmp_path):
    first, second = settings(tmp_path), settings(tmp_path)
    for name, file in (("SECRET_KEY", "secret-key"), ("DATA_KEY", "data-key")):
        assert first[name] == second[name]
        assert len(first[name]) >= 40
        assert (tmp_path / file).stat().st_mode & 0o077 == 0
    assert first["SECRET_KEY"] != first["DATA_KEY"]


def test_form_tokens_limits_and_cookie_flags_are_on(tmp_path):
    kept = settings(tmp_path)
    assert kept.get("WTF_CSRF_ENABLED", True)
    assert kept.get("RATELIMIT_ENABLED", True)
    assert not kept.get("DEBUG")
    assert not kept.get("TESTING")
    for cookie in ("SESSION", "REMEMBER"):
        assert kept[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert kept[f"{cookie}_COOKIE_SAMESITE"] == "Lax"


@pytest.mark.parametrize("secure", [True, False])
def test_cookies_are_secure_exactly_where_the_address_is_https(tmp_path, secure):
    kept = settings(tmp_path, BASE_URL=f"http{'s' if secure else ''}://hands.example.org")
    assert kept["SESSION_COOKIE_SECURE"] is secure
    assert kept["REMEMBER_COOKIE_SECURE"] is secure


def test_the_hosts_that_are_answered_are_ours_and_loopback_unless_told(tmp_path):
    kept = settings(tmp_path, BASE_URL="https://hands.example.org")
    assert set(kept["TRUSTED_HOSTS"]) == {"hands.example.org", "127.0.0.1", "localhost", "[::1]"}
    told = settings(tmp_path, TRUSTED_HOSTS="a.example, b.example")
    assert told["TRUSTED_HOSTS"] == ["a.example", "b.example"]


@pytest.mark.parametrize("odd", ["hands.example.org", "ftp://hands.example.org", "https://", "//x"])
def test_an_address_that_cannot_be_one_stops_the_start(tmp_path, odd):
    with pytest.raises(ValueError, match="BASE_URL"):
        settings(tmp_path, BASE_URL=odd)
