"""Which cell of a row stands for which column of the form. A row that does not fit its header is nobody's: better unread than guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.decode.document import TableCell
from pipelines.statistics.forms import Column, FormTable
from pipelines.statistics.grid import Placed
from pipelines.statistics.headers import Slot, permuted
from pipelines.statistics.labels import LabelIndex
from pipelines.statistics.matching import UNIT_WORDS, Segment

DATED = re.compile(r"^(?P<year>(?:19|20)\d\d)年度?(?P<label>.*)$")


@dataclass(slots=True)
class Assigned:
    """A value cell with the column of the form that it stands for, and the unit printed outside the cell."""

    column: Column
    cell: TableCell
    confidence: float = 1.0
    unit: str | None = None
    shared: bool = False  # it reaches down into the next row


def _fits(cells: Sequence[Placed], tops: Sequence[Placed], *, usual: bool) -> bool:
    """Whether a row's cells lie on the columns of its header: every edge on an edge, and the row as wide as the header.

    A narrower row fits when it is `usual`: one row with a cell too few may lack any of them, but where many rows end early, the table is
    made so (result rows without their totals, lists without their empty remarks).
    """
    edges = {edge for top in tops for edge in (top.column, top.end)}
    on_edges = all(placed.column in edges and placed.end in edges for placed in cells)
    end = max(top.end for top in tops)
    return on_edges and (cells[-1].end == end or (usual and cells[-1].end < end))


def _under(top: Placed, cells: Sequence[Placed]) -> TableCell | None:
    """The one cell under a header cell; `None` when there is none."""
    return next((placed.cell for placed in cells if placed.column < top.end and placed.end > top.column), None)


def _value_columns(over: Sequence[Placed], table: FormTable, index: LabelIndex, report_year: int | None) -> list[Column | None]:
    """The value columns of a list as its header names them; of columns for several years (`2018年统计数`) that of the report year."""
    columns: list[Column | None] = []
    for top in over:
        dated = DATED.match("".join(top.cell.clean.split()))
        if dated is None:
            columns.append(index.find_column(top.cell.clean, table))
        else:
            own = report_year is not None and int(dated["year"]) == report_year
            columns.append((index.find_column(dated["label"], table) or table.columns[0]) if own else None)
    return columns


def list_cells(segment: Segment, table: FormTable, index: LabelIndex, report_year: int | None, *, usual: bool) -> list[Assigned] | None:
    """The value cells of a list row; `None` when the row does not fit.

    Under the value columns of its header: in order where row and header have as many cells, else by the grid. Without a header, or in
    flattened text under one of label, unit and values only, what is left of the row behind label and unit.
    """
    header, own = segment.header, segment.grid_row.own
    over = header.rows[-1].own if header else []
    columns = _value_columns(over, table, index, report_year)
    if any(columns):
        found: dict[Column, Assigned] = {}
        if len(over) == len(own):
            first = own.index(segment.label) + 1
            pairs = [(columns[place], own[place].cell) for place in range(first, first + len(segment.values))]
        elif segment.spans_known:
            pairs = [(column, cell) for column, top in zip(columns, over, strict=True) if (cell := _under(top, segment.values))]
            if not _fits(segment.grid_row.all, over, usual=usual):
                return None
        else:
            pairs = []
        for column, cell in pairs:
            # In a list of two halves the last row of the left one may have blanks for the right one behind it.
            if column is not None:
                found.setdefault(column, Assigned(column, cell, unit=segment.unit))
        if found or len(over) > len(table.columns) + 2:
            return list(found.values()) or None
    rest = [placed for placed in segment.values if placed.cell.clean not in UNIT_WORDS]
    if len(rest) == len(table.columns):
        return [Assigned(column, placed.cell, unit=segment.unit) for column, placed in zip(table.columns, rest, strict=True)]
    return None


def _without_padding(values: list[Placed], width: int, *, spans_known: bool) -> list[Placed] | None:
    """The cells of a row without what pads it to the width of the table; `None` where that cannot be told.

    Blanks behind the values: rows of flattened text, and of pages that end every row with an empty cell. Blanks before them: merged label
    cells written out by an extractor. The same text in all cells of a single column: merged value cells repeated by one.
    """
    if len(values) <= width:
        return values
    if not any(placed.cell.clean for placed in values[width:]):
        return values[:width]
    if spans_known:
        return None
    if width == 1 and len({placed.cell.clean for placed in values}) == 1:
        return values[:1]
    return values[-width:] if not any(placed.cell.clean for placed in values[:-width]) else None


def matrix_cells(segment: Segment, columns: list[Slot], *, usual: bool) -> list[tuple[Slot, TableCell]] | None:
    """The value cells of a matrix row with the printed columns over them; `None` when the row does not fit.

    In the order of the printed columns where there are as many cells, else by the grid.
    """
    values = segment.values
    if not segment.spans_known or usual:
        unpadded = _without_padding(values, len(columns), spans_known=segment.spans_known)
        if unpadded is None:
            return None
        values = unpadded
    if permuted(columns) and any(slot.placed and slot.placed.column != p.column for slot, p in zip(columns, values, strict=False)):
        return None
    if len(values) == len(columns):
        return [(slot, placed.cell) for slot, placed in zip(columns, values, strict=True)]
    tops = [slot.placed for slot in columns if slot.placed]
    if not values or len(tops) != len(columns) or values[0].column != tops[0].column or not _fits(values, tops, usual=usual):
        return None
    pairs = [(slot, cell) for slot, top in zip(columns, tops, strict=True) if (cell := _under(top, values))]
    # One blank may span several columns; one number for several is nobody's.
    if any(cell.clean and sum(other is cell for _, other in pairs) > 1 for _, cell in pairs):
        return None
    return pairs
