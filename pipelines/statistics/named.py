"""Values that stand behind the name of their column (`自然人 111;商业企业 16`), one row of the form after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.decode.document import TableCell
from pipelines.statistics.figures import Figures, PrintedRow
from pipelines.statistics.forms import Column, FormTable, Row
from pipelines.statistics.labels import LabelIndex, key, number_of

# What parts names from values within one text; a comma between digits does not, nor what stands in brackets (`(单位:万元)`).
PARTS = re.compile(r"(?:[:;。\s]+|,(?!\d{3}))(?![^()]{0,20}\))")
NAMED = 0.95


@dataclass(slots=True)
class _Context:
    """Where in the form the walk over the names is: the last row of a matrix, the last block of a matrix of one row."""

    table: FormTable | None = None
    row: Row | None = None
    label: str = ""
    block: str = ""


def _words(tokens: Iterable[TableCell], index: LabelIndex) -> Iterator[TableCell]:
    """The tokens, those that are neither a label nor a value taken apart."""
    for token in tokens:
        said = index.said(token.clean)
        if said.is_value or said.rows or said.in_header:
            # The empty cell of a grid names nothing; a cell that says that it is empty (`空白`) does.
            if token.raw:
                yield token
        else:
            yield from (TableCell(part, part, place=token.place) for part in PARTS.split(token.clean) if part)


def _enter(context: _Context, token: TableCell, index: LabelIndex) -> None:
    """Takes a token that names a row or a block into the context; any other row of the form leaves the last one."""
    said = index.said(token.clean)
    if block := _block(said.key, index):
        context.block, context.table, context.row = block, None, None
    rows = [(table, row) for table, row in said.rows if table.layout == "matrix"]
    if not rows:
        return
    ahead = [(table, row) for table, row in rows if context.table is table and context.row and row.number > context.row.number]
    context.table, context.row = (ahead or rows)[0]
    context.label, context.block = token.raw, ""


def _block(name: str, index: LabelIndex) -> str:
    """The innermost block that a label names, if it names nothing else: `行政诉讼(未经复议直接起诉)`."""
    named = [block for block in index.blocks if block in name]
    left = name
    for block in named:
        left = left.replace(block, "")
    return max(named, key=len) if named and not left else ""


def _column(context: _Context, token: TableCell, index: LabelIndex) -> tuple[FormTable, Column] | None:
    """The column that a token names in its context; `None` when it names none."""
    for table, column in index.said(token.clean).columns:
        if table is context.table and context.row is not None and context.row.kind == "value":
            return table, column
        if table.layout == "single_row_matrix" and context.block == key(column.path[-2]):
            return table, column
    return None


def _line(token: TableCell) -> str:
    """The line or the row of a table that a token stands in."""
    return token.place if token.place.startswith("text:") else token.place.rpartition("/")[0]


def read_named(tokens: Iterable[TableCell], index: LabelIndex) -> Figures:
    """The figures of matrices whose values have their column's name before them."""
    figures = Figures()
    context = _Context()
    words = list(_words(tokens, index))
    for place, token in enumerate(words):
        behind, next_but_one = (words[at] if at < len(words) else None for at in (place + 1, place + 2))
        alone = next_but_one is None or not index.said(next_but_one.clean).is_value
        beside = behind is not None and index.said(behind.clean).is_value
        if beside and behind is not None and _line(behind) != _line(token):
            # Below a header the first value of a row is not that of the header's last label.
            beside = place > 0 and _column(context, words[place - 1], index) is None
        named = _column(context, token, index) if alone and beside else None
        if named is None or (index.said(token.clean).rows and number_of(token.clean)):
            _enter(context, token, index)
        elif behind is not None:
            table, column = named
            row = context.row if table.layout == "matrix" else None
            figures.add_row(PrintedRow(table, row, context.label if row else token.raw, NAMED), [(column, behind, None)])
    return figures
