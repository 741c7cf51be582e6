"""The tables of a page that hold figures, as grids of elements: which cell covers which rows and columns."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from lxml import etree

from tests.evaluation.mutation.pages import HtmlPage

# Header rows stand close above their data.
MOST_HEADER_ROWS = 4


@dataclass(slots=True)
class Slot:
    """A cell with its place in the grid."""

    cell: etree._Element
    row: int
    column: int
    down: int
    across: int


@dataclass(slots=True)
class GridRow:
    """A row with the cells that begin in it, those that reach into it from above, and the figures in it by key."""

    tr: etree._Element
    own: list[Slot] = field(default_factory=list)
    reaching: list[Slot] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """A table with figures."""

    table: etree._Element
    rows: list[GridRow]

    @property
    def data(self) -> list[int]:
        """The numbers of the rows that hold figures."""
        return [number for number, row in enumerate(self.rows) if row.keys]

    @property
    def header(self) -> list[GridRow]:
        """The rows above the first one with figures."""
        first = self.data[0]
        return self.rows[max(0, first - MOST_HEADER_ROWS) : first]


def _number(cell: etree._Element, name: str) -> int:
    written = (cell.get(name) or "").strip()
    return max(1, min(int(written), 1000)) if written.isascii() and written.isdigit() and len(written) < 6 else 1


def sheets(page: HtmlPage) -> list[Sheet]:
    """The tables of the page that hold figures, in its order."""
    keys = {cell: key for key, cell in page.cells.items()}
    tables = dict.fromkeys(next(cell.iterancestors("table")) for cell in keys)
    order = {table: number for number, table in enumerate(page.root.iter("table")) if table in tables}
    return [_sheet(table, keys) for table in order]


def leaf_tables(page: HtmlPage) -> list[Sheet]:
    """All tables of the page that hold no other one and more than one cell, and those with figures."""
    found = {sheet.table: sheet for sheet in sheets(page)}
    for table in page.root.iter("table"):
        leaf = next(table.iterdescendants("table"), None) is None and sum(1 for _ in table.iter("td", "th")) > 1
        if leaf and not any(outer in found for outer in table.iterancestors("table")):
            found.setdefault(table, _sheet(table, {}))
    return list(found.values())


def _sheet(table: etree._Element, keys: dict[etree._Element, str]) -> Sheet:
    trs = [tr for tr in table.iter("tr") if next(tr.iterancestors("table")) is table]
    rows = [GridRow(tr) for tr in trs]
    for number, row in enumerate(rows):
        taken = sorted((slot.column, slot.column + slot.across) for slot in row.reaching)
        column = 0
        for cell in row.tr.iterchildren("td", "th"):
            for start, end in taken:
                if start <= column < end:
                    column = end
            slot = Slot(cell, number, column, _number(cell, "rowspan"), _number(cell, "colspan"))
            row.own.append(slot)
            column += slot.across
            for below in rows[number + 1 : number + slot.down]:
                below.reaching.append(slot)
            if cell in keys:
                row.keys.append(keys[cell])
    return Sheet(table, rows)


def stretch(cell: etree._Element, name: str, by: int) -> None:
    """Adds to a cell's rowspan or colspan."""
    cell.set(name, str(_number(cell, name) + by))


def cut_before(sheet: Sheet, number: int) -> None:
    """Ends what reaches into a row from above there, and begins it again in the row as an empty cell: what a page break does."""
    row = sheet.rows[number]
    for slot in sorted(row.reaching, key=lambda slot: slot.column):
        left = slot.row + slot.down - number
        slot.cell.set("rowspan", str(number - slot.row))
        blank = etree.Element("td", rowspan=str(left), colspan=str(slot.across))
        behind = sum(1 for own in row.tr.iterchildren("td", "th") if _column(row, own) < slot.column)
        row.tr.insert(behind, blank)
        row.own.append(Slot(blank, number, slot.column, left, slot.across))


def _column(row: GridRow, cell: etree._Element) -> int:
    return next((slot.column for slot in row.own if slot.cell is cell), 0)


def header_copy(sheet: Sheet) -> list[etree._Element]:
    """The header rows once more; cells of them that reach down into the data are cut at their end."""
    header = sheet.header
    copies = []
    for number, row in enumerate(header):
        twin = copy.deepcopy(row.tr)
        for cell in twin.iterchildren("td", "th"):
            if _number(cell, "rowspan") > len(header) - number:
                cell.set("rowspan", str(len(header) - number))
        twin.tail = None
        copies.append(twin)
    return copies


def insert_before(tr: etree._Element, rows: list[etree._Element]) -> None:
    """Puts rows in front of a row."""
    for row in rows:
        tr.addprevious(row)
