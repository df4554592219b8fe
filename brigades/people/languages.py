"""Names of languages (ISO 639) and countries (ISO 3166) in the reader's language, from CLDR."""

from functools import cache

from babel import Locale

from brigades.reader import language


@cache
def language_names(locale: str) -> dict[str, str]:
    """ISO 639 two-letter codes and their names in ``locale``, sorted by name."""
    names = Locale.parse(locale).languages
    return dict(sorted(((c, n) for c, n in names.items() if len(c) == 2), key=lambda pair: pair[1]))


@cache
def country_names(locale: str) -> dict[str, str]:
    """ISO 3166 two-letter codes and their names in ``locale``, sorted by name."""
    names = Locale.parse(locale).territories
    odd = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}
    return dict(
        sorted(
            ((c, n) for c, n in names.items() if len(c) == 2 and c.isalpha() and c not in odd),
            key=lambda pair: pair[1],
        )
    )


def language_name(code: str, locale: str | None = None) -> str:
    """A language's name in ``locale`` (the reader's if None); an unknown code as it is."""
    return language_names(locale or language()).get(code, code)


def country_name(code: str | None, locale: str | None = None) -> str:
    """A country's name in ``locale`` (the reader's if None); an unknown code as it is."""
    return country_names(locale or language()).get(code or "", code or "")
