"""Tables made plain before they are read: merged cells that a converter wrote out made one again, empty columns at the right dropped."""

from __future__ import annotations

from itertools import groupby

from pipelines.decode.document import Table, TableCell
from pipelines.statistics.numbers import UNIT_WORDS, read_value

# So many equal labels side by side are one merged cell; two may be two columns whose labels were cut alike (`结果 | 结果`).
FEWEST_ALIKE = 3
# Or two, in so many rows.
FEWEST_PAIRS = 3


def _is_label(text: str) -> bool:
    return read_value(text).status == "unreadable" and text not in UNIT_WORDS


def _written_out(rows: list[list[TableCell]]) -> bool:
    """Whether the merged cells of a table stand in it once per place."""
    if len({len(row) for row in rows}) != 1 or len(rows[0]) < FEWEST_ALIKE:
        return False
    pairs = 0
    for row in rows:
        longest = max(len(list(alike)) for _, alike in groupby(row, key=lambda cell: cell.clean if _is_label(cell.clean) else id(cell)))
        if longest >= FEWEST_ALIKE:
            return True
        pairs += longest > 1
    return pairs >= FEWEST_PAIRS


def _merge(row: list[TableCell], above: list[TableCell]) -> list[TableCell]:
    """The row with equal labels side by side as one cell, and equal values side by side under one wide cell of the header above."""
    over = [number for number, cell in enumerate(above) for _ in range(cell.colspan)]
    cells: list[TableCell] = []
    for place, cell in enumerate(row):
        label = _is_label(cell.clean)
        if place and cell.clean == row[place - 1].clean and (label or (len(over) == len(row) and over[place] == over[place - 1])):
            cells[-1].colspan += 1
        else:
            cells.append(TableCell(cell.raw, cell.clean, 1, 1, cell.place))
    return cells


def _restored(table: Table) -> Table:
    """The table with its merged cells made one cell again, where a converter wrote them out; else the table as it is."""
    if any(cell.colspan > 1 or cell.rowspan > 1 for row in table.rows for cell in row) or not _written_out(table.rows):
        return table
    rows: list[list[TableCell]] = []
    above: list[TableCell] = []
    for row in table.rows:
        rows.append(_merge(row, above))
        if all(_is_label(cell.clean) for cell in row):
            above = rows[-1]
    return Table(rows, spans_known=True)


def _empty_end(row: list[TableCell]) -> int:
    """How many single cells at the end of a row are empty; the first cell of a row is never one of them."""
    count = 0
    while count < len(row) - 1 and not row[-1 - count].clean and row[-1 - count].colspan == row[-1 - count].rowspan == 1:
        count += 1
    return count


def tidied(table: Table) -> Table:
    """The table without columns at the right that are empty from the header down, and with its merged cells as one cell each."""
    if not table.rows:
        return table
    # Nearly always the first row says that none is.
    empty = _empty_end(table.rows[0]) and min(map(_empty_end, table.rows))
    return _restored(Table([row[:-empty] for row in table.rows], table.spans_known) if empty else table)
