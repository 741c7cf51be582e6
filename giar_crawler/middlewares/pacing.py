"""The delay between requests to a host: Crawl-delay and Retry-After raise it, nothing lowers it under the register's."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from pipelines import stats

COME_BACK = frozenset({429, 503})


class Pacing:
    """Sets the delay of Scrapy's download slots; Scrapy itself acts on neither header nor robots.txt."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self.longest_wait = crawler.settings.getfloat("GIAR_LONGEST_RETRY_AFTER")
        self.delays: dict[str, float] = {}
        self.waiting: set[str] = set()
        self.started: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        pacing = cls(crawler)
        crawler.signals.connect(pacing.robots_parsed, signal=signals.robots_parsed)
        return pacing

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Takes over the Crawl-delay that a host's robots.txt has for us."""
        asked = robotparser.crawl_delay(self.agent)
        slot = self.crawler.engine.downloader.get_slot_key(request)
        if asked is None or math.isnan(asked) or asked <= self._normal(slot):
            return
        self.delays[slot] = float(asked)
        self.crawler.stats.inc_value(stats.DELAY_RAISED + "crawl_delay")
        self._apply(slot, self.delays[slot])

    def process_response(self, request: Request, response: Response) -> Response:
        """Waits as long as a busy host asks; a host that asks for more than the longest wait is not asked again."""
        slot = self.crawler.engine.downloader.get_slot_key(request)
        if "cached" not in response.flags:
            self._note(slot)
        if response.status not in COME_BACK:
            if slot in self.waiting and response.status < 400:
                self.waiting.discard(slot)
                self._apply(slot, self._normal(slot))
            return response
        wait = _seconds(response.headers.get("Retry-After"))
        if wait is None or "cached" in response.flags:
            return response
        self.crawler.stats.inc_value(stats.DELAY_RAISED + "retry_after")
        if wait > self.longest_wait:
            request.meta["dont_retry"] = True
            return response
        self.waiting.add(slot)
        live = self.crawler.engine.downloader.slots.get(slot)
        # The slot counts its delay from the start of the last request, the header from its answer.
        since = monotonic() - live.lastseen if live else 0.0
        self._apply(slot, max(self._normal(slot), wait + since))
        return response

    def _note(self, slot: str) -> None:
        """Counts a request that went over the wire, and the time since the one before it."""
        counters, live = self.crawler.stats, self.crawler.engine.downloader.slots.get(slot)
        counters.inc_value(stats.HOST_REQUESTS + slot)
        if live is None:
            return
        before, self.started[slot] = self.started.get(slot), live.lastseen
        if before is not None and live.lastseen > before:
            counters.min_value(stats.HOST_GAP + slot, round(live.lastseen - before, 3))

    def _normal(self, slot: str) -> float:
        return self.delays.get(slot, self.crawler.settings.getfloat("DOWNLOAD_DELAY"))

    def _apply(self, slot: str, delay: float) -> None:
        downloader = self.crawler.engine.downloader
        # Idle slots are dropped after a minute and made anew from these settings: both have to know.
        downloader.per_slot_settings[slot] = {**downloader.per_slot_settings.get(slot, {}), "delay": delay}
        if slot in downloader.slots:
            downloader.slots[slot].delay = delay


def _seconds(header: bytes | None) -> float | None:
    """The seconds that a Retry-After header asks for, given as a number or as a date; `None` where it is neither."""
    if header is None:
        return None
    text = header.decode("ascii", "replace").strip()
    if text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
