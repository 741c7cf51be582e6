"""Tables whose columns are aligned with spaces: every value stands under those of its column, every label may run over several lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from pipelines.decode.document import Document, Line, Table, TableCell
from pipelines.decode.script import clean
from pipelines.statistics.forms import FormTable
from pipelines.statistics.labels import PLAIN_HEADERS, LabelIndex, key
from pipelines.statistics.numbers import UNIT_WORDS
from pipelines.statistics.scanning import is_value

# Words that one space parts are one piece.
PIECE = re.compile(r"\S+(?: \S+)*")
# So many lines with several pieces are a table.
FEWEST_LINES = 3
# A label runs over so many lines above and below its values; a header over so many above its first row.
MOST_PIECES = 6
HEADER_LINES = 12
# The middles of centred lines differ by so many halves of a character.
MOST_OFF = 2
# A line without alignment that is longer ends a table.
LONGEST_LINE = 60
# So many rows may be to each line of one number below another; the numbers of pages are fewer.
MOST_SINGLE = 8
# What the header of a list begins with.
CORNERS = frozenset(map(key, PLAIN_HEADERS))
NOTHING = frozenset({"NaN", "nan", "null"})


@dataclass(slots=True)
class Piece:
    """A text between wide gaps, and where it stands: `start` to `end` in the width of a character."""

    raw: str
    text: str
    start: int
    end: int

    @property
    def is_value(self) -> bool:
        """Whether it is a number, a dash or a word for nothing; a unit is none."""
        return self.text in NOTHING or (self.text not in UNIT_WORDS and is_value(self.text))

    def over(self, start: int, end: int) -> bool:
        """Whether it stands above or below a range."""
        return self.start < end and self.end > start

    def is_aligned(self, other: Piece) -> bool:
        """Whether it begins where another one does, or has the same middle."""
        return self.start == other.start or abs(self.start + self.end - other.start - other.end) <= MOST_OFF


@dataclass(slots=True)
class Row:
    """A line with its pieces; `label` is what names its values, made whole over the lines around it, `behind` are they and their unit."""

    line: Line
    pieces: list[Piece]
    label: Piece | None = None
    behind: list[Piece] = field(default_factory=list)
    values: list[Piece] = field(default_factory=list)
    name: str = ""

    def __post_init__(self) -> None:
        last = max((place for place, piece in enumerate(self.pieces) if not piece.is_value and piece.text not in UNIT_WORDS), default=-1)
        self.label = self.pieces[last] if last >= 0 else None
        self.behind = self.pieces[last + 1 :]
        self.values = [piece for piece in self.behind if piece.is_value]
        self.name = self.label.text if self.label else ""

    def at(self, label: Piece) -> Piece | None:
        """The piece that begins where a label does, or that is centred with it."""
        return next((piece for piece in self.pieces if not piece.is_value and piece.is_aligned(label)), None)

    def goes_on(self, below: Row) -> bool:
        """Whether the row below has other values of the same label; codes of rows stand in the first one only."""
        return below.label is None and (0 < len(below.values) == len(self.values) or 1 < len(below.values) == len(self.values) - 1)

    def join(self, below: Row) -> None:
        """Takes in the values of the row below: which of both are the report's, nobody can say."""
        for own, other in zip(reversed(self.values), reversed(below.values), strict=False):
            own.raw = own.text = f"{own.text} | {other.text}"
        below.values = []

    def cell(self, text: str, raw: str | None = None) -> TableCell:
        """A cell with the place of the line."""
        return TableCell(text if raw is None else raw, text, place=f"text:{self.line.start}-{self.line.end}")


