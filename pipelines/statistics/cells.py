"""Which cell of a row stands for which column of the form. A row that does not fit its header is nobody's: better unread than guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from pipelines.decode.document import TableCell
from pipelines.statistics.forms import Column, FormTable
from pipelines.statistics.grid import WIDEST
from pipelines.statistics.headers import Header, Printed, Slot
from pipelines.statistics.labels import LabelIndex, key
from pipelines.statistics.matching import Segment
from pipelines.statistics.numbers import UNIT_WORDS, read_value

UNIT_HEADERS = frozenset({"单位", "计量单位"})
DATED = re.compile(r"^(?P<year>(?:19|20)\d\d)年度?(?P<label>.*)$")


# A value cell with the column of the form that it stands for, and the unit printed outside the cell.
Assigned: TypeAlias = tuple[Column, TableCell, str | None]


def _fits(cells: Sequence[TableCell], tops: Sequence[TableCell], *, usual: bool) -> bool:
    """Whether a row's cells lie on the columns of its header: every edge on an edge, and the row as wide as the header.

    A narrower row fits when it is `usual`: one row with a cell too few may lack any of them, but where many rows end early, the table is
    made so (result rows without their totals, lists without their empty remarks).
    """
    edges = {edge for top in tops for edge in (top.column, top.end)}
    on_edges = all(cell.column in edges and cell.end in edges for cell in cells)
    end = max(top.end for top in tops)
    return bool(cells) and on_edges and (cells[-1].end == end or (usual and cells[-1].end < end))


def _fits_beside(cells: Sequence[TableCell], tops: Sequence[TableCell], columns: Sequence[Column | None]) -> bool:
    """Whether a row as wide as its header lies on it but for cells under wide labels of others: 其中 over the organs of a sum."""
    wide = [top for top, column in zip(tops, columns, strict=True) if column is None and top.colspan > 1 and top.column]
    beside = [cell for cell in cells if not any(top.column <= cell.column and cell.end <= top.end for top in wide)]
    whole = bool(cells) and cells[-1].end == tops[-1].end
    return bool(wide) and whole and _fits(beside, [top for top in tops if top not in wide], usual=False)


def _under(top: TableCell, cells: Sequence[TableCell]) -> TableCell | None:
    """The one cell under a header cell; `None` when there is none."""
    return next((cell for cell in cells if cell.column < top.end and cell.end > top.column), None)


def _value_columns(over: Sequence[TableCell], table: FormTable, index: LabelIndex, report_year: int | None) -> list[Column | None]:
    """The value columns of a list as its header names them; of columns for several years (`2018年统计数`) that of the report year."""
    columns: list[Column | None] = []
    for top in over:
        dated = DATED.match("".join(top.clean.split()))
        if dated is None:
            columns.append(index.said(top.clean).column(table))
        else:
            own = report_year is not None and int(dated["year"]) == report_year
            columns.append((index.said(dated["label"]).column(table) or table.columns[-1]) if own else None)
    return columns


def _units_agree(own: Sequence[TableCell], over: Sequence[TableCell]) -> bool:
    """Whether a row of flattened text stands under its header cell by cell: as long, or with its unit under 单位 and blanks lost behind.

    A row that lacks its first cell is as long too when blanks pad it; its unit tells.
    """
    units = [key(top.clean) in UNIT_HEADERS for cell, top in zip(own, over, strict=False) if cell.clean in UNIT_WORDS]
    return all(units) and (len(own) == len(over) or (bool(units) and len(own) < len(over)))


def _are_twice(columns: Sequence[Column], header: Header) -> bool:
    """Whether a header names a column more often than it begins again: either may be the report's."""
    return len(columns) > len(set(columns)) and len(columns) > len(set(columns)) * max(1, len(header.halves()))


def _own_cells(segment: Segment, wide: int) -> Sequence[TableCell]:
    """The cells of a row; of flattened text that has the headings above it before its label, without these."""
    own = segment.grid_row.own
    return own if segment.spans_known or len(own) <= wide else own[own.index(segment.label) :]


