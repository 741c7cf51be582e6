"""The Content-Encoding of answers, told from their bytes: servers say gzip and send none, or send it unsaid (CNIPA forces it)."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from giar_crawler.archive.cache import unpacked
from giar_crawler.archive.content import decode
from giar_crawler.middlewares.refusals import Refusal
from pipelines import stats

GZIP = b"\x1f\x8b"
TEXTS = (b"html", b"xml", b"json", b"script")


class Unpacking:
    """Stands behind the archive, which keeps what came: from here on a body has no Content-Encoding."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.most = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002 # Scrapy passes arguments by name
        """The response with the body that was meant. Raises Refusal for one that is too large."""
        declared = b",".join(response.headers.getlist("Content-Encoding")).lower()
        zipped = response.body.startswith(GZIP)
        if not declared and not (zipped and _may_be_text((response.headers.get("Content-Type") or b"").lower())):
            return response
        if zipped != (b"gzip" in declared):
            self.crawler.stats.inc_value(stats.WIRE_ENCODING)
        body = unpacked(response) if declared else decode(response.body, "gzip")
        if len(body) > self.most:
            raise Refusal("too_large", f"{response.url} unpacks to more than {self.most} bytes")
        # Of no class for texts, which would look for an encoding: whoever reads the page does that.
        plain = Response(**{**{name: getattr(response, name) for name in Response.attributes}, "body": body})
        plain.headers.pop("Content-Encoding", None)
        return plain


def _may_be_text(kind: bytes) -> bool:
    return not kind or kind.startswith(b"text/") or any(word in kind for word in TEXTS)
