"""What a browser says of itself when somebody wants to be told on it."""

from flask import current_app
from flask_babel import gettext as _
from wtforms import HiddenField, ValidationError

from brigades.push import endpoints
from brigades.web import Form


class DeviceForm(Form):
    """An address to send to, and keys to encrypt with; the page's script fills it in."""

    endpoint = HiddenField()
    key = HiddenField()
    auth = HiddenField()
    instead = HiddenField()  # the address that this browser had before
    renewed = HiddenField()  # set where the browser says so by itself: nobody pressed anything

    def validate_endpoint(self, field: HiddenField) -> None:
        """Only what we would call; where its name leads is looked at each time it is called."""
        try:
            loopback = current_app.config.get("PUSH_TO_LOOPBACK", False)
            endpoints.parse(field.data or "", loopback=loopback)
        except endpoints.NotAllowed as error:
            raise ValidationError(
                _("Your browser gave an address that no message can be sent to.")
            ) from error

    def validate_key(self, field: HiddenField) -> None:
        """Only keys that fit."""
        try:
            endpoints.check_keys(field.data or "", self.auth.data or "")
        except ValueError as error:
            raise ValidationError(
                _("Your browser gave a key that no message can be encrypted with.")
            ) from error
