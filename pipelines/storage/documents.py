"""Documents and the versions of their reports. All functions work in the caller's transaction and may be repeated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Row, case, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from w3lib.url import canonicalize_url

from giar_crawler.items import Report
from giar_crawler.outcomes import PageOutcome
from pipelines.storage.errors import RecordRefused
from pipelines.storage.models import AbsenceRow, DocumentRow, FigureRow, FindingRow, ReportRow
from pipelines.storage.rows import Rows, to_rows

# Pages whose content says which report they are; the others may share a sentence ("see the attachment") and be different reports.
_COMPARABLE = (
    PageOutcome.OK,
    PageOutcome.FORM_UNKNOWN,
    PageOutcome.LAYOUT_UNKNOWN,
    PageOutcome.ENCODING_UNSURE,
    PageOutcome.MIRROR,
)


class Change(StrEnum):
    """What storing a record did: a new document, new content or another reading of it, or nothing but a later `last_seen`."""

    INSERTED = "inserted"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


def upserts(connection: Connection) -> ModuleType:
    """The dialect's module, whose `insert` knows ON CONFLICT."""
    return postgresql if connection.dialect.name == "postgresql" else sqlite


def canonical(url: str) -> str:
    """The address under which a document is known: query sorted, escapes made equal, fragment dropped, scheme kept."""
    try:
        return str(canonicalize_url(url, keep_fragments=False))
    except ValueError as error:
        raise RecordRefused(f"{url!r} is no address that a report can be stored under: {error}") from error


def store(connection: Connection, report: Report, *, portal_id: str | None, crawl_id: int | None, seen_at: datetime) -> Change:
    """Stores one record; the version that was seen last is the current one, in whatever order versions come."""
    if not report.url:
        raise RecordRefused("a record without an address cannot be stored")
    return store_rows(connection, to_rows(report), portal_id=portal_id, crawl_id=crawl_id, seen_at=seen_at)


def store_rows(connection: Connection, rows: Rows, *, portal_id: str | None, crawl_id: int | None, seen_at: datetime) -> Change:
    """As `store`, for a record that was made into rows already."""
    content_sha256 = rows.report["content_sha256"]
    document_id = _see(connection, canonical(rows.report["url"]), portal_id, crawl_id, seen_at)
    versions = connection.execute(
        select(
            ReportRow.id,
            ReportRow.content_sha256,
            ReportRow.reading_sha256,
            ReportRow.parser_version,
            ReportRow.fetched_at,
            ReportRow.first_seen,
            ReportRow.last_seen,
            ReportRow.superseded_at,
        ).where(ReportRow.document_id == document_id)
    ).all()
    current = next((version for version in versions if version.superseded_at is None), None)
    same = next((version for version in versions if version.content_sha256 == content_sha256), None)
    latest = current is None or seen_at >= current.last_seen
    superseded_at = None
    if not latest:
        superseded_at = min((version.first_seen for version in versions if version.first_seen > seen_at), default=seen_at)
    if current is not None and latest and current is not same:
        connection.execute(update(ReportRow).where(ReportRow.id == current.id).values(superseded_at=seen_at))
    if same is None:
        place = {"document_id": document_id, "crawl_id": crawl_id}
        times = {"first_seen": seen_at, "last_seen": seen_at, "superseded_at": superseded_at}
        new = insert(ReportRow).values(**rows.report, **place, **times).returning(ReportRow.id)
        _write_parts(connection, connection.execute(new).scalar_one(), rows, seen_at)
        change = Change.CHANGED if versions else Change.INSERTED
    else:
        change = _see_again(connection, same, rows, seen_at=seen_at, latest=latest)
    elect(connection, document_id)
    return change


def _see(connection: Connection, url: str, portal_id: str | None, crawl_id: int | None, seen_at: datetime) -> int:
    """The document's id. On PostgreSQL this locks its row until the end of the transaction, so two runs store it one after the other."""
    statement = upserts(connection).insert(DocumentRow)
    new = statement.excluded
    statement = statement.values(url=url, portal_id=portal_id, crawl_id=crawl_id, first_seen=seen_at, last_seen=seen_at)
    statement = statement.on_conflict_do_update(
        index_elements=["url"],
        set_={
            "portal_id": case((DocumentRow.portal_id.is_(None), new.portal_id), else_=DocumentRow.portal_id),
            "first_seen": case((new.first_seen < DocumentRow.first_seen, new.first_seen), else_=DocumentRow.first_seen),
            "last_seen": case((new.last_seen > DocumentRow.last_seen, new.last_seen), else_=DocumentRow.last_seen),
            # An archived page that is read again says nothing about what happened to its address later.
            "gone_since": case((new.last_seen < DocumentRow.gone_since, DocumentRow.gone_since), else_=None),
        },
    )
    document_id: int = connection.execute(statement.returning(DocumentRow.id)).scalar_one()
    lasting = (AbsenceRow.document_id == document_id, AbsenceRow.returned_at.is_(None), AbsenceRow.gone_since <= seen_at)
    connection.execute(update(AbsenceRow).where(*lasting).values(returned_at=seen_at))
    return document_id


