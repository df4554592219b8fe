"""Which languages there are, and which one a reader gets."""

from babel import Locale
from flask import Response, current_app, g, has_request_context, request
from flask_babel import refresh
from flask_login import current_user

from brigades.reader import locale_of

# Code and own name; a code stands here once its catalogue is complete.
LOCALES = {"en": "English", "de": "Deutsch", "ar": "العربية"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
COOKIE = "language"
KEPT = 400 * 24 * 3600  # seconds; the longest that browsers keep a cookie


def choose_locale() -> Locale:
    """The reader's choice: their account's, else the cookie's, else the browser's, else ours."""
    if not has_request_context():
        return locale_of("en")
    if "locale" not in g:
        g.locale = _choose()
    return locale_of(g.locale)


def read_in(locale: str) -> None:
    """Write this page in another language, whatever was chosen before."""
    g.locale = locale
    refresh()


def read_as_mailed(locale: str) -> None:
    """Write the page behind a mail's link in the mail's language, unless its reader chose one."""
    chosen = current_user.is_authenticated or request.cookies.get(COOKIE) in LOCALES
    if locale in LOCALES and not chosen:
        read_in(locale)


def remember(response: Response, locale: str) -> Response:
    """Have the browser ask for this language from now on."""
    response.set_cookie(
        COOKIE,
        locale,
        max_age=KEPT,
        secure=current_app.config["HTTPS"],
        httponly=True,
        samesite="Lax",
    )
    return response


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
