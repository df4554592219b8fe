"""What is typed in about one's mail."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from brigades import clock
from brigades.outbox.kinds import How, Kind
from brigades.outbox.wishes import words as wish_words
from brigades.outbox.wishes.service import FREE
from brigades.web import Form


def _kind() -> RadioField:
    return RadioField(validators=[InputRequired(_l("Choose one of the three."))])


class MailForm(Form):
    """How each kind of letter is wanted, and in whose zone the reader's day is."""

    offer = _kind()
    place = _kind()
    reminder = _kind()
    duty = _kind()
    news = _kind()
    zone = SelectField(_l("Your time zone"), [Optional()])

    def __init__(self, section_zone: str, *, duty: bool, **given: Any) -> None:
        super().__init__(**given)
        if not duty:
            del self.duty
        for kind, field in self.kinds().items():
            field.label.text = wish_words.kind_words(kind)
            field.description = wish_words.about_words(kind)
            field.choices = [(how.value, wish_words.how_words(how)) for how in How]
        own = _("As in your section (%(zone)s)", zone=section_zone.replace("_", " "))
        self.zone.choices = [
            ("", own),
            *((name, name.replace("_", " ")) for name in clock.zone_names()),
        ]

    def kinds(self) -> dict[Kind, RadioField]:
        """The field of each kind that the reader may be sent and can wish for."""
        return {kind: self[kind.value] for kind in FREE if kind.value in self}

    @property
    def wishes(self) -> Mapping[Kind, How]:
        """What was chosen, checked."""
        return {kind: How(field.data) for kind, field in self.kinds().items()}
