"""How Alembic reaches our database: the application's engine, in one writing transaction."""

import sqlite3
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

from brigades.db import Instant, WallTime, db, writing


def plain_types(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name the database's types, so that they do not change with our code."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, WallTime):
        return "sa.DateTime()"
    if isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def same_type(
    _context: Any, _inspected: Any, _column: Any, stored: Any, wanted: Any
) -> bool | None:
    """A closed set of words is kept as text: no difference."""
    return False if isinstance(wanted, sa.Enum) and isinstance(stored, sa.String) else None


def run() -> None:
    """Bring the schema to the wanted revision."""
    engine = current_app.extensions["migrate"].db.engine
    token = writing.set(True)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if isinstance(raw, sqlite3.Connection):
            raw.execute("PRAGMA foreign_keys = OFF")  # tables are rebuilt to change them
        try:
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                render_as_batch=True,
                render_item=plain_types,
                compare_type=same_type,
            )
            with context.begin_transaction():
                context.run_migrations()
        finally:
            writing.reset(token)
            if isinstance(raw, sqlite3.Connection):
                connection.rollback()
                raw.execute("PRAGMA foreign_keys = ON")


run()
