"""What follows from a person's own dates. Pure."""

from datetime import date


def age_on(born: date, day: date) -> int:
    """Age in full years on a local day.

    Who was born on 29 February has their birthday on 1 March in common years: where the age
    protects somebody, the later day counts.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
