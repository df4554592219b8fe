"""What is typed in about a plan of reminders: rows of whom and how long before."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FormField, SelectField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, ValidationError

from brigades.reminders.plans import Plan
from brigades.reminders.rules import HOURS, IN_PLANS, Audience, Rule
from brigades.reminders.words import audience_words, before_words
from brigades.shifts.forms import Rows
from brigades.web import Form

MOST_RULES = 20


class RuleForm(PlainForm):
    """One reminder: to whom, how long before the start."""

    to = SelectField(_l("To whom"), validators=[InputRequired()], default=Audience.COMING.value)
    hours = SelectField(_l("How long before the start"), validators=[InputRequired()], default="24")
    only_unfilled = BooleanField(_l("Only while places are unfilled"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.to.choices = [(one.value, audience_words(one)) for one in IN_PLANS]
        self.hours.choices = [(str(hours), before_words(hours)) for hours in HOURS]

    @property
    def rule(self) -> Rule:
        """The row as a rule; only after it was found valid."""
        return Rule(Audience(self.to.data), int(self.hours.data), bool(self.only_unfilled.data))


class PlanForm(Form):
    """A plan. Rows come and go through named buttons, nothing typed is lost."""

    rules = Rows(FormField(RuleForm), label=_l("Reminders"), max_entries=MOST_RULES)

    def fill_from(self, plan: Plan) -> None:
        """Show a plan's rules, those of an audience together."""
        order: dict[Audience, int] = {to: number for number, to in enumerate(IN_PLANS)}
        kept = [rule for rule in plan.rules if rule.to in order]
        for rule in sorted(kept, key=lambda rule: (order[rule.to], -rule.hours)):
            self.add(rule)

    def add(self, rule: Rule | None = None) -> None:
        """One more row."""
        if len(self.rules) < MOST_RULES:
            typed = None
            if rule is not None:
                only = rule.only_unfilled
                typed = {"to": rule.to.value, "hours": str(rule.hours), "only_unfilled": only}
            self.rules.append_entry(typed)

    def remove(self, number: str) -> None:
        """Leave out the row that is the ``number``th on the page, counted from 0."""
        if number.isascii() and number.isdigit() and int(number[:4]) < len(self.rules.entries):
            del self.rules.entries[int(number[:4])]

    @property
    def chosen(self) -> list[Rule]:
        """The rows as rules; only after the form was found valid."""
        return [entry.form.rule for entry in self.rules]

    def validate_rules(self, field: Rows) -> None:
        """Nobody is reminded twice at the same time."""
        seen: set[tuple[str, str]] = set()
        for entry in field.entries:
            key = (entry.form.to.data, entry.form.hours.data)
            if key in seen:
                said: str = _("There is a reminder to them at this time already.")
                entry.form.hours.errors = [*entry.form.hours.errors, said]
                raise ValidationError(_("Some reminders are there twice. Change or remove them."))
            seen.add(key)
