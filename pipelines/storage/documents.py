"""Documents and the versions of their reports. All functions work in the caller's transaction and may be repeated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from types import ModuleType

from sqlalchemy import Connection, Executable, and_, bindparam, case, delete, exists, insert, or_, select, update

from giar_crawler.items import Report
from giar_crawler.outcomes import PageOutcome
from pipelines.addresses import canonical_form
from pipelines.storage.bulk import Bulk
from pipelines.storage.errors import RecordRefused
from pipelines.storage.models import AbsenceRow, Base, DocumentRow, ReportRow
from pipelines.storage.prepared import Prepared, Row, Values
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
# The whole reading in the place of another; and no more than when, and by which code, it was seen again.
_READ_ANEW, _SEEN_AGAIN = (Prepared(lambda _: update(_REPORTS).where(_REPORTS.c.id == bindparam("version"))) for _ in range(2))
_NO_FIGURES = Prepared(lambda _: delete(_FIGURES).where(_FIGURES.c.report_id == bindparam("version")))
_NO_FINDINGS = Prepared(
    lambda _: (
        delete(_FINDINGS).where(_FINDINGS.c.report_id == bindparam("version")).returning(_FINDINGS.c.fingerprint, _FINDINGS.c.first_seen)
    )
)
_KEY = ("indicator", "column", "source")


def _putting(dialect: ModuleType) -> Executable:
    statement = dialect.insert(_FIGURES)
    news = {column.name: statement.excluded[column.name] for column in _FIGURES.c if column.name not in {"id", "report_id", *_KEY}}
    return statement.on_conflict_do_update(index_elements=["report_id", *_KEY], set_=news)  # type: ignore[no-any-return] # as above


_PUT_FIGURES = Prepared(_putting)
_FIGURE_KEYS = Prepared(lambda _: select(*(_FIGURES.c[name] for name in _KEY)).where(_FIGURES.c.report_id == bindparam("version")))
_NO_FIGURE = Prepared(
    lambda _: delete(_FIGURES).where(_FIGURES.c.report_id == bindparam("version"), *(_FIGURES.c[name] == bindparam(name) for name in _KEY))
)
_NEW_FIGURES, _NEW_FINDINGS = Bulk(_FIGURES), Bulk(_FINDINGS)
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
        return canonical_form(url)
    except ValueError as error:
        raise RecordRefused(f"{url!r} is no address that a report can be stored under: {error}") from error


def known_as(url: str) -> str:
    """The canonical form of any address that was ever asked; as it is written where it has none."""
    try:
        return canonical(url)
    except RecordRefused:
        return url


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
        version_id = _NEW_VERSION.scalar(connection, {**rows.report, **place, **times})
        add_figures(connection, version_id, rows.figures)
        _add_findings(connection, version_id, rows.findings, seen_at)
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
    place = {"version": version.id}
    times = {
        "first_seen": min(version.first_seen, seen_at),
        "last_seen": max(version.last_seen, seen_at),
        "superseded_at": None if latest else version.superseded_at,
    }
    by_other_code = rows.report["parser_version"] != version.parser_version
    differs = rows.report["reading_sha256"] != version.reading_sha256
    # An older fetch must not push out what a later one said around the same content; other code reads the page that stands there anew.
    stands = version.fetched_at or version.last_seen
    another = differs and (seen_at >= version.last_seen or (by_other_code and seen_at >= stands))
    if another:
        _READ_ANEW.run(connection, {**rows.report, **times, **place})
        replace_figures(connection, version.id, rows.figures)
        since = {row.fingerprint: row.first_seen for row in _NO_FINDINGS.rows(connection, place)}
        for remark in rows.findings:
            remark["first_seen"] = since.get(remark["fingerprint"], seen_at)
        _add_findings(connection, version.id, rows.findings, seen_at)
    else:
        parser_version = version.parser_version if differs else rows.report["parser_version"]
        _SEEN_AGAIN.run(connection, {"parser_version": parser_version, **times, **place})
    revived = latest and version.superseded_at is not None
    return Change.CHANGED if another or revived else Change.UNCHANGED


def add_figures(connection: Connection, report_id: int, figures: Sequence[Values]) -> None:
    """Stores the figures of a version that has none."""
    _NEW_FIGURES.add(connection, [{**figure, "report_id": report_id} for figure in figures])


def replace_figures(connection: Connection, report_id: int, figures: Sequence[Values]) -> None:
    """Puts figures in the place of those that a version has: by COPY on PostgreSQL, on SQLite over them, which takes half the time."""
    place = {"version": report_id}
    if connection.dialect.name == "postgresql":
        _NO_FIGURES.run(connection, place)
        add_figures(connection, report_id, figures)
        return
    keys = {tuple(figure[name] for name in _KEY) for figure in figures}
    gone = [row for row in _FIGURE_KEYS.rows(connection, place) if row not in keys]
    _NO_FIGURE.run_each(connection, [place | row._asdict() for row in gone])
    _PUT_FIGURES.run_each(connection, [{**figure, "report_id": report_id} for figure in figures])


def _add_findings(connection: Connection, report_id: int, findings: Sequence[Values], seen_at: datetime) -> None:
    _NEW_FINDINGS.add(connection, [{"first_seen": seen_at, **remark, "report_id": report_id} for remark in findings])


_TIMES = Prepared(
    lambda _: select(_DOCUMENTS.c.url, _DOCUMENTS.c.first_seen, _DOCUMENTS.c.last_seen).where(
        _DOCUMENTS.c.portal_id == bindparam("portal"), _DOCUMENTS.c.gone_since.is_(None)
    )
)


def times(connection: Connection, portal_id: str) -> dict[str, tuple[datetime, datetime]]:
    """When each document of the portal that still holds a report was seen first and last, by its canonical address."""
    return {url: (first, last) for url, first, last in _TIMES.rows(connection, {"portal": portal_id})}


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
