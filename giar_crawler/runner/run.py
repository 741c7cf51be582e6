"""Runs one crawler per portal in this process, politely side by side, and ends them all when it must."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import pickle
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from giar_crawler.archive import ArchiveError
from giar_crawler.extensions.lifecycle import COUNTS, Lifecycle
from giar_crawler.outcomes import FAILED_PAGES, PageOutcome, PortalOutcome
from giar_crawler.register import Portal, host_key
from giar_crawler.runner.plan import killed_runs, lanes, side_by_side
from giar_crawler.runner.reactor import run_until_done
from giar_crawler.spiders.arguments import Years, walk_arguments
from giar_crawler.spiders.outcome import PAUSES
from giar_crawler.spiders.portal import PortalSpider
from pipelines import stats
from pipelines.storage import RESUME_WITHIN, PortalLocked, StorageError, open_storage

logger = logging.getLogger(__name__)


FORCED = 3
# Seconds between two looks at crawlers that are to be stopped.
STOP_PAUSE = 0.05
# Rich hides the cursor while it draws, and gets no chance to show it again.
SHOW_CURSOR = "\x1b[?25h"
# New objects after which Python looks for cycles among them: pages leave few, and at its usual 700 a look comes with every second page.
GARBAGE_EVERY = 10_000
# The walk looks at pages that only may be reports: that one is none is no failure.
FAILED_READINGS = FAILED_PAGES - {PageOutcome.NOT_A_REPORT}
# Reasons for `partial` that the user chose.
LEFT_OUT = PAUSES | {"limit", "pages", "navigation_pages", "list_pages", "mixed_list_pages", "page_size"}


@dataclass(slots=True, frozen=True)
class Summary:
    """How one portal went, in the order in which it is printed. `seconds` is wall time."""

    portal: str
    outcome: str
    pages: int = 0
    reports: int = 0
    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    requests: int = 0
    seconds: float = 0.0


@dataclass(slots=True, frozen=True)
class Options:
    """What a run was told."""

    database: str
    archive: Path
    years: Years = field(default_factory=Years)
    limit: int | None = None
    delay: float | None = None
    offline: bool = False
    contact: str | None = None
    log_level: str = "WARNING"
    at_once: int | None = None


class RunSettings(Settings):
    """The settings of a run, of which every portal's crawler takes a copy: in a third of the time of a deep copy of so many objects."""

    def copy(self) -> Self:
        """A copy whose changes are its own."""
        copied: Self = pickle.loads(pickle.dumps(self))  # noqa: S301 # our own
        return copied


