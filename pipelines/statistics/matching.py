"""Rows of a page's tables to rows of a form: by label, by alias, by a damaged label, and last by the place between matched neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz.distance import Levenshtein

from pipelines.decode.document import Table, TableCell
from pipelines.statistics.forms import FormTable, Row
from pipelines.statistics.grid import GridRow, Placed, expand
from pipelines.statistics.headers import Header, groups, header_words, is_header
from pipelines.statistics.labels import LabelIndex, key
from pipelines.statistics.numbers import UNITS, read_value

How = Literal["label", "damaged", "position"]

UNIT_WORDS = frozenset(UNITS.split("|"))
# A damaged label may differ in so many characters, and must keep so many to be told from its neighbours.
MOST_EDITS = 2
SHORTEST = 4


@dataclass(slots=True)
class Segment:
    """A label of a data row and the cells behind it, up to the next label; `table` and `row` are the form's once it is matched."""

    label: Placed
    values: list[Placed]
    grid_row: GridRow
    header: Header | None
    spans_known: bool
    table: FormTable | None = None
    row: Row | None = None
    how: How = "label"

    @property
    def unit(self) -> str | None:
        """The unit printed in a cell of its own."""
        return next((p.cell.clean for p in self.values if p.cell.clean in UNIT_WORDS), None)


@dataclass(slots=True)
class Unlabelled:
    """A row of values without a label, under a header: the row of a one-row matrix."""

    values: list[Placed]
    header: Header


@dataclass(slots=True)
class Matched:
    """What the tables of a page hold of one form, in the order of the page."""

    segments: list[Segment] = field(default_factory=list)
    unlabelled: list[Unlabelled] = field(default_factory=list)
    unknown: list[Segment] = field(default_factory=list)


def _is_value(cell: TableCell) -> bool:
    return read_value(cell.clean).status != "unreadable"


def _segments(row: GridRow, header: Header | None, index: LabelIndex, *, spans_known: bool) -> list[Segment]:
    """The segments of a data row. A row whose label no form knows is one segment if values follow its first text."""
    starts = [position for position, placed in enumerate(row.own) if placed.cell.clean and index.find_rows(placed.cell.clean)]
    if not starts:
        first = next((position for position, placed in enumerate(row.own) if not _is_value(placed.cell)), None)
        if first is None or not any(_is_value(placed.cell) for placed in row.own[first + 1 :]):
            return []
        starts = [first]
    ends = [*starts[1:], len(row.own)]
    return [Segment(row.own[start], row.own[start + 1 : end], row, header, spans_known) for start, end in zip(starts, ends, strict=True)]


def _resolve(segment: Segment, index: LabelIndex, last: dict[str, int]) -> None:
    """Gives a segment its row: the only one of its label, else the first behind the row matched last in the same table."""
    candidates = index.find_rows(segment.label.cell.clean)
    if not candidates:
        return
    ahead = [(table, row) for table, row in candidates if row.number > last.get(table.id, -1)]
    segment.table, segment.row = (ahead or candidates)[0]
    last[segment.table.id] = segment.row.number


def match_tables(tables: Iterable[Table], index: LabelIndex) -> Matched:
    """The rows of all tables, matched to one form. Headers hold on over page breaks until the next header."""
    found = Matched()
    last: dict[str, int] = {}
    for table in tables:
        segments, unlabelled = _read_rows(table, index)
        segments.sort(key=_half)
        for segment in segments:
            _resolve(segment, index, last)
        found.segments += segments
        found.unlabelled += unlabelled
    _fill_gaps(found)
    return found


def _half(segment: Segment) -> int:
    """Which half of a list printed side by side the segment is in; the right half goes on where the left one ends."""
    halves = segment.header.halves() if segment.header else []
    return sum(column <= segment.label.column for column in halves[1:])


def _read_rows(table: Table, index: LabelIndex) -> tuple[list[Segment], list[Unlabelled]]:
    """The segments of a table's data rows and its rows without labels, each with the header above it."""
    segments: list[Segment] = []
    unlabelled: list[Unlabelled] = []
    words = header_words(index)
    blocks = frozenset().union(*(groups(table) for table in index.form.tables if table.layout == "single_row_matrix"))
    header: Header | None = None
    in_header = False
    for row in expand(table):
        if not any(placed.cell.clean for placed in row.own):
            if in_header and header is not None and blocks & header.keys():
                unlabelled.append(Unlabelled(row.own, header))
            continue
        if is_header(row, index, words):
            if header is None or not in_header:
                header = Header(table.spans_known)
            header.rows.append(row)
            in_header = True
            continue
        in_header = False
        in_row = _segments(row, header, index, spans_known=table.spans_known)
        known = any(index.find_rows(segment.label.cell.clean) for segment in in_row)
        if header is not None and not known and blocks & header.keys() and all(_is_value(placed.cell) for placed in row.own[1:]):
            unlabelled.append(Unlabelled(row.own, header))
        else:
            segments += in_row
    return segments, unlabelled


def _fill_gaps(found: Matched) -> None:
    """Gives the unmatched segments between two matched ones the rows that the form has there and the page lacks."""
    taken = {(segment.table.id, segment.row.code) for segment in found.segments if segment.table and segment.row}
    run: list[Segment] = []
    before: Segment | None = None
    for segment in [*found.segments, None]:
        if segment is not None and segment.row is None:
            run.append(segment)
            continue
        if run:
            _fill(run, before, segment, taken)
        run, before = [], segment
    found.unknown = [segment for segment in found.segments if segment.row is None]
    found.segments = [segment for segment in found.segments if segment.row is not None]


def _fill(run: list[Segment], before: Segment | None, after: Segment | None, taken: set[tuple[str, str]]) -> None:
    """Fills one gap: damaged labels first, then, between two neighbours of one table, what is left by its place."""
    table = (before or after or run[0]).table
    if table is None:
        return
    start = before.row.number if before and before.row else -1
    stop = after.row.number if after and after.row and after.table is table else len(table.rows)
    left = [row for row in table.rows[start + 1 : stop] if row.kind == "value" and (table.id, row.code) not in taken]
    first = 0
    for segment in run:
        match = next((row for row in left[first:] if _resembles(segment.label.cell.clean, row)), None)
        if match is not None:
            _give(segment, table, match, "damaged", taken)
            first = left.index(match) + 1
    if before is None or after is None or after.table is not table:
        return
    still = [segment for segment in run if segment.row is None]
    open_rows = [row for row in left if (table.id, row.code) not in taken]
    if len(still) == len(open_rows) and all(segment.unit in (None, row.unit) for segment, row in zip(still, open_rows, strict=True)):
        for segment, row in zip(still, open_rows, strict=True):
            _give(segment, table, row, "position", taken)


def _give(segment: Segment, table: FormTable, row: Row, how: How, taken: set[tuple[str, str]]) -> None:
    segment.table, segment.row, segment.how = table, row, how
    taken.add((table.id, row.code))


def _resembles(printed: str, row: Row) -> bool:
    """Whether a damaged label still is this row's: a few characters differ, or it is cut off."""
    part = key(printed)
    if len(part) < SHORTEST:
        return False
    for label in (row.label, *row.aliases):
        whole = key(label)
        if Levenshtein.distance(part, whole, score_cutoff=MOST_EDITS) <= min(MOST_EDITS, len(whole) // 3):
            return True
        if len(part) * 2 >= len(whole) and whole.startswith(part):
            return True
    return False