def _pieces(line: Line, ambiguous: int, *, traditional: bool) -> list[Piece]:
    """The pieces of a line. Quotes and dashes are as wide as a letter or as a Chinese character: `ambiguous` says which."""
    text = line.layout or line.raw
    places = [0]
    for char in text:
        kind = unicodedata.east_asian_width(char)
        places.append(places[-1] + (2 if kind in "WF" else ambiguous if kind == "A" else 1))
    pieces = []
    for match in PIECE.finditer(text.replace("\u3000", "  ") if "\u3000" not in text else text):
        raw = match.group()
        pieces.append(Piece(raw, clean(raw, traditional=traditional).strip(), places[match.start()], places[match.end()]))
    return pieces


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines one after the other that may be aligned with each other."""
    for plain, group in groupby(lines, key=lambda line: line.cells is None and (bool(line.layout) or _is_short(line))):
        run = list(group) if plain else []
        if sum(bool(line.layout) for line in run) >= FEWEST_LINES:
            yield run


def _is_short(line: Line) -> bool:
    return len(line.clean) <= LONGEST_LINE and not line.clean.endswith("。")


def _halves(rows: list[Row]) -> Iterator[list[Row]]:
    """The rows, or those of the left and of the right half of a table that is printed in two: its header begins again."""
    for row in rows:
        keys = [key(piece.text) for piece in row.pieces]
        if keys and keys[0] in CORNERS and len(keys) % 2 == 0 and keys[: len(keys) // 2] == keys[len(keys) // 2 :]:
            middle = row.pieces[len(keys) // 2].start
            for left in (True, False):
                parts = ((one.line, [piece for piece in one.pieces if (piece.start < middle) is left]) for one in rows)
                yield [Row(line, pieces) for line, pieces in parts if pieces]
            return
    yield rows


def _name(rows: list[Row], place: int, index: LabelIndex) -> str:
    """The label of a row with values, with its pieces on the lines above and below that have none."""
    row = rows[place]
    if row.label is None:
        return ""
    above: list[str] = []
    below: list[str] = []
    for pieces, step in ((above, -1), (below, 1)):
        at = place + step
        while 0 <= at < len(rows) and len(pieces) < MOST_PIECES and not rows[at].values and (piece := rows[at].at(row.label)):
            pieces.append(piece.text)
            at += step
    known = []
    for up in range(len(above) + 1):
        for down in range(len(below) + 1):
            text = "".join([*reversed(above[:up]), row.label.text, *below[:down]])
            if index.rows.get(key(text)):
                known.append(text)
    return max(known, key=len, default=row.label.text)


def _columns(pieces: Iterable[Piece]) -> list[tuple[int, int]]:
    """The ranges that pieces above each other cover."""
    ranges: list[tuple[int, int]] = []
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if ranges and piece.start < ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(ranges[-1][1], piece.end))
        else:
            ranges.append((piece.start, piece.end))
    return ranges


def _over(above: list[Row], column: tuple[int, int]) -> list[str]:
    """The texts over a column, from the lowest up: each with those above it that it may be the end of."""
    pieces = [piece.text for row in reversed(above) for piece in row.pieces if piece.over(*column)]
    return ["".join(reversed(pieces[:count])) for count in range(1, min(len(pieces), MOST_PIECES) + 1)]


def _header(above: list[Row], columns: list[tuple[int, int]], table: FormTable, index: LabelIndex) -> list[str]:
    """For each column the text over it that names one of the form's; empty where none does."""
    return [next((text for text in _over(above, column) if index.said(text).column(table)), "") for column in columns]


def _header_rows(rows: list[Row], first: int) -> list[Row]:
    """The aligned rows without values right above a row."""
    start = first
    while start > max(0, first - HEADER_LINES) and not rows[start - 1].values and rows[start - 1].line.layout:
        start -= 1
    return rows[start:first]


def _matrix(rows: list[Row], above: list[Row], table: FormTable, index: LabelIndex) -> Table | None:
    """Rows of one matrix with each value in its column; `None` where what stands above each other is not its columns."""
    columns = _columns(piece for row in rows for piece in row.values)
    wide = len(table.columns)
    if len(columns) > wide:
        return None
    labels = _header(above, columns, table, index)
    numbers = [named.number if (named := index.said(label).column(table)) else None for label in labels]
    all_named = all(number is not None for number in numbers) and len(set(numbers)) == len(numbers)
    if not all_named:
        if len(columns) != wide:
            return None
        numbers = list(range(wide))
    cells: list[list[TableCell]] = []
    if all_named:
        cells.append([TableCell(""), *(TableCell(column.label, column.label) for column in table.columns)])
    for row in rows:
        found: dict[int, Piece] = {}
        for (start, end), number in zip(columns, numbers, strict=True):
            under = [piece for piece in row.values if piece.over(start, end)]
            if len(under) > 1 or number is None:
                return None
            if under:
                found[number] = under[0]
        values = [
            row.cell("" if found[number].text in NOTHING else found[number].text, found[number].raw) if number in found else row.cell("")
            for number in range(wide)
        ]
        cells.append([row.cell(row.name), *values])
    return Table(cells, spans_known=True)