class Run:
    """One run over many portals. After `start()`: `summaries` of all, `stopped` the error that ended it, `interrupted` by a signal.

    Raises StorageError when made, where the database cannot be used.
    """

    def __init__(self, portals: Sequence[Portal], options: Options, done: Callable[[Summary], None]) -> None:
        self.portals, self.options, self._done = portals, options, done
        self.summaries: list[Summary] = []
        self.stopped: Exception | None = None
        self.interrupted = False
        self.locked: list[str] = []
        self.broken: list[str] = []
        # Whether a page could not be had or not be read, or a finding blames the reading.
        self.failed_pages = 0
        # Requests over the wire by host, and the smallest time in seconds between the starts of two of them.
        self.host_requests: Counter[str] = Counter()
        self.host_gaps: dict[str, float] = {}
        self._hosts = frozenset(host_key(host) for portal in portals for host in portal.all_hosts)
        self.active: dict[str, Crawler] = {}
        self._process = AsyncCrawlerProcess(self._settings())
        # Scrapy's logger takes everything, and a record costs the same whether a handler prints it or not: there are some for each page.
        logging.getLogger("scrapy").setLevel(self.options.log_level)
        self._lanes = asyncio.Semaphore(side_by_side(len(portals), options.at_once))
        self._stopping: asyncio.Task[None] | None = None
        self._started = monotonic()

    def start(self) -> None:
        """Walks all portals; returns when all are done or ended. Call it once per process: Twisted's reactor starts only once."""
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_event_loop().add_signal_handler(number, self._interrupt)
        # Modules and what they hold last as long as the process: to look through them for garbage takes one second of twelve.
        gc.freeze()
        gc.set_threshold(GARBAGE_EVERY)
        run_until_done(self._process, self._walk_all(), signals=False)

    def line(self) -> str:
        """How far it is: portals, pages, reports, the rate, the hosts that are being asked."""
        collectors = [crawler._stats for crawler in self.active.values() if crawler._stats]  # noqa: SLF001 # unset while a crawler opens
        pages = sum(summary.pages for summary in self.summaries) + sum(each.get_value(stats.PAGES, 0) for each in collectors)
        reports = sum(summary.reports for summary in self.summaries) + sum(each.get_value(stats.REPORTS, 0) for each in collectors)
        rate = pages / max(monotonic() - self._started, 0.001)
        hosts = sorted({host for crawler in self.active.values() if (host := _host(crawler.spider))})
        shown = ", ".join(hosts[:2]) + (f" and {len(hosts) - 2} more" if len(hosts) > 2 else "")
        return f"portals {len(self.summaries)}/{len(self.portals)}  pages {pages}  reports {reports}  {rate:.1f} pages/s  {shown}"

    def _settings(self) -> Settings:
        settings = RunSettings()
        settings.setmodule("giar_crawler.settings", priority="project")
        now = datetime.now(UTC)
        walks = open_storage(self.options.database).walks(now - RESUME_WITHIN)
        arguments = walk_arguments(self.options.years, self.options.limit)
        values = {
            "GIAR_DATABASE": self.options.database,
            "GIAR_ARCHIVE": str(self.options.archive),
            "GIAR_OFFLINE": self.options.offline,
            "GIAR_CONTACT": self.options.contact or "",
            "GIAR_DELAY": self.options.delay,
            "GIAR_RUN": f"{now:%Y%m%dT%H%M%S.%f}-{os.getpid()}",
            "GIAR_KILLED_RUNS": sorted(killed_runs(self.portals, walks, arguments)),
            "LOG_LEVEL": self.options.log_level,
        }
        settings.setdict(values, priority="cmdline")
        return settings

    def _interrupt(self) -> None:
        """Once: what is in flight is finished and stored. Twice: at once; the archive has what was fetched."""
        if self.interrupted:
            sys.stderr.write((SHOW_CURSOR if sys.stderr.isatty() else "") + "giar: stopped at once; the same command continues\n")
            sys.stderr.flush()
            os._exit(FORCED)
        self.interrupted = True
        sys.stderr.write("giar: finishing what is in flight; again to stop at once\n")
        self._stop_all()

    def _stop_all(self) -> None:
        if self._stopping is None:
            self._stopping = asyncio.ensure_future(self._stop_active())

    async def _stop_active(self) -> None:
        """Ends every crawler as soon as it runs.

        Scrapy's own stop spares one that is still opening, and marks it as stopped: it would walk to its end and then wait for ever.
        """
        stops: dict[str, asyncio.Task[None]] = {}
        while self.active:
            for name, crawler in self.active.items():
                engine = crawler._engine  # noqa: SLF001 # unset while a crawler opens; the public attribute raises then
                if name not in stops and engine is not None and engine.running:
                    stops[name] = asyncio.create_task(crawler.stop_async())
            await asyncio.sleep(STOP_PAUSE)

    @property
    def _ended(self) -> bool:
        return self.interrupted or self.stopped is not None

    async def _walk_all(self) -> None:
        await asyncio.gather(*(self._walk_lane(lane) for lane in lanes(self.portals)))

    async def _walk_lane(self, lane: Sequence[Portal]) -> None:
        for portal in lane:
            async with self._lanes:
                if self._ended:
                    summary = Summary(portal.id, PortalOutcome.NOT_CRAWLED)
                else:
                    summary = await self._walk(portal)
            self.summaries.append(summary)
            self._done(summary)

    async def _walk(self, portal: Portal) -> Summary:
        started = monotonic()
        crawler = self._process.create_crawler(PortalSpider)
        self.active[portal.id] = crawler
        try:
            await self._process.crawl(crawler, portal=portal, years=self.options.years, limit=self.options.limit, others=self._hosts)
        except PortalLocked as error:
            self.locked.append(portal.id)
            sys.stderr.write(f"giar: {portal.id} was skipped: {error}\n")
        except (StorageError, ArchiveError) as error:
            self._fail(error)
        except Exception:
            self.broken.append(portal.id)
            logger.exception("the walk of %s broke", portal.id)
        finally:
            del self.active[portal.id]
            lifecycle = crawler.get_extension(Lifecycle) if crawler._extensions else None  # noqa: SLF001 # unset when opening failed
            if lifecycle is not None:
                lifecycle.abandon()
        fatal = getattr(crawler.spider, "fatal", None)
        if fatal is not None:
            self._fail(fatal)
        self.failed_pages += _failed_pages(crawler)
        self._note_hosts(crawler)
        return _summary(portal, crawler, monotonic() - started)

    def _note_hosts(self, crawler: Crawler) -> None:
        collector = crawler._stats  # noqa: SLF001 # unset when opening failed
        for name, value in (collector.get_stats() if collector else {}).items():
            if name.startswith(stats.HOST_REQUESTS):
                self.host_requests[name.removeprefix(stats.HOST_REQUESTS)] += value
            elif name.startswith(stats.HOST_GAP):
                host = name.removeprefix(stats.HOST_GAP)
                self.host_gaps[host] = min(value, self.host_gaps.get(host, value))

    def _fail(self, error: Exception) -> None:
        """The next portal would meet the same: database or archive."""
        if self.stopped is None:
            self.stopped = error
            self._stop_all()


