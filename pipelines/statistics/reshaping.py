"""Tables in another shape than the form's, made plain for a second reading: turned over, two years under each column, several rows in one.

Only what the first reading leaves open is read so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from pipelines.decode.document import Table, TableCell
from pipelines.statistics.grid import expand
from pipelines.statistics.headers import OTHER_YEAR, THIS_YEAR, YEAR, values_first
from pipelines.statistics.labels import LabelIndex
from pipelines.statistics.matching import FEWEST_UPRIGHT
from pipelines.statistics.numbers import UNIT_WORDS, read_value
from pipelines.statistics.numerals import with_digits
from pipelines.statistics.parts import TOTALS

# Headers are no higher.
MOST_HEADER_ROWS = 6
# So many rows that begin with the name of a column are a table turned over.
FEWEST_LEADING = 2
_COMPARED = re.compile(
    r"(?:与?(?:上年|去年)|同)?(?:相?比|比较)?(?:增减|增长|变化|增幅|升降|增加|减少)?(?:情况|数量|数|率|幅度|量|额|值)?(?:\(?[%±/+-]{1,4}\)?)?"
)
# The two columns that stand under one label where shares are printed too.
_SHARE = re.compile(r"(?:所?占(?:比|比例|比重|总数|全部|申请总?数|百分比)(?:的?比例|的?比重)?|比例|比重|百分比)(?:\(?[%‰]\)?)?|\(?[%‰]\)?")
_COUNTS = frozenset(("件数", "数量", "数", "件", "数量(件)", "件数(件)", "申请数", "申请件数", "数值"))
SUM = "合计"
# What parts the labels of several rows in one cell.
_NEXT_LABEL = re.compile(r"\s+(?=\(?[一二三四五六七八九十\d]{1,3}[)、.．])")


def _is_own(text: str, report_year: int | None) -> bool | None:
    """Whether a label names the report year, or another one; `None` where it names none."""
    text = "".join(text.split())
    if text in THIS_YEAR or text in OTHER_YEAR:
        return text in THIS_YEAR
    year = YEAR.fullmatch(text)
    return None if year is None or report_year is None else int(year[1]) == report_year


def _sides(cells: Sequence[TableCell], report_year: int | None) -> list[bool | None]:
    """Which cells of a row name the report year, which another one; or which the numbers, and which their shares in a whole."""
    years = [_is_own(cell.clean, report_year) for cell in cells]
    if True in years or not any(map(_is_share, (cell.clean for cell in cells))):
        return years
    return [False if _is_share(cell.clean) else "".join(cell.clean.split()) in _COUNTS or None for cell in cells]


def _is_share(text: str) -> bool:
    return _SHARE.fullmatch("".join(text.split())) is not None


def _compares(text: str) -> bool:
    text = "".join(text.split())
    return bool(text) and _COMPARED.fullmatch(text) is not None


def of_own_year(table: Table, index: LabelIndex, report_year: int | None) -> Table | None:
    """The table without the columns of other years, and of what compares them, that stand beside the report year's under each label."""
    # Each part of a table below a caption of its own has its own header.
    captions = [number for number, row in enumerate(table.rows) if number and len(row) == 1 and not read_value(row[0].clean).number]
    parts = [replace(table, rows=table.rows[start:stop]) for start, stop in pairwise([0, *captions, len(table.rows)])]
    own = [_of_own_year(part, index, report_year) for part in parts]
    if not any(own):
        return None
    return replace(table, rows=[row for part, mine in zip(parts, own, strict=True) for row in (mine or part).rows])


def _of_own_year(table: Table, index: LabelIndex, report_year: int | None) -> Table | None:
    grid = expand(table)[:MOST_HEADER_ROWS]
    years = [_sides(row.own, report_year) for row in grid]
    last = next((number for number, row in enumerate(years) if {True, False} <= set(row)), None)
    if last is None:
        return None
    own = {id(cell) for cell, year in zip(grid[last].own, years[last], strict=True) if year}
    others = [cell for cell, year in zip(grid[last].own, years[last], strict=True) if year is False]
    others += [cell for row in grid[: last + 1] for cell in row.own if _compares(cell.clean)]
    gone = {column for cell in others for column in range(cell.column, cell.end)}
    if any(not gone.isdisjoint(range(cell.column, cell.end)) for cell in grid[last].own if id(cell) in own):
        return None
    ends = [max((cell.end for cell in row.all), default=0) for row in expand(table)]
    # In a row that lacks a cell, or has another, any may stand under another year.
    whole = [end == ends[last] for end in ends]
    kept = [
        [(cell, sum(column not in gone for column in range(cell.column, cell.end))) for cell in row if fits]
        for row, fits in zip(table.rows, whole, strict=True)
    ]
    rows = [[replace(cell, colspan=width) for cell, width in row if width] for row in kept]
    under = {id(cell) for cell in grid[last].own if any(_is_over(one, cell) for row in grid[:last] for one in row.own)}
    left = [id(cell) for cell, width in kept[last] if width]
    if own.issuperset(left) and under.issuperset(left):
        # Under a label each, the years are no labels of columns.
        del rows[last]
        for number, row in enumerate(rows[:last]):
            for cell in row:
                cell.rowspan -= cell.rowspan > last - number
    elif len(own) == 1 and own.isdisjoint(under) and index.said(SUM).columns:
        # A column alone, under no label, has the sums.
        rows[last] = [replace(cell, clean=SUM) if one in own else cell for one, cell in zip(left, rows[last], strict=True)]
    return replace(table, rows=rows)


