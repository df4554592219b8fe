"""What is typed in for a mailing: whom it goes to, and what it says."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from brigades.locales import LOCALES
from brigades.mailings import words
from brigades.mailings.choices import Choices
from brigades.mailings.chosen import asked
from brigades.mailings.rules import faults
from brigades.mailings.service import may_be_about_place
from brigades.people.choices import languages, levels, trades
from brigades.people.day_field import Day
from brigades.web import Form

LONGEST_SUBJECT, LONGEST_BODY = 200, 10_000


class ChooseForm(Form):
    """The filters by which people are chosen."""

    q = StringField(_l("Name or address"), [Optional(), Length(max=200)])
    section = SelectMultipleField(_l("Sections"), option_widget=CheckboxInput())
    skill = SelectField(_l("Skill"), [Optional()])
    language = SelectField(_l("Speaks"), [Optional()])
    level = SelectField(_l("At least at level"), [Optional()])
    standing = SelectField(_l("Standing"), [Optional()])
    qualification = SelectField(_l("Qualification"), [Optional()])
    paper = SelectField(_l("How it stands"), [Optional()])
    course = SelectField(_l("Course"), [Optional()])
    taken = SelectField(_l("Taken or not"), [Optional()])
    minor_on = Day(_l("Under age on"), [Optional()])
    slot = SelectField(_l("Shift or training"), [Optional()])
    state = SelectMultipleField(_l("How they stand in it"), option_widget=CheckboxInput())
    about = BooleanField(_l("It is about their place there"))
    yet = BooleanField(_l("Only to those who have not got it yet"))  # offered for a copy
    doubtful = BooleanField(_l("Also to those who may have got it already"))  # the same

    def __init__(self, choices: Choices, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices, self._now = choices, now
        self.section.choices = choices.sections
        self.skill.choices = {"": [("", _("Any skill"))], **trades()}
        self.language.choices = [("", _("Any language")), *languages()]
        self.level.choices = [("", _("Any level")), *levels()]
        self.standing.choices = [
            ("active", _("Active")),
            ("any", _("Active or on leave")),
            ("on leave", _("On leave")),
        ]
        self.qualification.choices = [("", _("Any or none")), *_by_id(choices.kinds)]
        self.paper.choices = [
            ("valid", _("Valid today")),
            ("lacking", _("Lacking, or not valid today")),
            ("lapsing", _("Lapses within 90 days")),
        ]
        self.course.choices = [("", _("Any or none")), *_by_id(choices.courses)]
        self.taken.choices = [("attended", _("Attended it")), ("not", _("Has not attended it"))]
        self.slot.choices = {
            "": [("", _("None"))],
            _("Coming"): _by_id((slot.id, words.slot_words(slot)) for slot in choices.coming),
            _("Over"): _by_id((slot.id, words.slot_words(slot)) for slot in choices.over),
        }
        self.state.choices = words.state_names()

    def validate_level(self, field: SelectField) -> None:
        """A level is one of a language."""
        if field.data and not self.language.data:
            raise ValidationError(_("Choose the language too."))

    def validate_state(self, field: SelectMultipleField) -> None:
        """A slot and how people stand in it belong together."""
        if self.slot.data and not field.data:
            raise ValidationError(_("Choose at least one."))
        if field.data and not self.slot.data:
            raise ValidationError(_("Choose the shift or training too."))

    def validate_about(self, field: BooleanField) -> None:
        """Only what lies ahead of somebody is about their place."""
        chosen = asked(self._typed())
        slot = self._choices.slot(chosen.slot)
        if field.data and not may_be_about_place(chosen, slot, self._now):
            raise ValidationError(
                _(
                    "This asks for a shift or training that is not over, and for people who are"
                    " coming, offered a place, asking or waiting."
                )
            )

    def _typed(self) -> Any:
        from werkzeug.datastructures import MultiDict

        pairs = [("slot", self.slot.data or "")]
        return MultiDict([*pairs, *(("state", name) for name in self.state.data or ())])


def _by_id(pairs: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    return [(str(id), text) for id, text in pairs]


class TextForm(Form):
    """Subject and text in each language; those that are left blank are not written.

    ``finished``: whether it is to be looked at and sent, or only kept as it is so far.
    """

    section = SelectField(_l("In the name of"))
    main = SelectField(_l("Who reads another language gets it in"), choices=list(LOCALES.items()))

    def __init__(
        self, sections: list[tuple[int, str]], *args: Any, about_slot: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.section.choices = _by_id(sections)
        self.about_slot, self.finished = about_slot, True

    def validate(self, extra_validators: Any = None) -> bool:
        """Each written language needs both parts, and every placeholder must be fillable."""
        good = super().validate(extra_validators)
        if not self.finished:
            return good
        return self._is_whole() and good

    def _is_whole(self) -> bool:
        good = True
        for code in LOCALES:
            subject, body = self[f"subject_{code}"], self[f"body_{code}"]
            if body.data and not subject.data:
                subject.errors = [*subject.errors, _("Write a subject too.")]
            if subject.data and not body.data:
                body.errors = [*body.errors, _("Write a text too.")]
            for field in (subject, body):
                found = faults(field.data or "", about_slot=self.about_slot)
                field.errors = [*field.errors, *(words.fault_words(fault) for fault in found)]
                good = good and not field.errors
        if not any(self[f"subject_{code}"].data or self[f"body_{code}"].data for code in LOCALES):
            first = self[f"subject_{self.main.data}" if self.main.data in LOCALES else "main"]
            first.errors = [
                *first.errors,
                _("Write a subject and a text in at least one language."),
            ]
            good = False
        return good

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        """What was written, by language, the main one first."""
        codes = sorted(LOCALES, key=lambda code: code != self.main.data)
        typed = {
            code: {
                "subject": self[f"subject_{code}"].data or "",
                "body": (self[f"body_{code}"].data or "").replace("\r\n", "\n"),
            }
            for code in codes
        }
        return {code: said for code, said in typed.items() if said["subject"] or said["body"]}


for _code, _name in LOCALES.items():
    setattr(
        TextForm,
        f"subject_{_code}",
        StringField(
            _l("Subject, %(language)s", language=_name),
            [Optional(), Length(max=LONGEST_SUBJECT)],
        ),
    )
    setattr(
        TextForm,
        f"body_{_code}",
        TextAreaField(
            _l("Text, %(language)s", language=_name),
            [Optional(), Length(max=LONGEST_BODY)],
        ),
    )
