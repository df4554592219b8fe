"""Series of slots, and when people meet before one.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("every", sa.String(length=32), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_series_section_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_section_id"), "series", ["section_id"])
    # In SQL, which both databases read alike: Alembic would copy SQLite's table and lose its checks.
    op.execute(
        "ALTER TABLE slot ADD COLUMN series_id INTEGER"
        " CONSTRAINT fk_slot_series_id REFERENCES series (id)"
    )
    op.create_index(op.f("ix_slot_series_id"), "slot", ["series_id"])
    op.add_column("slot", sa.Column("series_day", sa.Date(), nullable=True))
    op.add_column(
        "slot", sa.Column("meet_before", sa.Integer(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("slot", "meet_before")
    op.drop_column("slot", "series_day")
    op.drop_index(op.f("ix_slot_series_id"), "slot")
    op.drop_column("slot", "series_id")
    op.drop_table("series")
