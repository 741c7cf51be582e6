"""The `jpage` script that Hanweb's and truecms' lists are drawn with: its calls in a page, and the records of islands and answers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import page_of_text
from giar_crawler.platforms.rows import entries_of

PROXY = re.compile(r"proxyUrl\s*:\s*[\"']([^\"']+)[\"']")
PARAMETERS = re.compile(r"ajaxParam\s*:\s*\{([^{}]*)\}")
PAIR = re.compile(r"\b(\w{1,40})[\"']?\s*:\s*(?:[\"']([^\"']*)[\"']|([\w.+-]+))")
TOTAL = re.compile(r"<totalrecord>\s*(\d{1,7})\s*</totalrecord>")
TOTAL_OF_CALL = re.compile(r"totalRecord\s*:\s*[\"']?(\d{1,7})")
MOST_RECORDS = 3000
MOST_CALLS = 20
LONGEST_CALL = 5000


@dataclass(slots=True, frozen=True)
class Call:
    """A call of the script: where it asks, with which parameters, how many rows a page shows, how many there are (0: it does not say)."""

    proxy: str
    parameters: dict[str, str]
    per_page: int
    total: int


def calls(text: str) -> Iterator[Call]:
    """The calls of a page that ask a server. Rows that stand in the call itself (`dataBefore`) are no arguments."""
    for piece in _without_data(text).split(".jpage(", MOST_CALLS)[1:]:
        arguments, closed, _ = piece[:LONGEST_CALL].partition("})")
        proxy, parameters = PROXY.search(arguments), PARAMETERS.search(arguments)
        if closed and proxy and parameters:
            options = _pairs(arguments.replace(parameters.group(0), ""))
            yield Call(proxy[1], _pairs(parameters[1]), number(options.get("perPage"), 15), number(options.get("totalRecord"), 0))


def records(text: str) -> list[str]:
    """The records of data islands and of answers: pieces of HTML, one a row."""
    return list(islice(between(text, "record"), MOST_RECORDS))


def rows(url: str, pieces: list[str]) -> list[ListEntry]:
    """The entries of records."""
    return entries_of(page_of_text(url, "\n".join(pieces))) if pieces else []


def between(text: str, name: str) -> Iterator[str]:
    """The contents of all elements of this name, out of their CDATA or unescaped; in one pass, whatever is left open."""
    for piece in text.split(f"<{name}>")[1:]:
        content, closed, _ = piece.partition(f"</{name}>")
        if closed:
            content = content.strip()
            marked = content.startswith("<![CDATA[")
            yield content.removeprefix("<![CDATA[").removesuffix("]]>") if marked else html.unescape(content)


def total_of(text: str) -> int | None:
    """The count of an answer, or of the first call of a page."""
    found = TOTAL.search(text) or TOTAL_OF_CALL.search(text)
    return int(found[1]) if found else None


def number(text: str | None, default: int) -> int:
    """A positive number of a page's script, or the default: it comes from outside and may be anything."""
    return int(text) if text and text.isdecimal() and 0 < int(text[:9]) <= 100_000 else default


def _pairs(text: str) -> dict[str, str]:
    return {key: quoted or bare for key, quoted, bare in PAIR.findall(text)}


def _without_data(text: str) -> str:
    first, *pieces = text.split("<datastore>")
    halves = (piece.partition("</datastore>") for piece in pieces)
    return first + "".join(after if closed else data for data, closed, after in halves)
