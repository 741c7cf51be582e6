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
    reaching: list[tuple[TableCell, int]] = []  # cells from above with the rows that they still cover
    for cells in table.rows:
        if not reaching:
            own = every = _place(cells, 0)
        else:
            above = [cell for cell, _ in reaching]
            start = sum([cell.colspan for cell in above])
            if start == max([cell.column + cell.colspan for cell in above]):
                # Labels that reach down stand left of everything else, nearly always.
                own = _place(cells, start)
                every = [*sorted(above, key=_column), *own]
            else:
                own = _place_between(cells, above)
                every = sorted([*above, *own], key=_column)
            reaching = [(cell, left - 1) for cell, left in reaching if left > 1]
        rows.append(GridRow(own, every))
        reaching += [(cell, cell.rowspan - 1) for cell in own if cell.rowspan > 1]
    return rows


def _column(cell: TableCell) -> int:
    return cell.column


def _place(cells: list[TableCell], column: int) -> list[TableCell]:
    """The cells with their grid columns set, one behind the other from `column` on."""
    for cell in cells:
        cell.column = column
        column += cell.colspan
    return cells if column <= WIDEST else [cell for cell in cells if cell.column < WIDEST]


def _place_between(cells: list[TableCell], above: list[TableCell]) -> list[TableCell]:
    """The cells with their grid columns set, behind and between those that reach down from above."""
    taken = sorted([(cell.column, cell.end) for cell in above])
    column = next_taken = 0
    for cell in cells:
        while next_taken < len(taken) and taken[next_taken][0] <= column:
            column = max(column, taken[next_taken][1])
            next_taken += 1
        cell.column = column
        column += cell.colspan
    return cells if column <= WIDEST else [cell for cell in cells if cell.column < WIDEST]
