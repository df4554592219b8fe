"""What is typed in about sign-ins."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from brigades.accounts import rules
from brigades.accounts.models import Account
from brigades.accounts.rules import Weakness
from brigades.accounts.service import matches
from brigades.people.addresses import written
from brigades.people.models import email_key
from brigades.web import Form

_ADDRESS_MISSING = _l("Enter your email address.")
_PASSWORD_MISSING = _l("Enter your password.")
_TOO_LONG = _l("This is too long.")


class SignIn(Form):
    """Address and password; ``next`` is where the person wanted to go."""

    email = EmailField(
        _l("Email address"), [InputRequired(_ADDRESS_MISSING), Length(max=254, message=_TOO_LONG)]
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_PASSWORD_MISSING), Length(max=rules.LONGEST, message=_TOO_LONG)],
    )
    remember = BooleanField(_l("Stay signed in on this device"))
    next = HiddenField()

    def refuse(self) -> None:
        """Say that it was wrong, and not which of the two."""
        self.form_errors.append(_("Address and password do not fit together."))


class Forgot(Form):
    """The address that a link shall go to."""

    email = EmailField(
        _l("Email address"),
        [
            InputRequired(_ADDRESS_MISSING),
            Length(max=254, message=_TOO_LONG),
            Regexp(r"^[^@\s]+@[^@\s]+$", message=_l("Enter an address such as mira@example.org.")),
        ],
    )


class NewPassword(Form):
    """A new password, typed twice; the rules judge it for the account it is for."""

    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Enter a new password."))],
        description=_l("At least 10 characters. Several words are easy to remember."),
    )
    repeat = PasswordField(
        _l("New password once more"), [InputRequired(_l("Enter the new password once more."))]
    )

    def __init__(self, account: Account, **kwargs: Any) -> None:
        """A form for this account, loaded with its person."""
        super().__init__(**kwargs)
        self.account = account

    def validate_password(self, field: StringField) -> None:
        """Ask the rules."""
        person = self.account.person
        found = rules.weakness(
            field.data or "",
            email=person.email or "",
            given=person.given_name,
            family=person.family_name,
        )
        if found is not None:
            raise ValidationError(_weakness_words(found))

    def validate_repeat(self, field: StringField) -> None:
        """Both must be equal."""
        if field.data != self.password.data:
            raise ValidationError(_("This is not the same as the password above."))


class ChangePassword(NewPassword):
    """The same, for somebody who is signed in and knows the old one."""

    old = PasswordField(
        _l("Present password"),
        [InputRequired(_PASSWORD_MISSING), Length(max=rules.LONGEST, message=_TOO_LONG)],
    )

    def validate_old(self, field: StringField) -> None:
        """The present password must be known."""
        if not matches(self.account, field.data or ""):
            raise ValidationError(_("This is not your present password."))


class NewAddress(Form):
    """Another address to sign in with."""

    email = EmailField(
        _l("New email address"),
        [InputRequired(_ADDRESS_MISSING), Length(max=254, message=_TOO_LONG)],
    )

    def __init__(self, account: Account, **kwargs: Any) -> None:
        """A form for this account, loaded with its person."""
        super().__init__(**kwargs)
        self.account = account

    def validate_email(self, field: EmailField) -> None:
        """One that can be written to, and another one than now."""
        try:
            field.data = written(field.data or "")
        except ValueError:
            raise ValidationError(
                _("This is not an email address we can write to, such as name@example.org.")
            ) from None
        if email_key(field.data) == self.account.person.email_key:
            raise ValidationError(_("This is your address already."))


class Confirm(Form):
    """The password once more, before something that matters."""

    password = PasswordField(
        _l("Password"),
        [InputRequired(_PASSWORD_MISSING), Length(max=rules.LONGEST, message=_TOO_LONG)],
    )
    next = HiddenField()

    def refuse(self) -> None:
        """Say that it was wrong."""
        self.password.errors = [_("This is not your password.")]


def _weakness_words(found: Weakness) -> str:
    words: dict[Weakness, str] = {
        Weakness.TOO_SHORT: _("Use at least %(number)s characters.", number=rules.SHORTEST),
        Weakness.TOO_LONG: _("Use at most %(number)s characters.", number=rules.LONGEST),
        Weakness.MONOTONOUS: _("Use more different characters."),
        Weakness.OWN_NAME: _("Your name or address is the first thing others try. Use words."),
    }
    return words[found]
