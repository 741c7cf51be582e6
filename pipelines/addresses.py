"""Addresses as pages write them: strangers' text, so never an exception, and never more work than a few of them are worth."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from w3lib.url import canonicalize_url

# Longer addresses are session states and attacks; longer hosts cannot exist.
LONGEST = 2_000
LONGEST_HOST = 253
# Whole lists of hosts say nothing of a page; so many of a text are looked at.
MOST_HOSTS = 500
# Every host has this; most pages name none, and looking for one letter after another takes longer than for a dot.
_DOMAIN = re.compile(r"\.[A-Za-z]")
# Runs of what an address is made of; those with a dot and without @ that have the form of a host are hosts.
_TOKEN = re.compile(r"[a-z0-9@_.-]+")
_HOST = re.compile(r"(?:[a-z0-9][a-z0-9-]{0,62}\.){1,5}[a-z]{2,12}")
_GOVERNMENT = (".gov.cn", ".政务", ".xn--zfr164b")


def host_of(address: str | None) -> str:
    """The host of an address in lower case; empty where there is none or the address is malformed."""
    return _host_of(address[:LONGEST]) if address else ""


# That of a page is asked for by several checks, and pages link the same addresses.
@lru_cache(maxsize=4096)
def _host_of(address: str) -> str:
    try:
        host = (urlsplit(address).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""
    return host if len(host) <= LONGEST_HOST else ""


@lru_cache(maxsize=4096)
def canonical_form(address: str) -> str:
    """The address with its query sorted, escapes made equal, without fragment. Raises ValueError for what is none.

    A page of a walk is known by it three times: among its links, in the archive, in the database.
    """
    return str(canonicalize_url(address))


def parameters(address: str) -> dict[str, list[str]]:
    """The query parameters of an address; none where it is malformed."""
    try:
        return parse_qs(urlsplit(address[:LONGEST]).query)
    except ValueError:
        return {}


def is_government(host: str) -> bool:
    """Whether a host in lower case lies in a domain that only organs of the state are given: gov.cn, 政务."""
    return host == "gov.cn" or host.endswith(_GOVERNMENT)


def hosts_in(text: str) -> list[tuple[str, int]]:
    """The first 500 hosts that a text names, in lower case, with their offsets; addresses of mail are none."""
    found: list[tuple[str, int]] = []
    if _DOMAIN.search(text) is None:
        return found
    start = 0
    for line in text.split("\n"):
        # A character whose small letter takes more room would move the offsets.
        if "." in line and len(small := line.lower()) == len(line):
            for match in _TOKEN.finditer(small):
                token = match.group().strip(".-_")
                if "." in token and len(token) <= LONGEST_HOST and _HOST.fullmatch(token):
                    found.append((token, start + match.start()))
                    if len(found) >= MOST_HOSTS:
                        return found
        start += len(line) + 1
    return found
