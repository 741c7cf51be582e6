"""The database as the rest of the program sees it: a few verbs, each one transaction."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, insert, select, update
from sqlalchemy.exc import DBAPIError

from giar_crawler.items import Report
from giar_crawler.outcomes import PortalOutcome
from pipelines.storage import (
    changes,
    copying,
    corrections,
    documents,
    health,
    history,
    marks,
    observations,
    query,
    reparses,
    rereading,
    withholdings,
)
from pipelines.storage.changes import ChangeRow
from pipelines.storage.copying import TableDigest
from pipelines.storage.corrections import Correction, Proposal, Withdrawal
from pipelines.storage.documents import Change
from pipelines.storage.engine import make_engine, parse_url, sqlite_file
from pipelines.storage.errors import RecordRefused, StorageError, StorageRefused, storage_errors
from pipelines.storage.health import Problem
from pipelines.storage.history import History
from pipelines.storage.lookup import ReportUnknown, Wanted
from pipelines.storage.marks import PortalMark, ReportMark, WalkMark
from pipelines.storage.models import CrawlRow, DocumentRow, PortalRow, ReparseRow
from pipelines.storage.observations import Indexed, Observation
from pipelines.storage.prepared import upserts
from pipelines.storage.query import ReportFilter, StoredReport
from pipelines.storage.reparses import PageFilter
from pipelines.storage.reposts import mark_migration_dates
from pipelines.storage.rereading import ArchivedPage, Difference, Rereading, Verdict
from pipelines.storage.schema import State, create, refuse, state
from pipelines.storage.withholdings import Withholding

logger = logging.getLogger(__name__)

T = TypeVar("T")

# A walk that was killed less than this ago is resumed.
RESUME_WITHIN = timedelta(hours=24)
# PostgreSQL ends one of two transactions that wait for each other (40P01) or see each other's rows change (40001); it may be repeated,
# after so many seconds.
_REPEATABLE = {"40P01", "40001"}
_PAUSES = (0.05, 0.1, 0.2, 0.4)


@dataclass(slots=True, frozen=True)
class Crawl:
    """One walk of one portal; `resumed_since` is the start of the killed walk that it continues, else `None`."""

    id: int
    portal_id: str
    started_at: datetime
    resumed_since: datetime | None


@dataclass(slots=True, frozen=True)
class Walk:
    """What is stored of a walk; one that runs, or was killed, has no end, no outcome and no counts."""

    portal_id: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    arguments: dict[str, Any]
    counts: dict[str, Any] | None = None


class Storage:
    """One database; for all threads of a process. Reading an empty one finds nothing, the first write creates it.

    Every method raises `StorageError` when the database cannot do it; what was committed before is kept.
    """

    def __init__(self, url: URL) -> None:
        self.engine = make_engine(url)
        self.shown_url = url.render_as_string()
        # A file, whose writes take less than a thread does.
        self.is_local = sqlite_file(url) is not None
        self._writing = threading.Lock()
        # What stands there was looked at; the tables are there and today's.
        self._known = self._ready = False

    def close(self) -> None:
        """Ends the connections; the next call opens new ones."""
        self.engine.dispose()

    def check(self) -> State:
        """What stands behind the URL. Raises `StorageRefused` for an older, newer or foreign database."""
        with storage_errors(self.shown_url):
            found = state(self.engine)
        refuse(self.shown_url, found)
        return found

    def upsert_portal(self, portal: Mapping[str, object]) -> None:
        """Stores a portal of the register; what has no column of its own goes into `details`."""
        columns = {column.name for column in PortalRow.__table__.columns} - {"details"}
        row = {key: value for key, value in portal.items() if key in columns}
        row["details"] = _plain_json({key: value for key, value in portal.items() if key not in columns})

        def write(connection: Connection) -> None:
            statement = upserts(connection).insert(PortalRow).values(**row)
            news = {key: statement.excluded[key] for key in row if key != "id"}
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=news))

        self._write(write)

    def start_crawl(self, portal_id: str, at: datetime, arguments: Mapping[str, object]) -> Crawl:
        """A new walk, or the one with the same arguments that began less than 24 hours ago and has no end: that was killed."""
        wanted = _plain_json(dict(arguments))

        def write(connection: Connection) -> Crawl:
            killed = connection.execute(
                select(CrawlRow.id, CrawlRow.started_at, CrawlRow.arguments)
                .where(CrawlRow.portal_id == portal_id, CrawlRow.ended_at.is_(None), CrawlRow.started_at > at - RESUME_WITHIN)
                .order_by(CrawlRow.started_at.desc())
            ).all()
            for row in killed:
                if row.arguments == wanted:
                    return Crawl(row.id, portal_id, row.started_at, resumed_since=row.started_at)
            new = insert(CrawlRow).values(portal_id=portal_id, started_at=at, arguments=wanted).returning(CrawlRow.id)
            return Crawl(connection.execute(new).scalar_one(), portal_id, at, resumed_since=None)

        return self._write(write)

    def finish_crawl(self, crawl_id: int, at: datetime, outcome: PortalOutcome, counts: Mapping[str, object]) -> None:
        """Ends a walk, and marks the migration dates of what its portal has now; from then on it is not resumed."""
        values = {"ended_at": at, "outcome": str(outcome), "counts": _plain_json(dict(counts))}

        def write(connection: Connection) -> None:
            ended = update(CrawlRow).where(CrawlRow.id == crawl_id).values(**values).returning(CrawlRow.portal_id)
            for portal_id in connection.execute(ended).scalars().all():
                mark_migration_dates(connection, portal_id)

        self._write(write)

    def mark_migration_dates(self, portal_id: str) -> int:
        """How many documents got or lost the mark of a list that was posted again; for who stored many reports outside of a walk."""
        return self._write(lambda connection: mark_migration_dates(connection, portal_id))

    def add_observation(self, observation: Observation) -> None:
        """Stores that a response came; again is no error. One that the database refuses is in the archive alone, and a warning says so."""
        try:
            self._write(lambda connection: observations.add(connection, [observation]))
        except RecordRefused as error:
            logger.warning("the fetch of %s is not in the index: %s", observation.url, error)

    def find_observation(
        self, request_key: str, since: datetime | None, *, archived: bool = False, failures: bool = False
    ) -> Observation | None:
        """The newest response to a request; see `observations.find`."""
        with self._reading() as connection:
            return observations.find(connection, request_key, since, archived=archived, failures=failures) if connection else None

    def find_original(self, like: Observation) -> Observation | None:
        """The archived page that a response repeats; see `observations.find_original`."""
        with self._reading() as connection:
            return observations.find_original(connection, like) if connection else None

    def observations_of(self, url: str) -> list[Observation]:
        """All responses of an address, in whatever way it was written, the newest first."""
        with self._reading() as connection:
            return observations.of_address(connection, url) if connection else []

    def outcome_at(self, url: str, fetched_at: datetime) -> tuple[bool, str | None]:
        """Whether there is an observation of that address and time, and what it was read as."""
        with self._reading() as connection:
            return observations.outcome_at(connection, url, fetched_at) if connection else (False, None)

    def index_observations(self, rows: Sequence[Indexed]) -> Counter[str]:
        """How many observations were inserted, corrected or unchanged; see `observations.index`."""
        return self._write(lambda connection: observations.index(connection, rows))

    def archived_offsets(self, warc_file: str) -> set[int]:
        """Where records of a file must be, in bytes."""
        with self._reading() as connection:
            return observations.archived_offsets(connection, warc_file) if connection else set()

    def archive_files(self) -> dict[str, int]:
        """How many answers must be in which file of the archive."""
        with self._reading() as connection:
            return observations.archive_files(connection) if connection else {}

    def store_reading(self, report: Report, *, keep: bool, portal_id: str | None, crawl_id: int | None, seen_at: datetime) -> Change | None:
        """Notes what became of the page that was archived under the record's address at `seen_at`, and with `keep` stores the record.

        Both or neither, under its canonical address; storing it again is `unchanged`. `None` where it was not to be kept.
        """

        def write(connection: Connection) -> Change | None:
            observations.note_reading(connection, report, seen_at)
            if not keep:
                return None
            return documents.store(connection, report, portal_id=portal_id, crawl_id=crawl_id, seen_at=seen_at)

        return self._write(write)

    def withhold(self, url: str, reason: str, by: str, at: datetime) -> Withholding:
        """Hides what an address has, had and will have; the entry of the log."""
        return self._write(lambda connection: withholdings.withhold(connection, url, reason, by, at))

    def lift_withholding(self, url: str, at: datetime) -> int:
        """How many entries were lifted: one or none."""
        return self._write(lambda connection: withholdings.lift(connection, url, at))

    def withholdings(self, url: str | None = None) -> list[Withholding]:
        """The log, or what of it is about an address."""
        with self._reading() as connection:
            return withholdings.log(connection, url) if connection else []

    def same_content(self, url: str) -> list[str]:
        """Other addresses that show, or once showed, the same report."""
        with self._reading() as connection:
            return withholdings.same_content(connection, url) if connection else []

    def begin_reparse(self, parser_version: str, arguments: Mapping[str, object], at: datetime) -> tuple[int, Counter[str]]:
        """The re-parse with these arguments and this code that was killed, with its counts so far; else a new one."""
        wanted = _plain_json(dict(arguments))
        return self._write(lambda connection: reparses.begin(connection, parser_version, wanted, at))

    def archived_pages(self, filters: PageFilter, reparse_id: int | None, *, after: int, most: int) -> list[ArchivedPage]:
        """At most so many archived pages behind the observation `after` that the re-parse has not read."""
        with self._reading() as connection:
            return reparses.archived_pages(connection, filters, reparse_id, after=after, most=most) if connection else []

    def count_archived_pages(self, filters: PageFilter, reparse_id: int | None) -> int:
        """How many archived pages the re-parse has still to read."""
        with self._reading() as connection:
            return reparses.count_pages(connection, filters, reparse_id) if connection else 0

    def judge_readings(self, readings: Sequence[Rereading]) -> list[Verdict]:
        """What other readings of archived pages would change."""
        with self._reading() as connection:
            return [rereading.judge(connection, reading) for reading in readings] if connection else []

    def take_readings(self, reparse_id: int, readings: Sequence[Rereading]) -> list[Verdict]:
        """What other readings of archived pages changed, once all of them are stored; all of them or none."""

        def write(connection: Connection) -> list[Verdict]:
            verdicts = []
            for reading in readings:
                verdicts.append(rereading.judge(connection, reading))
                rereading.take(connection, reading.page, verdicts[-1], reparse_id)
            reparses.note(connection, reparse_id, rereading.tally(verdicts), verdicts)
            return verdicts

        return self._write(write)

    def reparse_counts(self, reparse_id: int) -> Counter[str]:
        """What the re-parse has done so far, over all its processes and runs."""
        with self._reading() as connection:
            row = connection and connection.execute(select(ReparseRow.counts).where(ReparseRow.id == reparse_id)).one()
        return Counter(row.counts) if row else Counter()

    def finish_reparse(self, reparse_id: int, at: datetime) -> None:
        """Ends a re-parse, and marks the migration dates of what all portals have now."""

        def write(connection: Connection) -> None:
            connection.execute(update(ReparseRow).where(ReparseRow.id == reparse_id).values(ended_at=at))
            for portal_id in connection.execute(select(PortalRow.id).order_by(PortalRow.id)).scalars().all():
                mark_migration_dates(connection, portal_id)

        self._write(write)

    def reading_changes(self, reparse_id: int) -> Iterator[Difference]:
        """All that a re-parse changed, by document."""
        with self._reading() as connection:
            if connection:
                yield from reparses.changes(connection, reparse_id)

    def known_documents(self, portal_id: str) -> list[str]:
        """The canonical addresses of the portal that still hold a report."""
        statement = select(DocumentRow.url).where(DocumentRow.portal_id == portal_id, DocumentRow.gone_since.is_(None))
        with self._reading() as connection:
            return sorted(connection.execute(statement).scalars()) if connection else []

    def document_times(self, portal_id: str) -> dict[str, tuple[datetime, datetime]]:
        """When each document of the portal that still holds a report was seen first and last, by its canonical address."""
        statement = select(DocumentRow.url, DocumentRow.first_seen, DocumentRow.last_seen).where(
            DocumentRow.portal_id == portal_id, DocumentRow.gone_since.is_(None)
        )
        with self._reading() as connection:
            return {row.url: (row.first_seen, row.last_seen) for row in connection.execute(statement)} if connection else {}

    def mark_seen(self, urls: Iterable[str], at: datetime) -> None:
        """Notes that these documents are as they were: the server said so, and sent nothing."""
        addresses = list(urls)
        statement = update(DocumentRow).where(DocumentRow.url.in_(addresses), DocumentRow.last_seen < at).values(last_seen=at)
        if addresses:
            self._write(lambda connection: connection.execute(statement))

    def mark_gone(self, urls: Iterable[str], at: datetime) -> int:
        """How many of these addresses held a report until now."""
        addresses = list(urls)
        return self._write(lambda connection: documents.mark_gone(connection, addresses, at)) if addresses else 0

    def portal_ids(self) -> list[str]:
        """The ids of all portals that were ever walked."""
        with self._reading() as connection:
            return sorted(connection.execute(select(PortalRow.id)).scalars()) if connection else []

    def walks(self, since: datetime, portal_id: str | None = None) -> list[Walk]:
        """All walks that began since then, or those of one portal, the newest first."""
        names = [CrawlRow.__table__.columns[name] for name in Walk.__slots__]
        statement = select(*names).where(CrawlRow.started_at >= since).order_by(CrawlRow.started_at.desc(), CrawlRow.id.desc())
        if portal_id is not None:
            statement = statement.where(CrawlRow.portal_id == portal_id)
        with self._reading() as connection:
            return [Walk(**row) for row in connection.execute(statement).mappings()] if connection else []

    def portal_marks(self) -> list[PortalMark]:
        """All portals that were ever walked, by id."""
        with self._reading() as connection:
            return marks.portals(connection) if connection else []

    def report_marks(self, portal_ids: Sequence[str]) -> Iterator[ReportMark]:
        """What coverage has to know of the current reports of these portals."""
        with self._reading() as connection:
            if connection:
                yield from marks.reports(connection, portal_ids)

    def walk_marks(self, portal_ids: Sequence[str]) -> Iterator[WalkMark]:
        """The walks of these portals that came to an end, the oldest first."""
        with self._reading() as connection:
            if connection:
                yield from marks.walks(connection, portal_ids)

    def reports(self, filters: ReportFilter, *, by_publisher: bool = False) -> Iterator[StoredReport]:
        """The current version of every document, one state of the database, ordered by portal, report year and address.

        `by_publisher` orders by publisher, scope and place, then by report year and address. All exports read figures through this.
        """
        with self._reading() as connection:
            if connection:
                yield from query.reports(connection, filters, by_publisher=by_publisher)

    def count_reports(self, filters: ReportFilter) -> int:
        """How many reports `reports` would give."""
        with self._reading() as connection:
            return query.count(connection, filters) if connection else 0

    def correct(self, proposals: Sequence[Proposal], at: datetime) -> list[bool]:
        """For each proposal whether it is new. Raises `CorrectionRefused` where one cannot be recorded; then none is."""
        return self._write(lambda connection: corrections.record(connection, proposals, at))

    def withdraw(self, withdrawal: Withdrawal, at: datetime) -> list[Correction]:
        """The corrections of a figure that were in force; they stay as a log. Raises `ReportUnknown` where there are none."""
        return self._write(lambda connection: corrections.withdraw(connection, withdrawal, at))

    def corrections(self, filters: ReportFilter, *, withdrawn: bool = False) -> Iterator[Correction]:
        """The corrections in force, with `withdrawn` all that there ever were, in the order in which they were made."""
        with self._reading() as connection:
            if connection:
                yield from corrections.listed(connection, query.conditions(filters), withdrawn=withdrawn)

    def digests(self) -> dict[str, TableDigest]:
        """How many rows each table has, with a digest of them: equal for equal databases, whatever their kind."""
        with self._reading() as connection:
            return copying.digests(connection) if connection else {}

    def problems(self) -> list[Problem]:
        """What does not hold in the database; empty where all is well."""
        with self._reading() as connection:
            return health.problems(connection) if connection else []

    def copy_into(self, target: Storage) -> dict[str, TableDigest]:
        """Copies everything into a new database and gives what is there then; all or nothing.

        Raises `StorageRefused` where the target holds data already.
        """
        with self._reading() as source:
            return target._write(lambda into: copying.copy(source, into)) if source else {}

    def history(self, wanted: Wanted) -> History:
        """The versions of a document and what each changed. Raises `ReportUnknown`."""
        with self._reading() as connection:
            if connection is None:
                raise ReportUnknown(f"there is no report {wanted}: the database is empty")
            return history.history(connection, wanted)

    def changes(self, filters: ReportFilter, since: datetime | None = None) -> Iterator[ChangeRow]:
        """What became new, was edited, vanished, came back or was corrected since a time, the oldest first."""
        with self._reading() as connection:
            if connection:
                yield from changes.changes(connection, query.conditions(filters), since)

    @contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        """A connection that sees one state of the database; `None` while there is none."""
        if not self._known:
            if self.check() is State.EMPTY:
                yield None
                return
            self._known = True
        level = {"isolation_level": "REPEATABLE READ"} if self.engine.dialect.name == "postgresql" else {}
        with storage_errors(self.shown_url), self.engine.connect() as connection:
            yield connection.execution_options(reads=True, **level)

    def _write(self, work: Callable[[Connection], T]) -> T:
        with self._writing, storage_errors(self.shown_url):
            if not self._ready:
                try:
                    create(self.engine)
                except OSError as error:
                    raise StorageError(f"database {self.shown_url}: {error}. Check that the folder exists and may be written.") from error
                self._known = self._ready = True
            for pause in _PAUSES:
                try:
                    return self._transact(work)
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", None) not in _REPEATABLE:
                        raise
                    time.sleep(pause)
            return self._transact(work)

    def _transact(self, work: Callable[[Connection], T]) -> T:
        with self.engine.begin() as connection:
            return work(connection)


def _plain_json(value: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """The value as it comes back from a JSON column: tuples are lists, dates and paths are text."""
    return json.loads(json.dumps(value, default=str))


_open: dict[tuple[int, str], Storage] = {}
_opening = threading.Lock()


def open_storage(url: str, *, create: bool = True) -> Storage:
    """The storage of a database: one for the process and URL, however often it is asked for.

    Nothing is written yet. Raises `StorageRefused` for what is no supported URL, an older, newer or foreign database, and with
    `create=False` a missing one; `StorageError` for a file that is no database, a place that cannot be written, a silent server.
    """
    parsed = parse_url(url)
    key = (os.getpid(), parsed.render_as_string(hide_password=False))
    file = sqlite_file(parsed)
    if file is not None and file.is_dir():
        raise StorageError(f"database {parsed.render_as_string()}: {file} is a folder; name a file")
    with _opening:
        storage = _open.get(key) or Storage(parsed)
        if storage.check() is State.EMPTY and not create:
            raise StorageRefused(
                f"database {storage.shown_url}: there is nothing yet; give its URL with --database, or crawl a portal first"
            )
        if file is not None and create:
            _check_writable(storage.shown_url, file)
        return _open.setdefault(key, storage)


def _check_writable(shown_url: str, file: Path) -> None:
    """Raises `StorageError` now for what the first write would meet hours later."""
    there = next(path for path in (file, *file.absolute().parents) if path.exists())
    if there != file and not there.is_dir():
        raise StorageError(f"database {shown_url}: {there} is no folder, so nothing can be created in it")
    if not os.access(there, os.W_OK) or not os.access(there if there.is_dir() else there.absolute().parent, os.W_OK):
        raise StorageError(f"database {shown_url}: {there} may not be written; check its permissions or name another place")
