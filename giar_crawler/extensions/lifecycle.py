"""The life of one walk: its lock, its row in the database, its outcome. It belongs to every crawler, so plain `scrapy crawl` has it too."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self, cast

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from giar_crawler.archive import ArchiveError
from giar_crawler.outcomes import FAILED_PORTALS, PortalOutcome
from giar_crawler.spiders.arguments import walk_arguments
from giar_crawler.spiders.evidence import Evidence
from giar_crawler.spiders.frontier import key
from giar_crawler.spiders.outcome import PAUSES, portal_outcome
from giar_crawler.spiders.portal import PortalSpider
from giar_crawler.spiders.rechecks import Rechecks, Seen
from giar_crawler.spiders.upheaval import REPLACED
from pipelines import stats
from pipelines.storage import HIDDEN, RESUME_WITHIN, StorageError, Walk, open_storage, portal_lock

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
# As long as it rests between two walks at most: a page that was read earlier is read again.
CONTINUE_WITHIN = timedelta(days=31)


def paused_since(walks: Iterable[Walk], arguments: Mapping[str, object]) -> datetime | None:
    """When the walk began that the closing hours or the daily cap ended, perhaps several times; `None` where the last one was not paused.

    `walks` are those of the portal, the newest first.
    """
    since = None
    for walk in walks:
        if walk.ended_at is None:
            continue
        same = {**walk.arguments, "run": None} == {**arguments, "run": None}
        if not same or not PAUSES & set((walk.counts or {}).get("reasons", ())):
            break
        since = walk.started_at
    return since


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
        # What is said of a portal that failed.
        self.failure: str | None = None
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
        crawler.signals.connect(lifecycle.answered, signal=signals.response_received)
        crawler.signals.connect(lifecycle.closed, signal=signals.spider_closed)
        return lifecycle

    def _open(self) -> None:
        spider, portal = self.spider, self.spider.portal
        self.storage.upsert_portal(portal.as_dict())
        now = datetime.now(UTC)
        run, killed = self.crawler.settings["GIAR_RUN"], self.crawler.settings.getlist("GIAR_KILLED_RUNS")
        # The newest walk of a killed run; without a run (plain `scrapy crawl`) the storage finds the killed walk by its arguments.
        walks = self.storage.walks(now - CONTINUE_WITHIN, portal.id)
        recent = (walk for walk in walks if walk.started_at >= now - RESUME_WITHIN)
        earlier = next((walk for walk in recent if walk.arguments.get("run") in killed), None)
        if earlier is not None:
            run = earlier.arguments["run"]
        arguments = walk_arguments(spider.years, spider.limit) | ({"run": run} if run else {})
        crawl = self.storage.start_crawl(portal.id, now, arguments)
        spider.crawl_id, spider.crawl_started = crawl.id, crawl.started_at
        # A walk of the killed run that had come to its end is answered from the archive as well, and so are those that paused before it.
        starts = (crawl.resumed_since, earlier.started_at if earlier else None, paused_since(walks, arguments))
        spider.cache_since = min((start for start in starts if start is not None), default=None)
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

    def answered(self, response: Response, request: Request) -> None:
        """Hands an answer to the walk's witness, who says at the end what decided."""
        self.spider.witness.answered(request, response)

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
            # Not from that thread: another crawler that opens meanwhile puts its handler into the place of the root's, and a line that is
            # on its way through both would be printed twice, or not at all.
            if self.failure is not None:
                logger.warning(self.failure)
        if self.spider.fatal is not None and not self.crawler.settings["GIAR_RUN"]:
            # Below `giar crawl` the run says it.
            logger.error("%s: the walk had to stop: %s", self.spider.portal_id, self.spider.fatal)

    def _close(self, reason: str) -> None:
        counters, spider = self.crawler.stats, self.spider
        if (short := spider.short_lists()) and reason == "finished":
            counters.inc_value(stats.LISTS_SHORT, short)
            spider.facts.partial["list_short"] += short
        if unturned := spider.unturned_lists():
            counters.inc_value(stats.LISTS_UNTURNED, unturned)
            spider.facts.partial["unturned"] += unturned
        spider.facts.partial.update(spider.left_out())
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
        evidence = spider.witness.of(outcome)
        if (outcome in FAILED_PORTALS and outcome != PortalOutcome.NOT_CRAWLED) or REPLACED in why:
            self.failure = f"{spider.portal_id}: {outcome} ({', '.join(why) or 'nothing found'}): {self._told(evidence)}"
        if spider.fatal is not None:
            return
        now = datetime.now(UTC)
        self.storage.mark_seen(sorted(spider.unmodified), now)
        for url, at in sorted(spider.gone.items()):
            counters.inc_value(stats.REPORTS_GONE, self.storage.mark_gone([url], at))
        if reason == "shutdown" or spider.crawl_id is None:
            return
        counts: dict[str, Any] = {name: counters.get_value(counter, 0) for name, counter in COUNTS.items()}
        details = {name: value for name, value in counters.get_stats().items() if name.startswith("giar/") and isinstance(value, int | str)}
        self.storage.finish_crawl(
            spider.crawl_id, now, outcome, counts | {"reasons": why, "evidence": asdict(evidence) if evidence else None, "stats": details}
        )

    def _told(self, evidence: Evidence | None) -> Evidence | str:
        """What decided, as it may be printed."""
        if evidence is None:
            return "asked nobody"
        return replace(evidence, excerpt=HIDDEN) if self.storage.is_withheld(evidence.url) else evidence

    def abandon(self) -> None:
        """Gives the portal back after an opening that failed elsewhere."""
        self.held.close()
