"""Kept words for searching lose what stretches Arabic words and joins letters, as new ones do.

Going back leaves them: what is searched for finds them all the same.

Revision: 0013, after 0012
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_COLUMNS = {"person": ("search", "sort_name"), "application": ("search",), "mailing": ("search",)}


def upgrade() -> None:
    link = op.get_bind()
    for name, columns in _COLUMNS.items():
        table = sa.table(name, sa.column("id"), *(sa.column(column) for column in columns))
        for row in link.execute(sa.select(table)).mappings().all():
            kept = {column: row[column] for column in columns}
            plain = {column: _without(words) for column, words in kept.items()}
            if plain != kept:
                link.execute(table.update().where(table.c.id == row["id"]).values(**plain))


def _without(words: str) -> str:
    """As people.models.plain leaves them out."""
    if words.isascii():
        return words
    left = (c for c in words if c != "\u0640" and unicodedata.category(c) != "Cf")
    return " ".join("".join(left).split())


def downgrade() -> None:
    pass
