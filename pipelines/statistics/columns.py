"""Tables told column by column: the values of each below its name, beside the labels of their rows or in the order of labels above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.decode.document import Table, TableCell
from pipelines.statistics.forms import Column, FormTable
from pipelines.statistics.labels import LabelIndex, key, number_of
from pipelines.statistics.numbers import UNIT_WORDS
from pipelines.statistics.scanning import is_value

# So many labels of rows one after the other, or rows with one value each, are a column.
FEWEST_ROWS = 6
# A text that names the column of the rows below it is no longer.
LONGEST_HEADING = 60


@dataclass(slots=True)
class _Section:
    """The rows told of one column of a matrix, each with its label and its value."""

    column: Column
    rows: dict[int, tuple[TableCell, TableCell]] = field(default_factory=dict)  # by the number of the row in the form
    last: int = -1
    broken: bool = False

    def add(self, number: int, label: TableCell, values: Sequence[TableCell]) -> None:
        """Adds a row; a section whose rows are in no order, or have several values, is none."""
        if not values:
            return
        self.broken |= number <= self.last or len(values) > 1
        self.rows[number] = (label, values[0])
        self.last = number


class _Words:
    """The tokens of a report, and what they can say of one table."""

    def __init__(self, tokens: Sequence[TableCell], table: FormTable, index: LabelIndex) -> None:
        self.tokens = tokens
        self.table = table
        self.index = index

    def row(self, place: int, last: int) -> int | None:
        """The number of the row that a token is the label of, the first behind the last one; `None` when it is none."""
        token = self.tokens[place]
        said = self.index.said(token.clean)
        if said.columns and not number_of(token.clean):
            return None
        numbers = [row.number for owner, row in said.rows if owner is self.table]
        return next((number for number in numbers if number > last), numbers[0] if numbers else None)

    def column(self, place: int) -> Column | None:
        """The column that a token names; the total also among other words."""
        token = self.tokens[place]
        named = self.index.said(token.clean).column(self.table)
        total = self.table.columns[-1]
        if named is None and len(token.raw) <= LONGEST_HEADING and key(total.label) in key(token.raw):
            return total
        return named

    def values(self, place: int) -> int:
        """Where the values end that begin at a place."""
        while place < len(self.tokens) and is_value(self.tokens[place].clean):
            place += 1
        return place


def _sections(words: _Words) -> Iterator[_Section]:
    """The columns whose rows are told one after the other below the column's name."""
    section: _Section | None = None
    named: list[Column] = []
    place = 0
    while place < len(words.tokens):
        number = words.row(place, section.last if section else -1)
        if number is None:
            if column := words.column(place):
                named.append(column)
            place += 1
            continue
        stop = words.values(place + 1)
        values = [cell for cell in words.tokens[place + 1 : stop] if cell.clean not in UNIT_WORDS]
        if named and values:
            if section is not None:
                yield section
            section = _Section(named[0], broken=len(set(named)) > 1)
            number = words.row(place, -1) or 0
            named = []
        if section is not None:
            section.add(number, words.tokens[place], values)
        place = stop
    if section is not None:
        yield section


def _by_section(words: _Words) -> Table | None:
    """A matrix told as one list of rows for each column; `None` where there is none."""
    found: dict[Column, _Section] = {}
    for section in _sections(words):
        if section.broken or len(section.rows) < FEWEST_ROWS:
            continue
        if section.column in found:
            return None
        found[section.column] = section
    if not found:
        return None
    columns = sorted(found, key=lambda column: column.number)
    rows = [[TableCell(""), *(TableCell(column.label, column.label) for column in columns)]]
    for number in sorted({number for section in found.values() for number in section.rows}):
        cells = [section.rows.get(number) for section in (found[column] for column in columns)]
        label = next(cell[0] for cell in cells if cell)
        rows.append([label, *(cell[1] if cell else TableCell("", place=label.place) for cell in cells)])
    return Table(rows, spans_known=True)


def _labels(words: _Words) -> Iterator[tuple[int, int]]:
    """Where labels of rows follow each other without values."""
    start, last = 0, -1
    for place in range(len(words.tokens) + 1):
        number = words.row(place, last) if place < len(words.tokens) else None
        if number is not None and number > last:
            last = number
            continue
        if place - start >= FEWEST_ROWS:
            yield start, place
        start, last = (place, number) if number is not None else (place + 1, -1)


def _below(words: _Words, start: int, stop: int) -> Table | None:
    """The table of the labels `start:stop` and of those columns of values behind them that are as long; `None` where none is."""
    labels = words.tokens[start:stop]
    of_values = []
    last = -1
    for place in range(start, stop):
        last = words.row(place, last) or 0
        if words.table.rows[last].kind == "value":
            of_values.append(place - start)
    header: list[TableCell] = [TableCell("")]
    columns: list[list[TableCell]] = []
    while stop < len(words.tokens):
        begin = stop
        while begin < len(words.tokens) and words.index.said(words.tokens[begin].clean).in_header:
            begin += 1
        end = words.values(begin)
        cells = words.tokens[begin:end]
        if begin == stop or not cells:
            break
        stop = end
        if len(cells) not in (len(labels), len(of_values)):
            continue
        header.append(words.tokens[begin - 1])
        column = [TableCell("")] * len(labels)
        for place, cell in zip(of_values if len(cells) == len(of_values) else range(len(labels)), cells, strict=True):
            column[place] = cell
        columns.append(column)
    if not columns:
        return None
    return Table([header, *([label, *cells] for label, *cells in zip(labels, *columns, strict=True))], spans_known=True)


def column_tables(tokens: Sequence[TableCell], index: LabelIndex, tables: Iterable[FormTable]) -> list[Table]:
    """Those of the tables of a form that are told column by column; none where tokens are rows with all their values."""
    found: list[Table] = []
    labels = [index.said(text).rows for text in {token.clean for token in tokens}]
    for table in tables:
        if sum(any(owner is table for owner, _ in rows) for rows in labels) < FEWEST_ROWS:
            continue
        words = _Words(tokens, table, index)
        if table.layout == "matrix" and (matrix := _by_section(words)):
            found.append(matrix)
        found += [below for start, stop in _labels(words) if (below := _below(words, start, stop))]
    return found
