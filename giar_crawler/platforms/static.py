"""Lists of any system, found by their structure: rows of links, and a link to the next page or to all pages."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, cast

from lxml import etree

from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import Anchor, ListPage
from giar_crawler.platforms.pagers import drawn_next, drawn_pages
from giar_crawler.platforms.rows import entries_of, printed_total
from giar_crawler.platforms.script_calls import turns_of
from giar_crawler.platforms.script_values import is_library
from giar_crawler.platforms.turns import ListRequest, Source
from giar_crawler.platforms.written import clicked
from pipelines.decode.tree import folded

NEXT_WORDS = re.compile(r"^\W*(?:下一?页|下一頁|后一?页|next(?:\s*page)?|older)\W*$", re.IGNORECASE)
NEXT_MARKS = {">", "»", "›", "&gt;"}
MOST_NUMBERED = 60
# Script files of one page that are looked at; those that a page has last are its own.
MOST_FILES = 3
# What a first page prints of its pages, and the link to the second.
PRINTED_PAGES = re.compile(r"共\s*(\d{1,4})\s*页|(?<!\d)1\s*/\s*(\d{1,4})\s*页")
SECOND = re.compile(r"\W*(?:第\s*)?2(?:\s*页)?\W*")
AHEAD_WORDS = re.compile(r"\W*(?:下一?页|后一?页|[尾末]页|最后一?页|[>»›]{1,2})\W*")
FURTHER = re.compile(r"\(\s*[\"']?(?:[2-9]|[1-9]\d{1,3})\s*[\"']?\s*[,)]")
# A button below a list whose rest a script fetches.
LOADED = re.compile(r"\W*(?:点击|点此|下拉|上拉|上滑)?(?:加载|载入|显示|展开)更多(?:内容|信息|数据)?\W*")
# The same where no address stands behind it; with one it leads to another column.
VIEWED = re.compile(r"\W*(?:点击)?查看更多(?:内容|信息|数据)?\W*")
# A link to the next page without words has a picture of an arrow.
ARROW = re.compile(r"(?:^|[/_-])(?:(?:page|btn|icon)_?)?(?:next(?:_?page)?|xyy|xiayiye)\d?\.(?:gif|png|jpe?g|svg)$", re.IGNORECASE)
# The words of a button.
MOST_PIECES, LONGEST_LABEL = 20, 200
SCRIPTED = "//a[not(@href) or starts-with(@href,'javascript:') or starts-with(@href,'#')] | //*[@onclick]"
ADDRESSES = ("http", "/", ".", "?")
MOST_ELEMENTS, MOST_PAGER = 3000, 1000


def next_link(page: ListPage) -> str | None:
    """The address behind the link that says that it is the next page's, `None` where there is none."""
    for anchor in page.anchors():
        if anchor.url != page.url and (NEXT_WORDS.match(anchor.text) or anchor.text in NEXT_MARKS or _shows_next(anchor)):
            return anchor.url
    return None


def _shows_next(anchor: Anchor) -> bool:
    """Whether a link that has no words shows an arrow, or one that a script follows brings more rows."""
    if anchor.text:
        return any(one.fullmatch(anchor.text) for one in (LOADED, VIEWED)) and not (anchor.element.get("href") or "#").startswith(ADDRESSES)
    return any(ARROW.search(picture.get("src") or "") for picture in anchor.element.iter("img"))


def has_more(page: ListPage) -> bool:
    """Whether the first page of a list says that there is a second, be it in words or with a link that only a script can follow."""
    printed = (int(found[1] or found[2]) for found in PRINTED_PAGES.finditer(page.visible[-MOST_PAGER:]))
    if any(pages > 1 for pages in printed) or drawn_pages(page) > 1:
        return True
    if any(SECOND.fullmatch(words) or VIEWED.fullmatch(words) for words in _words(page, SCRIPTED)) or _calls_further(page):
        return True
    return any(LOADED.fullmatch(words) for words in _words(page, "//a | //button | //*[contains(@class,'more')] | //*[@onclick]"))


def _calls_further(page: ListPage) -> bool:
    """Whether the link to the next or the last page calls something with the number of a later page than the first."""
    elements = cast("list[Any]", page.root.xpath("//a | //*[@onclick]")) if page.root is not None else []
    calls = (clicked(element) for element in elements[:MOST_ELEMENTS] if AHEAD_WORDS.fullmatch(_label(element)))
    return any(FURTHER.search(call) for call in calls)


def _words(page: ListPage, xpath: str) -> list[str]:
    elements = cast("list[Any]", page.root.xpath(xpath)) if page.root is not None else []
    return [_label(element) for element in elements[:MOST_ELEMENTS]]


def _label(element: etree._Element) -> str:
    """The words of a button, its pieces apart. What holds more is none: elements within elements would all be read to their end."""
    pieces = [str(piece) for piece in islice(element.itertext(), MOST_PIECES + 1)]
    return folded(" ".join(pieces)) if len(pieces) <= MOST_PIECES and sum(map(len, pieces)) <= LONGEST_LABEL else ""


def _script_files(page: ListPage) -> list[ListRequest]:
    """The portal's own script files, where one of them has to fetch the rows of the list, or its further pages."""
    own = [url for url in dict.fromkeys(page.scripts()) if not is_library(url)][-MOST_FILES:]
    if not own or page.drawn or (any(entry.date for entry in entries_of(page)) and not has_more(page)):
        return []
    return [ListRequest(url, spare=True, source=Source(page.url, page.text)) for url in own]


class Static:
    """Static lists."""

    name = "static"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """Every link of the page with the date of its row."""
        return entries_of(page)

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The page behind the link that says so, else all numbered pages, else the next one of a pager that a script draws or asks for."""
        following = next_link(page)
        if following is None and (numbered := self._numbered(page)):
            return numbered
        following = following or drawn_next(page)
        return [ListRequest(following)] if following else turns_of(page) or _script_files(page)

    def total(self, page: ListPage) -> int | None:
        """The count that the list prints, 共31条 (of pages, 共3页, nothing follows)."""
        return printed_total(page)

    def _numbered(self, page: ListPage) -> list[ListRequest]:
        """The pages behind links that are bare numbers (第2页, [2], 2), where at least one of them is."""
        found = dict.fromkeys(
            anchor.url
            for anchor in page.anchors()
            if re.fullmatch(r"\W*(?:第\s*)?\d{1,3}(?:\s*页)?\W*", anchor.text) and anchor.url != page.url
        )
        return [ListRequest(url) for url in list(found)[:MOST_NUMBERED]]
