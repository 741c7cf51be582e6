"""One page of a portal, asked for as a walk would (turns, robots.txt, guards, challenges), but into no archive and no database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from giar_crawler.archive.cache import CONTEXT
from giar_crawler.items import PageContext, PageKind
from giar_crawler.platforms import read_page
from giar_crawler.register import Portal
from giar_crawler.rendering import rendering_meta
from giar_crawler.spiders.failures import unanswered
from giar_crawler.spiders.scope import Scope
from giar_crawler.spiders.walk import set_politeness

# A reader is waiting for the answer.
SECONDS = 30
MOST_MOVES = 2


@dataclass(slots=True, frozen=True)
class Reply:
    """What came: the final address, status, bytes, type; or the `error` for which nothing did, and the address that failed."""

    url: str
    status: int | None = None
    body: bytes = b""
    content_type: str = ""
    error: BaseException | None = None


class Asker(Spider):
    """Asks for one page, and for the one that it sends its reader on to."""

    name = "asker"

    def __init__(self, portal: Portal, url: str) -> None:
        super().__init__()
        self.portal, self.url = portal, url
        self.scope = Scope(portal)
        self.reply = Reply(url)

    @classmethod
    def from_crawler(cls, crawler: Crawler, portal: Portal, url: str, *args: Any, **arguments: Any) -> Self:  # noqa: ANN401 # Scrapy's
        """Called by Scrapy."""
        spider = cls(portal, url, *args, **arguments)
        set_politeness(crawler, portal)
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The one request."""
        yield self._request(self.url, 0)

    def _request(self, url: str, moves: int) -> Request:
        kind: PageKind = "home" if url == self.portal.home else "list"
        meta = {CONTEXT: PageContext(**self.portal.context_fields(), kind=kind), "dont_retry": True}
        drawn = rendering_meta() if self.portal.render else {}
        return Request(url, self.arrived, errback=self.failed, cb_kwargs={"moves": moves}, meta={**meta, **drawn})

    def arrived(self, response: Response, moves: int) -> Iterator[Request]:
        """Keeps the answer, or asks for the page that an empty one names."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        self.reply = Reply(response.url, response.status, response.body, content_type)
        target = read_page(response.url, response.body, content_type, self.portal.encoding).moves_to()
        if target is not None and moves < MOST_MOVES and target != response.url:
            yield self._request(target, moves + 1)

    def failed(self, failure: Failure) -> None:
        """Keeps why there is no answer."""
        # Scrapy sets the request.
        self.reply = Reply(unanswered(failure).url, error=failure.value)

    def pause(self, reason: str) -> None:
        """Called where the portal is closed or has had its requests of the day: there is nothing to end."""


def asking_process(contact: str) -> AsyncCrawlerProcess:
    """A process for such requests; one at a time in each process."""
    settings = Settings()
    settings.setmodule("giar_crawler.settings", priority="project")
    values: dict[str, object] = {
        "GIAR_CONTACT": contact,
        "HTTPCACHE_ENABLED": False,
        "EXTENSIONS": {},
        "ITEM_PIPELINES": {},
        "DOWNLOAD_TIMEOUT": SECONDS,
        "LOG_LEVEL": "CRITICAL",
    }
    settings.setdict(values, priority="cmdline")
    return AsyncCrawlerProcess(settings)


async def ask(process: AsyncCrawlerProcess, portal: Portal, url: str) -> Reply:
    """What the portal answers to one request; nothing is raised."""
    crawler = process.create_crawler(Asker)
    await process.crawl(crawler, portal=portal, url=url)
    asker = crawler.spider
    return asker.reply if isinstance(asker, Asker) else Reply(url)
