"""What stands against a place by now, and hours beyond a slot.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("participation", sa.Column("against", sa.Text(), server_default="", nullable=False))
    stands = sa.text("against <> ''")
    op.create_index(
        "ix_participation_against",
        "participation",
        ["slot_id"],
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.add_column(
        "participation",
        sa.Column("more_hours", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("participation", "more_hours")
    op.drop_index("ix_participation_against", "participation")
    op.drop_column("participation", "against")
