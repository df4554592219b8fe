"""Putting a world into a database: in bulk, each value in the form the models give it."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Dialect, Table, text

from bench.world.build import World
from brigades.db import Base, db, look_over, unit, writing

Row = tuple[Any, ...]


def load(world: World, app: Flask) -> None:
    """Make the tables and put every row in, past what checks and counts row by row."""
    token = writing.set(True)
    try:
        with app.app_context():
            db.create_all()
            with db.engine.connect() as connection:
                copy = _copy if connection.dialect.name == "postgresql" else _insert
                copy(connection, world)
            _settle()
        with app.app_context():
            db.engine.dispose()
    finally:
        writing.reset(token)


def _insert(connection: Connection, world: World) -> None:
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("BEGIN IMMEDIATE")
    for table, rows in _tables(world):
        marks = ", ".join("?" for _ in table.c)
        raw.executemany(
            f'INSERT INTO "{table.name}" VALUES ({marks})',
            _bound(table, rows, connection.dialect),
        )
    raw.execute("COMMIT")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.invalidate()


def _copy(connection: Connection, world: World) -> None:
    raw: Any = connection.connection.dbapi_connection
    with raw.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # keys are not checked now
        for table, rows in _tables(world):
            with cursor.copy(f'COPY "{table.name}" FROM STDIN') as copy:
                for row in _bound(table, rows, connection.dialect):
                    copy.write_row(row)
            if "id" in table.c and not table.c.id.foreign_keys:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {len(rows)})"
                )
    raw.commit()
    connection.invalidate()


def _tables(world: World) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    for table in Base.metadata.sorted_tables:
        if rows := world.rows.get(table):
            yield table, rows


def _bound(table: Table, rows: list[dict[str, Any]], dialect: Dialect) -> Iterator[Row]:
    """Rows in the order of the table's columns, each value as the database takes it."""
    columns = [_column(column, dialect) for column in table.c]
    for row in rows:
        yield tuple([bind(row.get(name, default)) for name, default, bind in columns])


def _column(column: Any, dialect: Dialect) -> tuple[str, Any, Callable[[Any], Any]]:
    default = column.default.arg if column.default is not None else None
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    return column.name, default if not callable(default) else None, bind or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _settle() -> None:
    """What a database server does by itself within a minute of such a load, and the worker else."""
    with unit():
        look_over()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
