"""The further pages of a report that is printed on several: 123.html goes on in 123_2.html. Told by addresses alone.

Content systems cut an article where its editor put a page break. The page's own name then gets a number: `123_2.html` (DedeCMS, EmpireCMS),
`show-12-345-2.html` behind `show-12-345-1.html` (PHPCMS), `t20190121_123_1.html` for the second page (TRS, which counts from 0 and draws
the pager with `createPageHTML`), or its query a parameter: `?ArticleID=12&ArticlePage=2` (PowerEasy), `&page=2` (PHPCMS). The links there
have numbers or 下一页 for words; what is merely called alike is another document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit

from giar_crawler.items import Page
from pipelines.addresses import LONGEST
from pipelines.decode.charset import decode_bytes

# Further pages of one report, and bytes of all its pages: annual reports with inline pictures reach some MB.
MOST = 30
MOST_BYTES = 16 * 1024 * 1024
# A list is no article, and its further pages are no parts of one.
LISTS = frozenset({"index", "list", "default", "main", "more", "node"})
LINK = re.compile(
    r"<(?:a|option)\b[^<>]{0,400}?\b(?:href|value)\s*=\s*[\"']?(?P<address>[^\"'<>\s]{1,500})[^<>]{0,400}>"
    r"\s*(?:<[^<>]{1,200}>\s*){0,3}(?P<label>[^<>]{1,20})",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"\W*(?:第\s*)?(?P<number>\d{1,2})(?:\s*页)?\W*|\W*(?:下一?页|后一?页|next(?:\s*page)?|[尾末]页|最后一?页)\W*", re.IGNORECASE
)
FIRST = re.compile(r"(?P<base>.+)(?P<joint>[_-])1")
NUMBER = re.compile(r"[_-](\d{1,2})")
FURTHER = re.compile(r"(?P<base>.+)(?P<joint>[_-])\d{1,2}(?P<ending>\.\w{1,5})")
PARAMETER = re.compile(r"\w{0,12}page\w{0,8}|pn?", re.IGNORECASE)
DRAWN = re.compile(
    r"createPageHTML\w{0,10}\(\s*[\"']?(?P<pages>\d{1,2})[\"']?\s*,\s*[\"']?\d{1,2}[\"']?\s*,"
    r"\s*[\"'](?P<name>[^\"'<>]{1,200})[\"']\s*,\s*[\"'](?P<ending>\w{1,6})[\"']"
)
# What a page with such links has somewhere.
PAGED = re.compile(r"[?&;](?:\w{0,12}page\w{0,8}|pn?)=\d", re.IGNORECASE)


class _Page(NamedTuple):
    """A page of the report: its address up to its number, that number, the rest of the address, and the number that its link shows."""

    before: str
    number: int
    after: str
    shown: int | None


def parts(url: str | None, text: str) -> list[str]:
    """The addresses of a report's further pages in order, as far as one of its pages names them; at most 30, without gaps.

    `url` is that of its first page, `text` the markup of any of them. Raises nothing.
    """
    try:
        own = urlsplit(url or "")
        if not own.netloc or not _may_have(own, text) or len(own.geturl()) > LONGEST:
            return []
        pages = list(_in_query(own, text) if own.query else _in_name(own, text))
    except ValueError:
        return []
    if not pages:
        return []
    # Where the second page has the number 1, or the link to the page 3 leads to 2.
    from_zero = any(page.shown == page.number + 1 for page in pages) or (min(page.number for page in pages) == 1 and pages[0].shown is None)
    numbers = [page.number for page in pages if page.shown is None or page.shown == page.number + from_zero]
    first, last = 2 - from_zero, max(numbers, default=0)
    return [f"{pages[0].before}{number}{pages[0].after}" for number in range(first, min(last, first + MOST - 1) + 1)]


def parts_of(page: Page, first: str | None) -> list[str]:
    """The same of a page as it came. Most pages need not be decoded for it: they have no such address anywhere."""
    try:
        own = urlsplit(first or "")
    except ValueError:
        return []
    if not _may_have(own, page.body.decode("latin-1")):
        return []
    return parts(first, decode_bytes(page.body, page.headers.get("content-type", ""), page.context.encoding).text)


def first_pages(url: str) -> list[str]:
    """The addresses that the first page of a report may have where this one is a further page; none where it looks like no such page."""
    own = urlsplit(url)
    if own.query:
        pairs = parse_qsl(own.query, keep_blank_values=True)
        return [
            own._replace(query=urlencode([pair for pair in pairs if pair[0] != name] + more)).geturl()
            for name, value in pairs
            if PARAMETER.fullmatch(name) and value.isdigit()
            for more in ([], [(name, "1")])
        ]
    folder, _, name = own.path.rpartition("/")
    found = FURTHER.fullmatch(name)
    numbers = ("", f"{found['joint']}1") if found else ()
    return [own._replace(path=f"{folder}/{found['base']}{number}{found['ending']}").geturl() for number in numbers if found]


@dataclass(slots=True)
class Whole:
    """A report whose pages are gathered: its first, and the further ones by address, `None` until they come.

    `waiting` of them are under way; `failed` says that one did not come for a reason that may pass.
    """

    first: Page
    parts: dict[str, Page | None] = field(default_factory=dict)
    waiting: int = 0
    failed: bool = False

    def news(self, addresses: Iterable[str]) -> list[str]:
        """Those that no page has named before."""
        new = [address for address in addresses if address not in self.parts][: MOST - len(self.parts)]
        self.parts.update(dict.fromkeys(new))
        return new

    def add(self, address: str, part: Page) -> None:
        """Takes a page that came, unless the report gets too large by it."""
        size = len(self.first.body) + len(part.body) + sum(len(other.body) for other in self.parts.values() if other is not None)
        if size <= MOST_BYTES:
            self.parts[address] = part

    def page(self) -> Page:
        """The report, with all pages that came."""
        self.first.parts = [part for part in self.parts.values() if part is not None]
        return self.first


def _may_have(own: SplitResult, text: str) -> bool:
    """Whether a page has somewhere what an address of a further page has."""
    if own.query:
        return PAGED.search(text) is not None
    base = _base(own)[0]
    return bool(base) and (f"{base}_" in text or f"{base}-" in text or "createPageHTML" in text)


def _base(own: SplitResult) -> tuple[str, str | None]:
    """The name that all pages of a report share, and what joins the number to it where the first page has one; empty for a list."""
    stem, _, ending = own.path.rpartition("/")[2].rpartition(".")
    if not ending or stem.casefold() in LISTS:
        return "", None
    numbered = FIRST.fullmatch(stem)
    return (numbered["base"], numbered["joint"]) if numbered else (stem, None)


def _linked(own: SplitResult, text: str) -> Iterator[tuple[str, int | None]]:
    """The addresses of links whose words are those of a pager, with the number that they show; without the first page's."""
    address = own.geturl()
    for link in LINK.finditer(text):
        label = LABEL.fullmatch(unescape(link["label"]).strip())
        if label is None or label["number"] == "1":
            continue
        with suppress(ValueError):
            # What is no address is no page.
            linked = urljoin(address, unescape(link["address"])).partition("#")[0]
            yield urlsplit(linked).geturl(), int(label["number"]) if label["number"] else None


