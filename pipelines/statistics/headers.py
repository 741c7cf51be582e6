"""Header rows: which of a table's columns stand for which columns of the form, read from labels, never from numbers of columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.statistics.forms import Column, FormTable
from pipelines.statistics.grid import GridRow, Placed
from pipelines.statistics.labels import LabelIndex, key
from pipelines.statistics.numbers import read_value, unit_in_label

# Labels of columns that hold no figures, and of corners.
PLAIN_HEADERS = frozenset(
    key(label)
    for label in (
        "统计指标",
        "指标",
        "指标名称",
        "项目",
        "单位",
        "计量单位",
        "代码",
        "指标代码",
        "序号",
        "信息内容",
        "内容",
        "备注",
        "说明",
    )
)


@dataclass(slots=True)
class Header:
    """Consecutive header rows. `spans_known` is false in flattened text, where only order and labels are left."""

    spans_known: bool
    rows: list[GridRow] = field(default_factory=list)

    def cells(self) -> Iterator[Placed]:
        """The cells that begin in the header, row by row."""
        for row in self.rows:
            yield from row.own

    def leaves(self) -> list[Placed]:
        """The lowest header cell over each column, from left to right, with those that reach down from higher rows."""
        return self.rows[-1].all

    def halves(self) -> list[int]:
        """The grid columns where the header begins again, for a list that is printed in two halves side by side."""
        own = self.rows[-1].own
        first = key(own[0].cell.clean)
        return [placed.column for placed in own if first and key(placed.cell.clean) == first]

    def keys(self) -> set[str]:
        """The keys of all labels in the header."""
        return {key(placed.cell.clean) for placed in self.cells()}


@dataclass(slots=True)
class Slot:
    """One value column as the page prints it: the column of the form (`None`: the form has none such), its label and grid columns."""

    column: Column | None
    label: str
    placed: Placed | None
    unit: str | None = field(init=False)  # the unit that the label prints

    def __post_init__(self) -> None:
        self.unit = unit_in_label(self.label)


def groups(table: FormTable) -> frozenset[str]:
    """The keys of the labels that stand over several columns of a table."""
    return frozenset(key(label) for column in table.columns for label in column.path[:-1])


def is_header(row: GridRow, index: LabelIndex, words: frozenset[str]) -> bool:
    """Whether a row holds column labels: at least two of them, or one that is no row label, and no number."""
    found = 0
    lone_row = False
    for placed in row.own:
        text = placed.cell.clean
        if not text:
            continue
        if read_value(text).status == "number":
            return False
        if key(text) in words or index.find_columns(text):
            found += 1
            lone_row = bool(index.find_rows(text))
    return found >= 2 or (found == 1 and not lone_row)


def header_words(index: LabelIndex) -> frozenset[str]:
    """The keys of all labels of a form's headers that are no value column themselves."""
    return PLAIN_HEADERS.union(*(groups(table) for table in index.form.tables))


def slots(header: Header, table: FormTable, index: LabelIndex) -> list[Slot] | None:
    """The value columns of a matrix as printed, in their order; `None` when the header does not have the columns of this table.

    In a real grid they are the lowest header cells. Where spans are lost or wrong, the labels of all header rows together must be all
    columns of the table, each row's in the order of the form.
    """
    by_row = [[column.number for p in row.own if (column := index.find_column(p.cell.clean, table))] for row in header.rows]
    in_order = all(numbers == sorted(numbers) for numbers in by_row)
    if header.spans_known:
        found = [Slot(index.find_column(p.cell.clean, table), p.cell.clean, p) for p in header.leaves()]
        while found and found[0].column is None:
            found.pop(0)
        while found and found[-1].column is None and not found[-1].label:
            found.pop()
        numbers = [slot.column.number for slot in found if slot.column]
        # Spans of the header that do not fit let a row of labels slide under its neighbours: an order that no row of labels has is none.
        if sorted(numbers) == list(range(len(table.columns))) and (not in_order or numbers == sorted(numbers)):
            return found
        # Small offices print fewer columns: those that stand there are read, if all are columns or groups of the form.
        known = all(slot.column or key(slot.label) in groups(table) for slot in found)
        if numbers and in_order and numbers == sorted(set(numbers)) and known:
            return found
    if not in_order or sorted(number for numbers in by_row for number in numbers) != list(range(len(table.columns))):
        return None
    return [Slot(column, column.label, None) for column in table.columns]


def permuted(columns: list[Slot]) -> bool:
    """Whether the page has the form's columns in another order."""
    numbers = [slot.column.number for slot in columns if slot.column]
    return numbers != sorted(numbers)


def block_columns(header: Header, table: FormTable) -> list[tuple[Column, str]] | None:
    """The columns of a one-row matrix with the labels printed for them, in the order of the page; `None` when it is another table.

    The groups stand in the order in which the page prints them. The leaves repeat under each group and are often cut (`结果`, `其他`,
    `尚未`), so each must be a part of the label due at its place.
    """
    names = groups(table)
    present = names & header.keys()
    if not present:
        return None
    order = {key(placed.cell.clean): number for number, placed in enumerate(header.cells())}

    def place(column: Column) -> tuple[int, ...]:
        return (*(order.get(key(label), 0) for label in column.path[:-1]), column.number)

    expected = sorted((column for column in table.columns if any(key(label) in present for label in column.path[:-1])), key=place)
    # Extractors that repeat merged cells leave all leaves in the last row.
    for cells in (list(header.cells()), header.rows[-1].own):
        printed = [p.cell.clean for p in cells if p.cell.clean and key(p.cell.clean) not in names | PLAIN_HEADERS]
        if len(printed) == len(expected):
            break
    else:
        return None
    pairs = list(zip(expected, printed, strict=True))
    return pairs if all(_part_of(text, column) for column, text in pairs) else None


def _part_of(text: str, column: Column) -> bool:
    part, whole = key(text), key(column.label)
    return bool(part) and (part in whole or whole in part or any(part == key(alias) for alias in column.aliases))
