"""The page of an answer, read once: the middlewares look for challenges on it, the spider for links."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.http import Response

from giar_crawler.platforms import ListPage, read_page

_pages: WeakKeyDictionary[Response, ListPage] = WeakKeyDictionary()


def page_of(response: Response, request: Request, encoding: str | None) -> ListPage:
    """The page that came for a request; `encoding` is that of the portal where the register has it."""
    page = _pages.get(response)
    if page is None:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        posted = request.body.decode("utf-8", "replace") if request.method == "POST" else None
        page = _pages[response] = read_page(response.url, response.body, content_type, encoding, posted)
    return page
