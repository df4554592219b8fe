"""What is typed in about a section."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    Email,
    Length,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput

from brigades import clock
from brigades.locales import LOCALES
from brigades.sections import parts
from brigades.sections.models import Section
from brigades.sections.tree import RESERVED, Values, slug_of
from brigades.web import Form


@cache
def zones() -> tuple[str, ...]:
    """Zones that a section may have; read from the disk once."""
    return tuple(clock.zone_names())


class SectionForm(Form):
    """A section's description and its place in the tree."""

    name = StringField(_l("Name"), [DataRequired(_l("Give the section a name.")), Length(max=120)])
    slug = StringField(_l("Address"), [Length(max=60)])
    parent_id = SelectField(_l("Belongs to"), validate_choice=False)
    country = SelectField(_l("Country"), [Optional()])
    zone = StringField(
        _l("Time zone"),
        [DataRequired(_l("Choose a time zone, such as Europe/Berlin.")), Length(max=64)],
    )
    locale = SelectField(_l("Language"), choices=list(LOCALES.items()))
    contact = StringField(
        _l("Contact address"),
        [Optional(), Length(max=254), Email(_l("Write an address such as name@example.org."))],
    )
    about = TextAreaField(_l("About the section"), [Length(max=5000)])
    recruits = BooleanField(_l("Looks for new people"))
    looks_for = SelectMultipleField(
        _l("Skills it looks for"), [Optional()], option_widget=CheckboxInput()
    )

    def __init__(
        self, parents: Sequence[Section], *args: Any, section: Section | None = None, **kwargs: Any
    ) -> None:
        """``parents``: those that the editor may put it under; ``section``: the one changed."""
        super().__init__(*args, **kwargs)
        self.section = section
        inside = section.path if section else "\n"  # no path starts with a line break
        self.parent_id.choices = [
            (str(parent.id), parent.name)
            for parent in parents
            if not parent.path.startswith(inside)
        ]
        self._offered = {choice[0] for choice in self.parent_id.choices}
        self._inside = {str(p.id) for p in parents if p.path.startswith(inside)}
        self.country.choices = [("", _("None, it is international")), *parts.choices["countries"]()]
        self.looks_for.choices = parts.choices["skills"]()
        stays = section is not None and (
            section.parent_id is None or str(section.parent_id) not in self._offered
        )
        if stays:  # the top of the tree, or of the editor's part of it, keeps its place
            self.parent_id.choices = [("", _("Stays where it is")), *self.parent_id.choices]
            self._offered.add("")

    def validate_parent_id(self, field: SelectField) -> None:
        """A parent out of reach does not exist; one inside the section would close a ring."""
        if field.data in self._inside:
            raise ValidationError(_("A section cannot belong to itself or to one below it."))
        if field.data not in self._offered:
            raise ValidationError(_("Choose the section that this one belongs to."))

    def validate_zone(self, field: StringField) -> None:
        """Only zones whose rules are known."""
        if field.data not in zones():
            raise ValidationError(_("This is no time zone. Choose one, such as Europe/Berlin."))

    def validate_slug(self, field: StringField) -> None:
        """Empty: made of the name. Only small Latin letters, digits and single hyphens."""
        slug = field.data or slug_of(self.name.data or "")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
            raise ValidationError(
                _("Use small letters from a to z, digits and hyphens, such as east-africa.")
            )
        if slug in RESERVED:
            raise ValidationError(_("This address is taken. Choose another one."))

    @property
    def under(self) -> int | None:
        """The chosen parent; None leaves it where it is."""
        return int(self.parent_id.data) if self.parent_id.data else None

    @property
    def values(self) -> Values:
        """What was typed, as the tree takes it."""
        return Values(
            name=self.name.data or "",
            slug=self.slug.data or slug_of(self.name.data or ""),
            zone=self.zone.data or "",
            country=self.country.data or None,
            locale=self.locale.data,
            contact=self.contact.data or None,
            about=self.about.data or "",
            recruits=self.recruits.data,
            looks_for=self.looks_for.data or [],
        )


class DeleteForm(Form):
    """Deleting asks for nothing but the button."""
