"""Epoint EWB (新点): the column page is a template that a script fills, by a POST of JSON to `getgovinfolist`.

Quirks: the site's id (`siteGuid`) and the application's name stand in `webBuilderCommon.js`, seldom in the page; some applications read the
values only below `params`; the size of a page is cut without a word; pages count from 0, and the total is a text.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import ListPage
from giar_crawler.platforms.rows import entries_of, printed_total
from giar_crawler.platforms.static import Static
from giar_crawler.platforms.turns import ListRequest

ACTION = "/rest/lightfrontaction/getgovinfolist"
SCRIPT = "/js/webBuilderCommon.js"
ANSWER_ADDRESS = re.compile(r"/rest/lightfrontaction/getgovinfolist", re.IGNORECASE)
SCRIPT_ADDRESS = re.compile(r"webBuilderCommon\.js", re.IGNORECASE)
SCRIPT_SOURCE = re.compile(r"<script[^<>]{0,200}?src\s*=\s*[\"']([^\"'<>]{0,200}webBuilderCommon\.js[^\"'<>]{0,100})", re.IGNORECASE)
SITE = re.compile(r"siteInfo\s*=\s*\{([^{}]{1,3000})\}")
NUMBERS = re.compile(r"\b(categorynum|deptcode)[\"']?\s*[=:]\s*[\"']([\w-]{1,60})[\"']", re.IGNORECASE)
TAG = re.compile(r"<[^<>]{0,500}>")
ADDRESSES = ("infourl", "visiturl", "linkurl")
TITLES = ("realtitle", "title")
DATES = ("infodate", "handsdate", "pubdate")
PAGE_SIZE = 50
MOST_RECORDS = 1000
LONGEST_ANSWER = 4_000_000
LONGEST_TITLE = 500


class Epoint:
    """Epoint EWB."""

    name = "epoint"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """The records of an answer, else the links of the page."""
        if SCRIPT_ADDRESS.search(urlsplit(page.url).path):
            return []
        if not _is_answer(page):
            return entries_of(page)
        found = (_entry(page, record) for record in _custom(page)[0])
        return [entry for entry in found if entry]

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """From the column to the site's script where the page lacks its ids, from there to the first rows, and on to the last."""
        if _is_answer(page):
            return _following(page)
        numbers = {name.lower(): value for name, value in NUMBERS.findall(page.text)}
        numbers.update({name.lower(): value for name, value in parse_qsl(urlsplit(page.url).query)})
        category = numbers.get("categorynum")
        if not category:
            return Static().next_requests(page)
        wanted = {"deptcode": numbers.get("deptcode", ""), "categorynum": category}
        site = SITE.search(page.text)
        if site:
            about = dict(re.findall(r"(\w+)[\"']?\s*:\s*[\"']([^\"']*)[\"']", site[1]))
            url = absolute(page.url, about.get("projectName", "").rstrip("/") + ACTION)
            return [_request(url, {**wanted, "siteGuid": about.get("siteGuid", "")}, 0, PAGE_SIZE)] if url else []
        if SCRIPT_ADDRESS.search(urlsplit(page.url).path):
            return []
        # What the script's answer cannot know travels in its address; a file is the same with any query.
        source = SCRIPT_SOURCE.search(page.text)
        url = absolute(page.base, (html.unescape(source[1]) if source else SCRIPT).partition("?")[0])
        return [ListRequest(f"{url}?{urlencode(wanted)}")] if url else []

    def total(self, page: ListPage) -> int | None:
        """The total of an answer, or what a page prints."""
        return _custom(page)[1] if _is_answer(page) else printed_total(page)


def _is_answer(page: ListPage) -> bool:
    return bool(ANSWER_ADDRESS.search(urlsplit(page.url).path))


def _loads(text: str | None) -> Any:  # noqa: ANN401 # JSON
    """The value of a JSON text, `None` where it is none or too long."""
    if not text or len(text) > LONGEST_ANSWER:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _custom(page: ListPage) -> tuple[list[dict[str, Any]], int | None]:
    """The records of an answer and its total."""
    answer = _loads(page.text)
    custom = answer.get("custom") if isinstance(answer, dict) else None
    custom = _loads(custom) if isinstance(custom, str) else custom
    if not isinstance(custom, dict):
        return [], None
    records = custom.get("data")
    total = str(custom.get("total", ""))
    found = [record for record in records[:MOST_RECORDS] if isinstance(record, dict)] if isinstance(records, list) else []
    return found, int(total) if total.isdecimal() and len(total) < 8 else None


def _entry(page: ListPage, record: dict[str, Any]) -> ListEntry | None:
    address, title, day = (_first(record, names) for names in (ADDRESSES, TITLES, DATES))
    url = absolute(urljoin(page.url, "/"), address) if address else None
    return ListEntry(url, html.unescape(TAG.sub("", title)).strip()[:LONGEST_TITLE], day[:10] or None) if url else None


def _first(record: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((value.strip() for name in names if isinstance(value := record.get(name), str) and value.strip()), "")


def _request(url: str, wanted: dict[str, Any], number: int, size: int, *, below: bool = False) -> ListRequest:
    values = {**wanted, "pageIndex": number, "pageSize": size}
    asked = {"token": "", "params": values} if below else values
    return ListRequest(url, posted=json.dumps(asked, ensure_ascii=False), content_type="application/json")


def _following(page: ListPage) -> list[ListRequest]:
    """The request after an answer: the next page, or the same one in the other form where nothing came."""
    asked = _loads(page.posted)
    below = isinstance(asked, dict) and isinstance(asked.get("params"), dict)
    values = asked["params"] if below else asked
    if not isinstance(values, dict):
        return []
    number, size = values.get("pageIndex"), values.get("pageSize")
    if not isinstance(number, int) or not isinstance(size, int) or size < 1:
        return []
    records, total = _custom(page)
    if not records:
        return [_request(page.url, values, 0, size, below=True)] if number == 0 and not below and not total else []
    if number == 0 and total and len(records) < min(size, total):
        # So many it gives and no more; from now on both mean the same by a page.
        size = len(records)
    if (number + 1) * size >= total if total is not None else len(records) < size:
        return []
    return [_request(page.url, values, number + 1, size, below=below)]
