"""Documents and the versions of their reports. All functions work in the caller's transaction and may be repeated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Executable, and_, bindparam, case, delete, exists, insert, or_, select, update
from w3lib.url import canonicalize_url

from giar_crawler.items import Report
from giar_crawler.outcomes import PageOutcome
from pipelines.storage.errors import RecordRefused
from pipelines.storage.models import AbsenceRow, Base, DocumentRow, FigureRow, FindingRow, ReportRow
from pipelines.storage.prepared import Prepared, Row
from pipelines.storage.rows import Rows, to_rows

# Pages whose content says which report they are; the others may share a sentence ("see the attachment") and be different reports.
_COMPARABLE = (
    PageOutcome.OK,
    PageOutcome.FORM_UNKNOWN,
    PageOutcome.LAYOUT_UNKNOWN,
    PageOutcome.ENCODING_UNSURE,
    PageOutcome.MIRROR,
)
_DOCUMENTS, _ABSENCES, _REPORTS, _FIGURES, _FINDINGS, _WITHHOLDINGS = (
    Base.metadata.tables[name] for name in ("documents", "absences", "reports", "figures", "findings", "withholdings")
)


def _seeing(dialect: ModuleType) -> Executable:
    statement = dialect.insert(_DOCUMENTS)
    new, old = statement.excluded, _DOCUMENTS.c
    return statement.on_conflict_do_update(  # type: ignore[no-any-return] # a module has no types
        index_elements=["url"],
        set_={
            "portal_id": case((old.portal_id.is_(None), new.portal_id), else_=old.portal_id),
            "first_seen": case((new.first_seen < old.first_seen, new.first_seen), else_=old.first_seen),
            "last_seen": case((new.last_seen > old.last_seen, new.last_seen), else_=old.last_seen),
            # An archived page that is read again says nothing about what happened to its address later.
            "gone_since": case((new.last_seen < old.gone_since, old.gone_since), else_=None),
        },
    ).returning(_DOCUMENTS.c.id)


_SEE = Prepared(_seeing)
_LASTING = (_ABSENCES.c.returned_at.is_(None), _ABSENCES.c.gone_since <= bindparam("at"))
_RETURNED = Prepared(
    lambda _: update(_ABSENCES).where(_ABSENCES.c.document_id == bindparam("document"), *_LASTING).values(returned_at=bindparam("at"))
)
_VERSIONS = Prepared(
    lambda _: select(
        _REPORTS.c.id,
        _REPORTS.c.content_sha256,
        _REPORTS.c.reading_sha256,
        _REPORTS.c.parser_version,
        _REPORTS.c.fetched_at,
        _REPORTS.c.first_seen,
        _REPORTS.c.last_seen,
        _REPORTS.c.superseded_at,
    ).where(_REPORTS.c.document_id == bindparam("document"))
)
_NEW_VERSION = Prepared(lambda _: insert(_REPORTS).returning(_REPORTS.c.id))
# Inline: without it PostgreSQL gives back the id of each row.
_NEW_FIGURES, _NEW_FINDINGS = Prepared(lambda _: insert(_FIGURES).inline()), Prepared(lambda _: insert(_FINDINGS).inline())
_CURRENT = and_(_REPORTS.c.document_id == _DOCUMENTS.c.id, _REPORTS.c.superseded_at.is_(None))
# A document and those that stand behind it, each with what its group is told by; without a current version with nothing.
_GROUPS = Prepared(
    lambda _: (
        select(_DOCUMENTS.c.id, _DOCUMENTS.c.duplicate_of, _DOCUMENTS.c.portal_id, _REPORTS.c.text_sha256, _REPORTS.c.report_year)
        .outerjoin_from(_DOCUMENTS, _REPORTS, _CURRENT)
        .where(or_(_DOCUMENTS.c.id == bindparam("document"), _DOCUMENTS.c.duplicate_of == bindparam("document")))
    )
)
_WITHHELD = exists().where(_WITHHOLDINGS.c.url == _DOCUMENTS.c.url, _WITHHOLDINGS.c.lifted_at.is_(None)).correlate(_DOCUMENTS)
# The documents of a group, the one to show first.
_MEMBERS = Prepared(
    lambda _: (
        select(_DOCUMENTS.c.id, _DOCUMENTS.c.duplicate_of)
        .join_from(_DOCUMENTS, _REPORTS, _CURRENT)
        .where(
            _DOCUMENTS.c.portal_id == bindparam("portal"),
            _REPORTS.c.text_sha256 == bindparam("digest"),
            _REPORTS.c.report_year.is_not_distinct_from(bindparam("year")),
            or_(*(_REPORTS.c.outcome == str(outcome) for outcome in _COMPARABLE)),
        )
        .order_by(
            case((_WITHHELD, 1), else_=0),
            _DOCUMENTS.c.gone_since.is_not(None),
            _DOCUMENTS.c.crawl_id.is_(None),
            _DOCUMENTS.c.crawl_id,
            case((_DOCUMENTS.c.crawl_id.is_(None), _DOCUMENTS.c.first_seen)),
            _DOCUMENTS.c.url,
        )
    )
)
_STANDS_BEHIND = Prepared(
    lambda _: update(_DOCUMENTS).where(_DOCUMENTS.c.id == bindparam("document")).values(duplicate_of=bindparam("shown"))
)


class Change(StrEnum):
    """What storing a record did: a new document, new content or another reading of it, or nothing but a later `last_seen`."""

    INSERTED = "inserted"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


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
    versions = _VERSIONS.rows(connection, {"document": document_id})
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
        _write_parts(connection, _NEW_VERSION.scalar(connection, {**rows.report, **place, **times}), rows, seen_at)
        change = Change.CHANGED if versions else Change.INSERTED
    else:
        change = _see_again(connection, same, rows, seen_at=seen_at, latest=latest)
    elect(connection, document_id)
    return change


def _see(connection: Connection, url: str, portal_id: str | None, crawl_id: int | None, seen_at: datetime) -> int:
    """The document's id. On PostgreSQL this locks its row until the end of the transaction, so two runs store it one after the other."""
    row = {"url": url, "portal_id": portal_id, "crawl_id": crawl_id, "first_seen": seen_at, "last_seen": seen_at}
    document_id: int = _SEE.scalar(connection, row)
    _RETURNED.run(connection, {"document": document_id, "at": seen_at})
    return document_id


