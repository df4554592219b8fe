"""What age, availability and papers are judged on.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "away",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_away_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away")),
    )
    op.create_index(op.f("ix_away_person_id"), "away", ["person_id"])
    op.create_table(
        "slot_paper",
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["kind_id"], ["kind.id"], name=op.f("fk_slot_paper_kind_id")),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slot.id"], name=op.f("fk_slot_paper_slot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slot_id", "kind_id", name=op.f("pk_slot_paper")),
    )
    no = {"server_default": sa.false(), "nullable": False}
    op.add_column("kind", sa.Column("safeguarding", sa.Boolean(), **no))
    op.add_column(
        "kind", sa.Column("months_past_end", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("kind", sa.Column("travel", sa.Boolean(), **no))
    op.add_column("person", sa.Column("weekdays", sa.Text(), server_default="", nullable=False))
    op.add_column("person", sa.Column("born", sa.Date(), nullable=True))
    op.add_column("person", sa.Column("guardian", sa.Text(), server_default="", nullable=False))
    op.add_column("person", sa.Column("guardian_consent_on", sa.Date(), nullable=True))
    # In SQL, which both databases read alike: Alembic would copy SQLite's table and lose its checks.
    op.execute(
        "ALTER TABLE person ADD COLUMN guardian_consent_by INTEGER"
        " CONSTRAINT fk_person_guardian_consent_by REFERENCES person (id)"
    )
    op.add_column("slot", sa.Column("min_age", sa.Integer(), nullable=True))
    op.add_column("slot", sa.Column("with_children", sa.Boolean(), **no))


def downgrade() -> None:
    for column in ("with_children", "min_age"):
        op.drop_column("slot", column)
    for column in ("guardian_consent_by", "guardian_consent_on", "guardian", "born", "weekdays"):
        op.drop_column("person", column)
    for column in ("travel", "months_past_end", "safeguarding"):
        op.drop_column("kind", column)
    op.drop_table("slot_paper")
    op.drop_table("away")
