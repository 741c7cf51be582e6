"""No request leaves for a host that the portal does not own: neither from a link nor through a redirect."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler

from giar_crawler.items import PageContext
from giar_crawler.middlewares.refusals import OutOfScope
from pipelines import stats


class ScopeGuard:
    """Asks the spider's scope about every request on its way out; redirects and robots.txt come by here too, as requests of their own."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises OutOfScope for an address that is not to be asked."""
        scope = self.crawler.spider.scope  # type: ignore[union-attr]  # the one spider of this project has it
        reason = scope.refuses(request.url)
        if reason is not None:
            self.crawler.stats.inc_value(stats.REFUSED + reason)
            raise OutOfScope(reason, f"{request.url} was not requested: {reason}")
        # Scrapy's own requests (robots.txt) have no context yet; the archive writes one beside every page.
        request.meta.setdefault("giar_context", PageContext(portal=scope.portal.id, kind="robots"))
