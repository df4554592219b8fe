"""What costs much and proves nothing: hashing well, compiling twice, looking for no litter."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache

import brigades
from brigades.accounts import passwords
from brigades.outbox import render

# What passwords are hashed with outside of tests.
REAL_HASHER = passwords.HASHER


def begin(config: pytest.Config) -> None:
    """From now on hashing takes no time, and templates are compiled once for all processes."""
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    # Jinja compares what was kept with the template, but not with how we set Jinja up.
    ours = [*Path(brigades.__file__).parent.glob("*.py"), Path(render.__file__)]
    setup = sha256(b"".join(file.read_bytes() for file in sorted(ours))).hexdigest()[:12]
    kept = str(config.cache.mkdir("templates"))
    pages, letters = (
        FileSystemBytecodeCache(kept, f"{setup}-{whose}-%s") for whose in ("pages", "letters")
    )
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": pages}
    render.Environment = partial(render.Environment, bytecode_cache=letters)


@contextmanager
def no_litter() -> Iterator[None]:
    """What is made inside stays to the end: Python need not look again and again who uses it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
