"""Indexes for pages over all sections: what is open, who attended, what is new.

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ATTENDED = sa.text("state = 'attended'")
OPEN = sa.text("state IN ('offered', 'requested', 'seeking cover')")


def upgrade() -> None:
    op.create_index(
        "ix_participation_attended",
        "participation",
        ["person_id", "slot_id", "came_at", "left_at", "more_hours"],
        sqlite_where=ATTENDED,
        postgresql_where=ATTENDED,
    )
    op.create_index(
        "ix_participation_open",
        "participation",
        ["state", "slot_id", "answer_by"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_participation_slot_state", "participation", ["slot_id", "state"])
    op.drop_index("ix_participation_slot_id", "participation")
    op.create_index("ix_slot_ends_at", "slot", ["ends_at"])
    op.create_index("ix_letter_posted", "letter", ["posted_at", "id"])
    op.create_index("ix_letter_fate_posted", "letter", ["fate", "posted_at", "id"])
    op.create_index("ix_person_created", "person", ["created_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_person_created", "person")
    op.drop_index("ix_letter_fate_posted", "letter")
    op.drop_index("ix_letter_posted", "letter")
    op.drop_index("ix_slot_ends_at", "slot")
    op.create_index("ix_participation_slot_id", "participation", ["slot_id"])
    op.drop_index("ix_participation_slot_state", "participation")
    op.drop_index("ix_participation_open", "participation")
    op.drop_index("ix_participation_attended", "participation")
