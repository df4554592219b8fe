"""Wishes, bouncing mailboxes, plans of reminders, mailings, push, feeds of sections, deputies.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
# Reminders had two leads, named in words; now any number of hours, and several to tell.
_RENAMED = (("reminder-week", "reminder:168:coming"), ("reminder-day", "reminder:24:coming"))


def upgrade() -> None:
    op.create_table(
        "mailbox",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("bouncing_since", _INSTANT, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_mailbox")),
    )
    op.create_table(
        "told",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_told")),
    )
    op.create_table(
        "mail_wish",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mail_wish_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_mail_wish")),
    )
    _create_push_and_feeds()
    op.create_table(
        "mailing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.Column("sent_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_mailing_by_id")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_mailing_section_id")),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slot.id"], name=op.f("fk_mailing_slot_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing")),
    )
    op.create_index("ix_mailing_section", "mailing", ["section_id", "made_at"])
    _create_plans()
    op.add_column(
        "appointment",
        sa.Column("deputy", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("person", sa.Column("zone", sa.Text(), nullable=True))
    _widen_letters()


def _create_push_and_feeds() -> None:
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("taken_at", _INSTANT, nullable=True),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_push_subscription_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_subscription_endpoint")),
    )
    op.create_index(op.f("ix_push_subscription_person_id"), "push_subscription", ["person_id"])
    op.create_table(
        "section_feed",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_section_feed_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_section_feed_section_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "section_id", name=op.f("pk_section_feed")),
        sa.UniqueConstraint("secret", name=op.f("uq_section_feed_secret")),
    )


def _create_plans() -> None:
    op.create_table(
        "reminder_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("slot_id", sa.Integer(), nullable=True),
        sa.Column("since", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_reminder_plan_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_reminder_plan_section_id")
        ),
        sa.ForeignKeyConstraint(
            ["slot_id"], ["slot.id"], name=op.f("fk_reminder_plan_slot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_plan")),
        sa.UniqueConstraint("course_id", name=op.f("uq_reminder_plan_course_id")),
        sa.UniqueConstraint("slot_id", name=op.f("uq_reminder_plan_slot_id")),
    )
    of_section = sa.text("course_id IS NULL AND slot_id IS NULL")
    op.create_index(
        "uq_reminder_plan_section",
        "reminder_plan",
        ["section_id"],
        unique=True,
        sqlite_where=of_section,
        postgresql_where=of_section,
    )
    op.create_table(
        "reminder_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("to", sa.String(length=32), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("only_unfilled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["reminder_plan.id"],
            name=op.f("fk_reminder_rule_plan_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rule")),
    )
    op.create_index(op.f("ix_reminder_rule_plan_id"), "reminder_rule", ["plan_id"])


def _widen_letters() -> None:
    op.add_column("letter", sa.Column("rank", sa.Integer(), server_default="1", nullable=False))
    op.add_column("letter", sa.Column("needed_by", _INSTANT, nullable=True))
    op.add_column("letter", sa.Column("pushed_at", _INSTANT, nullable=True))
    # Spelled out: SQLite takes a named reference only with the column itself.
    op.execute(
        "ALTER TABLE letter ADD COLUMN told_in_id INTEGER"
        " CONSTRAINT fk_letter_told_in_id REFERENCES letter (id)"
    )
    op.execute(
        "ALTER TABLE letter ADD COLUMN mailing_id INTEGER"
        " CONSTRAINT fk_letter_mailing_id REFERENCES mailing (id)"
    )
    op.create_index(op.f("ix_letter_told_in_id"), "letter", ["told_in_id"])
    op.create_index(op.f("ix_letter_mailing_id"), "letter", ["mailing_id"])
    op.drop_index("ix_letter_due", "letter")
    op.create_index("ix_letter_due", "letter", ["fate", "rank", "due_at"])
    for name, key in _RENAMED:
        op.execute(
            f"UPDATE letter SET key = '{key}' || substr(key, {len(name) + 1}), name = 'reminder'"  # noqa: S608 -- ours
            f" WHERE name = '{name}'"
        )


def downgrade() -> None:
    for name, key in _RENAMED:
        op.execute(
            f"UPDATE letter SET key = '{name}' || substr(key, {len(key) + 1}), name = '{name}'"  # noqa: S608 -- ours
            f" WHERE name = 'reminder' AND key LIKE '{key}:%'"
        )
    op.drop_index("ix_letter_due", "letter")
    op.create_index("ix_letter_due", "letter", ["fate", "due_at"])
    op.drop_index(op.f("ix_letter_mailing_id"), "letter")
    op.drop_index(op.f("ix_letter_told_in_id"), "letter")
    for column in ("mailing_id", "told_in_id", "pushed_at", "needed_by", "rank"):
        op.drop_column("letter", column)
    op.drop_column("person", "zone")
    op.drop_column("appointment", "deputy")
    for table in ("reminder_rule", "reminder_plan", "mailing", "section_feed", "push_subscription"):
        op.drop_table(table)
    for table in ("mail_wish", "told", "mailbox"):
        op.drop_table(table)
