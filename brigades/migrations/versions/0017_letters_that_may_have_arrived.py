"""Letters of which nobody said what became of them, and an index over those that name somebody.

The others of mailings, without a name, stay for good: nothing needs to read through them.

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    doubt = sa.Column("may_have_arrived", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("letter", doubt)
    letter = sa.table(
        "letter",
        sa.column("may_have_arrived", sa.Boolean()),
        sa.column("error", sa.Text()),
        sa.column("fate", sa.String()),
    )
    unanswered = letter.c.error.in_(("mailing stopped, in hand", "worker died"))
    ended = letter.c.fate.in_(("dropped", "failed"))
    op.execute(letter.update().where(unanswered, ended).values(may_have_arrived=True))
    named = sa.text("mailing_id IS NOT NULL AND to_address <> ''")
    op.create_index(
        "ix_letter_named", "letter", ["due_at"], sqlite_where=named, postgresql_where=named
    )


def downgrade() -> None:
    op.drop_index("ix_letter_named", "letter")
    op.drop_column("letter", "may_have_arrived")
