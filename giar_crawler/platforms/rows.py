"""Rows of a list in any markup: each link with the text around it that is its own."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.dates import row_date
from giar_crawler.platforms.page import LINKS, Anchor, ListPage, spaced_text

ROWS = frozenset({"li", "tr", "dd", "dt", "p"})
LONGEST_ROW = 600
TOTAL = re.compile(r"(?:共|总计|合计)\s*(\d{1,6})\s*(?:条|篇|个)?\s*(?:记录|信息|文章|数据|条|篇)|总(?:记录|条|信息)数?\s*[::]\s*(\d{1,6})")
MOST_PAGER = 1000
# Links that turn the page are no entries: each page has new ones, and a list would never end. A bare year is a list of its own.
PAGER = re.compile(
    r"^\W*(?:(?:首|尾|末|上一?|下一?|前一?|后一?)[页頁]|(?:第\s*)?(?!(?:19|20)\d\d\W*$)\d{1,4}(?:\s*[页頁])?|(?:prev|previous|next|older|newer|first|last)(?:\s*page)?)\W*$|^\W*$",
    re.IGNORECASE,
)


def _row(anchor: Anchor) -> etree._Element:
    """The element that is this link's row: the nearest list item or table row, else the highest element that holds no other link."""
    element = anchor.element
    for _ in range(6 if element.tag in LINKS else 0):
        parent = element.getparent()
        if parent is None or parent.tag in {"body", "html"}:
            return element
        links = len(list(islice(parent.iter("a"), 3)))
        if links > 2 or (links > 1 and element.tag not in {"a", "td", "span"}):
            return element
        element = parent
        if element.tag in ROWS:
            return element
    return element


def printed_total(page: ListPage) -> int | None:
    """The number of entries that a list prints beside its pages: 共31条, 总记录数:31; `None` where it prints none."""
    found = TOTAL.search(page.visible[-MOST_PAGER:])
    return int(found[1] or found[2]) if found else None


def entries_of(page: ListPage) -> list[ListEntry]:
    """Every link of the page as a row of a list. Of several links to one address the one with the longest words stays."""
    found: dict[str, ListEntry] = {}
    for anchor in page.anchors():
        if PAGER.match(anchor.text):
            continue
        known = found.get(anchor.url)
        if known is not None and len(known.title) >= len(anchor.text):
            continue
        row = spaced_text(_row(anchor))[:LONGEST_ROW]
        date = row_date(row.replace(anchor.own_text, " "), anchor.url)
        found[anchor.url] = ListEntry(anchor.url, anchor.text, date or (known.date if known else None))
    return list(found.values())
