"""What a name may carry without being one. Pure."""

import re

# An address of a site, also one that mail programs make a link of by themselves: "site.example".
_LINK = re.compile(r"://|\bwww\.|\w\.(?:[a-z]{2,}|[A-Z]{2,})\b")


def carries_link(name: str) -> bool:
    """Whether a name holds what readers' programs show as a link."""
    return _LINK.search(name) is not None
