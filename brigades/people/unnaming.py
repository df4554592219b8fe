"""Taking somebody's name out of what others wrote: what was written stays, without them in it.

Whole names, addresses and phone numbers are looked for in every text and JSON column of every
table, so that a new table is among them by itself. A given or family name alone is a word of its
language too ("Will", "May"): it is looked for only where a folder says that they are meant.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Enum,
    String,
    Table,
    cast,
    func,
    inspect,
    or_,
    select,
)
from sqlalchemy import update as sql_update

from brigades.db import Base, session
from brigades.people.models import plain
from brigades.people.naming import Naming

# What is made or chosen, never written: ids, codes, secrets, stamps.
NEVER_WRITTEN = frozenset(
    """auth calendar_secret code consent_version country endpoint key language language_to
    locale looks_for message_id password_hash path secret slug trade type weekdays zone""".split()
)
# Names and addresses of whom a row is about; whoever has the same name keeps it. A guardian's
# stands in the row of their child, and proves that they agreed.
WHOSE = {
    "account": frozenset({"wanted_email"}),
    "application": frozenset({"given_name", "family_name", "email", "email_key", "phone"}),
    "letter": frozenset({"to_address", "to_name", "name"}),
    "mailbox": frozenset({"address"}),
    "person": frozenset(
        {"given_name", "family_name", "email", "email_key", "phone", "sort_name", "guardian"}
    ),
    "section": frozenset({"contact"}),
}
SORTED_BY_WORDS = frozenset({"search"})  # without marks and case, see `plain`
# Their own search columns are made of names, and go with these.
MADE_OF_NAMES = frozenset({"application", "person"})


def everywhere(naming: Naming) -> None:
    """Take somebody's whole name, address and number out of every row there is."""
    session.flush()
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.c if _is_written(table, column)]
        if columns:
            _rewrite(naming, table, columns, naming.needles)


def in_rows(
    naming: Naming,
    columns: Iterable[Any],
    where: ColumnElement[bool] | None = None,
    *,
    any_case: bool = False,
) -> None:
    """Take their names out of these columns of one table, also a given or family name alone."""
    own = [attribute.property.columns[0] for attribute in columns]
    needles = [*naming.words, *naming.needles]
    how = {"alone": True, "any_case": any_case}
    _rewrite(naming, own[0].table, own, needles, where, **how)


def _is_written(table: Table, column: Column[Any]) -> bool:
    text = isinstance(column.type, String | JSON) and not isinstance(column.type, Enum)
    if not text or column.name in NEVER_WRITTEN or column.name in WHOSE.get(table.name, ()):
        return False
    return not (column.name in SORTED_BY_WORDS and table.name in MADE_OF_NAMES)


def _rewrite(
    naming: Naming,
    table: Table,
    columns: list[Column[Any]],
    needles: list[str],
    where: ColumnElement[bool] | None = None,
    **how: bool,
) -> None:
    """One statement finds the rows that may name them, another rewrites those that do."""
    if not needles:
        return
    keys = list(table.primary_key.columns)
    query = select(*keys, *(column for column in columns if not column.primary_key))
    query = query.where(_may_hold(columns, needles))
    if where is not None:
        query = query.where(where)
    for row in session.execute(query.order_by(*keys)).mappings().all():
        values = {}
        for column in columns:
            was = row[column.name]
            if column.name in SORTED_BY_WORDS:
                became = naming.out_of_plain(was, alone=how.get("alone", False))
            else:
                became = naming.out_of_all(was, **how)
            if became != was:
                values[column.name] = became
        if values:
            same = [key == row[key.name] for key in keys]
            session.execute(sql_update(table).where(*same).values(values))
            _read_anew(table, tuple(row[key.name] for key in keys), list(values))


def _read_anew(table: Table, identity: tuple[Any, ...], names: list[str]) -> None:
    """What was loaded of a row that another statement has rewritten."""
    for loaded in session:
        state = inspect(loaded)
        if state is not None and state.identity == identity and table in state.mapper.tables:
            session.expire(loaded, names)


def _may_hold(columns: list[Column[Any]], needles: list[str]) -> ColumnElement[bool]:
    """All columns are looked through at once: tables may be long, and pages wait meanwhile.

    JSON is kept with everything but ASCII escaped; SQLite lowers ASCII alone.
    """
    texts = [cast(one, String) if isinstance(one.type, JSON) else one for one in columns]
    said: Any = func.coalesce(texts[0], "")
    for text in texts[1:]:
        said = said.op("||")(" ").op("||")(func.coalesce(text, ""))
    spelled = set()
    for needle in needles:
        for one in (needle, plain(needle)) if _sorted_by_words(columns) else (needle,):
            for form in (one, json.dumps(one)[1:-1]):
                spelled |= {form.lower(), "".join(c.lower() if c.isascii() else c for c in form)}
    lowered = func.lower(said)
    return or_(*(lowered.contains(one, autoescape=True) for one in sorted(spelled) if one))


def _sorted_by_words(columns: list[Column[Any]]) -> bool:
    return any(column.name in SORTED_BY_WORDS for column in columns)
