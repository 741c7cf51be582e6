"""Reports that bear a date on which, as a complete list of a later day shows, they were not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from giar_crawler.consistency.said import Remark, remark
from giar_crawler.coverage.matrix import covers, day_of
from giar_crawler.outcomes import PageOutcome
from pipelines.storage import ReportMark, Storage, WalkMark

# Where a page says when it was published; the day on which it was written or signed may be long before.
PUBLISHED = frozenset({"meta", "header", "line", "list"})
_Publisher: TypeAlias = tuple[str | None, str | None]


def absence_remarks(storage: Storage) -> Iterator[Remark]:
    """One remark on each report that a complete list of a day after its printed date lacked.

    The list must have held another report of the same publisher by then: a list that the walk did not know lacks everything. A report that
    stood at another address before is no late one. Nobody is blamed: what an office did with its page only the office knows.
    """
    for portal in storage.portal_marks():
        walks = list(storage.walk_marks([portal.id]))
        of_publisher: dict[_Publisher, dict[int, list[ReportMark]]] = defaultdict(lambda: defaultdict(list))
        for report in storage.report_marks([portal.id]) if walks else ():
            if report.report_year is not None and report.publisher is not None and report.outcome != PageOutcome.MIRROR:
                of_publisher[report.publisher, report.scope][report.report_year].append(report)
        for years in of_publisher.values():
            yield from _of_publisher(years, walks)


def _of_publisher(years: dict[int, list[ReportMark]], walks: Sequence[WalkMark]) -> Iterator[Remark]:
    first_seen = {year: min(report.first_seen for report in reports) for year, reports in years.items()}
    for year, reports in years.items():
        first = min(reports, key=lambda report: (report.first_seen, report.url))
        printed = first.published_date
        if printed is None or first.date_is_migration or first.published_date_source not in PUBLISHED:
            continue
        for walk in reversed(walks):
            if not covers(walk, year) or walk.ended_at >= first_seen[year] or day_of(walk.started_at) <= printed:
                continue
            if any(seen <= walk.ended_at for other, seen in first_seen.items() if other != year):
                yield remark(
                    "date_before_absence",
                    first.url,
                    [],
                    clean=True,
                    date=printed,
                    absent=day_of(walk.started_at),
                    seen=day_of(first_seen[year]),
                )
                break
