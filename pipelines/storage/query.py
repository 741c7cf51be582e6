"""What exports ask for: the current version of every document, filtered, in a fixed order, a few hundred at a time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, case, func, not_, or_, select

from giar_crawler.items import Report
from giar_crawler.outcomes import PageOutcome
from pipelines.storage import corrections
from pipelines.storage.models import DocumentRow, FigureRow, FindingRow, PortalRow, ReportRow
from pipelines.storage.rows import restore
from pipelines.storage.withholdings import shown

# Records held in memory at a time.
CHUNK = 200
# The scope of reports that do not tell theirs.
UNKNOWN = "unknown"


@dataclass(slots=True, frozen=True)
class ReportFilter:
    """Which reports; an empty part does not filter.

    `place` is a GB/T 2260 code; one of a province or city (trailing zeros) stands for all within it. `years` are the first and last report
    year, either open. `mirrors=False` leaves mirrors out. The scope `unknown` stands for reports without one.
    `identified` is true for those with publisher and report year, false for the others.
    """

    portals: tuple[str, ...] = ()
    place: str | None = None
    levels: tuple[str, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    forms: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    mirrors: bool = True
    identified: bool | None = None


@dataclass(slots=True)
class StoredReport:
    """A record as it is stored, under the corrections of its figures, with what the database knows beside it.

    That is the other addresses of the same report, and times in UTC.
    """

    report: Report
    document_url: str
    alternate_urls: list[str]
    first_seen: datetime
    last_seen: datetime
    gone_since: datetime | None


def place_prefix(place: str) -> str:
    """The digits that the codes of all places within `place` begin with: 610000 -> 61, 610400 -> 6104, 610430 -> 610430."""
    return re.sub("(00){1,2}$", "", place)


def conditions(filters: ReportFilter) -> Iterator[ColumnElement[bool]]:
    """What the filter asks of reports, joined with their documents and, as an outer join, with portals."""
    yield shown(DocumentRow.url)
    first, last = filters.years
    if filters.portals:
        yield ReportRow.portal.in_(filters.portals)
    if filters.place:
        yield func.coalesce(ReportRow.adcode, PortalRow.adcode).startswith(place_prefix(filters.place), autoescape=True)
    if filters.levels:
        yield PortalRow.level.in_(filters.levels)
    if first is not None:
        yield ReportRow.report_year >= first
    if last is not None:
        yield ReportRow.report_year <= last
    if filters.forms:
        yield ReportRow.form.in_(filters.forms)
    if filters.scopes:
        named = ReportRow.scope.in_(filters.scopes)
        yield or_(named, ReportRow.scope.is_(None)) if UNKNOWN in filters.scopes else named
    if not filters.mirrors:
        yield ReportRow.outcome != PageOutcome.MIRROR
    if filters.identified is not None:
        identified = and_(ReportRow.publisher.is_not(None), ReportRow.report_year.is_not(None))
        yield identified if filters.identified else not_(identified)


def reports(connection: Connection, filters: ReportFilter, *, by_publisher: bool = False) -> Iterator[StoredReport]:
    """The current version of every document that is a report, no duplicate and not withheld.

    Ordered by portal, report year, address; or `by_publisher`, scope, place, report year, address.
    """
    publisher = (ReportRow.publisher, ReportRow.scope, ReportRow.adcode)
    order = (*(publisher if by_publisher else (ReportRow.portal,)), ReportRow.report_year, DocumentRow.url)
    columns = (
        *(column for column in ReportRow.__table__.columns if column.name != "date_is_migration"),
        # What the page shows itself, else what the portal's other reports show of this day.
        func.coalesce(ReportRow.date_is_migration, case((ReportRow.published_date == DocumentRow.migration_date, True))).label(
            "date_is_migration"
        ),
        DocumentRow.url.label("document_url"),
        DocumentRow.first_seen.label("document_first_seen"),
        DocumentRow.last_seen.label("document_last_seen"),
        DocumentRow.gone_since,
    )
    # Collations differ between databases; the order of code points does not.
    statement = _current(filters, *columns).order_by(*(_code_points(connection, column) for column in order))
    result = connection.execution_options(yield_per=CHUNK).execute(statement)
    for rows in result.mappings().partitions(CHUNK):
        yield from _complete(connection, rows)


def count(connection: Connection, filters: ReportFilter) -> int:
    """How many reports the filter chooses."""
    return int(connection.execute(_current(filters, func.count())).scalar_one())


def _current(filters: ReportFilter, *columns: Any) -> Select[Any]:  # noqa: ANN401 - any columns
    return (
        select(*columns)
        .select_from(ReportRow)
        .join(DocumentRow, ReportRow.document_id == DocumentRow.id)
        .outerjoin(PortalRow, DocumentRow.portal_id == PortalRow.id)
        .where(
            ReportRow.superseded_at.is_(None),
            DocumentRow.duplicate_of.is_(None),
            ReportRow.outcome != PageOutcome.NOT_A_REPORT,
            *conditions(filters),
        )
    )


def _code_points(connection: Connection, column: Any) -> Any:  # noqa: ANN401 - any column
    ordered = column.collate("C") if connection.dialect.name == "postgresql" and column is not ReportRow.report_year else column
    return ordered.asc().nulls_first()


def _complete(connection: Connection, rows: Sequence[RowMapping]) -> Iterator[StoredReport]:
    ids = [row["id"] for row in rows]
    figures = _parts(connection, FigureRow, ids)
    findings = _parts(connection, FindingRow, ids)
    alternates: dict[int, list[str]] = defaultdict(list)
    for original, url in connection.execute(
        select(DocumentRow.duplicate_of, ReportRow.url)
        .join(ReportRow, ReportRow.document_id == DocumentRow.id)
        .where(ReportRow.superseded_at.is_(None), DocumentRow.duplicate_of.in_([row["document_id"] for row in rows]))
        .where(shown(DocumentRow.url))
    ):
        alternates[original or 0].append(url)
    reviewed = corrections.in_force(connection, [row["document_id"] for row in rows])
    for row in rows:
        report = restore(row, figures[row["id"]], findings[row["id"]])
        corrections.lay_over(report, reviewed[row["document_id"]])
        yield StoredReport(
            report=report,
            document_url=row["document_url"],
            alternate_urls=sorted(alternates[row["document_id"]]),
            first_seen=row["document_first_seen"],
            last_seen=row["document_last_seen"],
            gone_since=row["gone_since"],
        )


def _parts(connection: Connection, model: type[FigureRow | FindingRow], ids: Iterable[int]) -> defaultdict[int, list[RowMapping]]:
    parts: defaultdict[int, list[RowMapping]] = defaultdict(list)
    statement = select(model.__table__).where(model.report_id.in_(ids)).order_by(model.report_id, model.position)
    for row in connection.execute(statement).mappings():
        parts[row["report_id"]].append(row)
    return parts
