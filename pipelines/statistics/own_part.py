"""Which part of a page is the report of the year that its title names, where a whole report of another year stands beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipelines.decode.document import Document, Table
from pipelines.metadata.report_year import year_of_title
from pipelines.statistics.labels import LONGEST, detect_forms
from pipelines.titles import is_report_title

# Longer lines are sentences that name a report.
LONGEST_TITLE = 60


def labels_in(tables: Iterable[Table]) -> set[str]:
    """The different texts of the tables that can be labels."""
    return {
        cell.clean
        for table in tables
        for row in table.rows
        for cell in row
        if 1 < len(cell.clean) <= LONGEST and not cell.clean[-1].isdigit()
    }


def _other_years(document: Document, report_year: int) -> set[int]:
    """The lines of the body from a title of another year to the next title of this one."""
    found: set[int] = set()
    other = False
    for number, line in enumerate(document.body_lines, document.body.start):
        text = line.clean
        if line.cells is None and not line.linked and len(text) <= LONGEST_TITLE and "公开" in text and is_report_title(text):
            other = year_of_title(text) not in (None, report_year)
        if other:
            found.add(number)
    return found


def own_part(document: Document, report_year: int | None) -> tuple[Document, list[str]]:
    """The page without the reports of other years, and the forms of their tables; the page as it is unless both parts have a whole form.

    The tables left out stay in their places, empty: lines name tables by number.
    """
    others = _other_years(document, report_year) if report_year is not None and len(document.tables) > 1 else set()
    if not others:
        return document, []
    left = {document.lines[number].table for number in others}
    own = [Table([], table.spans_known, table.holder) if number in left else table for number, table in enumerate(document.tables)]
    forms = detect_forms(labels_in(table for number, table in enumerate(document.tables) if number in left))
    if not forms or not detect_forms(labels_in(own)):
        return document, []
    lines = [line for number, line in enumerate(document.lines) if number not in others]
    body = range(document.body.start, document.body.stop - len(others))
    return replace(document, lines=lines, tables=own, body=body), forms
