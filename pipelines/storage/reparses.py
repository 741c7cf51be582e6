"""Re-parses: which archived pages they read, how far they came, what they changed. All functions work in the caller's transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, insert, or_, select, update

from pipelines.storage.crawls import portal_ids
from pipelines.storage.models import CrawlRow, DocumentRow, ObservationRow, ReadingChangeRow, ReparseRow, ReportRow
from pipelines.storage.prepared import upserts
from pipelines.storage.reposts import mark_migration_dates
from pipelines.storage.rereading import ArchivedPage, Difference, Verdict
from pipelines.storage.types import plain_json
from pipelines.storage.withholdings import shown


@dataclass(slots=True, frozen=True)
class PageFilter:
    """Which archived pages; an empty part does not filter.

    `since` is the time of the fetch, `versions` are those of the code that read a page last, and `other_than` leaves out the pages that
    this version did; the rest is what that reading said.
    """

    portals: tuple[str, ...] = ()
    since: datetime | None = None
    years: tuple[int | None, int | None] = (None, None)
    forms: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    other_than: str | None = None


def _conditions(filters: PageFilter) -> Iterator[ColumnElement[bool]]:
    """The pages that were read when they came, and those of a walk that was killed before it read them."""
    yield ObservationRow.warc_file.is_not(None)
    yield ObservationRow.status.between(200, 299)
    unread = (ObservationRow.kind == "report") & CrawlRow.ended_at.is_(None)
    yield or_(ObservationRow.page_outcome.is_not(None), unread)
    if filters.portals:
        yield ObservationRow.portal_id.in_(filters.portals)
    if filters.since is not None:
        yield ObservationRow.fetched_at >= filters.since
    if filters.outcomes:
        yield ObservationRow.page_outcome.in_(filters.outcomes)
    if filters.versions:
        yield ObservationRow.parser_version.in_(filters.versions)
    if filters.other_than is not None:
        yield ObservationRow.parser_version.is_distinct_from(filters.other_than)
    first, last = filters.years
    told = [ReportRow.report_year >= first] if first is not None else []
    told += [ReportRow.report_year <= last] if last is not None else []
    told += [ReportRow.form.in_(filters.forms)] if filters.forms else []
    if told:
        yield exists().where(ReportRow.content_sha256 == ObservationRow.content_sha256, *told)


def _pages(statement: Select[*tuple[Any, ...]], filters: PageFilter, reparse_id: int | None) -> Select[*tuple[Any, ...]]:
    chosen = statement.outerjoin(CrawlRow, ObservationRow.crawl_id == CrawlRow.id).where(*_conditions(filters))
    return chosen if reparse_id is None else chosen.where(ObservationRow.reparse_id.is_distinct_from(reparse_id))


def archived_pages(connection: Connection, filters: PageFilter, reparse_id: int | None, *, after: int, most: int) -> list[ArchivedPage]:
    """At most so many pages behind the observation `after`, in the order of observations, without those that the re-parse has read."""
    columns = [ObservationRow.__table__.columns[name] for name in ArchivedPage.__slots__ if name != "walk_arguments"]
    statement = _pages(select(*columns, CrawlRow.arguments.label("walk_arguments")), filters, reparse_id)
    chosen = statement.where(ObservationRow.id > after).order_by(ObservationRow.id).limit(most)
    return [ArchivedPage(**row) for row in connection.execute(chosen).mappings()]


def count_pages(connection: Connection, filters: PageFilter, reparse_id: int | None) -> int:
    """How many pages a re-parse has still to read."""
    pages: int = connection.execute(_pages(select(func.count(ObservationRow.id)), filters, reparse_id)).scalar_one()
    return pages


def begin(connection: Connection, parser_version: str, arguments: Mapping[str, object], at: datetime) -> tuple[int, Counter[str]]:
    """The re-parse with these arguments and this code that did not come to its end, with its counts so far; else a new one."""
    wanted = plain_json(dict(arguments))
    open_ones = select(ReparseRow).where(ReparseRow.parser_version == parser_version, ReparseRow.ended_at.is_(None))
    for row in connection.execute(open_ones.order_by(ReparseRow.id.desc())).mappings():
        if row["arguments"] == wanted:
            return row["id"], Counter(row["counts"])
    values = {"started_at": at, "parser_version": parser_version, "arguments": wanted, "counts": {}}
    new: int = connection.execute(insert(ReparseRow).values(**values).returning(ReparseRow.id)).scalar_one()
    return new, Counter()


def note(connection: Connection, reparse_id: int, news: Mapping[str, int], verdicts: Sequence[Verdict]) -> None:
    """Adds to the counts of a re-parse, and keeps what it changed; a change of a change is one change."""
    row = connection.execute(select(ReparseRow.counts).where(ReparseRow.id == reparse_id).with_for_update()).one()
    total = Counter(row.counts) + Counter(news)
    connection.execute(update(ReparseRow).where(ReparseRow.id == reparse_id).values(counts=dict(total)))
    changes = [
        {"reparse_id": reparse_id, "document_id": verdict.base.document_id, "content_sha256": verdict.rows.report["content_sha256"]}
        | {"kind": each.kind, "name": each.name, "old": each.old, "new": each.new}
        for verdict in verdicts
        if verdict.base is not None
        for each in verdict.differences
    ]
    if changes:
        statement = upserts(connection).insert(ReadingChangeRow)
        place = ["reparse_id", "document_id", "content_sha256", "kind", "name"]
        connection.execute(statement.on_conflict_do_update(index_elements=place, set_={"new": statement.excluded.new}), changes)


def counts(connection: Connection, reparse_id: int) -> Counter[str]:
    """What the re-parse has done so far, over all its processes and runs."""
    return Counter(connection.execute(select(ReparseRow.counts).where(ReparseRow.id == reparse_id)).scalar_one())


def finish(connection: Connection, reparse_id: int, at: datetime) -> None:
    """Ends a re-parse, and marks the migration dates of what all portals have now."""
    connection.execute(update(ReparseRow).where(ReparseRow.id == reparse_id).values(ended_at=at))
    for portal_id in portal_ids(connection):
        mark_migration_dates(connection, portal_id)


def changes(connection: Connection, reparse_id: int) -> Iterator[Difference]:
    """All that a re-parse changed, by document, without what is withheld."""
    change = (ReadingChangeRow.kind, ReadingChangeRow.name, ReadingChangeRow.old, ReadingChangeRow.new)
    statement = (
        select(DocumentRow.url.label("document_url"), ReportRow.portal, ReportRow.publisher, ReportRow.report_year, *change)
        .join(DocumentRow, ReadingChangeRow.document_id == DocumentRow.id)
        .outerjoin(ReportRow, (ReportRow.document_id == DocumentRow.id) & (ReportRow.content_sha256 == ReadingChangeRow.content_sha256))
        .where(ReadingChangeRow.reparse_id == reparse_id, ReadingChangeRow.old.is_distinct_from(ReadingChangeRow.new))
        .where(shown(DocumentRow.url))
        .order_by(DocumentRow.url, ReadingChangeRow.id)
    )
    for row in connection.execution_options(yield_per=500).execute(statement).mappings():
        yield Difference(**row)
