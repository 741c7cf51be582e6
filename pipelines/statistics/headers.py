"""Header rows: which of a table's columns stand for which columns of the form, read from labels, never from numbers of columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, wraps
from typing import TypeVar

from pipelines.decode.document import TableCell
from pipelines.statistics.forms import Column, FormTable
from pipelines.statistics.grid import GridRow
from pipelines.statistics.labels import LONGEST, LabelIndex, Said, key, number_of
from pipelines.statistics.numbers import unit_in_label

T = TypeVar("T")

# Headers repeat from page to page; so many are remembered, of so many cells at most: those of strangers may fill the memory.
MOST_LOOKS, LARGEST_LOOK = 512, 120
# So many numbers below a header, from one on, may count its columns.
FEWEST_COUNTED = 3


# What tells two columns of figures under one label apart.
YEAR = re.compile(r"\(?((?:19|20)\d\d)年?度?\)?")
THIS_YEAR = frozenset(("本年", "本年度", "今年", "本期", "本年数", "今年数", "当年"))
OTHER_YEAR = frozenset(("上年", "上年度", "上一年", "上一年度", "去年", "上期", "上年数", "去年数", "上年同期", "去年同期"))
FEWEST_YEARS = 2


def names_years(cells: Iterable[TableCell]) -> bool:
    """Whether a row of a header names several years, whose figures stand side by side."""
    return len({"".join(cell.clean.split()) for cell in cells if names_year(cell)}) >= FEWEST_YEARS


def names_year(cell: TableCell) -> bool:
    """Whether a cell is nothing but a year."""
    text = "".join(cell.clean.split())
    return text in THIS_YEAR or text in OTHER_YEAR or YEAR.fullmatch(text) is not None


# What stands over the labels of rows.
OVER_LABELS = frozenset(map(key, ("统计指标", "指标", "指标名称", "项目", "项目名称", "内容")))
MOST_BEFORE = 4


def values_first(cells: Sequence[TableCell], index: LabelIndex) -> int | None:
    """Where the first header of a list among cells begins, if it names the values before the labels; `None` where it does not."""
    corner = next((place for place, cell in enumerate(cells) if key(cell.clean) in OVER_LABELS), 0)
    around = range(max(0, corner - MOST_BEFORE), min(len(cells), corner + MOST_BEFORE))
    of_values = [place for place in around if _names_values(cells[place], index)]
    return of_values[0] if of_values and of_values[-1] < corner else None


def _names_values(cell: TableCell, index: LabelIndex) -> bool:
    return any(table.layout == "list" for table, _ in index.said(cell.clean).columns)


@dataclass(slots=True)
class Header:
    """Consecutive header rows. `spans_known` is false in flattened text, where only order and labels are left."""

    spans_known: bool
    rows: list[GridRow] = field(default_factory=list)

    def cells(self) -> Iterator[TableCell]:
        """The cells that begin in the header, row by row."""
        for row in self.rows:
            yield from row.own

    def leaves(self) -> list[TableCell]:
        """The lowest header cell over each column, from left to right, with those that reach down from higher rows."""
        return self.rows[-1].all

    def halves(self) -> list[int]:
        """The grid columns where the header begins again, for a list that is printed in two halves side by side."""
        own = self.rows[-1].own
        first = key(own[0].clean)
        return [cell.column for cell in own if first and key(cell.clean) == first]

    def keys(self, index: LabelIndex) -> set[str]:
        """The keys of all labels in the header."""
        return {said.key for said in index.said_in(self.cells())}

    def look(self) -> Look | None:
        """The header by what it looks like; `None` for one that is larger than any form's."""
        rows = (*[row.own for row in self.rows], self.leaves())
        if sum(map(len, rows)) > LARGEST_LOOK or any(len(cell.clean) > LONGEST for row in rows for cell in row):
            return None
        return Look((self.spans_known, *[tuple([(cell.clean, cell.column, cell.colspan) for cell in row]) for row in rows]), self)


@dataclass(slots=True, frozen=True)
class Look:
    """All of a header that its columns depend on. The headers of most pages look alike, and their columns are remembered."""

    cells: tuple[bool | tuple[tuple[str, int, int], ...], ...]
    header: Header = field(compare=False)


def remembered(read: Callable[[Header, FormTable, LabelIndex], T]) -> Callable[[Header, FormTable, LabelIndex], T]:
    """What `read` tells of a header, remembered by what the header looks like."""

    @lru_cache(maxsize=MOST_LOOKS)
    def known(look: Look, table: FormTable, index: LabelIndex) -> T:
        return read(look.header, table, index)

    @wraps(read)
    def told(header: Header, table: FormTable, index: LabelIndex) -> T:
        look = header.look()
        return read(header, table, index) if look is None else known(look, table, index)

    return told


@dataclass(slots=True)
class Slot:
    """One value column as the page prints it: the column of the form (`None`: the form has none such), its label and header cell."""

    column: Column | None
    label: str
    top: TableCell | None
    unit: str | None = field(init=False)  # the unit that the label prints

    def __post_init__(self) -> None:
        self.unit = unit_in_label(self.label)


@dataclass(slots=True)
class Printed:
    """The value columns of a matrix as a page prints them: `permuted` in another order than the form's, `extra` with others among them."""

    slots: list[Slot]
    by_position: list[str] = field(default_factory=list)  # labels that only their place between the others explains
    permuted: bool = field(init=False)
    extra: bool = field(init=False)

    def __post_init__(self) -> None:
        numbers = [slot.column.number for slot in self.slots if slot.column]
        self.permuted = numbers != sorted(numbers)
        self.extra = len(numbers) < len(self.slots)


