"""Keeping passwords: Argon2id, and the same work whether there is one to compare with or not."""

import secrets
import unicodedata
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB and two rounds: what OWASP asks for at least, and what a small machine with many threads
# can bear. Raise them at will: hashes are renewed when their owners next sign in.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """What is kept of a password."""
    return HASHER.hash(_same(password))


def fits(kept: str | None, password: str) -> bool:
    """Whether the password is the one that was kept; without one it takes as long and is not."""
    try:
        HASHER.verify(kept or _nobodys(), _same(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def _same(password: str) -> str:
    """One form of what different keyboards send for the same letters."""
    return unicodedata.normalize("NFKC", password)


def _nobodys() -> str:
    """A hash of nothing, with today's parameters: comparing with it costs what a real one does."""

    def part(size: int) -> str:
        return b64encode(secrets.token_bytes(size)).decode().rstrip("=")

    costs = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${costs}${part(HASHER.salt_len)}${part(HASHER.hash_len)}"
