"""Settings that are unsafe, alone or beside each other. docs/running.md says what to do instead."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from brigades.health.finding import Finding
from brigades.health.processes import web_processes

KEYS = ("SECRET_KEY", "DATA_KEY", "PUSH_KEY")


def findings(settings: Mapping[str, Any], env: Mapping[str, str]) -> Iterator[Finding]:
    """What `check` says of the settings; ``env``: the environment that they were read from."""
    yield from _address(settings)
    for name in ("SECRET_KEY", "DATA_KEY"):
        if len(settings[name]) < 16:
            yield Finding(name, False, "is too short to be secret: use at least 32 characters")
    if settings.get("DEBUG"):
        yield Finding("debug mode", is_loopback(settings["BASE_URL"]), "is on")
    yield from _several(settings, web_processes(env))
    embedded = settings["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    own = [name for name in KEYS if not env.get(name) and settings[name]]
    if own and not embedded:
        says = f"{', '.join(own)} kept in {settings['INSTANCE_PATH']}: other machines need the same"
        yield Finding("keys", True, says)


def _address(settings: Mapping[str, Any]) -> Iterator[Finding]:
    url = settings["BASE_URL"]
    if is_loopback(url):
        yield Finding("BASE_URL", True, f"{url}, this machine only")
    else:
        says = url if url.startswith("https://") else f"{url}: passwords would travel unencrypted"
        yield Finding("BASE_URL", url.startswith("https://"), says)
    hosts = [host.strip() for host in settings["TRUSTED_HOSTS"]]
    if any(host in ("*", ".") for host in hosts):
        yield Finding("TRUSTED_HOSTS", False, "trusts every host")
    elif not any(_answers(host, urlsplit(url).hostname or "") for host in hosts):
        says = "lacks the host of BASE_URL: every link in a mail would be refused"
        yield Finding("TRUSTED_HOSTS", False, says)


def _answers(trusted: str, host: str) -> bool:
    """Whether a trusted host, perhaps with a dot before it for all below it, covers a host."""
    if trusted.startswith("."):
        return host == trusted[1:] or host.endswith(trusted)
    return host == trusted.rpartition(":")[0] or host == trusted


def _several(settings: Mapping[str, Any], processes: int) -> Iterator[Finding]:
    here, url = is_loopback(settings["BASE_URL"]), settings["RATE_LIMIT_URL"]
    if not url.startswith("memory:"):
        yield _counter(url)
    elif processes > 1:
        says = f"is not set: each of {processes} web processes counts attempts by itself"
        yield Finding("RATE_LIMIT_URL", here, says)
    if processes > 1 and settings["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        says = f"{processes} web processes share the embedded database: use PostgreSQL"
        yield Finding("DATABASE_URL", here, says)


def _counter(url: str) -> Finding:
    """Whether what counts attempts answers; pages go on without it, each process by itself."""
    from limits.storage import storage_from_string

    try:
        answers = storage_from_string(url).check() is True
    except Exception as error:  # each kind of store raises its own
        return Finding("RATE_LIMIT_URL", False, f"{type(error).__name__}: {error}")
    return Finding("RATE_LIMIT_URL", answers, "answers" if answers else "does not answer")


def is_loopback(url: str) -> bool:
    """Whether an address leads to this machine itself."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
