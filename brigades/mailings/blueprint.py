"""The blueprint that all pages of mailings hang on, and what they have in common."""

from flask import Blueprint, url_for
from flask_babel import gettext as _

from brigades.access import Scope
from brigades.mailings import service, words
from brigades.mailings.models import Mailing
from brigades.web import get_or_404

bp = Blueprint("mailings", __name__)
bp.add_app_template_filter(words.in_words, "in_words")
bp.add_app_template_filter(words.with_blanks, "with_blanks")
ONE = "/mailings/<int:mailing_id>"


def found(scope: Scope, mailing_id: int) -> Mailing:
    """A mailing within the scope, or 404."""
    return get_or_404(service.find(scope, mailing_id))


def under_way() -> str:
    """What is said to whoever comes to change one that was let go meanwhile."""
    return str(_("This mailing is under way already. Nothing was changed."))


def steps(mailing: Mailing | None) -> list[tuple[str, str]]:
    """The steps of a mailing with their addresses."""
    if mailing is None:
        return [
            (_("To whom"), url_for("mailings.new")),
            (_("The text"), ""),
            (_("Look and send"), ""),
        ]
    return [
        (_("To whom"), url_for("mailings.people", mailing_id=mailing.id)),
        (_("The text"), url_for("mailings.text", mailing_id=mailing.id)),
        (_("Look and send"), url_for("mailings.send", mailing_id=mailing.id)),
    ]
