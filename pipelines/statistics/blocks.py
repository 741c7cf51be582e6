"""The matrix of one row, whose columns stand in blocks: which value cell stands for which column, by order or by the labels around it."""

from __future__ import annotations

from pipelines.decode.document import TableCell
from pipelines.statistics.forms import Column, FormTable
from pipelines.statistics.grid import GridRow
from pipelines.statistics.headers import Header, numbers_columns, remembered
from pipelines.statistics.labels import LabelIndex, key
from pipelines.statistics.parts import TOTALS


@remembered
def block_columns(header: Header, table: FormTable, index: LabelIndex) -> list[tuple[Column | None, str]] | None:
    """The columns of a one-row matrix with the labels printed for them, in the order of the page; `None` when it is another table.

    A column that the form lacks is `None`: the sum of two blocks.

    The groups stand in the order in which the page prints them. The leaves repeat under each group and are often cut (`结果`, `其他`,
    `尚未`), so each must be a part of the label due at its place.
    """
    cells = list(header.cells())
    keys = [said.key for said in index.said_in(cells)]
    present = index.groups[table.id].intersection(keys)
    if not present:
        return None
    order = {name: number for number, name in enumerate(keys)}
    paths = index.paths[table.id]

    def place(column: Column) -> tuple[int, ...]:
        orders = [0]
        for label in reversed(paths[column.number]):
            # A group of groups that is not printed stands where its group does.
            orders.insert(0, order.get(label, orders[0]))
        return (*orders[:-1], column.number)

    expected = sorted((column for column in table.columns if not present.isdisjoint(paths[column.number])), key=place)
    # What stands left of the blocks names rows (年度, 单位).
    first = min([cell.column for cell, name in zip(cells, keys, strict=True) if name in present]) if header.spans_known else 0
    # Extractors that repeat merged cells leave all leaves in the last row.
    for some in (cells, header.rows[-1].own):
        printed = [cell.clean for cell in some if cell.clean and cell.column >= first and index.said(cell.clean).key not in index.words]
        if len(printed) == len(expected):
            break
    else:
        return _by_grid(header, table, index) if header.spans_known else None
    pairs: list[tuple[Column | None, str]] = list(zip(expected, printed, strict=True))
    return pairs if all(column and _part_of(index.said(text).key, column) for column, text in pairs) else None


def _by_grid(header: Header, table: FormTable, index: LabelIndex) -> list[tuple[Column | None, str]] | None:
    """The columns by the labels above each, where there are others among them; `None` unless each of the form's stands there once."""
    pairs: list[tuple[Column | None, str]] = []
    for leaf in header.leaves():
        above = {index.said(cell.clean).key for cell in header.cells() if cell.column <= leaf.column and cell.end >= leaf.end}
        name = index.said(leaf.clean).key
        named = [column for column in table.columns if {key(label) for label in column.path[:-1]} <= above and _part_of(name, column)]
        if len(named) > 1 or (not named and leaf.clean not in TOTALS):
            return None
        pairs.append((named[0] if named else None, leaf.clean))
    return pairs if sorted(column.number for column, _ in pairs if column) == list(range(len(table.columns))) else None


def _part_of(part: str, column: Column) -> bool:
    whole = key(column.label)
    return bool(part) and (part in whole or whole in part or any(part == key(alias) for alias in column.aliases))


def by_labels(rows: list[GridRow], table: FormTable, index: LabelIndex, caption: str = "") -> list[tuple[Column, TableCell, str]] | None:
    """The value cells of a one-row matrix by the labels left of them and above them, for tables printed upright or piece by piece.

    `caption` is the line above the table.

    `None` unless every value cell has exactly one column, and no column has two cells.
    """
    above: dict[int, list[TableCell]] = {}
    found: dict[Column, tuple[TableCell, str]] = {}
    done = False
    for row in rows:
        if numbers_columns(index.said_in(row.own)):
            continue
        if done and not any(cell.clean and index.said(cell.clean).is_value for cell in row.own):
            # The block is full; its labels say nothing of the next one.
            above.clear()
            done = False
        left: list[str] = []
        for cell in row.all:
            said = index.said(cell.clean)
            if not cell.clean:
                continue
            if not said.is_value:
                left.append(cell.clean)
                for place in range(cell.column, cell.end):
                    above.setdefault(place, []).append(cell)
                continue
            over = [label.clean for label in above.get(cell.column, ())]
            columns = [column for column in table.columns if _led_to(column, [caption, *left, *over])]
            if not columns and not TOTALS.isdisjoint((*left, *over)):
                # The sum of several blocks.
                continue
            if len(columns) != 1 or columns[0] in found:
                return None
            found[columns[0]] = (cell, (left or over)[-1])
            done = not left
    return [(column, *placed) for column, placed in found.items()] or None


def _led_to(column: Column, labels: list[str]) -> bool:
    """Whether the labels around a cell name a column and its block: `行政诉讼(未经复议直接起诉)` is one label for two steps."""
    keys = [key(label) for label in labels]
    block, leaf = (key(label) for label in column.path[-2:])
    return leaf in keys and any(block in printed for printed in keys)
