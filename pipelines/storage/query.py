"""What exports ask for: the current version of every document, filtered, in a fixed order, a few hundred at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, RowMapping, Select, and_, case, func, not_, or_, select

from giar_crawler.items import Report
from giar_crawler.outcomes import PageOutcome
from pipelines.metadata.gazetteer import place_prefix
from pipelines.storage import corrections
from pipelines.storage.models import DocumentRow, FigureRow, FindingRow, PortalRow, ReportRow
from pipelines.storage.rows import FIGURE, FINDING, restore
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
    # Texts and lists are long: what is put in order are keys alone. Collations differ between databases; the order of code points does not.
    keys = _current(filters, ReportRow.id).order_by(*(_code_points(connection, column) for column in order))
    wanted = select(*columns).join(DocumentRow, ReportRow.document_id == DocumentRow.id)
    for ids in connection.execute(keys.execution_options(yield_per=CHUNK)).scalars().partitions(CHUNK):
        found = {row["id"]: row for row in connection.execute(wanted.where(ReportRow.id.in_(ids))).mappings()}
        yield from _complete(connection, [found[each] for each in ids])


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
    figures = _parts(connection, FigureRow, FIGURE, ids)
    findings = _parts(connection, FindingRow, FINDING, ids)
    records = {row["document_id"]: row["document_id"] for row in rows}
    alternates: dict[int, list[str]] = defaultdict(list)
    for number, original, url, is_shown in connection.execute(
        select(DocumentRow.id, DocumentRow.duplicate_of, ReportRow.url, shown(DocumentRow.url))
        .join(ReportRow, ReportRow.document_id == DocumentRow.id)
        .where(ReportRow.superseded_at.is_(None), DocumentRow.duplicate_of.in_(list(records)))
    ):
        # What was corrected at an address that is withheld now is still right at the others.
        records[number] = original
        if is_shown:
            alternates[original or 0].append(url)
    reviewed = corrections.in_force(connection, records)
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


def _parts(
    connection: Connection, model: type[FigureRow | FindingRow], names: Sequence[str], ids: Sequence[int]
) -> dict[int, list[Row[Any]]]:
    """The rows that each of these reports has in a table, in the order of the record: report, position and the named columns.

    There are a hundred figures to a report: whatever is made of each of them costs, and the collector of garbage counts it too.
    """
    parts: dict[int, list[Row[Any]]] = {number: [] for number in ids}
    columns = (model.__table__.columns[name] for name in ("report_id", "position", *names))
    for row in connection.execute(select(*columns).where(model.report_id.in_(ids))).all():
        parts[row[0]].append(row)
    for rows in parts.values():
        rows.sort(key=itemgetter(1))
    return parts
