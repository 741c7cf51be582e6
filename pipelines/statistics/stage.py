"""Third stage: the statistics of the report, from its tables and from its sentences."""

from __future__ import annotations

from pipelines.decode.document import Document
from pipelines.findings import finding
from pipelines.reading import Reading
from pipelines.statistics.labels import LONGEST, detect_form, indexes
from pipelines.statistics.matching import match_tables
from pipelines.statistics.tables import TableReader


def _labels(document: Document) -> set[str]:
    """The different texts of the tables that can be labels."""
    return {
        cell.clean
        for table in document.tables
        for row in table.rows
        for cell in row
        if 1 < len(cell.clean) <= LONGEST and not cell.clean[-1].isdigit()
    }


def read_statistics(reading: Reading) -> None:
    """Fills the record's form and figures."""
    document, report = reading.document, reading.report
    report.form = detect_form(_labels(document))
    if report.form is not None:
        index = indexes()[report.form]
        reader = TableReader(index)
        reader.read(match_tables(document.tables, index))
        report.figures += reader.figures.values()
        report.findings += reader.findings
        if reader.repeated * 2 > len(reader.figures):
            report.findings.append(finding("second_report", form=report.form))
