"""truecms (Nantong and its counties, Lianyungang): the `jpage` script with `getMessage.do` behind it, which answers JSON(P) around XML.

Quirks: a server sends nothing at all for more rows than it likes (50, 20 or 10), and 404 to whoever names no page that he comes from.
"""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from giar_crawler.platforms import jpage
from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import ListPage
from giar_crawler.platforms.rows import entries_of
from giar_crawler.platforms.turns import ListRequest

ANSWER_ADDRESS = re.compile(r"messageController/getMessage\.do", re.IGNORECASE)
CALLBACK = "jsonpcallback"
# Rows of a request: what most servers take, then what all do. The walk leaves a list after two empty answers.
SIZES = (50, 10)
LONGEST_ANSWER = 4_000_000


class TrueCms:
    """truecms."""

    name = "truecms"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """The rows that stand in the page's script or in an answer, then the links of the page."""
        if _is_answer(page):
            return jpage.rows(page.url, jpage.records(_xml(page.text)))
        return [*jpage.rows(page.url, jpage.records(page.text)), *entries_of(page)]

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The rows after those of the page, then after those of each answer; fewer at once where nothing came."""
        if _is_answer(page):
            return _following(page)
        loaded = len(jpage.records(page.text))
        found = ((absolute(page.base, call.proxy), call) for call in jpage.calls(page.text) if ANSWER_ADDRESS.search(call.proxy))
        return [
            _request(url, {**call.parameters, "callback": CALLBACK}, loaded + 1, SIZES[0])
            for url, call in found
            if url and not (call.total and loaded >= call.total)
        ]

    def total(self, page: ListPage) -> int | None:
        """The total of an answer or of the page's call."""
        return jpage.total_of(_xml(page.text) if _is_answer(page) else page.text)


def _is_answer(page: ListPage) -> bool:
    return bool(ANSWER_ADDRESS.search(urlsplit(page.url).path))


def _xml(text: str) -> str:
    """The XML of an answer: as such, as the `result` of JSON, or as that in the call of a function."""
    start, end = text.find("{"), text.rfind("}")
    if not 0 <= start < end or len(text) > LONGEST_ANSWER:
        return text
    try:
        answer = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return text
    result = answer.get("result") if isinstance(answer, dict) else None
    return result if isinstance(result, str) else text


def _following(page: ListPage) -> list[ListRequest]:
    values = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    start, size = jpage.number(values.get("startrecord"), 1), jpage.number(values.get("perpage"), SIZES[-1])
    xml = _xml(page.text)
    found, total = len(jpage.records(xml)), jpage.TOTAL.search(xml)
    if total and start + found > int(total[1]):
        return []
    if not found:
        smaller = next((one for one in SIZES if one < size), None)
        return [_request(page.url, values, start, smaller)] if smaller else []
    return [] if not total and found < size else [_request(page.url, values, start + found, size)]


def _request(url: str, values: dict[str, str], start: int, size: int) -> ListRequest:
    rows = {"startrecord": str(start), "endrecord": str(start + size - 1), "perpage": str(size)}
    return ListRequest(urlunsplit(urlsplit(url)._replace(query=urlencode({**values, **rows}))))
