"""Reads archived pages again, in processes side by side, and puts what today's code reads into the place of what was read before.

Each process reads a few pages and stores them in one transaction, with the mark of this re-parse: killed at any moment, the same command
goes on with the pages that have no mark.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic

from giar_crawler.archive import ArchiveError
from giar_crawler.archive.parts import read_whole
from giar_crawler.spiders.arguments import Years
from pipelines import read
from pipelines.storage import (
    ArchivedPage,
    Difference,
    PageFilter,
    RecordRefused,
    Reread,
    Rereading,
    open_storage,
    reparse_lock,
    tally,
)
from pipelines.version import parser_version

# Enough pages that a transaction costs little beside them, few enough that a process which is told to end does so within a second.
CHUNK = 50
FORCED = 3


@dataclass(slots=True, frozen=True)
class Options:
    """What a re-parse was told. `dry_run` stores nothing."""

    database: str
    archive: Path
    filters: PageFilter
    workers: int
    dry_run: bool = False


@dataclass(slots=True)
class Batch:
    """How some pages went. `differences` are given of a dry run alone: else the database has them."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


class Worker:
    """Reads pages, in a process of its own."""

    def __init__(self, options: Options, reparse_id: int | None) -> None:
        self.archive, self.reparse_id = options.archive, reparse_id
        self.storage = open_storage(options.database, create=False)

    def work(self, pages: Sequence[ArchivedPage]) -> Batch:
        """Reads the pages and stores what is new, all of them in one transaction unless the database refuses a record."""
        batch = Batch()
        readings = []
        for page in pages:
            try:
                readings.append(self._read(page))
            except ArchiveError as error:
                batch.failures.append(f"{page.url}: {error}")
        try:
            self._settle(readings, batch)
        except RecordRefused:
            for reading in readings:
                try:
                    self._settle([reading], batch)
                except RecordRefused as error:
                    batch.failures.append(f"{reading.page.url}: {error}")
        return batch

    def _read(self, page: ArchivedPage) -> Rereading:
        archived = read_whole(self.storage, self.archive, page.warc_file, page.warc_offset)
        if archived.url != page.url:
            place = f"byte {page.warc_offset} of {page.warc_file}"
            raise ArchiveError(f"{place} holds {archived.url}; `giar archive index` makes the index anew")
        report = read(archived)
        wanted = Years(*(page.walk_arguments or {}).get("years", ()))
        return Rereading(page, report, keep=report.report_year in wanted)

    def _settle(self, readings: Sequence[Rereading], batch: Batch) -> None:
        if self.reparse_id is None:
            verdicts = self.storage.judge_readings(readings)
            batch.differences += [each for verdict in verdicts for each in verdict.told]
        else:
            verdicts = self.storage.take_readings(self.reparse_id, readings)
        batch.counts += tally(verdicts)


_worker: Worker


def _begin_worker(options: Options, reparse_id: int | None, held: Connection) -> None:
    global _worker  # noqa: PLW0603 # the executor offers a process no other place
    # Ctrl-C in a terminal and a stopped service reach all processes; this one ends with the one that began it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(held,), daemon=True).start()
    _worker = Worker(options, reparse_id)


def _end_with(held: Connection) -> None:
    """Ends this process when nobody holds the other end any more."""
    held.poll(None)
    os._exit(1)


def _work(pages: Sequence[ArchivedPage]) -> Batch:
    return _worker.work(pages)


class _Pool(ProcessPoolExecutor):
    """Processes that read pages. They end with the one that began them, or when that gives them up; signals do not end them.

    From Python 3.12 on a pool that lost a process waits for the others, which it has sent a signal, without an end.
    """

    def __init__(self, options: Options, reparse_id: int | None) -> None:
        # A fork would take over the threads' locks and the database's connections.
        context = multiprocessing.get_context("spawn")
        held, self._holding = context.Pipe(duplex=False)
        super().__init__(options.workers, mp_context=context, initializer=_begin_worker, initargs=(options, reparse_id, held))

    def give_up(self) -> None:
        """Ends all processes at once."""
        self._holding.close()
        self.shutdown()


