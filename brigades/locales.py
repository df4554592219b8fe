"""Which languages there are, and which one a reader gets."""

from babel import Locale
from flask import current_app, g, has_request_context, request
from flask_login import current_user

# Code and own name; a code stands here once its catalogue is complete.
LOCALES = {"en": "English", "de": "Deutsch", "ar": "العربية"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
COOKIE = "language"


def choose_locale() -> str:
    """The reader's choice: their account's, else the cookie's, else the browser's, else ours."""
    if not has_request_context():
        return "en"
    if "locale" not in g:
        g.locale = _choose()
    chosen: str = g.locale
    return chosen


def _choose() -> str:
    if current_user.is_authenticated and current_user.person.locale in LOCALES:
        return str(current_user.person.locale)
    cookie = request.cookies.get(COOKIE)
    if cookie in LOCALES:
        return str(cookie)
    default = current_app.config["DEFAULT_LOCALE"]
    return request.accept_languages.best_match(list(LOCALES)) or default


def direction(locale: str) -> str:
    """``rtl`` or ``ltr``."""
    return "rtl" if locale.split("_", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"


def own_name(code: str) -> str:
    """A language's name in itself."""
    return LOCALES.get(code) or Locale.parse(code).get_language_name() or code
