"""Browsers that asked to be told at once, through their makers' push services."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from brigades.db import Model


class Subscription(Model):
    """One browser of one person; ``key`` and ``auth`` encrypt what it is sent (RFC 8291)."""

    __tablename__ = "push_subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    endpoint: Mapped[str] = mapped_column(unique=True)
    key: Mapped[str]
    auth: Mapped[str]
    device: Mapped[str] = mapped_column(default="")  # such as "Firefox, Android", for the list
    made_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]  # when the service last took something for it
    refused: Mapped[int] = mapped_column(default=0)  # in a row