def _in_name(own: SplitResult, text: str) -> Iterator[_Page]:
    base, joint = _base(own)
    folder, _, name = own.path.rpartition("/")
    ending = name.rpartition(".")[2]
    start, tail = f"{own.scheme}://{own.netloc}{folder}/{base}", f".{ending}"
    for drawn in DRAWN.finditer(text):
        if (drawn["name"], drawn["ending"]) == (base, ending):
            yield from (_Page(f"{start}_", number, tail, number + 1) for number in range(1, int(drawn["pages"])))
    for address, shown in _linked(own, text):
        if not (address.startswith(start) and address.endswith(tail)):
            continue
        found = NUMBER.fullmatch(address[len(start) : -len(tail)])
        if found and joint in (None, found[0][0]):
            yield _Page(f"{start}{found[0][0]}", int(found[1]), tail, shown)


def _in_query(own: SplitResult, text: str) -> Iterator[_Page]:
    mine = dict(parse_qsl(own.query, keep_blank_values=True))
    for address, shown in _linked(own, text):
        other = urlsplit(address)
        if (other.netloc, other.path) != (own.netloc, own.path):
            continue
        theirs = dict(parse_qsl(other.query, keep_blank_values=True))
        differing = [name for name in theirs.keys() | mine.keys() if theirs.get(name) != mine.get(name)]
        if len(differing) != 1 or PARAMETER.fullmatch(differing[0]) is None or mine.get(differing[0], "1") not in ("0", "1"):
            continue
        if found := re.search(rf"(?<=[?&]){re.escape(differing[0])}=(\d{{1,2}})(?!\d)", address):
            yield _Page(address[: found.start(1)], int(found[1]), address[found.end(1) :], shown)
