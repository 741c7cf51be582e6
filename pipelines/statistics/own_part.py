"""Which part of a page is the report of the year that its title names, where a whole report of another year stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipelines.decode.document import Document, Table
from pipelines.metadata.report_year import year_of_title
from pipelines.statistics.labels import LONGEST, detect_forms
from pipelines.statistics.stream import stated_labels
from pipelines.titles import is_report_title

# So many labels of a form, each before a value of its own, are a table that lost its grid; prose has a few by chance.
FEWEST_STATED = 6
# Longer lines are sentences that name a report.
LONGEST_TITLE = 60
# Two tables of one kind have so many of their labels in common; one may lack a row, or have a damaged label.
SAME_ROWS = 0.8
# 附:2021年度行政复议情况. With a comma the line is a sentence that compares, with a month a date.
_CAPTION = re.compile(r"[\W附件表]*(?P<year>20\d\d)年(?!\s*\d)(?P<rest>[^,。;]*)")


def labels_in(tables: Iterable[Table]) -> set[str]:
    """The different texts of the tables that can be labels."""
    texts = {cell.clean for table in tables for row in table.rows for cell in row}
    return {text for text in texts if 1 < len(text) <= LONGEST and not text[-1].isdigit()}


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


def _captioned(document: Document) -> dict[int, int]:
    """The years that the captions of tables begin with: the line above, or a first row of one cell.

    Years one below the other are a menu, and none of them is a caption.
    """
    years: dict[int, int] = {}
    above: list[str] = ["", ""]
    seen = None
    for line in document.body_lines:
        if line.table is None or line.cells is None:
            above = [above[1], line.clean]
            continue
        if line.table == seen:
            continue
        seen = line.table
        first = line.cells[0].clean if len(line.cells) == 1 else ""
        before, caption = (_CAPTION.fullmatch(text) if len(text) <= LONGEST_TITLE else None for text in above)
        inside = _CAPTION.fullmatch(first) if len(first) <= LONGEST_TITLE else None
        if found := inside or (None if before and caption and not before["rest"] and not caption["rest"] else caption):
            years[seen] = int(found["year"])
        above = ["", ""]
    return years


def _other_tables(document: Document, report_year: int) -> set[int]:
    """The lines of tables whose captions name an earlier year, if another caption names this one or other tables have their rows too."""
    years = _captioned(document)
    others = {number for number, year in years.items() if year < report_year and document.tables[number].spans_known}
    if not others:
        return set()
    if report_year not in years.values():
        own = labels_in(table for number, table in enumerate(document.tables) if number not in others)
        rest = labels_in(document.tables[number] for number in others)
        if len(rest & own) < SAME_ROWS * len(rest):
            return set()
    return {number for number, line in enumerate(document.body_lines, document.body.start) if line.table in others}


def found_in(document: Document, report_year: int | None = None) -> tuple[set[str], list[str]]:
    """The labels of a page, of its tables or else of what stands before values in its text, and the forms that they are of."""
    labels = labels_in(document.tables)
    if found := detect_forms(labels, report_year=report_year):
        return labels, found
    labels = stated_labels(document, FEWEST_STATED)
    return labels, detect_forms(labels, FEWEST_STATED, report_year)


def without(document: Document, left: set[int]) -> Document:
    """The page without some lines of its body. The tables that go with them stay in their places, empty: lines name tables by number."""
    lines = [line for number, line in enumerate(document.lines) if number not in left]
    kept, gone = {line.table for line in lines}, {document.lines[number].table for number in left}
    tables = list(document.tables)
    for number in (number for number in gone if number is not None):
        # Flattened text has one table for both reports.
        rows = [line.cells for line in lines if line.table == number and line.cells] if number in kept else []
        tables[number] = Table(rows, tables[number].spans_known, tables[number].holder)
    return replace(document, lines=lines, tables=tables, body=range(document.body.start, document.body.stop - len(left)))


def own_part(document: Document, report_year: int | None) -> tuple[Document, list[str]]:
    """The page without the reports and tables of other years, and the forms of those; of reports unless both parts have a whole form."""
    if report_year is None:
        return document, []
    forms: list[str] = []
    if others := _other_years(document, report_year):
        own, rest = without(document, others), without(document, set(document.body) - others)
        forms = found_in(rest)[1]
        if forms and found_in(own)[1]:
            document = own
        else:
            forms = []
    if tables := _other_tables(document, report_year):
        document = without(document, tables)
        forms = forms or found_in(document)[1]
    return document, forms