def _is_over(label: TableCell, cell: TableCell) -> bool:
    return bool(label.clean) and label.column <= cell.column and label.end >= cell.end


def mirrored(table: Table, index: LabelIndex, _report_year: int | None) -> Table | None:
    """The table from right to left, where its header has the values before their labels."""
    if all(values_first(row, index) is None for row in table.rows[:MOST_HEADER_ROWS]):
        return None
    return replace(table, rows=[[replace(cell) for cell in reversed(row)] for row in table.rows])


def turned(table: Table, index: LabelIndex, _report_year: int | None) -> Table | None:
    """The table with its rows as columns, where the labels of rows stand in its header and those of columns before its rows."""
    grid = expand(table)
    said = [index.said_in(row.own) for row in grid]
    upright = sum(sum(bool(one.rows) for one in row) for row in said[:MOST_HEADER_ROWS] if not any(one.is_number for one in row))
    leading = sum(any(one.columns for one in row[:2]) and any(one.is_number for one in row) for row in said)
    ends = {max((cell.end for cell in row.all), default=0) for row in grid}
    if upright < FEWEST_UPRIGHT or leading < FEWEST_LEADING or len(ends) > 1:
        return None
    rows: list[list[TableCell]] = [[] for _ in range(max(cell.end for row in grid for cell in row.own))]
    for row in grid:
        for cell in row.own:
            rows[cell.column].append(replace(cell, rowspan=cell.colspan, colspan=cell.rowspan))
    return replace(table, rows=rows)


def of_total_rows(table: Table, index: LabelIndex, report_year: int | None) -> Table | None:
    """The table with one row for each label that has several, by levels or years: that of their total, or of the report year."""
    printed = _under_one_label(table.rows, index)
    rows = list(printed)
    for first, row in enumerate(printed):
        place = next((place for place, cell in enumerate(row[:-2]) if cell.rowspan > 1 and _names_values(cell, index)), None)
        if place is None:
            continue
        label = row[place]
        unit = row[place + 1 : place + 2] if row[place + 1].rowspan == label.rowspan and row[place + 1].clean in UNIT_WORDS else []
        group = [row[place + 1 + len(unit) :], *printed[first + 1 : first + label.rowspan]]
        names = [cells[0].clean if cells else "" for cells in group]
        if any(index.said(name).is_value or index.said(name).rows for name in names if name not in TOTALS):
            continue
        for own in ([_is_own(name, report_year) for name in names], [name in TOTALS for name in names]):
            if own.count(True) == 1:
                name, *values = group[own.index(True)]
                rows[first] = [*row[:place], replace(label, rowspan=1, colspan=label.colspan + name.colspan)]
                rows[first] += [*(replace(cell, rowspan=1) for cell in unit), *values]
                rows[first + 1 : first + label.rowspan] = [[] for _ in group[1:]]
                break
    return None if rows == printed else replace(table, rows=rows)


def _under_one_label(rows: list[list[TableCell]], index: LabelIndex) -> list[list[TableCell]]:
    """The rows with a label that stands again at the beginning of the next row as one that reaches down."""
    found: list[list[TableCell]] = []
    first, at = 0, 0  # the row of the last label, and its place there
    for row in rows:
        label = found[first][at] if found else None
        again = label is not None and len(row) > 1 and row[0].clean == label.clean and label.rowspan == len(found) - first
        if label is not None and again and _names_values(label, index):
            found[first] = [*found[first][:at], replace(label, rowspan=label.rowspan + 1), *found[first][at + 1 :]]
            found.append(row[1:])
            continue
        first, at = len(found), next((place for place, cell in enumerate(row) if _names_values(cell, index)), 0)
        found.append(row or [TableCell("")])
    return found