def _see_again(connection: Connection, version: Row, rows: Rows, *, seen_at: datetime, latest: bool) -> Change:
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
    _NEW_FIGURES.run_each(connection, [figure | {"report_id": report_id} for figure in rows.figures])
    _NEW_FINDINGS.run_each(connection, [{"first_seen": seen_at} | remark | {"report_id": report_id} for remark in rows.findings])


def known(connection: Connection, portal_id: str) -> list[str]:
    """The canonical addresses of the portal that still hold a report, in order."""
    statement = select(DocumentRow.url).where(DocumentRow.portal_id == portal_id, DocumentRow.gone_since.is_(None))
    return sorted(connection.execute(statement).scalars())


def times(connection: Connection, portal_id: str) -> dict[str, tuple[datetime, datetime]]:
    """When each document of the portal that still holds a report was seen first and last, by its canonical address."""
    statement = select(DocumentRow.url, DocumentRow.first_seen, DocumentRow.last_seen).where(
        DocumentRow.portal_id == portal_id, DocumentRow.gone_since.is_(None)
    )
    return {row.url: (row.first_seen, row.last_seen) for row in connection.execute(statement)}


def mark_seen(connection: Connection, urls: list[str], at: datetime) -> None:
    """Notes that these documents are as they were."""
    connection.execute(update(DocumentRow).where(DocumentRow.url.in_(urls), DocumentRow.last_seen < at).values(last_seen=at))


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
    """Decides which of a portal's documents with the same text is the record: one that may be shown and is still there, the one seen first.

    Those that one walk found first are ordered by address, because the order in which pages arrive differs from run to run.
    """
    rows = _GROUPS.rows(connection, {"document": document_id})
    was: dict[int, int | None] = {row.id: row.duplicate_of for row in rows}
    wanted: dict[int, int | None] = dict.fromkeys(was)
    groups = {(row.portal_id, row.text_sha256, row.report_year) for row in rows if row.portal_id and row.text_sha256}
    for portal_id, digest, year in groups:
        members = _MEMBERS.rows(connection, {"portal": portal_id, "digest": digest, "year": year})
        for member in members:
            was[member.id] = member.duplicate_of
            wanted[member.id] = None if member.id == members[0].id else members[0].id
    for member_id in sorted(wanted):
        if wanted[member_id] != was[member_id]:
            _STANDS_BEHIND.run(connection, {"document": member_id, "shown": wanted[member_id]})


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
