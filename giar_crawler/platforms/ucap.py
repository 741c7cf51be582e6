"""UCAP (开普云): lists as files (`list.shtml`, `list_2.shtml`), or drawn from the JSON of a search for the column's id.

The page says which column it is (`<meta name="channelId">`, 32 hexadecimal digits); the call itself is often in a script of its own.
Quirks: `createPageHTML` counts from 1 here and the second page is `list_2`; the search is `/common/search/`, on some portals `/search/`
or `/searchList/`; without `_isJson` it answers with a page; every row holds the article's whole text, so that a page of many rows has
megabytes, and servers cut `_pageSize`; addresses come without scheme. The tax administration asks by POST (`/getFileListByCodeId`),
with the same answer one level deeper. Portals that want a token made by a script in each call give nothing here.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.answers import day, number, object_of, objects, part, words
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import ListPage
from giar_crawler.platforms.rows import entries_of
from giar_crawler.platforms.static import Static
from giar_crawler.platforms.trs import scripted_pages, scripted_total
from giar_crawler.platforms.turns import ListRequest

# What the systems' own lists ask for at most; more brings answers of many megabytes, for each row has its article.
PAGE_SIZE = 20
MOST_ROWS = 1000
MOST_CALLS = 5
MOST_PAGES = 2000
CHANNEL = re.compile(
    r"<meta\s+name=[\"']channelId[\"']\s+content=[\"']([0-9a-f]{32})[\"']|\bchannelId\s*[:=]\s*[\"']([0-9a-f]{32})[\"']", re.IGNORECASE
)
# The call with its id, or put together with the id by the script.
CALL = re.compile(r"(/(?:common/search|searchList|search)/)(?:([0-9a-f]{32})\b|[\"']\s*\+)")
SEARCH = "/common/search/"
POSTED = "/getFileListByCodeId"
ANSWER = re.compile(rf"(?:/(?:common/search|searchList|search)/[0-9a-f]{{32}}|{POSTED})$")
# What the script says of the page's own number differs between versions; the second file is always this one.
SECOND = 2


class Ucap:
    """UCAP."""

    name = "ucap"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """The rows of a search's answer, or the links of a plain page."""
        data = _data(page)
        if data is None:
            return entries_of(page)
        found = []
        for row in objects(data["results"], MOST_ROWS):
            address, title = row.get("url"), words(row.get("title"))
            url = absolute(page.url, address) if isinstance(address, str) else None
            if url and title:
                found.append(ListEntry(url, title, day(row.get("publishedTimeStr"))))
        return found

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The next file where a script counts files, else the search for the column, page by page."""
        data = _data(page)
        if data is not None:
            return self._following(page, data)
        if ANSWER.search(urlsplit(page.url).path):
            return []
        files = scripted_pages(page, SECOND)
        return (self._first(page) or Static().next_requests(page)) if files is None else files

    def total(self, page: ListPage) -> int | None:
        """The count of the answer, of the script that turns the pages, or the one printed."""
        data = _data(page)
        return scripted_total(page) if data is None else number(data.get("total"))

    def _first(self, page: ListPage) -> list[ListRequest]:
        meant = CHANNEL.search(page.text)
        channel = (meant[1] or meant[2]).lower() if meant else None
        if channel and POSTED in page.text:
            return self._post(page, {"codeId": "", "channelId": channel, "page": "1", "size": str(PAGE_SIZE)})
        calls = dict.fromkeys((call[1], call[2] or channel) for call in CALL.finditer(page.text))
        named = [f"{path}{found}" for path, found in calls if found][:MOST_CALLS]
        paths = named or ([f"{SEARCH}{channel}"] if channel else [])
        asked = {"_isAgg": "true", "_isJson": "true", "_pageSize": str(PAGE_SIZE), "_template": "index", "page": "1"}
        urls = (absolute(page.url, f"{path}?{urlencode(asked)}") for path in paths)
        return [ListRequest(url) for url in urls if url]

    def _following(self, page: ListPage, data: dict[str, Any]) -> list[ListRequest]:
        """The request after an answer, until its total is reached or an answer is empty.

        A server that gave fewer rows than asked for is asked for so many from now on: then both sides count the same pages.
        """
        query = page.posted if page.posted is not None else urlsplit(page.url).query
        values, size = dict(parse_qsl(query, keep_blank_values=True)), "size" if page.posted is not None else "_pageSize"
        here, asked, shown = number(values.get("page")) or 1, number(values.get(size)) or PAGE_SIZE, len(data["results"])
        rows = min(asked, shown) if here == 1 else asked
        total = number(data.get("total"))
        if not shown or here >= MOST_PAGES or (total is not None and max(here * rows, shown) >= total):
            return []
        values.update({"page": str(here + 1), size: str(rows)})
        if page.posted is not None:
            return self._post(page, values)
        return [ListRequest(urlunsplit(urlsplit(page.url)._replace(query=urlencode(values))))]

    def _post(self, page: ListPage, values: dict[str, str]) -> list[ListRequest]:
        url = absolute(page.url, POSTED)
        return [ListRequest(url, posted=urlencode(values))] if url else []


def _data(page: ListPage) -> dict[str, Any] | None:
    """The part of an answer that holds the rows, `None` for any other page."""
    if not ANSWER.search(urlsplit(page.url).path):
        return None
    answer = object_of(page.text)
    for data in (part(answer, "data"), part(answer, "results", "data")):
        if isinstance(data, dict) and isinstance(data.get("results"), list):
            return data
    return None
