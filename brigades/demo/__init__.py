"""A made-up organisation to look at and to try: believable, and never real people."""

import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, exists, select

from brigades.db import session
from brigades.demo import applications, mailings, people, roles, sections, slots
from brigades.demo.world import World
from brigades.outbox.models import Letter
from brigades.sections.models import Section

KEPT_IN = "demo-password"


def is_empty() -> bool:
    """Whether nobody has worked with this database yet."""
    return not session.scalar(select(exists().where(Section.id.is_not(None))))


def load(now: datetime, organisation: str, instance: Path) -> str:
    """Fill an empty database; returns the one password of all demo sign-ins.

    It is made at first use and kept in the instance folder. Raises ValueError where the database
    holds something: a demo never mixes with real people.
    """
    if not is_empty():
        raise ValueError("This database is not empty; the demo loads into an empty one.")
    password = kept_password(instance)
    world = World(now)
    sections.build(world, organisation)
    people.build(world)
    roles.build(world, password)
    applications.build(world)
    slots.build(world)
    session.flush()
    session.execute(delete(Letter))  # the past's letters were never sent to anybody
    mailings.build(world)
    return password


def kept_password(instance: Path) -> str:
    """The demo's password, made at first use."""
    path = instance / KEPT_IN
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.write_text("-".join(secrets.token_hex(2) for _ in range(3)))
        path.chmod(0o600)
    return path.read_text().strip()
