"""robots.txt, as RFC 9309 has it: where its server fails, nothing may be asked."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from giar_crawler.archive import ArchiveError
from giar_crawler.middlewares.refusals import RobotsForbid
from giar_crawler.spiders.failures import failure_reason
from pipelines import stats
from pipelines.storage import StorageError

FORBID_ALL = b"User-agent: *\nDisallow: /"
# Google reads 500 KiB of a robots.txt; RFC 9309 asks for at least that.
MOST_BYTES = 512 * 1024
# Seconds between two pages that a Crawl-delay may ask for. At more, the twelve hours of a walk (CLOSESPIDER_TIMEOUT) end after 72 pages:
# whoever asks for that wants no crawler, and the portals behind this one would wait.
LONGEST_CRAWL_DELAY = 600.0


class Robots(RobotsTxtMiddleware):
    """Scrapy's, with the refusal as an exception of its own and the rule for servers that fail."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # A host that is down is reported once, as the portal's outcome; the parent writes a traceback for its robots.txt as well.
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
        # Why the robots.txt of a host did not come, in one word.
        self._unreachable: dict[str, str] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raises RobotsForbid."""
        why = self._unreachable.get(urlsplit(request.url).netloc)
        if why is not None:
            self.crawler.stats.inc_value(stats.REFUSED + "robots_unreachable")
            raise RobotsForbid(why, f"{request.url} was not requested: robots.txt did not come ({why})")
        delay = rp.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"]) if rp else None
        if delay is not None and delay > LONGEST_CRAWL_DELAY:
            self.crawler.stats.inc_value(stats.REFUSED + "crawl_delay")
            raise RobotsForbid("robots", f"{request.url} was not requested: robots.txt asks for {delay:g} seconds between pages")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            self.crawler.stats.inc_value(stats.REFUSED + "robots")
            raise RobotsForbid("robots", f"{request.url} was not requested: robots.txt forbids it") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        body = FORBID_ALL if response.status >= 500 else response.body[:MOST_BYTES]
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        # What the walk itself refused, or could not keep, says nothing of the server.
        if not isinstance(exc, IgnoreRequest | ArchiveError | StorageError):
            self._unreachable[netloc] = failure_reason(exc)
        super()._robots_error(exc, netloc)
