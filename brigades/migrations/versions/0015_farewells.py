"""What was said with people who left: when they are erased, and who is kept on until when.

Revision: 0015, after 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "farewell",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_for", sa.Date(), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=True),
        sa.Column("ground", sa.String(length=32), nullable=True),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_farewell_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_farewell_by_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_farewell")),
    )


def downgrade() -> None:
    op.drop_table("farewell")
