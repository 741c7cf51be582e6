"""The way of a request to its host: when it may leave, how long it waits, and what its answer means for the next one.

The pause between two requests is the register's. Crawl-delay, Retry-After and back-off raise it, and nothing lowers it.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, Self, cast
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from giar_crawler.middlewares.refusals import NotNow
from giar_crawler.middlewares.turns import Turns, Wish, state_folder
from giar_crawler.register import machine_of
from giar_crawler.spiders.outcome import PAUSES
from pipelines import stats

if TYPE_CHECKING:
    from giar_crawler.spiders.walk import Walk

COME_BACK = frozenset({429, 503})
# The pause is only ever lengthened.
JITTER = (1.02, 1.06)
# After so many good answers in a row a busy host is asked as before.
GOOD_ANSWERS = 5
# A host that is busy so often in a row, with no answer between, is left alone: that is more than all repeats of two pages.
MOST_BUSY = 8
# What was asked of a host before this process was is no gap of its own.
BORN = monotonic()


@dataclass(slots=True)
class Pace:
    """How one host is asked: its delay in seconds and the factor of its back-off; its good and its busy answers in a row.

    `spent` are the seconds that requests without an answer took since the last one that had one, each with the delay behind it; `answered`
    is whether any had.
    """

    delay: float
    backoff: int = 1
    good: int = 0
    busy: int = 0
    spent: float = 0.0
    answered: bool = False


@dataclass(slots=True, frozen=True)
class Flight:
    """A request that has its turn."""

    host: str
    marks: tuple[str, ...]
    began: float


class Pacing:
    """Stands next to the wire: what the archive answers never comes here. Raises NotNow for requests whose time is not now."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.agent: str = settings["ROBOTSTXT_USER_AGENT"]
        self.delay = settings.getfloat("DOWNLOAD_DELAY")
        self.timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self.patience = settings.getfloat("GIAR_PATIENCE")
        self.longest_wait = settings.getfloat("GIAR_LONGEST_RETRY_AFTER")
        self.longest_delay = settings.getfloat("GIAR_LONGEST_BACKOFF")
        self.turns = Turns(state_folder(settings["GIAR_STATE"]))
        self.hosts: dict[str, Pace] = {}
        self.flights: dict[Request, Flight] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        pacing = cls(crawler)
        crawler.signals.connect(pacing.robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(pacing.closed, signal=signals.spider_closed)
        return pacing

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Takes over the Crawl-delay that a host's robots.txt has for us."""
        asked, pace = robotparser.crawl_delay(self.agent), self._pace(_host(request))
        if asked is None or math.isnan(asked) or asked <= pace.delay:
            return
        pace.delay = float(asked)
        self.crawler.stats.inc_value(stats.DELAY_RAISED + "crawl_delay")

    def closed(self) -> None:
        """Ends all turns."""
        self.turns.close()

    async def process_request(self, request: Request) -> None:
        """Lets a request leave when its host may be asked. Raises NotNow, and StorageError where the state folder fails."""
        host, portal = _host(request), self._walk.portal
        marks = (f"host-{host}", *([f"group-{portal.politeness_group}"] if portal.politeness_group else []))
        pace = self._pace(host)
        pause = self._delay(pace) * random.uniform(*JITTER)  # noqa: S311 # no secret
        cap = (f"portal-{portal.id}", portal.daily_cap) if portal.daily_cap is not None else None
        try:
            before = await self.turns.take(Wish(marks, pause, self.longest_wait, lambda: self._may_leave(pace), cap))
        except NotNow as refusal:
            self.crawler.stats.inc_value(stats.REFUSED + refusal.reason)
            if refusal.reason in PAUSES:
                self._walk.pause(refusal.reason)
            raise
        began = monotonic()
        self.flights[request] = Flight(host, marks if cap is None else (*marks, cap[0]), began)
        self.crawler.stats.inc_value(stats.HOST_REQUESTS + host)
        if before.at > BORN:
            self.crawler.stats.min_value(stats.HOST_GAP + host, round(began - before.at, 3))
        # A host that gives nothing has only so much time in all, however many requests it is asked.
        request.meta["download_timeout"] = min(self.timeout, self.patience - pace.spent)

    def _may_leave(self, pace: Pace) -> None:
        opens = self._walk.portal.closed_until(datetime.now(UTC))
        if opens is not None:
            raise NotNow("hours", f"the portal is closed until {opens:%Y-%m-%d %H:%M}")
        if pace.spent >= self.patience:
            raise NotNow("dead_host", f"its host gave no answer for {pace.spent:.0f} seconds")
        if pace.busy >= MOST_BUSY:
            raise NotNow("busy", f"its host said {pace.busy} times in a row that it is busy")
        if not self.crawler.engine.running:
            raise NotNow("stopped", "the walk was stopped while this request waited for its turn")

    def process_response(self, request: Request, response: Response) -> Response:
        """Waits as long as a busy host asks, and longer each time where it does not say how long."""
        flight = self.flights.pop(request, None)
        if flight is None:
            return response
        pace = self._pace(flight.host)
        pace.spent, pace.answered = 0.0, True
        if response.status in COME_BACK:
            wait = _seconds(response.headers.get("Retry-After"))
            if wait is None:
                self._back_off(pace, flight)
            else:
                self.crawler.stats.inc_value(stats.DELAY_RAISED + "retry_after")
                self.turns.keep_away(flight.marks, wait)
                if wait > self.longest_wait:
                    request.meta["dont_retry"] = True
        else:
            pace.busy = 0
            pace.good += response.status < 400
            pace.backoff = pace.backoff if pace.good < GOOD_ANSWERS else 1
        self.turns.end(flight.marks)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Ends the turn of a request without an answer. A page that hangs on a host that answers is not asked for again in this walk."""
        flight = self.flights.pop(request, None)
        if flight is None:
            return
        self.turns.end(flight.marks)
        if isinstance(exception, IgnoreRequest):
            return
        pace = self._pace(flight.host)
        pace.spent += monotonic() - flight.began + self._delay(pace)
        if pace.answered and isinstance(exception, DownloadTimeoutError):
            request.meta["dont_retry"] = True

    def _back_off(self, pace: Pace, flight: Flight) -> None:
        pace.good, pace.busy = 0, pace.busy + 1
        if pace.delay * pace.backoff < self.longest_delay:
            pace.backoff *= 2
        self.crawler.stats.inc_value(stats.DELAY_RAISED + "backoff")
        # The other processes wait as well.
        self.turns.keep_away(flight.marks, self._delay(pace))

    def _delay(self, pace: Pace) -> float:
        return max(pace.delay, min(pace.delay * pace.backoff, self.longest_delay))

    def _pace(self, host: str) -> Pace:
        return self.hosts.setdefault(host, Pace(self.delay))

    @property
    def _walk(self) -> Walk:
        return cast("Walk", self.crawler.spider)


def _host(request: Request) -> str:
    return machine_of(urlsplit(request.url).netloc)


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
