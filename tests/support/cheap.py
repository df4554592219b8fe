"""What costs much and proves nothing the second time: hashing passwords, compiling templates."""

from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from brigades.accounts import passwords

# What passwords are hashed with outside of tests.
REAL_HASHER = passwords.HASHER


class _Compiled(BytecodeCache):
    """Templates as code, kept for every application that the process makes."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was kept; Jinja compares it with the source."""
        if kept := self._kept.get(bucket.key):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


def begin() -> None:
    """From now on each template is compiled once a process, and hashing takes no time."""
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Compiled()}