def _see_again(connection: Connection, version: Row[*tuple[Any, ...]], rows: Rows, *, seen_at: datetime, latest: bool) -> Change:
    """The same content once more: times, and in place of the old reading today's where it differs."""
    times: dict[str, Any] = {"first_seen": min(version.first_seen, seen_at), "last_seen": max(version.last_seen, seen_at)}
    if latest:
        times["superseded_at"] = None
    by_other_code = rows.report["parser_version"] != version.parser_version
    differs = rows.report["reading_sha256"] != version.reading_sha256
    # An older fetch must not push out what a later one said around the same content; other code reads the page that stands there anew.
    stands = version.fetched_at or version.last_seen
    another = differs and (seen_at >= version.last_seen or (by_other_code and seen_at >= stands))
    read = rows.report if another else {"parser_version": rows.report["parser_version"]} if by_other_code and not differs else {}
    connection.execute(update(ReportRow).where(ReportRow.id == version.id).values(**read, **times))
    if another:
        connection.execute(delete(FigureRow).where(FigureRow.report_id == version.id))
        remarks = delete(FindingRow).where(FindingRow.report_id == version.id).returning(FindingRow.fingerprint, FindingRow.first_seen)
        since: dict[str, datetime] = dict(connection.execute(remarks).all())
        for remark in rows.findings:
            remark["first_seen"] = since.get(remark["fingerprint"], seen_at)
        _write_parts(connection, version.id, rows, seen_at)
    revived = latest and version.superseded_at is not None
    return Change.CHANGED if another or revived else Change.UNCHANGED


def _write_parts(connection: Connection, report_id: int, rows: Rows, seen_at: datetime) -> None:
    if rows.figures:
        connection.execute(insert(FigureRow), [figure | {"report_id": report_id} for figure in rows.figures])
    if rows.findings:
        connection.execute(insert(FindingRow), [{"first_seen": seen_at} | remark | {"report_id": report_id} for remark in rows.findings])


def mark_gone(connection: Connection, urls: Iterable[str], at: datetime) -> int:
    """How many documents of these addresses were still there until now."""
    count = 0
    for url in sorted({canonical(url) for url in urls}):
        gone = update(DocumentRow).where(DocumentRow.url == url, DocumentRow.gone_since.is_(None)).values(gone_since=at)
        document_id = connection.execute(gone.returning(DocumentRow.id)).scalar()
        if document_id is not None:
            count += 1
            connection.execute(insert(AbsenceRow).values(document_id=document_id, gone_since=at))
            elect(connection, document_id)
    return count


def elect(connection: Connection, document_id: int) -> None:
    """Decides which of a portal's documents with the same text is the record: one that is still there, the one seen first.

    Those that one walk found first are ordered by address, because the order in which pages arrive differs from run to run.
    """
    current = (
        select(DocumentRow, ReportRow).join(ReportRow, ReportRow.document_id == DocumentRow.id).where(ReportRow.superseded_at.is_(None))
    )
    groups = connection.execute(
        current.with_only_columns(DocumentRow.portal_id, ReportRow.text_sha256, ReportRow.report_year)
        .where(or_(DocumentRow.id == document_id, DocumentRow.duplicate_of == document_id))
        .distinct()
    ).all()
    before = connection.execute(
        select(DocumentRow.id, DocumentRow.duplicate_of).where(or_(DocumentRow.id == document_id, DocumentRow.duplicate_of == document_id))
    ).all()
    was: dict[int, int | None] = dict(before)
    wanted: dict[int, int | None] = dict.fromkeys(was)
    for portal_id, digest, year in groups:
        if portal_id is None:
            continue
        members = connection.execute(
            current.with_only_columns(DocumentRow.id, DocumentRow.duplicate_of)
            .where(
                DocumentRow.portal_id == portal_id,
                ReportRow.text_sha256 == digest,
                ReportRow.report_year.is_not_distinct_from(year),
                ReportRow.outcome.in_(_COMPARABLE),
            )
            .order_by(
                DocumentRow.gone_since.is_not(None),
                DocumentRow.crawl_id.is_(None),
                DocumentRow.crawl_id,
                case((DocumentRow.crawl_id.is_(None), DocumentRow.first_seen)),
                DocumentRow.url,
            )
        ).all()
        for member in members:
            was[member.id] = member.duplicate_of
            wanted[member.id] = None if member.id == members[0].id else members[0].id
    for member_id in sorted(wanted):
        if wanted[member_id] != was[member_id]:
            connection.execute(update(DocumentRow).where(DocumentRow.id == member_id).values(duplicate_of=wanted[member_id]))


def settle(connection: Connection, document_id: int) -> None:
    """Makes the version that was seen last the current one, after versions were taken away."""
    versions = connection.execute(
        select(ReportRow.id, ReportRow.first_seen, ReportRow.last_seen, ReportRow.superseded_at)
        .where(ReportRow.document_id == document_id)
        .order_by(ReportRow.last_seen.desc(), ReportRow.id)
    ).all()
    if not versions or any(version.superseded_at is None for version in versions):
        return
    connection.execute(update(ReportRow).where(ReportRow.id == versions[0].id).values(superseded_at=None))
