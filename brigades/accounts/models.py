"""Sign-ins. An account belongs to one person; the address is the person's."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.db import Model
from brigades.people.models import Person


class Account(Model):
    """A person's sign-in. Without a password hash nobody has set one yet."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    password_hash: Mapped[str | None]
    # Raised with every change of password or address: older sessions and links count nothing then.
    epoch: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    # The address that somebody asked to change to, and when; see accounts.addresses.
    wanted_email: Mapped[str | None]
    wanted_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")

    def get_id(self) -> str:
        """What the cookie keeps: with the epoch, so that a new password ends older sessions."""
        return f"{self.id}.{self.epoch}"

    @property
    def is_active(self) -> bool:
        """Whether this person may sign in."""
        return self.active

    @property
    def is_authenticated(self) -> bool:
        """Whoever has an account at all is not anonymous."""
        return True

    @property
    def is_anonymous(self) -> bool:
        """The counterpart that Flask-Login asks for."""
        return False
