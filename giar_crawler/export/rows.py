"""The tables of an export: their columns in order, and the rows of one stored report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from giar_crawler.coverage.matrix import Cell, cells
from giar_crawler.export import changes, panel
from giar_crawler.export.columns import Table, table
from giar_crawler.export.files import Row
from giar_crawler.export.record import instant, number, record
from giar_crawler.export.remarks import remarks
from giar_crawler.export.wide import wide_figures, wide_figures_table
from giar_crawler.items import SHANGHAI
from pipelines.checks.tested import Tested, tested
from pipelines.storage import ReportFilter, Storage, StoredReport

COUNTS = tuple(field.name for field in fields(Tested))


@dataclass(slots=True, frozen=True)
class Wide:
    """The wide layout of an export: its table, and its rows with or without implied zeros in the place of blanks."""

    table: Callable[[], Table]
    rows: Callable[[Storage, ReportFilter, bool], Iterator[Row]]


@dataclass(slots=True, frozen=True)
class Kind:
    """A kind of export: its table with the columns, its rows in a table and its objects in JSON Lines.

    Both read the database through a filter; `objects` is told whether the text of the report is wanted. `scopes` and `mirrors` are what
    it has unless the user says otherwise; `left_out` says what it therefore does not have.
    """

    table: Table
    rows: Callable[[Storage, ReportFilter], Iterator[Row]]
    objects: Callable[[Storage, ReportFilter, bool], Iterator[Row]]
    wide: Wide | None = None
    scopes: tuple[str, ...] = ()
    mirrors: bool = True
    left_out: Callable[[Storage, ReportFilter], list[str]] = lambda *_: []


def _each(rows: Callable[[StoredReport], Iterator[Row]]) -> Callable[[Storage, ReportFilter], Iterator[Row]]:
    """The rows of all reports that a filter chooses."""
    return lambda storage, filters: (row for stored in storage.reports(filters) for row in rows(stored))


def _alike(rows: Callable[[Storage, ReportFilter], Iterator[Row]]) -> Callable[[Storage, ReportFilter, bool], Iterator[Row]]:
    """Objects that are the rows of the table."""
    return lambda storage, filters, _: rows(storage, filters)


def _report_rows(stored: StoredReport) -> Iterator[Row]:
    # A table has what a record has besides its lists: `index_number` is the number as printed, `figures` and `findings` are counts.
    report = stored.report
    facts = {
        **record(report),
        "index_number": report.index_number and report.index_number.raw,
        "index_number_kind": report.index_number and report.index_number.kind,
        "figures": len(report.figures),
        "findings": len(report.findings),
        "classification_score": report.classification.score,
        "mirror_of": report.mirror and report.mirror.suspected_original,
        "first_seen": instant(stored.first_seen),
        "last_seen": instant(stored.last_seen),
        "gone_since": instant(stored.gone_since),
        "alternate_urls": " ".join(stored.alternate_urls),
        **dict.fromkeys(COUNTS),
        **(asdict(counts) if (counts := tested(report)) else {}),
    }
    yield {name: facts[name] for name in table("reports").names}


def _report_objects(stored: StoredReport, with_text: bool) -> Iterator[Row]:
    extra = {"gone_since": instant(stored.gone_since), "alternate_urls": stored.alternate_urls}
    yield record(stored.report, with_text=with_text) | extra


def _figure_rows(stored: StoredReport) -> Iterator[Row]:
    report = stored.report
    about = {
        "document_url": report.url,
        "portal": report.portal,
        "publisher": report.publisher,
        "scope": report.scope,
        "adcode": report.adcode,
        "report_year": report.report_year,
        "form": report.form,
        "fetched_at": instant(report.fetched_at),
        "content_sha256": report.content_sha256,
        "parser_version": report.parser_version,
    }
    for figure in report.figures:
        facts = about | {
            "indicator": figure.indicator,
            "column": figure.column,
            "value": None if figure.value is None else number(figure.value),
            "status": figure.status,
            "raw": figure.raw,
            "unit": figure.unit,
            "source": figure.source,
            "preferred": figure.preferred,
            "corrected": figure.source == "correction",
            "confidence": figure.confidence,
            "label": figure.label,
            "locator": figure.locator,
            "implied_value": None if figure.implied_value is None else number(figure.implied_value),
            "implied_by": figure.implied_by,
        }
        yield {name: facts[name] for name in table("figures").names}


def _finding_rows(storage: Storage, filters: ReportFilter) -> Iterator[Row]:
    """Each report's own findings, then what other reports say against it."""
    against = remarks(storage)
    for stored in storage.reports(filters):
        report = stored.report
        for remark in (*report.findings, *against.get(stored.document_url, ())):
            yield {
                "document_url": report.url,
                "portal": report.portal,
                "publisher": report.publisher,
                "report_year": report.report_year,
                "code": remark.code,
                "severity": remark.severity,
                "blame": remark.blame,
                "message": remark.message,
                "message_zh": remark.message_zh,
                "figures": " ".join(remark.figures),
                "fingerprint": remark.fingerprint,
                "first_seen": instant(stored.first_seen),
            }


def coverage_row(cell: Cell) -> Row:
    """A cell of the coverage with its days and moments as text."""
    row = asdict(cell)
    for name, value in row.items():
        if isinstance(value, datetime):
            row[name] = instant(value)
        elif isinstance(value, date):
            row[name] = value.isoformat()
    return row | {"outcome": str(cell.outcome)}


def _coverage_rows(storage: Storage, filters: ReportFilter) -> Iterator[Row]:
    return map(coverage_row, cells(storage, filters, datetime.now(SHANGHAI).date()))


def _objects_of_reports(storage: Storage, filters: ReportFilter, with_text: bool) -> Iterator[Row]:
    return (item for stored in storage.reports(filters) for item in _report_objects(stored, with_text))


KINDS = {
    "reports": Kind(table("reports"), _each(_report_rows), _objects_of_reports),
    "figures": Kind(table("figures"), _each(_figure_rows), _alike(_each(_figure_rows)), wide=Wide(wide_figures_table, wide_figures)),
    "panel": Kind(
        table("panel"),
        panel.rows,
        _alike(panel.rows),
        wide=Wide(panel.wide_table, panel.wide_rows),
        scopes=("consolidated",),
        mirrors=False,
        left_out=panel.left_out,
    ),
    "findings": Kind(table("findings"), _finding_rows, _alike(_finding_rows)),
    "coverage": Kind(table("coverage"), _coverage_rows, _alike(_coverage_rows)),
    "changes": Kind(table("changes"), changes.rows, _alike(changes.rows)),
}
