"""Settings: the README lists each, and each has a safe default."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import config

README = (Path(__file__).parent.parent / "README.md").read_text()


def test_the_readme_lists_every_setting_with_the_same_words():
    table = README.split("## Settings")[1].split("## ")[0]
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+) \|$", table, re.MULTILINE))
    assert listed == config.SETTINGS


def test_nothing_set_is_safe_on_loopback(tmp_path: Path):
    settings = config.settings({"INSTANCE_PATH": str(tmp_path)})
    assert settings["BASE_URL"] == "http://127.0.0.1:8000"
    assert settings["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/brigades.db"
    assert settings["SESSION_COOKIE_SECURE"] is False
    assert len(settings["SECRET_KEY"]) > 40
    assert settings["SECRET_KEY"] == config.settings({"INSTANCE_PATH": str(tmp_path)})["SECRET_KEY"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_a_key_for_push_messages_is_made_once_however_many_processes_start(tmp_path: Path):
    def started(_number: int) -> str:
        return str(config.settings({"INSTANCE_PATH": str(tmp_path)})["PUSH_KEY"])

    with ThreadPoolExecutor(8) as beside:
        keys = set(beside.map(started, range(32)))
    assert len(keys) == 1
    assert len(keys.pop()) == 43
    assert (tmp_path / "push-key").stat().st_mode & 0o077 == 0
    assert {path.name for path in tmp_path.iterdir()} == {"secret-key", "data-key", "push-key"}


def test_push_messages_can_be_switched_off_and_a_key_that_is_none_is_refused(tmp_path: Path):
    def key(text: str) -> str:
        return str(config.settings({"INSTANCE_PATH": str(tmp_path), "PUSH_KEY": text})["PUSH_KEY"])

    assert key("off") == ""
    assert key(config.new_push_key()) != ""
    for wrong in ("short", "A" * 43, "_" * 43, "é" * 43, "-----BEGIN PRIVATE KEY-----"):
        with pytest.raises(ValueError, match="PUSH_KEY"):
            key(wrong)


def test_https_makes_cookies_secure_and_names_the_trusted_host(tmp_path: Path):
    env = {"INSTANCE_PATH": str(tmp_path), "BASE_URL": "https://brigades.example.org/"}
    settings = config.settings(env)
    assert settings["BASE_URL"] == "https://brigades.example.org"
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["REMEMBER_COOKIE_SECURE"]
    assert "brigades.example.org" in settings["TRUSTED_HOSTS"]


def test_a_platform_s_database_address_is_understood(tmp_path: Path):
    for url in ("postgres://u@h/d", "postgresql://u@h/d"):
        settings = config.settings({"INSTANCE_PATH": str(tmp_path), "DATABASE_URL": url})
        assert settings["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u@h/d"


def test_an_accent_must_be_a_colour_that_white_can_be_read_on(tmp_path: Path):
    def accent(colour: str) -> str:
        kept = config.settings({"INSTANCE_PATH": str(tmp_path), "ACCENT": colour})["ACCENT"]
        return str(kept)

    assert accent("#7A1F3D") == "#7a1f3d"
    for wrong in ("red", "#fff", "#ffee00", "url(x)"):
        with pytest.raises(ValueError, match="ACCENT"):
            accent(wrong)


def test_a_base_url_that_is_none_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="BASE_URL"):
        config.settings({"INSTANCE_PATH": str(tmp_path), "BASE_URL": "brigades.example.org"})


def test_a_port_that_is_none_is_refused(tmp_path: Path):
    for wrong in ("abc", "0", "65536", "-1", "80.5"):
        with pytest.raises(ValueError, match="PORT must be a number"):
            config.settings({"INSTANCE_PATH": str(tmp_path), "PORT": wrong})


@pytest.mark.parametrize("number", ["0", "21", "-1", "two", "1.5", "٣"])
def test_a_number_of_connections_that_is_none_is_refused(tmp_path: Path, number: str):
    env = {"INSTANCE_PATH": str(tmp_path)}
    assert config.settings(env)["MAIL_CONNECTIONS"] == 1
    assert config.settings(env | {"MAIL_CONNECTIONS": "4"})["MAIL_CONNECTIONS"] == 4
    with pytest.raises(ValueError, match="MAIL_CONNECTIONS"):
        config.settings(env | {"MAIL_CONNECTIONS": number})


@pytest.mark.parametrize("sender", ["nobody", "Name <nobody>", "jörg@example.org", "a@☃☃-.example"])
def test_a_sender_that_is_no_address_is_refused(tmp_path: Path, sender: str):
    env = {"INSTANCE_PATH": str(tmp_path)}
    kept = config.settings(env | {"MAIL_FROM": "Open Hands <mail@example.org>"})["MAIL_FROM"]
    assert kept == "Open Hands <mail@example.org>"
    with pytest.raises(ValueError, match="MAIL_FROM"):
        config.settings(env | {"MAIL_FROM": sender})


def test_an_international_host_is_kept_as_browsers_send_it(tmp_path: Path):
    env = {"INSTANCE_PATH": str(tmp_path), "BASE_URL": "https://Straße.example:8443/x/"}
    settings = config.settings(env)
    assert settings["BASE_URL"] == "https://xn--strae-oqa.example:8443/x"
    assert "xn--strae-oqa.example" in settings["TRUSTED_HOSTS"]
    with pytest.raises(ValueError, match="BASE_URL"):
        config.settings(env | {"BASE_URL": "https://☃☃-.example"})
