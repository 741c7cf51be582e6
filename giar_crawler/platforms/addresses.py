"""Addresses as pages write them, made absolute."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

MOST_URL = 2000
# A folder that repeats like this is a relative link that grows with every step.
REPEATING = re.compile(r"(/[^/]+)\1{2,}(?=/|$)")
# Servers that keep no cookie write the visit into every address; it is another one each time, and hides nothing that the page needs.
SESSION = re.compile(r";jsessionid=[\w.!~*-]*", re.IGNORECASE)
NO_ADDRESS = re.compile(r"[\x00-\x20\x7f\\<>{}|^`]")
# Browsers drop these wherever they stand in an address.
LINE_BREAKS = re.compile(r"[\t\r\n]")


def absolute(base: str, href: str, encoding: str = "utf-8") -> str | None:
    """The absolute http address without fragment, or `None` where the link is none, is too long, holds a password or repeats a folder.

    As browsers do (WHATWG URL): what is not ASCII goes into the path as UTF-8 and into the query in the page's own `encoding`.
    """
    path, mark, query = LINE_BREAKS.sub("", href.strip()).partition("?")
    # Some templates escape twice.
    href = path.replace("\\", "/") + mark + query.replace("&amp;", "&")
    if len(href) > MOST_URL or NO_ADDRESS.search(href.replace(" ", "")):
        return None
    try:
        parts = urlsplit(SESSION.sub("", urljoin(base, safe_url_string(href, encoding=encoding))))
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or (parts.port or 80) < 1:
            return None
    except ValueError:
        return None
    if REPEATING.search(parts.path):
        return None
    url = urlunsplit(parts._replace(fragment="", path=parts.path or "/"))
    return url if len(url) <= MOST_URL else None
