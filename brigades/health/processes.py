"""How many processes serve pages, as far as the environment says. Pure."""

import shlex
from collections.abc import Mapping, Sequence


def web_processes(env: Mapping[str, str]) -> int:
    """What GUNICORN_CMD_ARGS says, else WEB_CONCURRENCY, else 1; the command line is not known."""
    try:
        words = shlex.split(env.get("GUNICORN_CMD_ARGS", ""))
    except ValueError:  # a quotation mark without its other half
        words = []
    said = _workers(words) or env.get("WEB_CONCURRENCY", "")
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 6 else 1


def _workers(words: Sequence[str]) -> str:
    """The last of several counts, as gunicorn takes it."""
    found = ""
    for place, word in enumerate(words, 1):
        if word in ("-w", "--workers"):
            found = words[place] if words[place:] else found
        elif word.startswith("--workers="):
            found = word.removeprefix("--workers=")
        elif word.startswith("-w") and word[2:].isdigit():
            found = word[2:]
    return found
