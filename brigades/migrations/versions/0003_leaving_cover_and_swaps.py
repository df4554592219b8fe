"""Leaving late, cover and swaps.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cover_ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_yes", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cover_ask_person_id")),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["participation.id"],
            name=op.f("fk_cover_ask_place_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_ask")),
        sa.UniqueConstraint("place_id", "person_id", name=op.f("uq_cover_ask_place_id_person_id")),
    )
    op.create_index(op.f("ix_cover_ask_person_id"), "cover_ask", ["person_id"])
    op.create_table(
        "swap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mine_id", sa.Integer(), nullable=False),
        sa.Column("theirs_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_swap_decided_by")),
        sa.ForeignKeyConstraint(
            ["mine_id"], ["participation.id"], name=op.f("fk_swap_mine_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["theirs_id"], ["participation.id"], name=op.f("fk_swap_theirs_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap")),
    )
    op.create_index(op.f("ix_swap_mine_id"), "swap", ["mine_id"])
    op.create_index(op.f("ix_swap_theirs_id"), "swap", ["theirs_id"])
    op.add_column("participation", sa.Column("cover_since", sa.DateTime(timezone=True)))
    seeking = sa.text("state = 'seeking cover'")
    op.create_index(
        "ix_participation_cover",
        "participation",
        ["cover_since"],
        sqlite_where=seeking,
        postgresql_where=seeking,
    )
    no = {"server_default": sa.false(), "nullable": False}
    op.add_column("slot", sa.Column("fills_at_once", sa.Boolean(), **no))
    op.add_column("slot", sa.Column("leave_by_hours", sa.Integer(), nullable=True))
    op.add_column("slot", sa.Column("swaps_asked", sa.Boolean(), **no))


def downgrade() -> None:
    for column in ("swaps_asked", "leave_by_hours", "fills_at_once"):
        op.drop_column("slot", column)
    op.drop_index("ix_participation_cover", "participation")
    op.drop_column("participation", "cover_since")
    op.drop_table("swap")
    op.drop_table("cover_ask")
