"""An archived page read again: what the other reading changes, and how it takes its place.

All functions work in the caller's transaction. A version keeps its times and its corrections when another decoding gives its content
another digest: the page is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from giar_crawler.items import Report
from giar_crawler.outcomes import PageOutcome
from pipelines.storage import documents
from pipelines.storage.documents import canonical
from pipelines.storage.models import CorrectionRow, DocumentRow, FigureRow, FindingRow, ObservationRow, ReportRow
from pipelines.storage.rows import Rows, to_rows
from pipelines.storage.withholdings import shown

# What of a record is neither figure nor finding and worth telling when it changes; the longer ones are compared by their digest.
FIELDS = (
    *("outcome", "title", "report_year", "publisher", "scope", "adcode", "site_code", "document_number", "topic_category", "validity"),
    *("source", "published_date", "published_date_source", "date_is_migration", "form", "encoding", "content_sha256"),
)


class Reread(StrEnum):
    """What another reading of a page does to its report. `SEEN`: a later or earlier fetch of the version stands for it already."""

    INSERTED = "inserted"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"
    SEEN = "seen"
    OTHER_YEAR = "other_year"
    NOT_A_REPORT = "not_a_report"


@dataclass(slots=True, frozen=True)
class ArchivedPage:
    """An observation of a page that was, or is to be, read; `walk_arguments` are those of the walk that brought it."""

    id: int
    url: str
    fetched_at: datetime
    warc_file: str
    warc_offset: int
    body_sha256: str
    portal_id: str | None
    crawl_id: int | None
    content_sha256: str | None
    walk_arguments: dict[str, Any] | None


@dataclass(slots=True, frozen=True)
class Difference:
    """What changed in one report: a `figure`, `finding` or `field`, by name, before and after; `None` where there was, or is, none."""

    document_url: str
    portal: str | None
    publisher: str | None
    report_year: int | None
    kind: str
    name: str
    old: str | None
    new: str | None


@dataclass(slots=True, frozen=True)
class Rereading:
    """What today's code reads in an archived page; `keep`: a report of its year belongs into the database."""

    page: ArchivedPage
    report: Report
    keep: bool


@dataclass(slots=True)
class Verdict:
    """What a reading does to the version that it is of; `base` is its row, `own` that of the version with the same content digest."""

    change: Reread
    rows: Rows
    base: Row[*tuple[Any, ...]] | None = None
    own: Row[*tuple[Any, ...]] | None = None
    differences: list[Difference] = field(default_factory=list)

    @property
    def told(self) -> list[Difference]:
        """The differences that may be shown: none of a withheld page."""
        return self.differences if self.base is not None and self.base.shown else []


def judge(connection: Connection, reading: Rereading) -> Verdict:
    """What a reading changes. Nothing is written."""
    page, report = reading.page, reading.report
    rows = to_rows(report)
    versions = connection.execute(
        select(
            *(ReportRow.id, ReportRow.document_id, ReportRow.content_sha256, ReportRow.reading_sha256, ReportRow.fetched_at),
            *(ReportRow.body_sha256, ReportRow.outcome, shown(DocumentRow.url).label("shown")),
        )
        .join(DocumentRow, ReportRow.document_id == DocumentRow.id)
        .where(DocumentRow.url == canonical(page.url))
    ).all()
    own = next((version for version in versions if version.content_sha256 == report.content_sha256), None)
    base = own
    if page.content_sha256 != report.content_sha256:
        base = next((version for version in versions if _came_of(version, page)), own)
    if base is None:
        if report.outcome is PageOutcome.NOT_A_REPORT or (page.content_sha256 is None and report.outcome is PageOutcome.UNREADABLE):
            return Verdict(Reread.NOT_A_REPORT, rows)
        if not reading.keep:
            return Verdict(Reread.OTHER_YEAR, rows)
        return Verdict(Reread.CHANGED if versions else Reread.INSERTED, rows)
    verdict = Verdict(Reread.UNCHANGED, rows, base, own)
    moved = base.content_sha256 != report.content_sha256
    if not moved and base.reading_sha256 == rows.report["reading_sha256"]:
        verdict.change = Reread.UNCHANGED if page.fetched_at == base.fetched_at else Reread.SEEN
        return verdict
    if not moved and base.fetched_at is not None and page.fetched_at < base.fetched_at:
        verdict.change = Reread.SEEN
        return verdict
    was_report = base.outcome != PageOutcome.NOT_A_REPORT
    if report.outcome is PageOutcome.NOT_A_REPORT:
        verdict.change = Reread.GONE if was_report else Reread.NOT_A_REPORT
    else:
        verdict.change = Reread.CHANGED if was_report else Reread.INSERTED
    verdict.differences = list(_differences(connection, base.id, canonical(page.url), rows))
    return verdict


