"""Hanweb JCMS (大汉版通): the first rows lie in the page as data islands, the rest comes from `dataproxy.jsp`.

Quirks: some servers ignore `startrecord` and honour only `page`; ranges above 100 rows are cut; some answer 405, or nothing, to GET and
want the POST that the script itself sends; `columnid` and `unitid` may be encrypted and then stand in `nextgroup` alone.
"""

from __future__ import annotations

import html
import re
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from giar_crawler.platforms import jpage
from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.base import ListEntry
from giar_crawler.platforms.page import ListPage
from giar_crawler.platforms.rows import entries_of
from giar_crawler.platforms.turns import ListRequest

HREF = re.compile(r"href\s*=\s*[\"']([^\"']+)[\"']")
PROXY_ADDRESS = re.compile(r"dataproxy\.jsp", re.IGNORECASE)
MOST_GROUPS = 20
# Rows of one request: more are cut by some servers.
MOST_ROWS = 100
ENCRYPTED = ("columnid", "unitid")
RANGE = ("startrecord", "endrecord", "perpage", "page")


class Jcms:
    """Hanweb JCMS."""

    name = "jcms"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """The rows of the data islands and of dataproxy answers, then the links of the plain page."""
        rows = jpage.rows(page.url, jpage.records(page.text))
        return rows if _is_proxy(page.url) else [*rows, *entries_of(page)]

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The following rows: from the proxy by number of row and of page at once, and through `nextgroup` as the second way.

        The range holds many pages, but the page's size stays the portal's own: where a server honours only `page`, it means the same rows.
        """
        if _is_proxy(page.url) and "startrecord=" in page.url:
            return self._following(page)
        groups = _next_groups(page)
        calls = list(jpage.calls(page.text))
        islands = list(islice(jpage.between(page.text, "datastore"), jpage.MOST_CALLS + 1))
        # The islands stand in the order of their calls; where that is not plain, all rows of the page are taken for one list.
        own = (
            [len(jpage.records(island)) for island in islands]
            if len(islands) == len(calls)
            else [len(jpage.records(page.text))] * len(calls)
        )
        found = [request for call, loaded in zip(calls, own, strict=True) for request in _first(page, call, loaded, groups)]
        if calls and not found and all(call.total for call in calls):
            return []
        return [*found, *(ListRequest(group, spare=bool(found)) for group in groups)]

    def total(self, page: ListPage) -> int | None:
        """The count of the first call of the page, or of the proxy's answer."""
        return jpage.total_of(page.text)

    def _following(self, page: ListPage) -> list[ListRequest]:
        """The request after a proxy's answer: the same with the next rows, until the total is reached or an answer is empty.

        An empty answer to GET is asked for once more by POST before it is taken for the end.
        """
        values = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
        found = len(jpage.records(page.text))
        start, per_page = jpage.number(values.get("startrecord"), 1), jpage.number(values.get("perpage"), 15)
        total = jpage.TOTAL.search(page.text)
        if total and start + found > int(total[1]):
            return []
        if found:
            return [_request(page.url, values, start + found, per_page, posted=page.posted)]
        return [] if page.posted is not None else [_by_post(page.url, values)]


def _first(page: ListPage, call: jpage.Call, loaded: int, groups: list[str]) -> list[ListRequest]:
    """The request for the rows after those that lie in the page, from the arguments of one `jpage` call."""
    values = dict(call.parameters)
    # The island of a server with encrypted ids has them in `nextgroup` alone; the plain ones bring empty answers there.
    for group in groups:
        hidden = dict(parse_qsl(urlsplit(group).query))
        if hidden.get("unitid") and not hidden["unitid"].isdigit():
            values.update({key: hidden[key] for key in ENCRYPTED if key in hidden})
    loaded = loaded or call.per_page
    url = absolute(page.base, call.proxy)
    if url is None or (call.total and loaded >= call.total):
        return []
    start = loaded // call.per_page * call.per_page + 1
    return [_request(url, values, start, call.per_page, posted=None)]


def _request(url: str, values: dict[str, str], start: int, per_page: int, *, posted: str | None) -> ListRequest:
    """The request for the rows from `start` on; like the answer before it a POST of `posted`, else a GET with the POST behind it."""
    rows = per_page * max(1, MOST_ROWS // per_page)
    numbers = (start, start + rows - 1, per_page, (start - 1) // per_page + 1)
    asked = {**values, **dict(zip(RANGE, map(str, numbers), strict=True))}
    address = urlunsplit(urlsplit(url)._replace(query=urlencode(asked)))
    if posted is not None:
        return ListRequest(address, posted=posted)
    return ListRequest(address, otherwise=_by_post(url, asked))


def _by_post(url: str, values: dict[str, str]) -> ListRequest:
    """The same request in the script's own way: the range in the address, the rest in the form."""
    asked = {key: values[key] for key in RANGE if key in values}
    rest = {key: value for key, value in values.items() if key not in RANGE}
    return ListRequest(urlunsplit(urlsplit(url)._replace(query=urlencode(asked))), posted=urlencode(rest))


def _next_groups(page: ListPage) -> list[str]:
    links = (HREF.search(group) for group in islice(jpage.between(page.text, "nextgroup"), MOST_GROUPS))
    return [url for url in (absolute(page.base, html.unescape(link.group(1))) for link in links if link) if url]


def _is_proxy(url: str) -> bool:
    return bool(PROXY_ADDRESS.search(url))
