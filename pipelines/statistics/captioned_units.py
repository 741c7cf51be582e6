"""The unit that a line above a table gives for all its amounts: 单位:元 where the form has 万元."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.decode.document import Document, Table, TableCell
from pipelines.findings import finding
from pipelines.statistics.figures import DOUBTFUL, Figures
from pipelines.statistics.forms import Column, FormTable
from pipelines.statistics.labels import LabelIndex
from pipelines.statistics.numbers import YUAN, unit_in_label

_UNIT = re.compile(r"单位(?::|均?为:?|是)(?:[条件项个次人宗]+[,、/])*(?:人民币)?((?:[百千]万?|亿)?元)")
# The line is nothing else, but for the signs around it.
_LINE = re.compile(rf"[^\w]*(?:金额|货币|计量)?{_UNIT.pattern}(?:[,、/][条件项个次人宗]+)*[^\w]*")
MARK = "单位"
LONGEST = 24
# So many lines before a table its unit may stand.
LINES_ABOVE = 2


def _is_said(text: str) -> bool:
    """Whether a text has such a unit at all, as few have: found in a small part of the time that a pattern takes."""
    place = text.find(MARK)
    while place >= 0:
        if _UNIT.match("".join(text[place : place + LONGEST].split())):
            return True
        place = text.find(MARK, place + 1)
    return False


def _unit_of(text: str) -> str | None:
    match = _LINE.fullmatch("".join(text.split())) if len(text) <= LONGEST else None
    return match[1] if match else None


def with_units(document: Document, index: LabelIndex) -> tuple[Document, bool]:
    """The page with the unit that stands above a table behind the labels of its columns of amounts, where they print none.

    And whether any such unit stands on it. The page that is given stays as it is.
    """
    if not _is_said(document.clean_text):
        return document, False
    above: list[str] = []
    seen: set[int] = set()
    rows: dict[int, list[TableCell]] = {}  # the rows with other labels, by what they are made of
    for line in document.body_lines:
        if line.table is None:
            above.append(line.clean)
        elif line.table not in seen:
            seen.add(line.table)
            unit = next((unit for text in above[-LINES_ABOVE:] if (unit := _unit_of(text))), None)
            rows |= _with_unit(document.tables[line.table], unit, index)
            above = []
    tables = [replace(table, rows=[rows.get(id(row), row) for row in table.rows]) for table in document.tables]
    lines = [replace(line, cells=rows[id(line.cells)]) if id(line.cells) in rows else line for line in document.lines]
    return replace(document, lines=lines, tables=tables), True


def doubt_amounts(figures: Figures) -> None:
    """Doubts the amounts that were read without a unit of their own, where such a line stands elsewhere on the page."""
    told = {name for one in figures.findings if one.code == "unit_differs" for name in one.figures}
    for name, figure in figures.by_name.items():
        if figure.status == "number" and figure.unit in YUAN and name not in told and "元" not in figure.raw:
            figure.confidence = min(figure.confidence, DOUBTFUL)
            figures.findings.append(finding("unit_unknown", [name], raw=figure.raw))


def _with_unit(table: Table, unit: str | None, index: LabelIndex) -> dict[int, list[TableCell]]:
    rows: dict[int, list[TableCell]] = {}
    for row in table.rows:
        unit = next((said for cell in row if (said := _unit_of(cell.clean))), unit)
        amounts = [unit is not None and _lacks_unit(cell.clean, index) for cell in row]
        if any(amounts):
            rows[id(row)] = [
                replace(cell, clean=f"{cell.clean}({unit})") if amount else cell for cell, amount in zip(row, amounts, strict=True)
            ]
    return rows


def _lacks_unit(label: str, index: LabelIndex) -> bool:
    return unit_in_label(label) is None and any(_is_amount(column, owner) for owner, column in index.said(label).columns)


def _is_amount(column: Column, table: FormTable) -> bool:
    return column.value_type == "money" or (column.unit or table.unit) in YUAN
