"""Challenges and bans: recognised, counted, recorded as `blocked`, never solved and never repeated."""

from __future__ import annotations

import re
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from giar_crawler.middlewares.refusals import Blocked
from giar_crawler.platforms import read_page
from pipelines import stats

# Statuses that no page of ours can have: 521 and 512 are 加速乐 (a script computes a cookie), 412 is 瑞数 and its like.
BY_STATUS = {521: "jsl", 512: "jsl", 412: "412", 429: "429"}
# Marks of a script that computes a cookie and loads the page again; looked for in short pages without text only.
BY_SCRIPT = (
    ("jsl", re.compile(rb"__jsl_clearance|__jsluid", re.IGNORECASE)),
    (
        "script",
        re.compile(rb"document\.cookie\s*=|\$_ts\b|location\.reload\(|_\$[a-z]{2}\(|eval\(function|acw_sc__v2|slideCaptcha", re.IGNORECASE),
    ),
)
LONGEST_CHALLENGE = 200_000
MOST_WORDS = 120
CONTENT = re.compile(rb"<(?:a|iframe|frame)\s[^<>]*(?:href|src)|http-equiv\s{0,9}=\s{0,9}.?refresh|<datastore|<record", re.IGNORECASE)


class BlockDetection:
    """Turns a challenge into the exception `Blocked`, before anything repeats the request."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Raises Blocked for a challenge. A 429 that can still be repeated passes."""
        kind = challenge(response.status, response.body)
        if kind is None or (kind == "429" and self._may_repeat(request)):
            return response
        self.crawler.stats.inc_value(stats.BLOCKED + kind)
        raise Blocked(kind, f"{response.url} answered {response.status} with a challenge ({kind})")

    def _may_repeat(self, request: Request) -> bool:
        return not request.meta.get("dont_retry") and request.meta.get("retry_times", 0) < self.crawler.settings.getint("RETRY_TIMES")


def challenge(status: int, body: bytes) -> str | None:
    """The kind of challenge that an answer is, `None` for a page."""
    if status in BY_STATUS:
        return BY_STATUS[status]
    if len(body) > LONGEST_CHALLENGE or b"<script" not in body.lower() or CONTENT.search(body):
        return None
    if len(read_page("http://page/", body).visible) > MOST_WORDS:
        return None
    return next((kind for kind, mark in BY_SCRIPT if mark.search(body)), None)
