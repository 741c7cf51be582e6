"""What a portal may cost with answers that never end, break off or crawl along; when it is too much, it is not asked again in this walk.

A host that gives nothing at all is the pacing's: it has less time. This is for the one that answers now and then.
"""

from __future__ import annotations

from time import monotonic
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from giar_crawler.middlewares.refusals import GaveUp
from pipelines import stats

LEFT_AT = "giar_left_at"


class Losses:
    """Stands next to the wire, so that no wait for a turn counts. An answer begins a new row of failures; seconds add up over the walk."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.most_seconds = crawler.settings.getfloat("GIAR_LOST_SECONDS")
        self.most_failures = crawler.settings.getint("GIAR_FAILURES_IN_ROW")
        self.seconds, self.failures = 0.0, 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises GaveUp when too much was lost."""
        if self.seconds >= self.most_seconds or self.failures >= self.most_failures:
            self.crawler.stats.inc_value(stats.REFUSED + "gave_up")
            lost = f"{self.failures} requests in a row and {self.seconds:.0f} seconds in all were lost"
            raise GaveUp("gave_up", f"{request.url} was not requested: {lost}")
        request.meta[LEFT_AT] = monotonic()

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002 # Scrapy passes arguments by name
        """An answer came."""
        self.failures = 0
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Counts a request that brought nothing."""
        left = request.meta.pop(LEFT_AT, None)
        if left is not None and not isinstance(exception, IgnoreRequest):
            self.seconds += monotonic() - left
            self.failures += 1
