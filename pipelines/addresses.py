"""Addresses as pages write them: strangers' text, so never an exception."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

# Longer addresses are session states and attacks.
LONGEST = 2_000


def host_of(address: str | None) -> str:
    """The host of an address in lower case; empty where there is none or the address is malformed."""
    try:
        return (urlsplit((address or "")[:LONGEST]).hostname or "").lower()
    except ValueError:
        return ""


def parameters(address: str) -> dict[str, list[str]]:
    """The query parameters of an address; none where it is malformed."""
    try:
        return parse_qs(urlsplit(address[:LONGEST]).query)
    except ValueError:
        return {}
