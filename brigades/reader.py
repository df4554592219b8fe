"""Whoever reads what is being written: their language, and its catalogue, found once.

A page holds hundreds of sentences. Flask-Babel looks up request, language and catalogue anew for
each of them, which costs more than the sentence; here they are looked up once and kept beside
Flask-Babel's own state, so that `force_locale` still holds. Templates' ``_`` and ``ngettext`` are
these here, in pages and in letters.
"""

import re
from collections.abc import Hashable
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import g
from flask_babel import Domain, get_domain, get_locale
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Macro
from markupsafe import Markup, escape

# A sentence whose only placeholders are %(name)s.
_PLAIN = re.compile(r"(?:[^%]|%%|%\(\w+\)s)*")


@cache
def locale_of(code: str) -> Locale:
    """CLDR's data of a language; the same object each time, so that it can be told by identity."""
    return Locale.parse(code)


class Reader:
    """A language with its catalogue. ``code`` is such as "ar"."""

    def __init__(self, locale: Locale, catalogue: NullTranslations) -> None:
        self.locale = locale
        self.code = str(locale)
        self.catalogue = catalogue
        self._whole: dict[str, Markup] = {}
        self._simple: dict[str, bool] = {}

    def sentence(self, message: str, values: dict[str, Any]) -> Markup:
        """The translated sentence as HTML, with escaped values in it."""
        if values:
            return self._filled(self.catalogue.ugettext(message), values)
        known = self._whole.get(message)
        if known is None:
            known = self._whole[message] = Markup(self.catalogue.ugettext(message) % {})  # noqa: S704 -- ours
        return known

    def counted(self, one: str, many: str, num: int, values: dict[str, Any]) -> Markup:
        """The translated sentence in the form that the number asks for."""
        values.setdefault("num", num)
        return self._filled(self.catalogue.ungettext(one, many, num), values)

    def _filled(self, text: str, values: dict[str, Any]) -> Markup:
        simple = self._simple.get(text)
        if simple is None:
            simple = self._simple[text] = _PLAIN.fullmatch(text) is not None
        if not simple:
            return Markup(text) % values  # noqa: S704 -- our sentence; the values are escaped
        escaped = {name: escape(value) for name, value in values.items()}
        return Markup(text % escaped)  # noqa: S704


_NOBODY = Reader(locale_of("en"), NullTranslations())


def reader() -> Reader:
    """The reader of the present request or letter; outside of both, of English."""
    try:
        kept = g._get_current_object().__dict__.get("_flask_babel")
    except RuntimeError:
        return _NOBODY
    if kept is not None:
        known: Reader | None = kept.__dict__.get("reader")
        if known is not None and known.locale is kept.__dict__.get("babel_locale"):
            return known
    return _find()


class Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel ships no types
    """Flask-Babel's catalogues, for its own `gettext` in views: the reader's, found once."""

    def get_translations(self) -> NullTranslations:
        """The reader's catalogue."""
        return reader().catalogue

    def load(self) -> NullTranslations:
        """The catalogue of the present language, read from its file at the first use."""
        found: NullTranslations = super().get_translations()
        return found


def _find() -> Reader:
    locale = get_locale() or _NOBODY.locale
    domain = get_domain()
    catalogue = domain.load() if isinstance(domain, Catalogues) else domain.get_translations()
    known: Reader | None = catalogue.__dict__.get("reader")
    if known is None or known.locale is not locale:
        known = catalogue.__dict__["reader"] = Reader(locale, catalogue)
    g._flask_babel.reader = known
    return known


def language() -> str:
    """The code of the reader's language."""
    return reader().code


@pass_eval_context
def _gettext(context: EvalContext, message: str, /, **values: Any) -> str:
    present = reader()
    if context.autoescape:
        return present.sentence(message, values)
    return str(present.catalogue.ugettext(message) % values)


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, count: int, /, **values: Any) -> str:
    present = reader()
    if context.autoescape:
        return present.counted(one, many, count, values)
    values.setdefault("num", count)
    return str(present.catalogue.ungettext(one, many, count) % values)


def drawn(macro: Macro, *args: Any) -> str:
    """What a macro draws of these values in the reader's language, drawn once and kept.

    For the parts that stand in every row of every list. The macro must live by its arguments
    alone: no address, no token, nobody signed in. With values that may change, such as a list, it
    is drawn each time.
    """
    try:
        return _once(macro, language(), args)
    except TypeError:
        return str(macro(*args))


@lru_cache(maxsize=8192)
def _once(macro: Macro, _language: str, args: tuple[Hashable, ...]) -> str:
    text: str = macro(*args)
    return text


def speak(environment: Environment) -> None:
    """Give templates ``_``, ``gettext``, ``ngettext`` and ``drawn``, over Jinja's own extension."""
    environment.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext, drawn=drawn)
