"""Lists that a portal posted again as a whole: their reports share one late day of publication, which is not the day they came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from giar_crawler.outcomes import PageOutcome
from pipelines.storage.models import DocumentRow, ReportRow

# From the first day to the last of a list that is posted again.
SPAN = timedelta(days=6)
# Report years in it: two may be a late report beside a timely one.
FEWEST_YEARS = 3


class Dated(NamedTuple):
    """A current report: its document, its report year, its day of publication."""

    document_id: int
    year: int
    published: date


def is_late(year: int, published: date) -> bool:
    """Whether it came more than 15 months after the end of its report year; reports are due within three."""
    return (published.year, published.month) > (year + 2, 3)


def reposted(reports: Iterable[Dated]) -> set[Dated]:
    """Those that came out late and within seven days of reports of two other years."""
    ordered = sorted(reports, key=lambda report: (report.published, report.document_id))
    years: Counter[int] = Counter()
    found: set[Dated] = set()
    start = judged = 0
    for end, last in enumerate(ordered, start=1):
        years[last.year] += 1
        while ordered[start].published < last.published - SPAN:
            years -= Counter([ordered[start].year])
            start += 1
        if len(years) >= FEWEST_YEARS:
            found.update(report for report in ordered[max(start, judged) : end] if is_late(report.year, report.published))
            judged = end
    return found


def mark_migration_dates(connection: Connection, portal_id: str) -> int:
    """How many documents of the portal got or lost their `migration_date`; a second time it is none.

    Derived of the current reports alone, and kept beside the record: the reading, and what a page shows itself, stay as they are.
    """
    rows = connection.execute(
        select(DocumentRow.id, ReportRow.report_year, ReportRow.published_date, DocumentRow.migration_date)
        .outerjoin(
            ReportRow,
            (ReportRow.document_id == DocumentRow.id) & ReportRow.superseded_at.is_(None) & (ReportRow.outcome != PageOutcome.NOT_A_REPORT),
        )
        .where(DocumentRow.portal_id == portal_id)
        .order_by(DocumentRow.id)
    ).all()
    dated = [
        Dated(row.id, row.report_year, row.published_date) for row in rows if row.report_year is not None and row.published_date is not None
    ]
    wanted = {report.document_id: report.published for report in reposted(dated)}
    changes = [{"document": row.id, "day": wanted.get(row.id)} for row in rows if row.migration_date != wanted.get(row.id)]
    if changes:
        mark = update(DocumentRow).where(DocumentRow.id == bindparam("document")).values(migration_date=bindparam("day"))
        connection.execute(mark, changes)
    return len(changes)
