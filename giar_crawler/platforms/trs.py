"""TRS WCM (拓尔思): a list lies as files beside each other, and a script in each of them says how many there are.

Spellings of the script: `createPageHTML(3, 0, "index", "html")` and `createPage()`, with numbers in quotes, with the id of an element
before them and the number of entries behind; `Pager({size:3, current:0, prefix:'index', suffix:'html'})`; `var countPage = 3;` with
`var currentPage = 0;`.

Page two is `index_1.html`, for TRS counts from 0. Systems that took the function over count from 1 (`list.shtml`, `list_2.shtml`), which
only their first page shows. Deep pages may be stubs of 300-400 bytes that say nothing of the next one. Articles are
`./202301/t20230128_3929475.html` or `content_ID.html`, their attachments `./P0*.docx` lie beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import ListPage
from giar_crawler.platforms.rows import entries_of, printed_total
from giar_crawler.platforms.static import Static
from giar_crawler.platforms.turns import ListRequest

CALL = re.compile(r"\bcreatePage(?:HTML)?\w{0,3}\(([^()]{1,300})\)", re.IGNORECASE)
OBJECT = re.compile(r"\bPager\(\s*\{([^{}]{1,300})\}")
PAIR = re.compile(r"\b(\w{1,20})[\"']?\s*:\s*[\"']?([\w-]{1,60})")
COUNTED = re.compile(r"\bcountPage\s*=\s*(\d{1,5})\b")
CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d{1,5})\b")
# "index" + "_" + nextPage + "." + "html" of the script that counts in variables.
PIECES = re.compile(
    r"(?<=[\"'/])([\w-]{1,60})[\\\"'\s+]{0,8}_[\\\"'\s+]{1,8}\(?\w{1,20}(?:\s*\+\s*1)?\)?[\\\"'\s+]{1,8}\.[\\\"'\s+]{0,8}(s?html?)\b"
)
FILE = re.compile(r"^(?P<stem>.*?)(?:_(?P<number>\d{1,4}))?\.(?P<ending>s?html?|jhtml)$")
WORD = re.compile(r"[\w-]{1,60}")
LEAST_ARGUMENTS = 4
MOST_CALLS = 20
# So many pages are asked at once: one that is broken or a stub does not end the list.
AHEAD = 3


@dataclass(slots=True, frozen=True)
class _Count:
    """What the script says: number of pages, number of this one by its own count, `stem`.`ending` of the first, number of entries."""

    pages: int
    here: int
    stem: str
    ending: str
    entries: int | None = None


class Trs:
    """TRS WCM."""

    name = "trs"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """Every link of the page with the date of its row or of its address."""
        return entries_of(page)

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The next pages by the script's count, else the page that a link calls the next."""
        scripted = scripted_pages(page)
        return Static().next_requests(page) if scripted is None else scripted

    def total(self, page: ListPage) -> int | None:
        """The number of entries behind the script's other arguments, else the one that is printed."""
        return scripted_total(page)


def scripted_total(page: ListPage) -> int | None:
    """The number of entries that the script knows, else the one that is printed."""
    count = _count(page)
    return count.entries if count and count.entries else printed_total(page)


def scripted_pages(page: ListPage, second: int | None = None) -> list[ListRequest] | None:
    """The next pages by the script's own count, empty at the last one; `None` where no script counts.

    `second` is the number of the second file, where the family of the page knows it; else the script's count of this page tells it.
    """
    count = _count(page)
    if count is None:
        return None
    file = FILE.match(urlsplit(page.url).path.rpartition("/")[2])
    number = file["number"] if file and file["stem"] == count.stem else None
    start = int(number) + 1 if number is not None else second or (2 if count.here == 1 else 1)
    numbers = [*range(start, count.pages + (second or 1) - 1)[:AHEAD]]
    if second is None and number is None and count.here == 1 < count.pages:
        # Only here it shows that the last file may be numbered as many as there are, and not one less.
        numbers.append(count.pages)
    urls = (absolute(page.url, f"{count.stem}_{following}.{count.ending}") for following in numbers)
    return [ListRequest(url) for url in urls if url]


def _count(page: ListPage) -> _Count | None:
    calls = (_of_arguments(call[1]) for call in islice(CALL.finditer(page.text), MOST_CALLS))
    objects = (_of_object(call[1]) for call in islice(OBJECT.finditer(page.text), MOST_CALLS))
    return next((count for count in (*calls, *objects) if count), None) or _of_variables(page)


def _of_arguments(text: str) -> _Count | None:
    """The count of a call: [element,] pages, this page, stem, ending [, entries]."""
    arguments = [argument.strip(" \t\r\n\"'") for argument in text.split(",")]
    element = not _is_number(arguments[0])
    arguments = arguments[element:]
    if len(arguments) < LEAST_ARGUMENTS or not all(map(_is_number, arguments[:2])) or not all(map(WORD.fullmatch, arguments[2:4])):
        return None
    # Without the element a fifth argument is as often the size of a page.
    counts_entries = element and len(arguments) > LEAST_ARGUMENTS and _is_number(arguments[4])
    return _Count(int(arguments[0]), int(arguments[1]), arguments[2], arguments[3], int(arguments[4]) if counts_entries else None)


def _of_object(text: str) -> _Count | None:
    values = dict(PAIR.findall(text))
    size, current = values.get("size", ""), values.get("current", "0")
    if not _is_number(size) or not _is_number(current) or not {"prefix", "suffix"} <= values.keys():
        return None
    return _Count(int(size), int(current), values["prefix"], values["suffix"])


def _of_variables(page: ListPage) -> _Count | None:
    counted = COUNTED.search(page.text)
    if not counted:
        return None
    pieces, current = PIECES.search(page.text), CURRENT.search(page.text)
    file = FILE.match(urlsplit(page.url).path.rpartition("/")[2] or "index.html")
    if pieces:
        stem, ending = pieces[1], pieces[2]
    elif file:
        stem, ending = file["stem"], file["ending"]
    else:
        return None
    return _Count(int(counted[1]), int(current[1]) if current else 0, stem, ending)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5
