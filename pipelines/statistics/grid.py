"""A table's physical cells to a grid: each cell at every place that its spans cover."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.decode.document import Table, TableCell

# No form is wider; what reaches beyond is left out of the grid.
WIDEST = 200


@dataclass(slots=True)
class Placed:
    """A physical cell and the first grid column that it covers."""

    cell: TableCell
    column: int

    @property
    def end(self) -> int:
        """The first grid column behind the cell."""
        return self.column + self.cell.colspan


@dataclass(slots=True)
class GridRow:
    """One row: `own` are the cells that begin in it, in order; `all` also those that reach into it from above, by grid column."""

    own: list[Placed]
    all: list[Placed] = field(default_factory=list)


def expand(table: Table) -> list[GridRow]:
    """The rows of the grid. Linear in the cells: a span is kept as a range, never written out place by place."""
    rows: list[GridRow] = []
    reaching: list[tuple[Placed, int]] = []  # cells from above with the rows that they still cover
    for cells in table.rows:
        inherited = [placed for placed, _ in reaching]
        taken = sorted([(placed.column, placed.end) for placed in inherited])
        own: list[Placed] = []
        column, next_taken = 0, 0
        for cell in cells:
            while next_taken < len(taken) and taken[next_taken][0] <= column:
                column = max(column, taken[next_taken][1])
                next_taken += 1
            if column >= WIDEST:
                break
            own.append(Placed(cell, column))
            column += cell.colspan
        every = sorted([*inherited, *own], key=lambda placed: placed.column) if inherited else own
        rows.append(GridRow(own, every))
        reaching = [(placed, left - 1) for placed, left in reaching if left > 1]
        reaching += [(placed, placed.cell.rowspan - 1) for placed in own if placed.cell.rowspan > 1]
    return rows
