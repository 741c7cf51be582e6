"""The open-government platform of Anhui (also in Jiangxi, Qinghai, Inner Mongolia): lists by unit that a script's pager turns.

Columns are `/public/column/UNIT?type=4&catId=N&action=list`, articles `/public/UNIT/ID.html`; the other half of the family has
`/OpennessContent/showList/UNIT/COLUMN/page_1.html` and `/OpennessContent/show/ID.html`. Quirks: the pager is drawn by a script and has no
links; its counts are texts; beyond the last page the server gives the last one again. Where the pager's script says what it asks for
(`/site/label/8888?labelName=publicInfoList&pageIndex=2`), only that is turned: the column's own address gives its first page then.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import ListPage
from giar_crawler.platforms.rows import entries_of, printed_total
from giar_crawler.platforms.script_calls import turns_of
from giar_crawler.platforms.static import Static
from giar_crawler.platforms.turns import ListRequest

COLUMN = re.compile(r"/(?:public|content)/column/\d+", re.IGNORECASE)
LABEL = "/site/label/"
NUMBERED = re.compile(r"^(.*/(?:Branch)?OpennessContent/showList/.{1,200}/page_)(\d{1,5})(\.html)$", re.IGNORECASE)
COUNTED = re.compile(r"pageCount[\"']?\s*[:=]\s*[\"']?(\d{1,5})")
TOTAL = re.compile(r"[,{\s]total[\"']?\s*:\s*[\"']?(\d{1,7})")


class Anhui:
    """The open-government platform of Anhui."""

    name = "anhui"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """Every link of the page with the date of its row."""
        return entries_of(page)

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The next page by the pager's own count; else by the page's links."""
        counted = COUNTED.search(page.text)
        parts = urlsplit(page.url)
        numbered = NUMBERED.match(parts.path)
        if not counted or not (numbered or COLUMN.search(parts.path)):
            return Static().next_requests(page)
        if LABEL in page.text and (called := [request for request in turns_of(page) if LABEL in request.url]):
            return called
        if numbered:
            number = int(numbered[2]) + 1
            following = parts._replace(path=f"{numbered[1]}{number}{numbered[3]}")
        else:
            values = dict(parse_qsl(parts.query, keep_blank_values=True))
            here = values.get("pageIndex", "")
            number = (int(here) if here.isdecimal() and len(here) < 6 else 1) + 1
            following = parts._replace(query=urlencode({**values, "pageIndex": str(number)}))
        return [ListRequest(urlunsplit(following))] if number <= int(counted[1]) else []

    def total(self, page: ListPage) -> int | None:
        """The total of the pager, or what the page prints."""
        found = TOTAL.search(page.text) if COUNTED.search(page.text) else None
        return int(found[1]) if found else printed_total(page)