def list_cells(segment: Segment, table: FormTable, index: LabelIndex, report_year: int | None, *, usual: bool) -> list[Assigned] | None:
    """The value cells of a list row; `None` when the row does not fit.

    Under the value columns of its header: in order where row and header have as many cells, else by the grid; of several columns of values
    flattened text may have lost any. Without a header, or in
    flattened text under one of label, unit and values only, what is left of the row behind label and unit.
    """
    header = segment.header
    over = header.leaves() if header else []
    own = _own_cells(segment, len(over))
    columns = _value_columns(over, table, index, report_year)
    if header is not None and any(columns):
        named = [column for column in columns if column is not None]
        if _are_twice(named, header):
            return None
        found: dict[Column, Assigned] = {}
        as_long = len(over) == len(own) and (usual or own[-1].end == over[-1].end)
        if as_long if segment.spans_known else _units_agree(own, over) and not any(columns[len(own) :]):
            first = own.index(segment.label) + 1
            pairs = [(columns[place], own[place]) for place in range(first, first + len(segment.values))]
        elif segment.spans_known:
            pairs = [(column, cell) for column, top in zip(columns, over, strict=True) if (cell := _under(top, segment.values))]
            # A row may end before its remarks, never before a column of figures.
            short = usual and all(index.said(top.clean).word for top in over if top.column >= own[-1].end)
            if not _fits(segment.values, over, usual=short) and not _fits_beside(segment.values, over, columns):
                behind = over[-len(segment.values) :]
                if not segment.unit or not _units_agree(segment.values, behind) or own[-1].end < over[-1].end:
                    return None
                # The label stands in more cells than its header, but the unit stands under 单位.
                pairs = list(zip(columns[-len(segment.values) :], segment.values, strict=False))
        else:
            pairs = []
        for column, cell in pairs:
            # In a list of two halves the last row of the left one may have blanks for the right one behind it.
            if column is not None:
                found.setdefault(column, (column, cell, segment.unit))
        in_order = bool(found) or list(dict.fromkeys(named)) == list(table.columns)
        if found or not in_order or len({key(top.clean) for top in over}) > len(table.columns) + 2:
            return list(found.values()) or None
    rest = [cell for cell in segment.values[segment.counted :] if cell.clean not in UNIT_WORDS]
    if len(rest) > len(table.columns) and not segment.spans_known:
        rest = [cell for cell in rest if cell.clean] or rest[: len(table.columns)]
    if len(rest) == len(table.columns):
        return [(column, cell, segment.unit) for column, cell in zip(table.columns, rest, strict=True)]
    return None


def _without_padding(segment: Segment, values: list[TableCell], width: int) -> list[TableCell] | None:
    """The cells of a row without what pads it to the width of the table; `None` where that cannot be told.

    Blanks behind the values: rows of flattened text, and of pages that end every row with an empty cell. Blanks before them: merged label
    cells written out by an extractor, where the row lacks none of its cells. The same text in all cells of a single column: merged value
    cells repeated by one.
    """
    if len(values) <= width:
        return values
    if not any(cell.clean for cell in values[width:]):
        return values[:width]
    if segment.spans_known:
        return None
    if width == 1 and len({cell.clean for cell in values}) == 1:
        return values[:1]
    if values[-1].clean and not segment.short and not any(cell.clean for cell in values[:-width]):
        return values[-width:]
    filled = [cell for cell in values if cell.clean]
    return filled if len(filled) == width else None


def matrix_cells(segment: Segment, printed: Printed, *, usual: bool) -> list[tuple[Slot, TableCell]] | None:
    """The value cells of a matrix row with the printed columns over them; `None` when the row does not fit.

    In the order of the printed columns where there are as many cells, else by the grid.
    """
    values, columns = segment.values, printed.slots
    if printed.extra and values:
        columns = [slot for slot in columns if slot.column or slot.top is None or slot.top.end > values[0].column]
    if len(values) > len(columns):
        end = columns[-1].top.end if columns and columns[-1].top else WIDEST
        if not any(cell.clean for cell in values if cell.column >= end):
            values = [cell for cell in values if cell.column < end]
    if len(values) > len(columns) and (usual or not segment.spans_known):
        unpadded = _without_padding(segment, values, len(columns))
        if unpadded is None:
            return None
        values = unpadded
    if printed.permuted and any(slot.top and slot.top.column != cell.column for slot, cell in zip(columns, values, strict=False)):
        return None
    if len(values) == len(columns) and (usual or columns[-1].top is None or values[-1].end == columns[-1].top.end):
        return list(zip(columns, values, strict=True))
    tops = [slot.top for slot in columns if slot.top]
    if (
        not values
        or len(tops) != len(columns)
        or values[0].column != tops[0].column
        or not _fits(values, tops, usual=usual and not printed.extra)
    ):
        return None
    pairs = [(slot, cell) for slot, top in zip(columns, tops, strict=True) if (cell := _under(top, values))]
    # One blank, dash or 0 may span several columns: where counts are 0 together, each is. Any other number for several is nobody's.
    if any(not _may_span(cell) and sum(other is cell for _, other in pairs) > 1 for _, cell in pairs):
        return None
    return pairs


def _may_span(cell: TableCell) -> bool:
    value = read_value(cell.clean)
    return value.status in ("blank", "dash") or value.number == 0


def open_cells(segment: Segment, width: int) -> list[TableCell]:
    """The cells of a row that fits no header: flattened text may pad it with blanks behind, or have dropped its own."""
    values = segment.values
    if segment.spans_known:
        return values
    return _without_padding(segment, values, width) or [cell for cell in values if cell.clean]
