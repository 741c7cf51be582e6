"""Servers that say gzip and send none, or send gzip and say nothing (CNIPA forces it): the header is mended from the bytes."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from pipelines import stats

GZIP = b"\x1f\x8b"


class WireEncoding:
    """Stands between the archive, which keeps what came, and Scrapy's decompression, which believes the header."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002 # Scrapy passes arguments by name
        """The response with a Content-Encoding that is true of its bytes."""
        declared = b",".join(response.headers.getlist("Content-Encoding")).lower()
        kind = (response.headers.get("Content-Type") or b"").lower()
        if b"gzip" in declared and not response.body.startswith(GZIP):
            del response.headers["Content-Encoding"]
        elif (
            not declared
            and response.body.startswith(GZIP)
            and (not kind or kind.startswith(b"text/") or any(word in kind for word in (b"html", b"xml", b"json", b"script")))
        ):
            response.headers["Content-Encoding"] = b"gzip"
        else:
            return response
        self.crawler.stats.inc_value(stats.WIRE_ENCODING)
        return response
