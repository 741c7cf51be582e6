"""The stages of the reading as Scrapy item pipelines, one thin class each on the same item, and the one that stores the record."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, ClassVar, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from giar_crawler.items import Page
from giar_crawler.outcomes import PageOutcome
from pipelines import stats
from pipelines.line import STAGES, begin, run_stage
from pipelines.reading import Reading
from pipelines.storage import RecordRefused, Storage, StorageError

logger = logging.getLogger(__name__)

# Bytes of a page that is read on the event loop, in some milliseconds: the way to a thread and back, for each stage, takes longer than most
# pages need. During longer ones the loop stays free for the other portals' delays and for Ctrl-C.
AT_ONCE = 200_000
# One page at a time, wherever, because not all libraries of the reading bear more.
_reading = Lock()
_reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")


async def _run(stage: Callable[[Reading], None], reading: Reading) -> None:
    if len(reading.page.body) > AT_ONCE or not _reading.acquire(blocking=False):
        await asyncio.get_running_loop().run_in_executor(_reader, _run_alone, stage, reading)
        return
    try:
        run_stage(stage, reading)
    finally:
        _reading.release()


def _run_alone(stage: Callable[[Reading], None], reading: Reading) -> None:
    with _reading:
        run_stage(stage, reading)


class Stage:
    """One stage of the line. The first takes a `Page`, each hands on the `Reading`."""

    number: ClassVar[int]

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.stage: Callable[[Reading], None] = STAGES[self.number]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_item(self, item: Page | Reading) -> Reading:
        """The reading after this stage. An unexpected exception costs this page alone: it is logged, counted, and the rest goes on."""
        reading = begin(item) if isinstance(item, Page) else item
        try:
            await _run(self.stage, reading)
        except Exception as error:
            logger.exception("reading %s failed in %s", reading.page.url, type(self).__name__)
            self.crawler.stats.inc_value(stats.PAGES_FAILED)
            raise DropItem("the reading failed") from error
        return reading


class Decode(Stage):
    """Bytes to clean text and tables."""

    number = 0


class Metadata(Stage):
    """Header, index number, dates, publisher, title and year."""

    number = 1


class Statistics(Stage):
    """Figures of the tables and of the prose."""

    number = 2


class Attachments(Stage):
    """The attachments that the page links."""

    number = 3


class Checks(Stage):
    """Identities, mirrors, the verdict."""

    number = 4


class StoreReport:
    """Stores the record, in one transaction, and off the event loop where the database is behind a network."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        # The walk's own attributes: years, known, gone, crawl_id, storage, stop_run().
        self.walk: Any = crawler.spider

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_item(self, item: Reading) -> Reading:
        """Stores and counts; a database that fails stops the run, because every further page would be lost."""
        try:
            counter = self._store(item) if self.walk.storage.is_local else await asyncio.to_thread(self._store, item)
        except StorageError as error:
            self.walk.stop_run(error)
            raise DropItem("the database failed") from error
        except RecordRefused as error:
            logger.exception("the record of %s was not stored", item.page.url)
            self.crawler.stats.inc_value(stats.PAGES_FAILED)
            raise DropItem("the record was refused") from error
        # On the event loop, where the walk counts: in the storing thread an update could be lost.
        if item.report.outcome is PageOutcome.NOT_A_REPORT:
            self.walk.not_a_report(item.page.url, item.page.fetched_at)
        for name in counter:
            self.crawler.stats.inc_value(name)
        return item

    def _store(self, reading: Reading) -> list[str]:
        """The counters to raise."""
        report, page, walk = reading.report, reading.page, self.walk
        storage: Storage = walk.storage
        if page.url is None or page.fetched_at is None:
            raise TypeError("a page of a walk has an address and a time")
        is_report = report.outcome is not PageOutcome.NOT_A_REPORT
        keep = is_report and report.report_year in walk.years
        change = storage.store_reading(report, keep=keep, portal_id=walk.portal_id, crawl_id=walk.crawl_id, seen_at=page.fetched_at)
        counted = [stats.PAGES_OUTCOME + str(report.outcome)]
        if not is_report:
            return counted
        counted += [stats.FINDINGS_PARSER for finding in report.findings if finding.blame == "parser"]
        return [*counted, *((stats.REPORTS, f"{stats.REPORTS}/{change}") if keep else (stats.REPORTS_OTHER_YEAR,))]