def _list(rows: list[Row], above: list[Row], table: FormTable) -> Table | None:
    """Rows of one list below its header; `None` for one of several columns of values without any."""
    header = next(([row] for row in reversed(above) if key(row.pieces[0].text) in CORNERS), [])
    if not header and len(table.columns) > 1:
        return None
    cells = [[row.cell(piece.text) for piece in row.pieces] for row in header]
    cells += [[row.cell(row.name), *(row.cell(piece.text, piece.raw) for piece in row.behind)] for row in rows]
    return Table(cells, spans_known=False)


def _single(row: Row, above: list[Row], table: FormTable, index: LabelIndex) -> Table | None:
    """The one row of a matrix without labels under the header that has a label over each of its values; `None` where some have none."""
    groups = [row.cell(piece.text) for one in above for piece in one.pieces if key(piece.text) in index.groups[table.id]]
    # What stands over several values is a caption or a group.
    narrow = [(one.line, [piece for piece in one.pieces if not _is_wide(piece, row.values)]) for one in above]
    leaves = [Row(line, [piece for piece in pieces if key(piece.text) not in index.words]) for line, pieces in narrow]
    columns = _columns([*row.values, *(piece for one in leaves for piece in one.pieces)])
    if len(columns) == len(table.columns) + 1 and not _over(leaves, columns[0]):
        # The number of the row.
        columns.pop(0)
    if len(columns) != len(table.columns) or not groups:
        return None
    labels = _header(leaves, columns, table, index)
    if not all(labels):
        return None
    under = [[piece for piece in row.values if piece.over(*column)] for column in columns]
    if any(len(pieces) > 1 for pieces in under):
        return None
    values = [row.cell(pieces[0].text, pieces[0].raw) if pieces else row.cell("") for pieces in under]
    return Table([groups, [row.cell(label) for label in labels], values], spans_known=False)


def _is_wide(piece: Piece, values: Sequence[Piece]) -> bool:
    return sum(piece.over(value.start, value.end) for value in values) > 1


def _join_below(rows: list[Row]) -> None:
    """Joins the values of rows without a label to those right above them."""
    below = [(row, other) for row, other in pairwise(rows) if row.goes_on(other)]
    often = len(below) * MOST_SINGLE >= sum(bool(row.values) for row in rows)
    for row, other in reversed(below):
        if often or len(row.values) > 1:
            row.join(other)


def _tables(rows: list[Row], index: LabelIndex) -> Iterator[Table]:
    """The tables of a form in rows that are aligned with each other."""
    _join_below(rows)
    owned: dict[str, list[int]] = {}  # by table, its rows
    unlabelled = []
    for place, row in enumerate(rows):
        if not row.values:
            continue
        row.name = _name(rows, place, index)
        owner = next((table for table, one in index.said(row.name).rows if one.kind == "value"), None) if row.name else None
        if owner is not None:
            owned.setdefault(owner.id, []).append(place)
        elif row.label is None:
            unlabelled.append(place)
    ends = [places[-1] + 1 for places in owned.values()]
    for table in index.form.tables:
        places = owned.get(table.id, [])
        own = [rows[place] for place in places]
        if table.layout == "list" and own:
            yield from _if_any(_list(own, rows[: places[0]], table))
        elif own:
            first = places[0]
            before = max([end for end in ends if end <= first], default=0)
            above = [row for row in rows[max(before, first - HEADER_LINES) : first] if not row.values]
            yield from _if_any(_matrix(own, above, table, index))
        elif table.layout == "single_row_matrix":
            for place in unlabelled:
                if len(rows[place].values) * 2 > len(table.columns):
                    yield from _if_any(_single(rows[place], _header_rows(rows, place), table, index))


def _if_any(table: Table | None) -> list[Table]:
    return [] if table is None else [table]


def layout_tables(document: Document, index: LabelIndex) -> list[Table]:
    """The tables of a form that spaces align; none in a document without such lines."""
    tables: list[Table] = []
    for run in _runs(document.body_lines):
        wide, narrow = (_aligned(run, ambiguous, index, traditional=document.traditional) for ambiguous in (2, 1))
        if len(wide) != len(narrow):
            tables += wide if len(wide) > len(narrow) else narrow
        else:
            tables += [one for one, other in zip(wide, narrow, strict=True) if _texts(one) == _texts(other)]
    return tables


def _aligned(run: list[Line], ambiguous: int, index: LabelIndex, *, traditional: bool) -> list[Table]:
    rows = [Row(line, pieces) for line in run if (pieces := _pieces(line, ambiguous, traditional=traditional))]
    return [table for half in _halves(rows) for table in _tables(half, index)]


def _texts(table: Table) -> list[list[str]]:
    return [[cell.clean for cell in row] for row in table.rows]
