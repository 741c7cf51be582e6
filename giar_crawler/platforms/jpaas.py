"""Hanweb jpaas (大汉, follows JCMS): a page is put together of units, and the list is the HTML that the server builds of one of them.

A unit is a script `…/AuthorizedRead/unitbuild.js` with attributes: its `url` (`/api-gateway/jpaas-publish-server/front/page/build/unit`)
with `queryData` as parameters answers `{"data": {"html": "<ul>…"}}`.
Quirks: the page number goes in `paramJson={"pageNo":2,"pageSize":"50"}`, alone it is ignored; `bulidstatic` is the real spelling, so
parameters are sent as they stand; the names of units (`tagId`) are Chinese and must be sent as UTF-8, else `success` is false; a header
or a menu is a unit as well; some servers give the first page whatever is asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.answers import number, object_of, part
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import ListPage, page_of_text
from giar_crawler.platforms.rows import entries_of, printed_total
from giar_crawler.platforms.turns import ListRequest

# Portals that publish by the thousand answer so many rows at once.
PAGE_SIZE = 50
MOST_PAGES = 500
MOST_UNITS = 4
MOST_SCRIPTS = 300
LONGEST_QUERY = 2000
ADDRESS = "/jpaas-publish-server/front/page/build/unit"
PAIR = re.compile(r"[\"'](\w{1,40})[\"']\s*:\s*(?:\"([^\"]{0,200})\"|'([^']{0,200})')")
# Units by the names that their makers gave them: what is surely a list, and what surely is none.
LISTS = re.compile(r"列表|内容|信息|分页|右侧|list|ajax", re.IGNORECASE)
FRAMES = re.compile(
    r"导航|头部|底部|尾部|页头|页脚|页眉|位置|菜单|友情|链接|轮播|搜索|^(?:head|foot|nav|menu|top|banner|logo)", re.IGNORECASE
)
# The call that draws the pager: oLayPageRender("…", {rows:"20", count:"585", pageNo:"1"}).
COUNT = re.compile(r"\bcount[\"']?\s*[:=]\s*[\"']?(\d{1,7})")
ROWS = re.compile(r"\b(?:rows|pageSize)[\"']?\s*[:=]\s*[\"']?(\d{1,4})")
HERE = re.compile(r"\bpageNo[\"']?\s*[:=]\s*[\"']?(\d{1,5})")


class Jpaas:
    """Hanweb jpaas."""

    name = "jpaas"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """The rows of a unit's HTML, or the links of the page."""
        return entries_of(page_of_text(page.url, _built(page))) if _is_answer(page) else entries_of(page)

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The page's units that are or may be lists; after one's answer its next page, until the count is reached or an answer is empty."""
        if _is_answer(page):
            return self._following(page)
        units = list(islice(_units(page), MOST_UNITS * 4))
        named = [unit for unit in units if LISTS.search(unit[1].get("tagId", ""))]
        return [request for url, values in (named or units)[:MOST_UNITS] for request in _request(url, values, 1, PAGE_SIZE)]

    def total(self, page: ListPage) -> int | None:
        """The count that a unit's pager is drawn with, or the one printed."""
        if not _is_answer(page):
            return None
        built = _built(page)
        counted = COUNT.search(built)
        return int(counted[1]) if counted else printed_total(page_of_text(page.url, built))

    def _following(self, page: ListPage) -> list[ListRequest]:
        """The next page of a unit. What the server's pager says of the page and its rows counts more than what was asked for."""
        values = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
        asked = object_of(values.get("paramJson", ""))
        here, size = number(asked.get("pageNo")) or 1, number(asked.get("pageSize")) or PAGE_SIZE
        built, shown = _built(page), len(self.entries(page))
        stated, rows, total = HERE.search(built), ROWS.search(built), self.total(page)
        if not shown or here >= MOST_PAGES or (stated and int(stated[1]) not in (0, here)):
            return []
        if here == 1 and shown < size:
            size = min(size, number(rows[1]) or size) if rows else shown
        if total is not None and here * size >= total:
            return []
        return _request(page.url, values, here + 1, size)


def _is_answer(page: ListPage) -> bool:
    return urlsplit(page.url).path.endswith(ADDRESS)


def _built(page: ListPage) -> str:
    """The HTML that an answer holds."""
    found = part(object_of(page.text), "data", "html")
    return found if isinstance(found, str) else ""


def _units(page: ListPage) -> Iterator[tuple[str, dict[str, str]]]:
    """The units of a page, without its frame: the address that builds them and its parameters."""
    if page.root is None:
        return
    for script in islice(page.root.iter("script"), MOST_SCRIPTS):
        address, query = script.get("url") or "", (script.get("querydata") or "")[:LONGEST_QUERY]
        values = {name: double or single for name, double, single in PAIR.findall(query)}
        url = absolute(page.base, address)
        if url and urlsplit(url).path.endswith(ADDRESS) and values and not FRAMES.search(values.get("tagId", "")):
            yield url, values


def _request(url: str, values: dict[str, str], here: int, size: int) -> list[ListRequest]:
    asked = json.dumps({"pageNo": here, "pageSize": str(size)}, separators=(",", ":"))
    query = urlencode({**values, "paramJson": asked})
    return [ListRequest(urlunsplit(urlsplit(url)._replace(query=query)))]
