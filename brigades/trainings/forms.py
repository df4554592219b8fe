"""What is typed in about courses and sessions."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import HiddenField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from brigades.schedule.forms import SlotForm
from brigades.trainings.courses import Outline
from brigades.trainings.models import Course, Session
from brigades.trainings.sessions import Plan
from brigades.web import Form

MOST_PLACES = 10_000


def id_of(raw: str | None) -> int | None:
    """The id that a choice carries; None for the blank one and for anything odd."""
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) < 20 else None


def _choices(rows: list[tuple[int, str]], blank: str = "") -> list[tuple[str, str]]:
    first = [("", blank)] if blank else []
    return first + [(str(id), name) for id, name in rows]


class CourseForm(Form):
    """A course: what is taught, what it asks for, what attending it grants."""

    title = StringField(_l("Title"), validators=[DataRequired(), Length(max=200)])
    section = SelectField(_l("Section"), validators=[InputRequired()])
    about = TextAreaField(_l("What people learn"), validators=[Length(max=5000)])
    grants = SelectField(_l("Attending it grants"))
    requires = SelectField(_l("People need before"))

    def offer(self, sections: list[tuple[int, str, str]], kinds: list[tuple[int, str]]) -> None:
        """Set what can be chosen."""
        self.section.choices = _choices([(id, name) for id, name, _zone in sections])
        self.grants.choices = _choices(kinds, _("Nothing"))
        self.requires.choices = _choices(kinds, _("Nothing"))

    def fill_from(self, course: Course) -> None:
        """Show a course that exists."""
        self.title.data, self.about.data = course.title, course.about
        self.section.data = str(course.section_id)
        self.grants.data = str(course.grants_id or "")
        self.requires.data = str(course.requires_id or "")

    @property
    def outline(self) -> Outline:
        """What was typed, once it is valid."""
        return Outline(
            section_id=int(self.section.data),
            title=self.title.data or "",
            about=self.about.data or "",
            grants_id=id_of(self.grants.data),
            requires_id=id_of(self.requires.data),
        )


class SessionForm(SlotForm):
    """A training session: a slot with a course, a trainer and one number of places."""

    title = StringField(_l("Title, if it differs from the course"), validators=[Length(max=200)])
    course = SelectField(_l("Course"), validators=[InputRequired()])
    section = SelectField(_l("Section"), validators=[InputRequired()])
    trainer = SelectField(_l("Trainer"), validate_choice=False)
    trainer_was = HiddenField()  # who it was when the form was shown
    trainer_email = EmailField(
        _l("Somebody else: their e-mail address"), validators=[Length(max=254)]
    )
    least = IntegerField(_l("Fewest people"), validators=[Optional(), NumberRange(0, MOST_PLACES)])
    most = IntegerField(_l("Places"), validators=[Optional(), NumberRange(0, MOST_PLACES)])

    def offer(
        self,
        courses: list[tuple[int, str]],
        sections: list[tuple[int, str, str]],
        trainers: list[tuple[int, str]],
        kinds: list[tuple[int, str]],
    ) -> None:
        """Set what can be chosen."""
        self.offer_kinds(kinds)
        self.course.choices = _choices(courses, _("Choose…"))
        self.section.choices = _choices([(id, name) for id, name, _zone in sections])
        self.offer_trainers(trainers)

    def offer_trainers(self, trainers: list[tuple[int, str]]) -> None:
        """Set who can be chosen as trainer."""
        self.appointed = trainers
        self.trainer.choices = _choices(trainers, _("Nobody yet"))

    def keep_trainer(self, one: Session) -> None:
        """Offer whoever trains by now, and show nobody in place of who has left since."""
        if one.trainer is not None:
            self.offer_trainer(one.trainer.id, one.trainer.name)
        known = {"", *(str(person_id) for person_id, _name in self.appointed)}
        if not self.trainer_touched and self.trainer.data not in known:
            self.trainer.data = self.trainer_was.data = ""

    def offer_trainer(self, person_id: int, name: str) -> None:
        """Keep somebody among the trainers who is not appointed as one."""
        if person_id not in dict(self.appointed):
            self.offer_trainers([*self.appointed, (person_id, name)])

    def fill_from_session(
        self, one: Session, least: int, most: int | None, kind_ids: Iterable[int]
    ) -> None:
        """Show a session that exists, with the numbers of its need and what everybody must hold."""
        self.fill_from(one, kind_ids)
        self.course.data, self.section.data = str(one.course_id), str(one.section_id)
        if one.title == one.course.title:
            self.title.data = ""
        self.trainer.data = self.trainer_was.data = str(one.trainer_id or "")
        self.least.data, self.most.data = least, most

    @property
    def trainer_touched(self) -> bool:
        """Whether another was chosen than the form showed, or it does not say whom it did."""
        same = self.trainer_was.raw_data and self.trainer.data == self.trainer_was.data
        return bool(self.trainer_email.data) or not same

    def validate_least(self, field: IntegerField) -> None:
        """The fewest people cannot be more than there are places."""
        if field.data is not None and self.most.data is not None and field.data > self.most.data:
            raise ValidationError(_("This is more than there are places."))

    def plan(self, trainer_id: int | None) -> Plan:
        """What was typed, once it is valid."""
        return Plan(
            course_id=int(self.course.data),
            section_id=int(self.section.data),
            trainer_id=trainer_id,
            least=self.least.data or 0,
            most=self.most.data,
            kind_ids=self.kind_ids,
            trainer_touched=self.trainer_touched,
        )


class ReasonForm(Form):
    """Why something is called off or somebody is taken off; they are told."""

    why = TextAreaField(_l("What shall we tell people?"), validators=[Length(max=1000)])

    def __init__(self, *args: Any, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needed:
            self.why.validators = [DataRequired(), *self.why.validators]
            self.why.flags.required = True
