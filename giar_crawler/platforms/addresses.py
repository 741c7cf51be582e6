"""Addresses as pages write them, made absolute."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

MOST_URL = 2000
# A folder that repeats like this is a relative link that grows with every step.
REPEATING = re.compile(r"(/[^/]++)\1{2,}(?=/|$)")
# Servers that keep no cookie write the visit into every address; it is another one each time, and hides nothing that the page needs.
SESSION = re.compile(r";jsessionid=[\w.!~*-]*", re.IGNORECASE)
# The same in the query, and what only keeps caches from answering: the time, a random number.
VISIT = re.compile(
    r"(?<=[?&])(?:(?:(?:PHP|J|ASP)SESS(?:ION)?ID\w{0,12}|(?:asp\.net_)?session_?id|CFTOKEN|osCsid|zenid)=[\w.%!~*-]{8,}"
    r"|(?:_|_?t|ts|r|rnd|rand(?:om)?|timestamp|nocache)=(?:1\d{12}|0\.\d{8,}))(?:&|$)",
    re.IGNORECASE,
)
# Most links: nothing in them is written in another way in a request, and nothing behind their beginning is resolved.
PLAIN = re.compile(
    r"(?P<start>https?://[a-z0-9.-]+(?::(?:[1-9]\d{0,3}|[1-5]\d{4}))?/|/|(?:\.\.?/)*)"
    r"(?:[\w~-][\w.~-]*/)*(?:[\w~-][\w.~-]*)?(?P<query>\?[\w.&=-]+)?",
    re.ASCII,
)
NO_ADDRESS = re.compile(r"[\x00-\x20\x7f\\<>{}|^`]")
# Browsers drop these wherever they stand in an address.
LINE_BREAKS = re.compile(r"[\t\r\n]")


def absolute(base: str, href: str, encoding: str = "utf-8") -> str | None:
    """The absolute http address without fragment, or `None` where the link is none, is too long, holds a password or repeats a folder.

    As browsers do (WHATWG URL): what is not ASCII goes into the path as UTF-8 and into the query in the page's own `encoding`.
    """
    plain = PLAIN.fullmatch(href)
    if plain is None or href[:1] in {"", "?"} or (plain["query"] and VISIT.search(plain["query"])):
        return _absolute(base, href, encoding)
    start: str = plain["start"]
    before = start if start.startswith("http") else _resolved(base, start or "./")
    if before is None:
        return None
    url = before + href[len(start) :]
    folders = REPEATING.search(url, url.index("/", len("https://")), len(url) - len(plain["query"] or ""))
    return url if folders is None and len(url) <= MOST_URL else None


def without_visit(url: str) -> str:
    """The address without what names the visit: it is another one each time."""
    if ";" in url:
        url = SESSION.sub("", url)
    return VISIT.sub("", url).rstrip("?&") if VISIT.search(url) else url


@lru_cache(maxsize=256)
def _resolved(base: str, start: str) -> str | None:
    return _absolute(base, start)


def _absolute(base: str, href: str, encoding: str = "utf-8") -> str | None:
    path, mark, query = LINE_BREAKS.sub("", href.strip()).partition("?")
    # Some templates escape twice.
    href = path.replace("\\", "/") + mark + query.replace("&amp;", "&")
    if len(href) > MOST_URL or NO_ADDRESS.search(href.replace(" ", "")):
        return None
    try:
        parts = urlsplit(urljoin(base, safe_url_string(href, encoding=encoding)))
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or (parts.port or 80) < 1:
            return None
    except ValueError:
        return None
    if REPEATING.search(parts.path):
        return None
    url = without_visit(urlunsplit(parts._replace(fragment="", path=parts.path or "/")))
    return url if len(url) <= MOST_URL else None
