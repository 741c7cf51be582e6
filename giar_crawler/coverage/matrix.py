"""The matrix of portals and report years: what is there, and where nothing is, why.

A missing report is `not_published`, an accusation, only where complete lists read on two days after the deadline lacked it; read once it is
`not_found`; before the deadline `not_due`. Where the lists could not be read, the outcome is that of the walk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from giar_crawler.coverage.deadlines import deadline, first_report_year, publisher_kind
from giar_crawler.items import SHANGHAI
from giar_crawler.outcomes import PageOutcome, PortalOutcome
from pipelines.metadata.gazetteer import place_prefix
from pipelines.storage import PortalMark, ReportFilter, ReportMark, Storage, WalkMark

# Walks that read the lists to their ends.
COMPLETE = frozenset({PortalOutcome.OK, PortalOutcome.LIST_WITHOUT_REPORTS})
# So many days of complete lists after the deadline lack what was not published.
ENOUGH_DAYS = 2
GOVERNMENTS = frozenset({"province", "city", "county"})
# The best of several reports first.
PREFERENCE = (PageOutcome.OK, *(outcome for outcome in reversed(PageOutcome) if outcome is not PageOutcome.OK))


@dataclass(slots=True, frozen=True)
class Cell:
    """One portal and one report year; `report_year` is `None` for the portal itself. The fields and their order are those of the export.

    `reports` counts the current reports of that year, of departments and towns too. `days_late` is negative before the deadline, and
    `None` where the date is that of a migration or unknown.
    """

    portal: str
    report_year: int | None
    outcome: str
    reports: int = 0
    published_date: date | None = None
    date_basis: str | None = None
    first_seen_at: datetime | None = None
    last_absent_at: datetime | None = None
    deadline: date | None = None
    days_late: int | None = None
    evidence: str = ""


def covers(walk: WalkMark, year: int) -> bool:
    """Whether a walk read the lists to their ends and would have stored the report of that year."""
    first, last = walk.arguments.get("years") or (None, None)
    within = (first is None or first <= year) and (last is None or year <= last)
    return walk.outcome in COMPLETE and walk.arguments.get("limit") is None and within


def day_of(moment: datetime) -> date:
    """The day in China."""
    return moment.astimezone(SHANGHAI).date()


def _own(portal: PortalMark, reports: Sequence[ReportMark]) -> list[ReportMark]:
    """The reports that are the portal's own: on a government's portal those of its departments and towns are not."""
    if portal.level not in GOVERNMENTS:
        return list(reports)
    return [report for report in reports if report.scope in ("consolidated", None)]


def _last_absent(walks: Sequence[WalkMark], year: int, before: datetime | None) -> datetime | None:
    """When a complete list last lacked the report."""
    absent = [walk.started_at for walk in walks if covers(walk, year) and (before is None or walk.ended_at < before)]
    return max(absent, default=None)


def _found(portal: PortalMark, year: int, reports: Sequence[ReportMark], walks: Sequence[WalkMark]) -> Cell:
    own = _own(portal, reports)
    best = min(own, key=lambda report: (PREFERENCE.index(PageOutcome(report.outcome)), report.gone_since is not None, report.url))
    first_seen = min(report.first_seen for report in own)
    due = deadline(year, publisher_kind(portal.level, best.scope))
    dated = best.published_date if not best.date_is_migration else None
    return Cell(
        portal.id,
        year,
        best.outcome,
        len(reports),
        best.published_date,
        "migration" if best.date_is_migration else best.published_date_source,
        first_seen,
        _last_absent(walks, year, first_seen),
        due,
        (dated - due).days if dated and due else None,
        best.url + (f" (gone since {day_of(best.gone_since)})" if best.gone_since else ""),
    )


def _expected(portal: PortalMark, year: int) -> bool:
    first, last = portal.details.get("valid_years") or (None, None)
    return (first is None or first <= year) and (last is None or year <= last)


def _missing(portal: PortalMark, year: int, reports: Sequence[ReportMark], walks: Sequence[WalkMark], today: date) -> Cell:
    due = deadline(year, publisher_kind(portal.level))
    absent = _last_absent(walks, year, None)
    others = f"; {len(reports)} reports of its departments and towns were found" if reports else ""
    complete = sorted({day_of(walk.started_at) for walk in walks if covers(walk, year)})
    late = [day for day in complete if due is not None and day > due]
    if not _expected(portal, year) or due is None:
        outcome, evidence = PortalOutcome.NOT_EXPECTED, "the address does not serve this year (valid_years of the register)"
    elif not walks:
        outcome, evidence = PortalOutcome.NOT_CRAWLED, "no walk came to its end"
    elif today <= due:
        outcome, evidence = PortalOutcome.NOT_DUE, f"due by {due}"
    elif len(late) >= ENOUGH_DAYS:
        shown = ", ".join(map(str, late[:1] + late[-1:]))
        outcome, evidence = PortalOutcome.NOT_PUBLISHED, f"complete lists lacked it on {len(late)} days after {due}: {shown}"
    elif complete:
        outcome, evidence = PortalOutcome.NOT_FOUND, f"a complete list lacked it on {complete[-1]}"
    elif walks[-1].outcome in COMPLETE:
        outcome, evidence = PortalOutcome.NOT_CRAWLED, f"no walk of all lists was for this year: {_why(walks[-1])}"
    else:
        outcome, evidence = PortalOutcome(walks[-1].outcome), _why(walks[-1])
    return Cell(portal.id, year, outcome, len(reports), last_absent_at=absent, deadline=due, evidence=evidence + others)


def _why(walk: WalkMark) -> str:
    """What a walk's outcome rests on: its day and the reasons that it counted."""
    reasons = walk.counts.get("reasons") or {}
    words = ", ".join(f"{word} {times}" for word, times in sorted(reasons.items()))
    return f"the walk of {day_of(walk.ended_at)} ended as {walk.outcome}" + (f": {words}" if words else "")


