"""Challenges and bans: recognised, counted, recorded with what was answered, never solved and never repeated."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from giar_crawler.middlewares.challenges import challenge
from giar_crawler.middlewares.refusals import Blocked, NoPage
from giar_crawler.spiders.pages import page_of
from pipelines import stats


class BlockDetection:
    """Turns what came in the place of a page into an exception, before anything repeats the request."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Raises Blocked for a challenge, NoPage for a login wall, a closed portal, a parked domain.

        A 429 that can still be repeated passes.
        """
        portal = self.crawler.spider.portal  # type: ignore[union-attr]  # the one spider of this project has it
        asked = request.meta["giar_context"].kind
        found = challenge(response.status, response.body, asked, lambda: page_of(response, request, portal.encoding))
        if found is None or (found.kind == "429" and self._may_repeat(request)):
            return response
        self.crawler.stats.inc_value(stats.BLOCKED + found.kind)
        refusal = Blocked if found.ban else NoPage
        raise refusal(
            found.kind, f"{response.url} answered {response.status} with {found.kind} ({found.name}) in the place of a page", response
        )

    def _may_repeat(self, request: Request) -> bool:
        return not request.meta.get("dont_retry") and request.meta.get("retry_times", 0) < self.crawler.settings.getint("RETRY_TIMES")