def _host(spider: object) -> str:
    portal = getattr(spider, "portal", None)
    return urlsplit(portal.home).netloc if portal else ""


def _summary(portal: Portal, crawler: Crawler, seconds: float) -> Summary:
    collector = crawler._stats  # noqa: SLF001 # unset when opening failed; the public attribute raises then
    if collector is None:
        return Summary(portal.id, PortalOutcome.NOT_CRAWLED, seconds=round(seconds, 1))
    counts = {name: int(collector.get_value(counter, 0)) for name, counter in COUNTS.items()}
    outcome = str(collector.get_value(stats.OUTCOME, PortalOutcome.NOT_CRAWLED))
    return Summary(portal.id, outcome, **counts, seconds=round(seconds, 1))


def _failed_pages(crawler: Crawler) -> int:
    collector = crawler._stats  # noqa: SLF001 # as above
    if collector is None:
        return 0
    names = [
        "spider_exceptions/count",
        stats.PAGES_FAILED,
        stats.FINDINGS_PARSER,
        *(stats.PAGES_OUTCOME + outcome for outcome in FAILED_READINGS),
    ]
    reasons = {name.removeprefix(stats.REASONS): value for name, value in collector.get_stats().items() if name.startswith(stats.REASONS)}
    failed: int = sum(value for reason, value in reasons.items() if reason not in LEFT_OUT)
    return failed + sum(int(collector.get_value(name, 0)) for name in names)


def total(summaries: Sequence[Summary], seconds: float) -> Summary:
    """The last line: sums over all portals; its outcome is `ok` when every portal's is."""
    outcome = PortalOutcome.OK if all(summary.outcome == PortalOutcome.OK for summary in summaries) else PortalOutcome.PARTIAL
    sums = {name: sum(getattr(summary, name) for summary in summaries) for name in COUNTS}
    return Summary("total", outcome, **sums, seconds=round(seconds, 1))