def is_header(said: Sequence[Said], cells: Sequence[TableCell]) -> bool:
    """Whether a row holds column labels: at least two of them, or one that is no row label or has nothing behind it, and no number."""
    found = [place for place, one in enumerate(said) if one.in_header]
    if len(found) != 1:
        return len(found) > 1
    # 总计 is a row too; as the last of several labels it is the only column that a small office prints.
    last = found[0]
    return not said[last].rows or (0 < last == len(said) - 1 and not number_of(cells[last].clean))


@remembered
def printed_columns(header: Header, table: FormTable, index: LabelIndex) -> Printed | None:
    """The value columns of a matrix as printed, in their order; `None` when the header does not have the columns of this table.

    In a real grid they are the lowest header cells but for the corner. Where spans are lost or wrong, the labels of all rows of the header
    together must be all columns of the table, each row's in the order of the form.
    """
    every = list(range(len(table.columns)))
    found = _slots(header, table, index) if header.spans_known else []
    numbers = [slot.column.number for slot in found if slot.column]
    if numbers == every:
        return Printed(found)
    by_row = _numbers_by_row(header, table, index)
    in_order = all(numbers == sorted(numbers) for numbers in by_row)
    if header.spans_known:
        # Spans of the header that do not fit let a row of labels slide under its neighbours: an order that no row of labels has is none.
        if sorted(numbers) == every and not in_order:
            return Printed(found)
        if (placed := _by_place(found, table)) is not None:
            return placed
        # Small offices print fewer columns: those that stand there are read, if all are columns or groups of the form.
        known = all(slot.column or not slot.label or index.said(slot.label).word for slot in found)
        # Without its spans the lowest row lacks the columns that stand in the rows above.
        whole = set(numbers).issuperset(number for row in by_row for number in row)
        if numbers and in_order and numbers == sorted(set(numbers)) and known and whole:
            return Printed(found)
        # Of columns of levels, ways or parts of the year, none of which the form has, their sum is.
        if numbers == [len(table.columns) - 1] and whole and not names_years(header.rows[-1].own):
            return Printed(found)
    if (not in_order and by_row != [_from_above(table)]) or names_years(header.rows[-1].own):
        return None
    named = sorted(number for numbers in by_row for number in numbers)
    if not header.spans_known and len(header.rows) == 1 and named in (every, every[-1:]):
        extra = _with_extra(header.rows[0].own, table, index)
        if extra is not None:
            return extra
    if named != every:
        return None
    printed = {said.number: cell.clean for cell in header.cells() if (said := index.said(cell.clean).column(table))}
    return Printed([Slot(column, printed[column.number], None) for column in table.columns])


def _slots(header: Header, table: FormTable, index: LabelIndex) -> list[Slot]:
    """The lowest cells of a real grid's header, without the corner and what is empty behind them."""
    # The cells of a page may be laid out anew; what is remembered has copies.
    found = [Slot(index.said(cell.clean).column(table), cell.clean, replace(cell)) for cell in header.leaves()]
    corner = found[0].label if found and found[0].column is None else None
    while found and found[0].column is None and found[0].label == corner:
        found.pop(0)
    while found and found[-1].column is None and not found[-1].label:
        found.pop()
    return found


def _with_extra(cells: Sequence[TableCell], table: FormTable, index: LabelIndex) -> Printed | None:
    """The columns of one flattened row of labels, where others than the form's are among them: a row may have the values of any."""
    slots = [Slot(index.said(cell.clean).column(table), cell.clean, None) for cell in cells[1:] if not index.said(cell.clean).word]
    return Printed(slots) if any(slot.column is None and slot.label for slot in slots) else None


def _by_place(found: list[Slot], table: FormTable) -> Printed | None:
    """The columns where some labels are damaged: as many as the form has, most of them known, and each of those at its own place."""
    unknown = [number for number, slot in enumerate(found) if slot.column is None]
    known_fit = all(slot.column is None or slot.column.number == number for number, slot in enumerate(found))
    if len(found) != len(table.columns) or not known_fit or not all(found[number].label for number in unknown):
        return None
    cut = [number for number in unknown if key(table.columns[number].label).startswith(key(found[number].label))]
    if len(unknown) - len(cut) > len(found) // 3 or len(unknown) == len(found):
        return None
    slots = [Slot(column, slot.label, slot.top) for column, slot in zip(table.columns, found, strict=True)]
    return Printed(slots, [found[number].label for number in unknown if number not in cut])


def _numbers_by_row(header: Header, table: FormTable, index: LabelIndex) -> list[list[int]]:
    return [[column.number for cell in row.own if (column := index.said(cell.clean).column(table))] for row in header.rows]


def is_reordered(header: Header, table: FormTable, index: LabelIndex) -> bool:
    """Whether a header names columns of a table in an order that is not the form's, or several years under each."""
    by_row = _numbers_by_row(header, table, index)
    years = any(names_years(row.own) for row in header.rows)
    return years or (by_row != [_from_above(table)] and any(numbers != sorted(numbers) for numbers in by_row))


def _from_above(table: FormTable) -> list[int]:
    """The numbers of the columns in the order in which a header is read row by row: 总计 before the parts of 法人或其他组织."""
    return [column.number for column in sorted(table.columns, key=lambda column: (len(column.path), column.number))]


def numbers_columns(said: list[Said]) -> bool:
    """Whether a row below a header only counts its columns (甲 1 2 3 …)."""
    numbers = [one.value.number for one in said if one.is_number]
    return len(numbers) >= FEWEST_COUNTED and numbers == list(range(1, len(numbers) + 1)) and len(said) - len(numbers) <= 1
