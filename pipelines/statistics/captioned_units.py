"""The unit that a line above a table gives for all its amounts: 单位:元 where the form has 万元."""

from __future__ import annotations

import re

from pipelines.decode.document import Document, Table
from pipelines.findings import finding
from pipelines.statistics.figures import DOUBTFUL, Figures
from pipelines.statistics.forms import Column, FormTable
from pipelines.statistics.labels import LabelIndex
from pipelines.statistics.numbers import YUAN, unit_in_label

_UNIT = re.compile(r"单位:(?:[条件项个次人宗]+[,、/])*(?:人民币)?((?:[百千]万?|亿)?元)")
# The line is nothing else, but for the signs around it.
_LINE = re.compile(rf"[^\w]*(?:金额|货币|计量)?{_UNIT.pattern}(?:[,、/][条件项个次人宗]+)*[^\w]*")
MARK = "位:"
LONGEST = 24
# So many lines before a table its unit may stand.
LINES_ABOVE = 2


def _is_said(text: str) -> bool:
    """Whether a text has such a unit at all, as few have: found in a small part of the time that a pattern takes."""
    place = text.rfind(MARK)
    while place > 0:
        if _UNIT.match("".join(text[place - 1 : place + LONGEST].split())):
            return True
        place = text.rfind(MARK, 0, place)
    return False


def _unit_of(text: str) -> str | None:
    match = _LINE.fullmatch("".join(text.split())) if len(text) <= LONGEST else None
    return match[1] if match else None


def give_units(document: Document, index: LabelIndex) -> bool:
    """Writes the unit that stands above a table behind the labels of its columns of amounts, where they print none; whether any stands."""
    if not _is_said(document.clean_text):
        return False
    above: list[str] = []
    seen: set[int] = set()
    for line in document.body_lines:
        if line.table is None:
            above.append(line.clean)
        elif line.table not in seen:
            seen.add(line.table)
            unit = next((unit for text in above[-LINES_ABOVE:] if (unit := _unit_of(text))), None)
            _give(document.tables[line.table], unit, index)
            above = []
    return True


def doubt_amounts(figures: Figures) -> None:
    """Doubts the amounts that were read without a unit of their own, where such a line stands elsewhere on the page."""
    told = {name for one in figures.findings if one.code == "unit_differs" for name in one.figures}
    for name, figure in figures.by_name.items():
        if figure.status == "number" and figure.unit in YUAN and name not in told and "元" not in figure.raw:
            figure.confidence = min(figure.confidence, DOUBTFUL)
            figures.findings.append(finding("unit_unknown", [name], raw=figure.raw))


def _give(table: Table, unit: str | None, index: LabelIndex) -> None:
    for row in table.rows:
        unit = next((said for cell in row if (said := _unit_of(cell.clean))), unit)
        for cell in row:
            columns = index.said(cell.clean).columns
            if unit and unit_in_label(cell.clean) is None and any(_is_amount(column, owner) for owner, column in columns):
                cell.clean = f"{cell.clean}({unit})"


def _is_amount(column: Column, table: FormTable) -> bool:
    return column.value_type == "money" or (column.unit or table.unit) in YUAN
