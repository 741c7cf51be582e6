"""The database as the rest of the program sees it: a few verbs, each one transaction."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from giar_crawler.items import Report
from giar_crawler.outcomes import PortalOutcome
from pipelines.storage import (
    changes,
    copying,
    corrections,
    crawls,
    documents,
    health,
    history,
    inventory,
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
from pipelines.storage.crawls import Crawl, Walk
from pipelines.storage.database import Database
from pipelines.storage.documents import Change
from pipelines.storage.errors import RecordRefused
from pipelines.storage.health import Problem
from pipelines.storage.history import History
from pipelines.storage.lookup import ReportUnknown, Wanted
from pipelines.storage.marks import PortalMark, ReportMark, WalkMark
from pipelines.storage.observations import Indexed, Observation
from pipelines.storage.query import ReportFilter, StoredReport
from pipelines.storage.reparses import PageFilter
from pipelines.storage.reposts import mark_migration_dates
from pipelines.storage.rereading import ArchivedPage, Difference, Rereading, Verdict
from pipelines.storage.withholdings import Withholding

logger = logging.getLogger(__name__)


class Storage(Database):
    """The verbs. Every one raises `StorageError` when the database cannot do it; what was committed before is kept."""

    def upsert_portal(self, portal: Mapping[str, object]) -> None:
        """Stores a portal of the register; what has no column of its own goes into `details`."""
        self._write(lambda connection: crawls.upsert_portal(connection, portal))

    def start_crawl(self, portal_id: str, at: datetime, arguments: Mapping[str, object]) -> Crawl:
        """A new walk, or the one with the same arguments that began less than 24 hours ago and has no end: that was killed."""
        return self._write(lambda connection: crawls.start(connection, portal_id, at, arguments))

    def finish_crawl(self, crawl_id: int, at: datetime, outcome: PortalOutcome, counts: Mapping[str, object]) -> None:
        """Ends a walk, and marks the migration dates of what its portal has now; from then on it is not resumed."""
        self._write(lambda connection: crawls.finish(connection, crawl_id, at, outcome, counts))

    def mark_migration_dates(self, portal_id: str) -> int:
        """How many documents got or lost the mark of a list that was posted again; for who stored many reports outside of a walk."""
        return self._write(lambda connection: mark_migration_dates(connection, portal_id))

    def add_observation(self, observation: Observation) -> None:
        """Stores that a response came; again is no error. One that the database refuses is in the archive alone, and a warning says so."""
        try:
            self._write(lambda connection: observations.add(connection, observation), alone=True)
        except RecordRefused as error:
            logger.warning("the fetch of %s is not in the index: %s", observation.url, error)

    def find_observation(
        self, request_key: str, since: datetime | None, *, archived: bool = False, failures: bool = False
    ) -> Observation | None:
        """The newest response to a request; see `observations.find`."""
        return self._glance(lambda connection: observations.find(connection, request_key, since, archived=archived, failures=failures))

    def find_original(self, like: Observation) -> Observation | None:
        """The archived page that a response repeats; see `observations.find_original`."""
        return self._glance(lambda connection: observations.find_original(connection, like))

    def observations_of(self, url: str) -> list[Observation]:
        """All responses of an address, in whatever way it was written, the newest first."""
        with self._reading() as connection:
            return observations.of_address(connection, url) if connection else []

    def observations_beside(self, url: str, fetched_at: datetime, addresses: Sequence[str]) -> dict[str, Observation]:
        """The pages of other addresses that came with a page, by address; see `observations.beside`."""
        with self._reading() as connection:
            return observations.beside(connection, url, fetched_at, addresses) if connection else {}

    def observation_at(self, url: str, fetched_at: datetime) -> tuple[Observation, str | None] | None:
        """The observation of that address, as it is written here, and time, and what it was read as."""
        with self._reading() as connection:
            return observations.at(connection, url, fetched_at) if connection else None

    def index_observations(self, rows: Sequence[Indexed]) -> Counter[str]:
        """How many observations were inserted, corrected or unchanged; see `observations.index`."""
        return self._write(lambda connection: observations.index(connection, rows))

    def archived_offsets(self, warc_file: str) -> set[int]:
        """Where records of a file must be, in bytes."""
        with self._reading() as connection:
            return observations.archived_offsets(connection, warc_file) if connection else set()

    def last_offsets(self) -> dict[str, int]:
        """Where the last answer of each file of the archive is, in bytes."""
        with self._reading() as connection:
            return observations.last_offsets(connection) if connection else {}

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

    def is_withheld(self, url: str) -> bool:
        """Whether what an address has may be shown nowhere."""
        return any(entry.lifted_at is None for entry in self.withholdings(url))

    def same_content(self, url: str) -> list[str]:
        """Other addresses that show, or once showed, the same report."""
        with self._reading() as connection:
            return withholdings.same_content(connection, url) if connection else []

    def begin_reparse(self, parser_version: str, arguments: Mapping[str, object], at: datetime) -> tuple[int, Counter[str]]:
        """The re-parse with these arguments and this code that was killed, with its counts so far; else a new one."""
        return self._write(lambda connection: reparses.begin(connection, parser_version, arguments, at))

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
            return reparses.counts(connection, reparse_id) if connection else Counter()

    def finish_reparse(self, reparse_id: int, at: datetime) -> None:
        """Ends a re-parse, and marks the migration dates of what all portals have now."""
        self._write(lambda connection: reparses.finish(connection, reparse_id, at))

    def reading_changes(self, reparse_id: int) -> Iterator[Difference]:
        """All that a re-parse changed, by document, without what is withheld."""
        with self._reading() as connection:
            if connection:
                yield from reparses.changes(connection, reparse_id)

    def document_times(self, portal_id: str) -> dict[str, tuple[datetime, datetime]]:
        """When each document of the portal that still holds a report was seen first and last, by its canonical address."""
        with self._reading() as connection:
            return documents.times(connection, portal_id) if connection else {}

    def mark_seen(self, urls: Iterable[str], at: datetime) -> None:
        """Notes that these documents are as they were: the server said so, and sent nothing."""
        addresses = list(urls)
        if addresses:
            self._write(lambda connection: documents.mark_seen(connection, addresses, at))

    def mark_gone(self, urls: Iterable[str], at: datetime) -> int:
        """How many of these addresses held a report until now."""
        addresses = list(urls)
        return self._write(lambda connection: documents.mark_gone(connection, addresses, at)) if addresses else 0

    def portal_ids(self) -> list[str]:
        """The ids of all portals that were ever walked."""
        with self._reading() as connection:
            return crawls.portal_ids(connection) if connection else []

    def walks(self, since: datetime, portal_id: str | None = None) -> list[Walk]:
        """All walks that began since then, or those of one portal, the newest first."""
        with self._reading() as connection:
            return crawls.walks(connection, since, portal_id) if connection else []

    def portal_marks(self) -> list[PortalMark]:
        """All portals that were ever walked, by id."""
        with self._reading() as connection:
            return marks.portals(connection) if connection else []

    def portals(self) -> Iterator[dict[str, Any]]:
        """All portals that were ever walked, as rows."""
        with self._reading() as connection:
            if connection:
                yield from inventory.portals(connection)

    def archived(self) -> Iterator[dict[str, Any]]:
        """Every answer that the archive has and nobody withholds, as rows by address and time."""
        with self._reading() as connection:
            if connection:
                yield from inventory.archived(connection)

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