def tally(verdicts: Iterable[Verdict]) -> Counter[str]:
    """How many of each change, and of what changed in the reports."""
    counts: Counter[str] = Counter()
    for verdict in verdicts:
        counts["pages"] += 1
        counts[verdict.change] += 1
        if verdict.change not in {Reread.NOT_A_REPORT, Reread.OTHER_YEAR}:
            counts["parser_findings"] += sum(row["blame"] == "parser" for row in verdict.rows.findings)
        for each in verdict.differences:
            if each.kind == "figure":
                counts["changed_figures"] += 1
            elif each.kind == "finding":
                counts["new_findings" if each.old is None else "lost_findings" if each.new is None else "changed_findings"] += 1
            else:
                counts["changed_fields"] += 1
    return counts


def _came_of(version: Row[*tuple[Any, ...]], page: ArchivedPage) -> bool:
    """Whether an earlier reading of this page made the version; before readings were noted, the version itself names its fetch."""
    if page.content_sha256 is not None:
        return bool(version.content_sha256 == page.content_sha256)
    return bool(version.body_sha256 == page.body_sha256 and version.fetched_at == page.fetched_at)


def take(connection: Connection, page: ArchivedPage, verdict: Verdict, reparse_id: int) -> None:
    """Puts a reading into the place of the one before it."""
    report = verdict.rows.report
    read = {"page_outcome": report["outcome"], "content_sha256": report["content_sha256"], "parser_version": report["parser_version"]}
    connection.execute(update(ObservationRow).where(ObservationRow.id == page.id).values(**read, reparse_id=reparse_id))
    if verdict.change is Reread.OTHER_YEAR or (verdict.change is Reread.NOT_A_REPORT and verdict.base is None):
        return
    base, own = verdict.base, verdict.own
    if base is not None and base.content_sha256 != report["content_sha256"]:
        if own is None:
            _rename(connection, base, report["content_sha256"])
        elif base is not own and not _has_pages(connection, base.content_sha256, canonical(page.url)):
            connection.execute(delete(ReportRow).where(ReportRow.id == base.id))
            _follow_corrections(connection, base, report["content_sha256"])
            documents.settle(connection, base.document_id)
    documents.store_rows(connection, verdict.rows, portal_id=page.portal_id, crawl_id=page.crawl_id, seen_at=page.fetched_at)


def _rename(connection: Connection, version: Row[*tuple[Any, ...]], digest: str) -> None:
    connection.execute(update(ReportRow).where(ReportRow.id == version.id).values(content_sha256=digest))
    _follow_corrections(connection, version, digest)


def _follow_corrections(connection: Connection, version: Row[*tuple[Any, ...]], digest: str) -> None:
    seen = (CorrectionRow.document_id == version.document_id, CorrectionRow.content_sha256 == version.content_sha256)
    connection.execute(update(CorrectionRow).where(*seen).values(content_sha256=digest))


def _has_pages(connection: Connection, content_sha256: str, url: str) -> bool:
    """Whether a page of the document was last read as this content."""
    pages = connection.execute(select(ObservationRow.url).where(ObservationRow.content_sha256 == content_sha256))
    return any(canonical(row.url) == url for row in pages)


def _shown(row: Mapping[str, Any]) -> str:
    return str(row["value"]) if row["status"] == "number" else str(row["status"])


def _figure_name(row: Mapping[str, Any]) -> str:
    name = f"{row['indicator']}[{row['column']}]" if row["column"] else str(row["indicator"])
    return name if row["source"] == "table" else f"{name} ({row['source']})"


def _differences(connection: Connection, version_id: int, url: str, rows: Rows) -> Iterator[Difference]:
    """What the rows change in a version: values and statuses of figures, findings, fields."""
    before = connection.execute(select(ReportRow).where(ReportRow.id == version_id)).mappings().one()
    about = (url, rows.report["portal"], rows.report["publisher"], rows.report["report_year"])
    pairs = {
        "figure": (
            {_figure_name(row): _shown(row) for row in _parts(connection, FigureRow, version_id)},
            {_figure_name(row): _shown(row) for row in rows.figures},
        ),
        "finding": (
            {f"{row['code']} {row['fingerprint']}": row["message"] for row in _parts(connection, FindingRow, version_id)},
            {f"{row['code']} {row['fingerprint']}": row["message"] for row in rows.findings},
        ),
        "field": (
            {name: str(before[name]) for name in FIELDS if before[name] is not None},
            {name: str(rows.report[name]) for name in FIELDS if rows.report[name] is not None},
        ),
    }
    for kind, (old, new) in pairs.items():
        for name in dict.fromkeys((*old, *new)):
            if old.get(name) != new.get(name):
                yield Difference(*about, kind, name, old.get(name), new.get(name))


def _parts(connection: Connection, model: type[FigureRow | FindingRow], version_id: int) -> list[dict[str, Any]]:
    statement = select(model.__table__).where(model.report_id == version_id).order_by(model.position)
    return [dict(row) for row in connection.execute(statement).mappings()]
