"""The database: base class, column types, transactions that cannot be upgraded too late.

SQLite and PostgreSQL behave alike behind this file: instants come back aware and in UTC, foreign
keys hold, and a transaction that will write says so with its first statement.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    ColumnElement,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Select,
    Table,
    Text,
    event,
    literal,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

P = ParamSpec("P")
T = TypeVar("T")


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime on every database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs its zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WallTime(TypeDecorator[datetime]):
    """A naive local time, as it stands on the wall; an aware one is refused."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is not None:
            raise ValueError(f"a wall time has no zone of its own: {value!r}")
        return value


class Base(DeclarativeBase):
    """What every model stands on."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: Instant(),
            str: Text(),
            dict[str, Any]: JSON(),
            list[Any]: JSON(),
            list[str]: JSON(),
            StrEnum: Enum(
                StrEnum,
                native_enum=False,
                length=32,
                create_constraint=False,
                values_callable=lambda members: [member.value for member in members],
            ),
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
session = db.session

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

# Whether the transaction that begins next will write. SQLite cannot turn a reading transaction
# into a writing one once somebody else has written, so this must be known at its first statement.
writing: ContextVar[bool] = ContextVar("writing", default=False)
# Whether it will certainly not: a request that only looks. PostgreSQL then refuses to write.
only_reading: ContextVar[bool] = ContextVar("only_reading", default=False)


@event.listens_for(Engine, "connect")
def _set_up_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the "begin" event below says how to begin
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.execute("PRAGMA cache_size = -32000")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")
    else:
        connection.connection.dbapi_connection.read_only = only_reading.get() or None


@event.listens_for(Engine, "do_connect")
def _end_readings_well(dialect: Any, *_rest: Any) -> None:
    """End transactions that only read with COMMIT, which means the same for them.

    Otherwise psycopg forgets its prepared statements after every page, and the server plans each
    of them anew: for the assignment board that takes as long as drawing it.
    """
    if dialect.name == "postgresql" and "do_rollback" not in vars(dialect):
        rolled_back = dialect.do_rollback

        def end(connection: Any) -> None:
            if connection.read_only:
                connection.commit()
            else:
                rolled_back(connection)

        dialect.do_rollback = end


@contextmanager
def unit() -> Iterator[None]:
    """One unit of work outside a request: commits when it ends well, else rolls back."""
    token, looking = writing.set(True), only_reading.set(False)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        writing.reset(token)
        only_reading.reset(looking)
        session.remove()


def built_once(build: Callable[P, T]) -> Callable[P, T]:
    """For a function that puts a statement together: it is called once for each set of arguments.

    Putting a statement together costs more than running it. What differs from one use to the next
    is a `bindparam`, for a list with ``expanding=True``.
    """
    return cast("Callable[P, T]", cache(build))


def spelled(value: T, column: Any) -> ColumnElement[T]:
    """A value of a column that stands in the statement itself, for one that is built once.

    An index over some rows only is taken where the condition can be read before the values are
    known. Never for what somebody typed.
    """
    return literal(value, column.type, literal_execute=True)


def look_over() -> None:
    """Let SQLite look over its tables, so that it chooses the right index; takes milliseconds.

    A database server does so by itself. Connections that are open go on with what they knew.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA analysis_limit = 400"))
        session.execute(text("ANALYZE"))


def insert_selected_once(
    model: type[Base], values: dict[str, Any], of_each: dict[str, Any], query: Select[Any]
) -> int:
    """Insert a row for each that ``query`` finds, as `insert_once` does; returns how many went in.

    ``values`` are the same in all of them, ``of_each`` are columns of what the query selects from.
    One statement: thousands of rows do not come here and go back first.
    """
    table = cast(Table, model.__table__)
    same = {name: literal(value, table.c[name].type) for name, value in values.items()}
    columns = same | of_each
    selected = query.with_only_columns(*columns.values(), maintain_column_froms=True)
    statement = _insert(table).from_select(list(columns), selected).on_conflict_do_nothing()
    done = session.execute(statement, execution_options={"preserve_rowcount": True})
    return cast("CursorResult[Any]", done).rowcount


def insert_once(model: type[Base], rows: list[dict[str, Any]]) -> int:
    """Insert rows, passing over those that break a unique constraint; returns how many went in.

    Both databases decide this inside one statement, so five workers that insert the same row at
    the same moment insert it once.
    """
    if not rows:
        return 0
    table = cast(Table, model.__table__)
    # Counted by what comes back: psycopg reports no row count for several rows at once.
    statement = _insert(table).on_conflict_do_nothing().returning(*table.primary_key)
    return len(session.execute(statement, rows).all())


def _insert(table: Table) -> postgresql.Insert | sqlite.Insert:
    dialect = session.get_bind().dialect.name
    return (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
