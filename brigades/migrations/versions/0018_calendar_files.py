"""Calendar files that are being brought in, and which slot came of which event.

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("becomes", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("day_from", sa.Time(), nullable=True),
        sa.Column("day_until", sa.Time(), nullable=True),
        sa.Column("made", sa.Integer(), nullable=True),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_calendar_file_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name="fk_calendar_file_section_id"
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name="fk_calendar_file_course_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_file"),
    )
    op.create_index("ix_calendar_file_person_id", "calendar_file", ["person_id"])
    op.create_index("ix_calendar_file_brought_at", "calendar_file", ["brought_at"])
    op.create_table(
        "slot_origin",
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slot.id"], name="fk_slot_origin_slot_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name="fk_slot_origin_section_id"),
        sa.PrimaryKeyConstraint("slot_id", name="pk_slot_origin"),
        sa.UniqueConstraint(
            "section_id", "event", "time", name="uq_slot_origin_section_id_event_time"
        ),
    )
    op.create_index("ix_slot_origin_file", "slot_origin", ["file"])


def downgrade() -> None:
    op.drop_table("slot_origin")
    op.drop_table("calendar_file")
