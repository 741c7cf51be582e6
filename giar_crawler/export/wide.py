"""Reports with the cells of their tables as columns: a row for each document, a column for every cell that a form has."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from giar_crawler.export.columns import Column, Gap, Table, table
from giar_crawler.export.files import Row
from giar_crawler.export.names import cells
from giar_crawler.export.record import instant, number
from giar_crawler.items import Figure, Report
from pipelines.storage import ReportFilter, Storage


@cache
def wide_figures_table() -> Table:
    """The columns: the document, then every cell of all forms under its short name, the same cell of two forms once."""
    columns = {
        cell.name: Column(cell.name, "number", cell.zh, cell.en, reasons=True) for in_form in cells().values() for cell in in_form.values()
    }
    return Table("figures", (*table("figures_wide").columns, *columns.values()))


def wide_figures(storage: Storage, filters: ReportFilter, implied: bool) -> Iterator[Row]:
    """The rows; only what tables say. With `implied` a blank that can only be zero is one."""
    names = {figure: cell.name for in_form in cells().values() for figure, cell in in_form.items()}
    for stored in storage.reports(filters):
        report = stored.report
        row = {name: getattr(report, name, None) for name in table("figures_wide").names}
        row |= {"document_url": report.url, "fetched_at": instant(report.fetched_at)}
        printed = {figure.name: figure for figure in report.figures if figure.preferred and figure.source != "prose"}
        for figure, name in names.items():
            row[name] = _cell(printed.get(figure), figure, report, implied=implied)
        yield row


def _cell(figure: Figure | None, name: str, report: Report, *, implied: bool) -> int | float | Gap:
    if figure is None:
        return Gap("no_table" if report.form is None else "row_absent" if name in cells().get(report.form, {}) else "not_in_form")
    value = figure.implied_value if figure.value is None and implied else figure.value
    return Gap(figure.status) if value is None else number(value)
