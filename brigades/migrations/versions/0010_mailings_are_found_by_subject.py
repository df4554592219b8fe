"""What a mailing is found by: its subjects without marks and case.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mailing", sa.Column("search", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("mailing", "search")
