"""Third stage: the statistics of the report, from its tables and from its sentences."""

from __future__ import annotations

import re

from giar_crawler.items import Figure, Report
from pipelines.decode.document import Document, Table
from pipelines.findings import finding
from pipelines.reading import Reading
from pipelines.statistics.barred import barred_tables
from pipelines.statistics.captioned_units import doubt_amounts, with_units
from pipelines.statistics.columns import column_tables
from pipelines.statistics.figures import DOUBTFUL, NOT_PLAIN, Figures
from pipelines.statistics.forms import forms
from pipelines.statistics.joining import join_digits
from pipelines.statistics.labels import LONGEST, LabelIndex, indexes
from pipelines.statistics.layout import layout_tables
from pipelines.statistics.matching import Matched, match_tables
from pipelines.statistics.named import read_named
from pipelines.statistics.numerals import doubt_ones
from pipelines.statistics.own_part import found_in, own_part, without
from pipelines.statistics.own_tables import UNSURE, other_tables
from pipelines.statistics.prose import read_prose
from pipelines.statistics.reshaping import reshaped
from pipelines.statistics.stream import stream_table, tokens_of
from pipelines.statistics.tables import TableReader


def _join(report: Report, stated: list[Figure]) -> None:
    """Adds the figures of the sentences; where a table has the same one, that is preferred."""
    tabled = {(figure.indicator, figure.column) for figure in report.figures} if stated else set()
    for figure in stated:
        figure.preferred = (figure.indicator, figure.column) not in tabled
        report.figures.append(figure)


def _doubt_last(report: Report) -> None:
    """Doubts the figure that stands last on a page that ends inside a table: of 7903 the page may hold 79."""
    last = max((figure for figure in report.figures if figure.status == "number"), key=_place, default=None)
    if last is not None:
        last.confidence = min(last.confidence, DOUBTFUL)
    report.findings.append(finding("page_cut", [last.name] if last else []))


def _place(figure: Figure) -> list[int]:
    """The order of a cell on the page: the numbers in its locator."""
    return [int(number) for number in re.findall(r"\d+", figure.locator or "")]


def _captions(document: Document) -> list[str]:
    """The line above each table, empty where there is none."""
    captions = [""] * len(document.tables)
    last, seen = "", -1
    for line in document.lines:
        if line.table is None:
            last = line.clean if len(line.clean) <= LONGEST else ""
        elif line.table != seen:
            captions[line.table], seen, last = last, line.table, ""
    return captions


def _form_of_report(found: list[str], report_year: int | None) -> str:
    """Of several forms on a page the one for the report year: an older one is attached for comparison. Else the likeliest."""
    if report_year is None:
        return found[0]
    fitting = [name for name in found if forms()[name].first_year <= report_year <= (forms()[name].last_year or report_year)]
    return (fitting or found)[0]


def _read_flattened(document: Document, index: LabelIndex, report_year: int | None, figures: Figures) -> None:
    """Takes in what tables that lost their grid have of the figures that are not read yet."""

    def take(tables: list[Table]) -> None:
        figures.take_more(TableReader(index, report_year).read(match_tables(tables, index)))

    take(barred_tables(document))
    take(layout_tables(document, index))
    if figures.lacks(index.form):
        tokens = tokens_of(document, index, with_grids=False)
        take(column_tables(tokens, index, [table for table in index.form.tables if figures.is_poor(table)]))
        take([stream_table(tokens, index)])


def _read_own(document: Document, index: LabelIndex, report: Report) -> tuple[Document, TableReader, Matched, Figures]:
    """The page with the report's own ones of its tables only, their rows, and the figures in them with who read them."""
    reader = TableReader(index, report.report_year)
    matched = match_tables(document.tables, index)
    figures = reader.read(matched)
    others = other_tables(document, index, report) if figures.repeated else {}
    if not others:
        return document, reader, matched, figures
    again = figures.names_again()
    report.findings += [finding("table_left_out", again, why=why) for why in dict.fromkeys(others.values())]
    document = without(document, {number for number, line in enumerate(document.lines) if line.table in others})
    reader = TableReader(index, report.report_year)
    matched = match_tables(document.tables, index)
    figures = reader.read(matched)
    if UNSURE in others.values():
        figures.doubt(again, NOT_PLAIN)
    return document, reader, matched, figures


def _read_tables(document: Document, report: Report) -> dict[str, Figure]:
    """Fills form and figures from the tables, and returns these by name.

    Those whose grid is lost are read from the order of their labels and values.
    """
    labels, found = found_in(document, report.report_year)
    if not found:
        return {}
    report.form = _form_of_report(found, report.report_year)
    report.findings += [finding("second_report", form=name) for name in found if name != report.form]
    index = indexes()[report.form]
    document, units = with_units(document, index)
    document, reader, matched, figures = _read_own(document, index, report)
    if len(figures.of_table) < len(index.form.tables):
        reader.read_pieces(matched.grids, _captions(document))
    if (figures.open or len(figures.by_name) < len(index.form.types)) and (tables := reshaped(document.tables, index, report.report_year)):
        again = TableReader(index, report.report_year).read(match_tables(tables, index))
        figures.take_more(again)
        # Rows that the tables have no more in their plain shape are no unknown ones.
        figures.findings = [one for one in figures.findings if one.figures or one in again.findings]
    if len(figures.by_name) < len(index.form.types) or not all(table.spans_known for table in document.tables):
        _read_flattened(document, index, report.report_year, figures)
        doubt_ones(figures)
    if units:
        doubt_amounts(figures)
    if any(figures.is_poor(table) for table in index.form.tables if table.layout != "list"):
        figures.take_more(read_named(tokens_of(document, index, with_grids=True), index))
    if figures.open:
        figures.findings += join_digits(index.form, figures.by_name)
    reader.name_unread(labels)
    report.figures += figures.by_name.values()
    if document.cut:
        _doubt_last(report)
    report.findings += figures.findings
    if figures.repeated * 2 > len(figures.by_name):
        report.findings.append(finding("second_report", form=report.form))
    return figures.by_name


def read_statistics(reading: Reading) -> None:
    """Fills the record's form and figures."""
    report = reading.report
    document, others = own_part(reading.document, report.report_year)
    report.findings += [finding("second_report", form=name) for name in others[:1]]
    reading.figures = _read_tables(document, report)
    stated, remarks = read_prose(document, report.report_year, report.publisher)
    _join(report, stated)
    reading.figures |= {figure.name: figure for figure in stated if figure.preferred}
    report.findings += remarks
