"""A table's physical cells to a grid: each cell gets the grid column that it begins in."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.decode.document import Table, TableCell

# No form is wider; what reaches beyond is left out of the grid.
WIDEST = 200


@dataclass(slots=True)
class GridRow:
    """One row: `own` are the cells that begin in it, in order; `all` also those that reach into it from above, by grid column."""

    own: list[TableCell]
    all: list[TableCell]


def expand(table: Table) -> list[GridRow]:
    """The rows of the grid. Linear in the cells: a span is kept as a range, never written out place by place."""
    rows: list[GridRow] = []
    reaching: list[tuple[TableCell, int]] = []  # cells that reach into the next row, each with the first row below it
    above: list[TableCell] = []  # these by column
    start: int | None = 0  # where the others begin, if these stand left of everything else, as nearly always
    change = 0  # the next row that some of them do not reach
    for number, cells in enumerate(table.rows, 1):
        down: list[TableCell] = []
        if start is None:
            own = _place_between(cells, above, down)
            every = sorted([*above, *own], key=_column)
        else:
            own = _place(cells, start, down)
            every = above + own if above else own
        rows.append(GridRow(own, every))
        if down or number == change:
            reaching = [(cell, below) for cell, below in reaching if below > number]
            reaching += [(cell, number + cell.rowspan - 1) for cell in down]
            above = sorted([cell for cell, _ in reaching], key=_column)
            change = min([below for _, below in reaching], default=0)
            start = sum([cell.colspan for cell in above])
            if above and start != max([cell.column + cell.colspan for cell in above]):
                start = None
    return rows


def _column(cell: TableCell) -> int:
    return cell.column


def _place(cells: list[TableCell], column: int, down: list[TableCell]) -> list[TableCell]:
    """The cells with their grid columns set, one behind the other from `column` on; those that reach down are added to `down`."""
    for cell in cells:
        cell.column = column
        if cell.rowspan > 1 and column < WIDEST:
            down.append(cell)
        column += cell.colspan
    return cells if column <= WIDEST else [cell for cell in cells if cell.column < WIDEST]


def _place_between(cells: list[TableCell], above: list[TableCell], down: list[TableCell]) -> list[TableCell]:
    """The same behind and between those that reach down from above."""
    taken = sorted([(cell.column, cell.end) for cell in above])
    column = next_taken = 0
    for cell in cells:
        while next_taken < len(taken) and taken[next_taken][0] <= column:
            column = max(column, taken[next_taken][1])
            next_taken += 1
        cell.column = column
        if cell.rowspan > 1 and column < WIDEST:
            down.append(cell)
        column += cell.colspan
    return cells if column <= WIDEST else [cell for cell in cells if cell.column < WIDEST]
