"""Rows of a list in any markup: each link with the text around it that is its own."""

from __future__ import annotations

import re

from lxml import etree

from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.dates import row_date
from giar_crawler.platforms.page import Anchor, ListPage, spaced_text

ROWS = frozenset({"li", "tr", "dd", "dt", "p"})
LONGEST_ROW = 600
# Links that turn the page are no entries: each page has new ones, and a list would never end. A bare year is a list of its own.
PAGER = re.compile(
    r"^\W*(?:(?:首|尾|末|上一?|下一?|前一?|后一?)[页頁]|(?:第\s*)?(?!(?:19|20)\d\d\W*$)\d{1,4}(?:\s*[页頁])?|(?:prev|previous|next|older|newer|first|last)(?:\s*page)?)\W*$|^\W*$",
    re.IGNORECASE,
)


def _row(anchor: Anchor) -> etree._Element:
    """The element that is this link's row: the nearest list item or table row, else the highest element that holds no other link."""
    element = anchor.element
    for _ in range(6):
        parent = element.getparent()
        if parent is None or parent.tag in {"body", "html"}:
            return element
        if sum(1 for _ in zip(parent.iter("a"), range(2), strict=False)) > 1 and element.tag not in {"a", "td", "span"}:
            return element
        if sum(1 for _ in zip(parent.iter("a"), range(3), strict=False)) > 2:
            return element
        element = parent
        if element.tag in ROWS:
            return element
    return element


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
        date = row_date(row.replace(spaced_text(anchor.element), " "), anchor.url)
        found[anchor.url] = ListEntry(anchor.url, anchor.text, date or (known.date if known else None))
    return list(found.values())
