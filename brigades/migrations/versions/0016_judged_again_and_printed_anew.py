"""Slots whose people are to be judged again, and the number of the printed code that is good.

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "slot", sa.Column("judge_again", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "slot", sa.Column("printed_code", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("slot", "printed_code")
    op.drop_column("slot", "judge_again")
