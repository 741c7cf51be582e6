"""Content systems whose lists have numbered addresses: each is an entry of `numbered.yaml`, all have this mechanism.

- Boda (博达 Webber): `xxgknb.htm` goes on with `xxgknb/4.htm`, `xxgknb/3.htm` and so on to `xxgknb/1.htm`, so that an old page keeps its
  address. Where no files are made it is `list.jsp?PAGENUM=2&wbtreeid=1021`. Attachments are `/system/_content/download.jsp?wbfileid=ID`.
- DedeCMS: `list_12_2.html` under a column whose first page is its folder, or `/plus/list.php?tid=12&PageNo=2`; articles are then
  `/plus/view.php?aid=345`.
- PHPCMS: `index.php?m=content&c=index&a=lists&catid=6&page=2`, rewritten as `list-6-2.html` or as `2.html` in the column's folder. Its link
  to the next page is on the last page one to itself, that to the previous one on the first page has `page=0`.
- PowerEasy (动易): `/Category_12/Index_2.aspx`, articles `/Item/345.aspx`, titles cut off in the row and whole in its tooltip.
- SiteServer: `/channels/12_2.html`, articles `/contents/12/345.html`. Some templates turn pages by a `<select>` alone. What its scripts
  post is in `siteserver.py`.

The pager (its links and the options of its `<select>`) tells the shape of the addresses, the printed counts tell how many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import ListPage
from giar_crawler.platforms.rows import PAGER, entries_of, printed_total
from giar_crawler.platforms.static import Static, next_link
from giar_crawler.platforms.trs import AHEAD
from giar_crawler.platforms.turns import ListRequest
from pipelines.data import load, pattern

SHAPE = {
    "addresses": [{"address": pattern, "joint?": str, "descends?": bool, "parameter?": str, "list?": str}],
    "pages": [pattern],
    "total": [pattern],
    "title?": pattern,
}
MOST_OPTIONS = 500
MOST_PAGES = 9999


@cache
def _families() -> dict[str, dict[str, Any]]:
    data: dict[str, dict[str, Any]] = load(Path(__file__).with_name("numbered.yaml"), {"*": SHAPE})
    return data


@dataclass(slots=True, frozen=True)
class _Place:
    """An address of a list: the list's name, the page's number (`None` for a first page without), and how its others are made."""

    of_list: str
    number: int | None
    url: str
    rule: dict[str, Any]

    def page(self, number: int) -> str:
        """The address of another page of this list."""
        parts = urlsplit(self.url)
        if "parameter" in self.rule:
            name = self.rule["parameter"]
            values = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key.lower() != name.lower()]
            return urlunsplit(parts._replace(query=urlencode([*values, (name, str(number))])))
        found = self.rule["address"].search(parts.path)
        path = f"{parts.path[: found.start()]}{found['head']}{self.rule['joint']}{number}{found['tail']}"
        return urlunsplit(parts._replace(path=path))


def numbered_families(besides: Collection[str] = ()) -> list[Numbered]:
    """The families of `numbered.yaml`, `besides` those that have a module of their own which uses theirs."""
    return [Numbered(name) for name in _families() if name not in besides]


class Numbered:
    """One of the families of `numbered.yaml`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def entries(self, page: ListPage) -> list[ListEntry]:
        """Every link of the page with the date of its row, without what a tooltip says beside the title."""
        rows, title = entries_of(page), _families()[self.name].get("title")
        if title is None:
            return rows
        found = ((row, title.search(row.title)) for row in rows)
        return [ListEntry(row.url, words[1], row.date) if words else row for row, words in found]

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The next pages by their numbers, else the page that a link calls the next."""
        own, pager = self._place(page.url), list(self._pager(page))
        if own is None or own.number is None:
            own = self._first(own, pager)
        if own is None:
            return Static().next_requests(page)
        linked = [place for place in pager if place.of_list == own.of_list and place.number is not None]
        most = max((place.number or 0 for place in linked), default=0)
        counted = self._counted("pages", page) or 0
        numbers = _following(own, most, counted if linked or counted > 1 else 0)
        if not numbers and not linked:
            return Static().next_requests(page)
        shape = linked[0] if linked else own
        urls = [shape.page(number) for number in numbers[:AHEAD]]
        # Where a list goes on in another shape (files for the newest pages, a script for the rest), only its own link says so.
        following = next_link(page)
        place = self._place(following) if following else None
        if following and (place is None or place.of_list != own.of_list):
            urls.insert(0, following)
        return [ListRequest(url) for url in urls]

    def total(self, page: ListPage) -> int | None:
        """The number of entries that the pager prints."""
        return self._counted("total", page) or printed_total(page)

    def number_of(self, url: str) -> int | None:
        """The number of the page at an address, `None` where it has none."""
        place = self._place(url)
        return place.number if place else None

    def _first(self, own: _Place | None, pager: list[_Place]) -> _Place | None:
        """The place of a page without a number: in the list that its pager links, where it has one."""
        lists = Counter(place.of_list for place in pager if place.number is not None)
        if own is not None and (own.of_list in lists or not lists):
            return own
        if not lists:
            return None
        name = lists.most_common(1)[0][0]
        linked = next(place for place in pager if place.of_list == name)
        return _Place(name, None, linked.url, linked.rule)

    def _place(self, url: str) -> _Place | None:
        """Where an address lies in a list of this family, `None` where it has none of its shapes."""
        parts = urlsplit(url)
        for rule in _families()[self.name]["addresses"]:
            found = rule["address"].search(parts.path)
            if not found:
                continue
            if "parameter" not in rule:
                number = found["number"]
                name = f"{parts.netloc}{parts.path[: found.start()]}{found['head']}{found['tail']}"
                return _Place(name, int(number) if number else None, url, rule)
            values = {key.lower(): value for key, value in parse_qsl(parts.query)}
            if rule["list"].lower() in values:
                number = values.get(rule["parameter"].lower(), "")
                name = f"{parts.netloc}{parts.path} {values[rule['list'].lower()]}"
                return _Place(name, int(number) if _is_number(number) else None, url, rule)
        return None

    def _pager(self, page: ListPage) -> Iterator[_Place]:
        """The pages that links and options of a `<select>` lead to."""
        urls = [anchor.url for anchor in page.anchors() if PAGER.match(anchor.text)]
        if page.root is not None:
            values = (option.get("value") for option in islice(page.root.iter("option"), MOST_OPTIONS))
            urls += [url for value in values if value and (url := absolute(page.base, value))]
        for url in urls:
            place = self._place(url)
            if place is not None:
                yield place

    def _counted(self, what: str, page: ListPage) -> int | None:
        for counts in _families()[self.name][what]:
            found = counts.search(page.text)
            if found:
                return int(found[1])
        return None


def _following(own: _Place, linked: int, pages: int) -> range:
    """The numbers of the pages after this one, with the highest number that the pager links and the number of pages that it prints."""
    if own.rule.get("descends"):
        highest = max(linked, pages - 1)
        start = own.number - 1 if own.number is not None else min(highest, MOST_PAGES)
        return range(start if highest > 0 else 0, 0, -1)
    return range((own.number or 1) + 1, min(max(linked, pages), MOST_PAGES) + 1)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PAGES))
