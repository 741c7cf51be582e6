"""The life of one walk: its lock, its row in the database, its outcome. It belongs to every crawler, so plain `scrapy crawl` has it too."""

from __future__ import annotations

import asyncio
import logging
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, Self, cast

from scrapy import Request, signals
from scrapy.crawler import Crawler

from giar_crawler.archive import ArchiveError
from giar_crawler.spiders.arguments import walk_arguments
from giar_crawler.spiders.frontier import key
from giar_crawler.spiders.outcome import portal_outcome
from giar_crawler.spiders.portal import PortalSpider
from giar_crawler.spiders.rechecks import Rechecks, Seen
from pipelines import stats
from pipelines.storage import RESUME_WITHIN, StorageError, open_storage, portal_lock

logger = logging.getLogger(__name__)

# Why the archive (giar_crawler/archive/cache.py) ends a walk.
FAILED = frozenset({"archive_failed", "database_failed"})
# What a walk's row and its summary line hold, by the counter that it comes from.
COUNTS = {
    "pages": stats.PAGES,
    "reports": stats.REPORTS,
    "inserted": stats.REPORTS_INSERTED,
    "changed": stats.REPORTS_CHANGED,
    "unchanged": stats.REPORTS_UNCHANGED,
    "gone": stats.REPORTS_GONE,
    "requests": stats.REQUESTS,
}


class Lifecycle:
    """Opens the walk before anything of it runs, and closes it when all its pages are stored.

    The opening stands in the constructor because Scrapy builds extensions first and hands their exceptions on, while it only logs what a
    handler of `spider_opened` raises. Raises PortalLocked and StorageError.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.spider = cast("PortalSpider", crawler.spider)
        url: str = crawler.settings["GIAR_DATABASE"]
        self.held = ExitStack()
        self.storage = open_storage(url)
        self.held.enter_context(portal_lock(url, self.spider.portal_id))
        try:
            self._open()
        except BaseException:
            self.held.close()
            raise

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        lifecycle = cls(crawler)
        crawler.signals.connect(lifecycle.sent, signal=signals.request_reached_downloader)
        crawler.signals.connect(lifecycle.closed, signal=signals.spider_closed)
        return lifecycle

    def _open(self) -> None:
        spider, portal = self.spider, self.spider.portal
        self.storage.upsert_portal(portal.as_dict())
        now = datetime.now(UTC)
        run, killed = self.crawler.settings["GIAR_RUN"], self.crawler.settings.getlist("GIAR_KILLED_RUNS")
        # The newest walk of a killed run; without a run (plain `scrapy crawl`) the storage finds the killed walk by its arguments.
        walks = (walk for walk in self.storage.walks(now - RESUME_WITHIN) if walk.portal_id == portal.id)
        earlier = next((walk for walk in walks if walk.arguments.get("run") in killed), None)
        if earlier is not None:
            run = earlier.arguments["run"]
        arguments = walk_arguments(spider.years, spider.limit) | ({"run": run} if run else {})
        crawl = self.storage.start_crawl(portal.id, now, arguments)
        spider.crawl_id = crawl.id
        # A walk of the killed run that had come to its end is answered from the archive as well.
        spider.cache_since = crawl.resumed_since or (earlier.started_at if earlier else None)
        spider.storage = self.storage
        times = self.storage.document_times(portal.id)
        spider.known = {key(url): url for url in times}
        spider.times = {key(url): Seen(url, *seen) for url, seen in times.items()}
        # A walk that continues a killed one asks for all that it has not seen; offline the archive answers.
        if crawl.resumed_since is None and not self.crawler.settings.getbool("GIAR_OFFLINE"):
            spider.rechecks = Rechecks(self.crawler.settings["GIAR_RECHECKS"], now)

    def sent(self, request: Request) -> None:  # noqa: ARG002 # Scrapy passes arguments by name
        """Counts a request that goes over the wire."""
        self.crawler.stats.inc_value(stats.REQUESTS)

    async def closed(self, reason: str) -> None:
        """Decides the outcome and ends the walk's row; one that was stopped keeps it open, and the same command continues it."""
        if reason in FAILED and self.spider.fatal is None:
            self.spider.fatal = ArchiveError(self.crawler.stats.get_value(stats.STOPPED, reason))
        try:
            await asyncio.to_thread(self._close, reason)
        except (StorageError, ArchiveError) as error:
            self.spider.fatal = self.spider.fatal or error
        finally:
            self.held.close()

    def _close(self, reason: str) -> None:
        counters, spider = self.crawler.stats, self.spider
        if (short := spider.short_lists()) and reason == "finished":
            counters.inc_value(stats.LISTS_SHORT, short)
            spider.facts.partial["list_short"] += short
        outcome = portal_outcome(
            spider.facts,
            reports=sum(counters.get_value(name, 0) for name in (stats.REPORTS, stats.REPORTS_OTHER_YEAR, stats.KNOWN_RESTING)),
            failed=counters.get_value(stats.PAGES_FAILED, 0) + counters.get_value("spider_exceptions/count", 0),
            finished=reason == "finished",
        )
        counters.set_value(stats.OUTCOME, str(outcome))
        why = dict(spider.facts.partial)
        if spider.facts.entry_failure and not spider.facts.entered:
            why.setdefault(spider.facts.entry_failure, 1)
        for word, times in why.items():
            counters.inc_value(stats.REASONS + word, times)
        if spider.fatal is not None:
            return
        now = datetime.now(UTC)
        self.storage.mark_seen(sorted(spider.unmodified), now)
        counters.inc_value(stats.REPORTS_GONE, self.storage.mark_gone(sorted(spider.gone), now))
        if reason == "shutdown" or spider.crawl_id is None:
            return
        counts: dict[str, Any] = {name: counters.get_value(counter, 0) for name, counter in COUNTS.items()}
        details = {name: value for name, value in counters.get_stats().items() if name.startswith("giar/") and isinstance(value, int | str)}
        self.storage.finish_crawl(spider.crawl_id, now, outcome, counts | {"reasons": why, "stats": details})

    def abandon(self) -> None:
        """Gives the portal back after an opening that failed elsewhere."""
        self.held.close()
