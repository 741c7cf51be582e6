"""Hanweb JCMS (大汉版通): the first rows lie in the page as data islands, the rest comes from `dataproxy.jsp`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from giar_crawler.platforms.base import ListEntry, ListRequest
from giar_crawler.platforms.page import ListPage, absolute, page_of_text
from giar_crawler.platforms.rows import entries_of

HREF = re.compile(r"href\s*=\s*[\"']([^\"']+)[\"']")
PROXY = re.compile(r"proxyUrl\s*:\s*[\"']([^\"']+)[\"']")
PARAMETERS = re.compile(r"ajaxParam\s*:\s*\{([^{}]*)\}")
PAIR = re.compile(r"\b(\w{1,40})[\"']?\s*:\s*(?:[\"']([^\"']*)[\"']|([\w.+-]+))")
TOTAL = re.compile(r"<totalrecord>\s*(\d{1,7})\s*</totalrecord>")
PROXY_ADDRESS = re.compile(r"dataproxy\.jsp", re.IGNORECASE)
MOST_RECORDS = 3000
MOST_GROUPS = 20
MOST_CALLS = 20
LONGEST_CALL = 5000
ENCRYPTED = ("columnid", "unitid")


class Jcms:
    """Hanweb JCMS."""

    name = "jcms"

    def entries(self, page: ListPage) -> list[ListEntry]:
        """The rows of the data islands and of dataproxy answers, then the links of the plain page."""
        records = self._records(page)
        rows = entries_of(page_of_text(page.url, "\n".join(records))) if records else []
        return rows if _is_proxy(page.url) else [*rows, *entries_of(page)]

    def next_requests(self, page: ListPage) -> list[ListRequest]:
        """The following rows: from the proxy by number of row and of page at once, and through `nextgroup` as the second way.

        Some servers ignore `startrecord` and honour only `page`, some cut `perpage`: both are sent, and always mean the same rows.
        """
        if _is_proxy(page.url) and "startrecord=" in page.url:
            return [*self._following(page), *self._next_group(page)]
        groups = self._next_group(page)
        found = [request for block in _calls(page.text) for request in self._first(page, block, groups)]
        return [*found, *(ListRequest(group.url, spare=bool(found)) for group in groups)]

    def _records(self, page: ListPage) -> list[str]:
        return list(islice(_between(page.text, "record"), MOST_RECORDS))

    def _first(self, page: ListPage, block: str, groups: list[ListRequest]) -> list[ListRequest]:
        """The request for the rows after those that lie in the page, from the arguments of one `jpage` call."""
        proxy, parameters = PROXY.search(block), PARAMETERS.search(block)
        if not proxy or not parameters:
            return []
        options = {key: quoted or bare for key, quoted, bare in PAIR.findall(block.replace(parameters.group(0), ""))}
        values = {key: quoted or bare for key, quoted, bare in PAIR.findall(parameters.group(1))}
        # The island of a server with encrypted ids has them in `nextgroup` alone; the plain ones bring empty answers there.
        for group in groups:
            hidden = dict(parse_qsl(urlsplit(group.url).query))
            if hidden.get("unitid") and not hidden["unitid"].isdigit():
                values.update({key: hidden[key] for key in ENCRYPTED if key in hidden})
        per_page = _number(options.get("perPage"), 15)
        total = _number(options.get("totalRecord"), 0)
        loaded = len(self._records(page)) or per_page
        if total and loaded >= total:
            return []
        number = loaded // per_page + 1
        return self._request(absolute(page.base, proxy.group(1)), values, number, (number - 1) * per_page + 1, per_page)

    def _following(self, page: ListPage) -> list[ListRequest]:
        """The request after a proxy's answer: the same with the next rows, until the total is reached or an answer is empty."""
        values = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
        records = len(self._records(page))
        if not records:
            return []
        total = TOTAL.search(page.text)
        start, asked = _number(values.get("startrecord"), 1), _number(values.get("perpage"), 15)
        number, per_page = _number(values.get("page"), 1) + 1, min(asked, records)
        start += records
        if total and start > int(total[1]) and (number - 1) * asked >= int(total[1]):
            return []
        return self._request(page.url, values, number, start, per_page)

    def _request(self, url: str | None, values: dict[str, str], number: int, start: int, per_page: int) -> list[ListRequest]:
        if url is None:
            return []
        rows = {"startrecord": str(start), "endrecord": str(start + per_page - 1), "perpage": str(per_page), "page": str(number)}
        address = urlunsplit(urlsplit(url)._replace(query=urlencode({**values, **rows})))
        return [ListRequest(address)]

    def _next_group(self, page: ListPage) -> list[ListRequest]:
        links = (HREF.search(group) for group in islice(_between(page.text, "nextgroup"), MOST_GROUPS))
        urls = (absolute(page.base, html.unescape(link.group(1))) for link in links if link)
        return [ListRequest(url, spare=True) for url in urls if url]


def _calls(text: str) -> Iterator[str]:
    """The arguments of the `jpage` calls of a page."""
    for piece in text.split(".jpage(", MOST_CALLS)[1:]:
        arguments, closed, _ = piece[:LONGEST_CALL].partition("})")
        if closed:
            yield arguments


def _between(text: str, name: str) -> Iterator[str]:
    """The contents of all elements of this name, out of their CDATA or unescaped; in one pass, whatever is left open."""
    for piece in text.split(f"<{name}>")[1:]:
        content, closed, _ = piece.partition(f"</{name}>")
        if closed:
            content = content.strip()
            marked = content.startswith("<![CDATA[")
            yield content.removeprefix("<![CDATA[").removesuffix("]]>") if marked else html.unescape(content)


def _is_proxy(url: str) -> bool:
    return bool(PROXY_ADDRESS.search(url))


def _number(text: str | None, default: int) -> int:
    """A positive number of a page's script, or the default: it comes from outside and may be anything."""
    return int(text) if text and text.isdigit() and 0 < int(text[:9]) <= 100_000 else default
