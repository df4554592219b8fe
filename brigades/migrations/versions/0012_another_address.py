"""The address that somebody asked to change to, until the link to it is opened.

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("wanted_email", sa.Text(), nullable=True))
    op.add_column("account", sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "wanted_at")
    op.drop_column("account", "wanted_email")
