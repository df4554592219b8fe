"""Phone numbers: kept in international form (E.164), shown grouped as people read them."""

import unicodedata


def normal(typed: str, country: str | None) -> str:
    """The number as E.164, such as ``+970599123456``.

    Digits of any script, and the invisible direction marks that come along when copying from a
    right-to-left page, are understood; a number without a country code is read as one of
    ``country``. Raises ValueError for what cannot be a phone number.
    """
    import phonenumbers

    seen = "".join(_digit(letter) for letter in typed if unicodedata.category(letter) != "Cf")
    try:
        number = phonenumbers.parse(seen, country)
    except phonenumbers.NumberParseException as error:
        raise ValueError(str(error)) from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f"not a possible phone number: {typed!r}")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def grouped(number: str | None) -> str:
    """A kept number in groups, such as ``+970 599 123 456``; what is no number as it is."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number or "")
    except phonenumbers.NumberParseException:
        return number or ""
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def spellings(number: str | None) -> list[str]:
    """How people write a kept number, the way it is kept first; nothing for none.

    With and without the code of its country, in groups and without.
    """
    import phonenumbers

    if not number:
        return []
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return [number]
    national = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))
    together = "".join(filter(str.isdigit, national))
    found = (number, grouped(number), f"00{number[1:]}", national, together)
    return list(dict.fromkeys(found))
