"""Since when leads and those who answer for a slot are reminded: what had passed sends nothing.

Else the first pass after an upgrade would count down for every unfilled slot of two weeks at once.

Revision: 0011, after 0010
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TOLD = sa.table(
    "told", sa.column("key", sa.Text()), sa.column("at", sa.DateTime(timezone=True))
)
_BEGAN = "reminders"


def upgrade() -> None:
    now = datetime.now(UTC)
    if op.get_bind().dialect.name == "sqlite":  # where instants are kept without their zone
        now = now.replace(tzinfo=None)
    op.execute(_TOLD.insert().values(key=_BEGAN, at=now))


def downgrade() -> None:
    op.execute(_TOLD.delete().where(_TOLD.c.key == _BEGAN))
