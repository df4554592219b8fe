"""When people were last looked for to take a place whose holder cannot come.

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("participation", sa.Column("cover_looked_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("participation", "cover_looked_at")