def _portal_cell(portal: PortalMark, walks: Sequence[WalkMark], reports: int) -> Cell:
    if not walks:
        return Cell(portal.id, None, PortalOutcome.NOT_CRAWLED, reports, evidence="no walk came to its end")
    return Cell(portal.id, None, walks[-1].outcome, reports, evidence=_why(walks[-1]))


def _chosen(portals: Sequence[PortalMark], filters: ReportFilter) -> list[PortalMark]:
    prefix = place_prefix(filters.place) if filters.place else ""
    return [
        portal
        for portal in portals
        if (not filters.portals or portal.id in filters.portals)
        and (portal.adcode or "").startswith(prefix)
        and (not filters.levels or portal.level in filters.levels)
    ]


def cells(storage: Storage, filters: ReportFilter, today: date) -> Iterator[Cell]:
    """All cells of the portals that were ever walked: by id, the portal itself first, then its years from the oldest on.

    Years reach from the first of the regulation (2008) to the year before `today`, a day in China; `filters` chooses among all that.
    """
    chosen = _chosen(storage.portal_marks(), filters)
    ids = [portal.id for portal in chosen]
    reports: dict[str, dict[int, list[ReportMark]]] = defaultdict(lambda: defaultdict(list))
    for report in storage.report_marks(ids):
        if report.report_year is not None and (filters.mirrors or report.outcome != PageOutcome.MIRROR):
            reports[report.portal][report.report_year].append(report)
    walks: dict[str, list[WalkMark]] = defaultdict(list)
    for walk in storage.walk_marks(ids):
        walks[walk.portal_id].append(walk)
    first, last = filters.years
    for portal in chosen:
        of_year, own_walks = reports[portal.id], walks[portal.id]
        yield _portal_cell(portal, own_walks, sum(map(len, of_year.values())))
        for year in range(max(first or 0, first_report_year()), min(last or today.year, today.year - 1) + 1):
            if _own(portal, of_year[year]):
                yield _found(portal, year, of_year[year], own_walks)
            else:
                yield _missing(portal, year, of_year[year], own_walks, today)