def _names_values(cell: TableCell, index: LabelIndex) -> bool:
    return any(row.kind == "value" for _, row in index.said(cell.clean).rows)


def unlisted(table: Table, index: LabelIndex, _report_year: int | None) -> Table | None:
    """The table with a row for each of the labels that stand below each other in one cell, where each cell behind has as many values."""
    if not any(len(_labels(cell.clean, index)) > 1 for row in table.rows for cell in row):
        return None
    rows: list[list[TableCell]] = []
    # Cells that reach down get longer, and those of the page stay as they are: it is read once more in other ways.
    for row in expand(replace(table, rows=[[replace(cell) for cell in row] for row in table.rows])):
        own = row.own
        place = next((place for place, cell in enumerate(own) if len(_labels(cell.clean, index)) > 1), None)
        labels = _labels(own[place].clean, index) if place is not None else []
        filled = [number for number, label in enumerate(labels) if _has_value(label, index)]
        values = [cell.clean.split() for cell in own[place + 1 :]] if place is not None else []
        if place is None or not values or not all(len(parts) == len(filled) and _are_alike(parts) for parts in values):
            rows.append(own)
            continue
        for cell in row.all:
            if cell not in own[place:]:
                cell.rowspan += len(labels) - 1
        for number, label in enumerate(labels):
            behind = [
                replace(cell, raw=part, clean=part)
                for cell, parts in zip(own[place + 1 :], values, strict=True)
                for part in ([parts[filled.index(number)]] if number in filled else [""])
            ]
            rows.append([*(own[:place] if not number else ()), replace(own[place], raw=label, clean=label), *behind])
    return replace(table, rows=rows)


def _labels(text: str, index: LabelIndex) -> list[str]:
    """The labels of rows that a text is made of, of values or of groups."""
    if " " not in text or index.said(text).rows:
        return []
    for labels in (_NEXT_LABEL.split(text), text.split()):
        if len(labels) > 1 and all(index.said(label).rows for label in labels) and any(_has_value(label, index) for label in labels):
            return labels
    return []


def _has_value(label: str, index: LabelIndex) -> bool:
    return any(row.kind == "value" for _, row in index.said(label).rows)


def _are_alike(parts: Sequence[str]) -> bool:
    """Whether all parts of a cell are values, or all are units."""
    units = [part in UNIT_WORDS for part in parts]
    return all(units) or not (any(units) or any(read_value(part).status == "unreadable" for part in parts))


def _put_together(tables: Sequence[Table], index: LabelIndex) -> list[Table]:
    """The tables, with those that have only the values of the one before them behind its labels."""
    found: list[Table] = []
    labels: Table | None = None
    for table in tables:
        if labels is not None and _are_halves(labels, table, index):
            rows = [[*own, *values] for own, values in zip(found[-1].rows, table.rows, strict=True)]
            found[-1] = Table([[replace(cell) for cell in row] for row in rows], labels.spans_known)
        else:
            found.append(table)
            labels = table
    return found


def _are_halves(labels: Table, values: Table, index: LabelIndex) -> bool:
    """Whether one table has labels without values, the other one as many rows without labels, and nothing beside the labels of groups."""
    if len(labels.rows) != len(values.rows) or len(labels.rows) < FEWEST_UPRIGHT or len({len(row) for row in labels.rows}) > 1:
        return False
    beside = [(index.said_in(own), index.said_in(row)) for own, row in zip(labels.rows, values.rows, strict=True)]
    if any(one.is_number for own, _ in beside for one in own) or any(one.rows for _, row in beside for one in row):
        return False
    of_values = [any(pair[1].kind == "value" for one in own for pair in one.rows) for own, _ in beside]
    filled = [any(one.is_number for one in row) for _, row in beside]
    return sum(filled) >= FEWEST_UPRIGHT and all(named or not number for named, number in zip(of_values, filled, strict=True))


def _plain(table: Table, index: LabelIndex, report_year: int | None) -> Table:
    for reshape in RESHAPES:
        table = reshape(table, index, report_year) or table
    return table


RESHAPES: tuple[Callable[[Table, LabelIndex, int | None], Table | None], ...] = (
    of_own_year,
    mirrored,
    turned,
    of_total_rows,
    unlisted,
    with_digits,
)


def reshaped(tables: Sequence[Table], index: LabelIndex, report_year: int | None) -> list[Table] | None:
    """The tables of a page in the shape of the form; `None` where none of them has another."""
    found = [_plain(table, index, report_year) for table in _put_together(tables, index)]
    return None if len(found) == len(tables) and all(one is table for one, table in zip(found, tables, strict=True)) else found
