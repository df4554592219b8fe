"""Addresses as mail servers know them. Pure.

International domains follow IDNA 2008, as browsers and registries do. Python's own codec is of
2003 and turns some names into those of somebody else: straße.de became strasse.de.
"""

import idna


def wire_domain(domain: str) -> str:
    """A domain in ASCII; ValueError where it cannot be one."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True, transitional=False).decode()
    except idna.IDNAError as error:
        raise ValueError(f"not a domain: {domain!r} ({error})") from error


def wire_address(address: str) -> str:
    """An address with its domain in ASCII; ValueError where it is none."""
    address = address.strip()
    local, _, domain = address.rpartition("@")
    if not local or not domain or any(c.isspace() or c in "<>,;" for c in address):
        raise ValueError(f"not an address: {address!r}")
    return f"{local}@{wire_domain(domain)}"