class Reparse:
    """One re-parse, done while `run()` is iterated.

    `counts` and `failures` are of this run, `counts` with those of the killed runs that it goes on from; `left` pages were to be read when
    it began; `interrupted` by a signal. Raises StorageError when made, where the database cannot be used.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.counts: Counter[str] = Counter({"pages": 0} | dict.fromkeys(Reread, 0))
        self.failures: list[str] = []
        self.left = self.done = 0
        self.interrupted = False
        self._storage = open_storage(options.database, create=False)
        self._reparse_id: int | None = None
        self._started = monotonic()

    def run(self) -> Iterator[Difference]:
        """Every difference: of a dry run as it is found, else when all is done. Raises StorageError; what was stored is kept."""
        with nullcontext() if self.options.dry_run else reparse_lock(self.options.database), self._signals():
            if not self.options.dry_run:
                self._reparse_id, before = self._storage.begin_reparse(parser_version(), asdict(self.options.filters), datetime.now(UTC))
                self.counts += before
            self.left = self._storage.count_archived_pages(self.options.filters, self._reparse_id)
            for batch in self._batches():
                self.counts.update(batch.counts)
                self.failures += batch.failures
                self.done += batch.counts["pages"] + len(batch.failures)
                yield from batch.differences
            if self._reparse_id is not None:
                if not self.interrupted:
                    self._storage.finish_reparse(self._reparse_id, datetime.now(UTC))
                # A process that died may have stored what it could not tell any more.
                self.counts.update(self._storage.reparse_counts(self._reparse_id) - self.counts)
                yield from self._storage.reading_changes(self._reparse_id)

    def line(self) -> str:
        """How far it is."""
        rate = self.done / max(monotonic() - self._started, 0.001)
        rest = f"  {(self.left - self.done) / rate / 60:.0f} min left" if rate else ""
        changed = f"changed {self.counts[Reread.CHANGED]}  failed {len(self.failures)}"
        return f"pages {self.done}/{self.left}  {changed}  {rate:.0f} pages/s{rest}"

    def _batches(self) -> Iterator[Batch]:
        """The work of all processes, in the order of the pages. A page that kills the process which reads it costs that page alone."""
        waiting: deque[tuple[list[ArchivedPage], Future[Batch]]] = deque()
        chunks = self._chunks()
        pool = self._pool()
        try:
            while True:
                while len(waiting) < 2 * self.options.workers and not self.interrupted and (chunk := next(chunks, None)):
                    waiting.append((chunk, pool.submit(_work, chunk)))
                if not waiting:
                    return
                pages, future = waiting[0]
                try:
                    yield future.result()
                    waiting.popleft()
                except BrokenProcessPool:
                    unread = [pages for pages, future in waiting if future.exception() is not None]
                    yield from (future.result() for _, future in waiting if future.exception() is None)
                    waiting.clear()
                    pool.give_up()
                    for pages in unread:
                        yield from self._one_by_one(pages)
                    pool = self._pool()
        finally:
            pool.shutdown(cancel_futures=True)

    def _one_by_one(self, pages: Sequence[ArchivedPage]) -> Iterator[Batch]:
        pool = self._pool()
        try:
            for page in self._unread(pages):
                try:
                    yield pool.submit(_work, [page]).result()
                except BrokenProcessPool:
                    pool.give_up()
                    pool = self._pool()
                    yield Batch(failures=[f"{page.url}: the process that read it died (out of memory, or a library's fault)"])
        finally:
            pool.shutdown()

    def _unread(self, pages: Sequence[ArchivedPage]) -> list[ArchivedPage]:
        """Those of the pages that a process which died had not stored."""
        after, ids = pages[0].id - 1, {page.id for page in pages}
        return [
            page
            for page in self._storage.archived_pages(self.options.filters, self._reparse_id, after=after, most=len(pages))
            if page.id in ids
        ]

    def _chunks(self) -> Iterator[list[ArchivedPage]]:
        after = 0
        while pages := self._storage.archived_pages(self.options.filters, self._reparse_id, after=after, most=CHUNK):
            yield pages
            after = pages[-1].id

    def _pool(self) -> _Pool:
        return _Pool(self.options, self._reparse_id)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _interrupt(self, *_: object) -> None:
        """Once: the pages in hand are read and stored. Twice: at once; they are read again by the next run."""
        if self.interrupted:
            os._exit(FORCED)
        self.interrupted = True
        sys.stderr.write("giar: finishing the pages in hand; again to stop at once\n")
