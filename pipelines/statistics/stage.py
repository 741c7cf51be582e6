"""Third stage: the statistics of the report, from its tables and from its sentences."""

from __future__ import annotations

import re

from giar_crawler.items import Figure, Report
from pipelines.decode.document import Document
from pipelines.findings import finding
from pipelines.reading import Reading
from pipelines.statistics.labels import LONGEST, detect_form, indexes
from pipelines.statistics.matching import match_tables
from pipelines.statistics.prose import CONCEPTS, read_prose
from pipelines.statistics.tables import DOUBTFUL, TableReader


def _labels(document: Document) -> set[str]:
    """The different texts of the tables that can be labels."""
    return {
        cell.clean
        for table in document.tables
        for row in table.rows
        for cell in row
        if 1 < len(cell.clean) <= LONGEST and not cell.clean[-1].isdigit()
    }


def _join(report: Report, stated: list[Figure]) -> None:
    """Adds the figures of the sentences; where a table has the same one, that is preferred, and a contradiction is a finding."""
    if not stated:
        return
    tabled = {figure.name: figure for figure in report.figures}
    for figure in stated:
        table = tabled.get(figure.name)
        if table is not None:
            figure.preferred = False
            if table.status == "number" and table.value != figure.value and report.form == CONCEPTS:
                report.findings.append(finding("prose_disagrees", [figure.name], prose=figure.raw[:80], table=table.raw))
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


def read_statistics(reading: Reading) -> None:
    """Fills the record's form and figures."""
    document, report = reading.document, reading.report
    labels = _labels(document)
    report.form = detect_form(labels)
    if report.form is not None:
        index = indexes()[report.form]
        reader = TableReader(index, report.report_year)
        reader.read(match_tables(document.tables, index))
        reader.name_unread(labels)
        report.figures += reader.figures.values()
        if document.cut:
            _doubt_last(report)
        report.findings += reader.findings
        if reader.repeated * 2 > len(reader.figures):
            report.findings.append(finding("second_report", form=report.form))
    stated, remarks = read_prose(document, report.report_year, report.publisher)
    _join(report, stated)
    report.findings += remarks
