"""Site maps: pages for readers (网站地图) and files of the protocol (sitemaps.org), and the columns that they name."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from urllib.parse import urljoin, urlsplit, urlunsplit

from scrapy.utils.gz import gunzip

from giar_crawler.platforms.addresses import absolute
from giar_crawler.spiders.lexicon import COLUMN_SLUG, navigation_score

# The protocol allows 50,000 addresses and 50 MB in a file; a county has some thousands.
MOST_BYTES = 16 * 1024 * 1024
MOST_ADDRESSES = 50_000
MOST_PARTS, MOST_COLUMNS = 8, 20
# More addresses of one shape are articles.
MOST_ALIKE = 60
DIGITS = re.compile(r"\d+")
# What a page below a column is worth less: it is asked only where the folder brought no list.
BELOW = 25
FILE = re.compile(r"\.xml(?:\.gz)?$", re.IGNORECASE)
LOCATION = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<>\[\]\s]{1,2000})\s*(?:\]\]>)?\s*</loc>", re.IGNORECASE)
INDEX = re.compile(r"<sitemapindex[\s>]", re.IGNORECASE)
# The first page of a folder.
INDEX_PAGE = re.compile(r"(?:index|default|list)\.\w{2,5}", re.IGNORECASE)


def is_file(url: str) -> bool:
    """Whether this is the address of a file of the protocol."""
    return FILE.search(urlsplit(url).path) is not None


def usual_map(home: str) -> str:
    """Where a portal's file is, if it has one and names it nowhere."""
    return urljoin(home, "/sitemap.xml")


def read_map(body: bytes) -> tuple[list[str], list[str]]:
    """The addresses of pages and those of further files that a file has; both empty for what is none."""
    if body.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError, ValueError):
            body = gunzip(body, max_size=MOST_BYTES)
    text = body[:MOST_BYTES].decode("utf-8", "replace")
    found = islice((html.unescape(match[1]) for match in LOCATION.finditer(text)), MOST_ADDRESSES)
    addresses = [url for one in found if (url := absolute(one, one))]
    return ([], addresses[:MOST_PARTS]) if INDEX.search(text[:2000]) else (addresses, [])


def columns_of(urls: Iterable[str]) -> list[tuple[str, float]]:
    """The columns of annual reports that addresses name, with what each is worth: the folder that bears the name, and one page below it."""
    found: dict[str, float] = {}
    for url in urls:
        column, worth = _column(url)
        if column and column not in found and len(found) < MOST_COLUMNS:
            found |= {column: worth} if column == url else {column: worth, url: worth - BELOW}
    return list(found.items())


def pages_of_any(urls: Sequence[str]) -> list[str]:
    """The addresses that are most likely columns where none has a name: few are of their shape, and they lie near the root."""
    shapes = Counter(map(_shape, urls))
    return sorted(urls, key=lambda url: (shapes[_shape(url)] > MOST_ALIKE, urlsplit(url).path.rstrip("/").count("/"), len(url)))[
        :MOST_COLUMNS
    ]


def _shape(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path.rpartition('/')[0]} {DIGITS.sub('0', parts.path + parts.query)}"


def _column(url: str) -> tuple[str, float]:
    """The address of the column in which a page stands by its address, with its worth; empty where none is named."""
    parts = urlsplit(url)
    steps = parts.path.split("/")
    for number in range(2, len(steps) + 1):
        folder = "/".join(steps[:number]) + ("" if number == len(steps) else "/")
        worth = navigation_score("", folder, inside=False)
        if worth >= COLUMN_SLUG:
            rest = "/".join(steps[number:])
            whole = not rest or INDEX_PAGE.fullmatch(rest) is not None
            # Of two columns the one nearer to the root comes first.
            return url if whole else urlunsplit(parts._replace(path=folder, query="", fragment="")), worth - number
    return "", 0
