"""Rows of a page's tables to rows of a form: by label, by alias, by a damaged label, and last by the place between matched neighbours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rapidfuzz.distance import Levenshtein

from pipelines.decode.document import Table, TableCell
from pipelines.statistics.forms import FormTable, Row
from pipelines.statistics.grid import GridRow, expand
from pipelines.statistics.headers import Header, is_header, names_years, numbers_columns
from pipelines.statistics.labels import FILLED, HEAD, NUMBER, ROW, LabelIndex, Said, key, number_of
from pipelines.statistics.numbers import UNIT_WORDS, unit_in_label
from pipelines.statistics.parts import TOTALS, below_last, heads_rows, is_part, part_all, part_name
from pipelines.statistics.tidy import tidied

How = Literal["label", "damaged", "position"]

# A damaged label may differ in so many characters, and must keep so many to be told from its neighbours.
MOST_EDITS = 2
SHORTEST = 4
# The label of a group of rows.
HEADING = re.compile("[一二三四五六七八九十]{1,3}、")
# So many labels of rows side by side, without a value, are a list printed upright.
FEWEST_UPRIGHT = 6


@dataclass(slots=True)
class Segment:
    """A label of a data row and the cells behind it, up to the next label; `table` and `row` are the form's once it is matched."""

    label: TableCell
    values: list[TableCell]
    grid_row: GridRow
    header: Header | None
    spans_known: bool
    table: FormTable | None = None
    row: Row | None = None
    how: How = "label"
    short: bool = False  # most rows of its flattened table have more cells
    counted: bool = False  # its first value is the number of the row, as in all rows around it
    parted: bool = False  # one of several rows under its label, led by a name: of an organ, a kind, a year

    @property
    def unit(self) -> str | None:
        """The unit printed in a cell of its own, or in the label."""
        return next((cell.clean for cell in self.values if cell.clean in UNIT_WORDS), None) or unit_in_label(self.label.clean)


@dataclass(slots=True)
class Unlabelled:
    """A row of values without a label, under a header: the row of a one-row matrix."""

    values: list[TableCell]
    header: Header


@dataclass(slots=True)
class Matched:
    """What the tables of a page hold of one form, in the order of the page; `grids` are the rows of each table."""

    segments: list[Segment] = field(default_factory=list)
    unlabelled: list[Unlabelled] = field(default_factory=list)
    unknown: list[Segment] = field(default_factory=list)
    grids: list[list[GridRow]] = field(default_factory=list)
    torn: bool = False  # flattened text has rows with values before their label or without one: labels and values are not in the same rows
    header: Header | None = None  # the header that a table ended with: some pages keep it in a table of its own
    owner: FormTable | None = None  # the table of the form that the last row is of


def _segments(row: GridRow, said: list[Said], header: Header | None, *, spans_known: bool) -> list[Segment]:
    """The segments of a data row: known labels, and behind a label of a group, or where there is none, the text before the first value."""
    own = row.own
    # A merged label may stand in its row once per place.
    starts = [place for place, one in enumerate(said) if one.rows and one is not (said[place + 1] if place + 1 < len(said) else None)]
    # The last one is a row with figures, nearly always.
    if not starts or (said[starts[-1]].is_heading and all(said[place].is_heading for place in starts)):
        first = starts[-1] + 1 if starts else 0
        text = next((place for place in range(first, len(own)) if not said[place].is_value and own[place].clean not in UNIT_WORDS), None)
        if text is not None and any(one.is_value for one in said[text + 1 :]):
            starts.append(text)
        if not starts:
            return []
    if len(starts) == 1:
        return [Segment(own[starts[0]], own[starts[0] + 1 :], row, header, spans_known)]
    ends = [*starts[1:], len(own)]
    return [Segment(own[start], own[start + 1 : end], row, header, spans_known) for start, end in zip(starts, ends, strict=True)]


def _resolve(segment: Segment, index: LabelIndex, last: dict[str, int], above: str, owner: FormTable | None) -> None:
    """Gives a segment its row: the only one of its label, else the first behind the row matched last in the same table.

    `above` is the unknown label between them. Where it is a heading, or the row's own heading is not there, it says under which heading
    the row stands, or nothing does.
    """
    said = index.said(segment.label.clean)
    candidates = said.rows
    if not candidates or (len(said.key) < SHORTEST and _is_added(segment.label.clean, candidates, owner)):
        return
    rows = candidates
    if len(candidates) > 1:
        rows = [(table, row) for table, row in candidates if row.number > last.get(table.id, -1)] or candidates
    segment.table, segment.row = rows[0]
    if len(rows) > 1 and (HEADING.match(above) or last.get(segment.table.id, -1) < _number_above(*rows[0])):
        below = [(table, row) for table, row in rows if row.parent and _differs(table, row, rows) <= set(above)]
        if len(below) == 1:
            segment.table, segment.row = below[0]
        elif segment.row.parent:
            segment.how = "position"
    last[segment.table.id] = segment.row.number


def _number_above(table: FormTable, row: Row) -> int:
    """The number of the row's heading; of a row without one, that of no row."""
    return next((one.number for one in table.rows if one.code == row.parent), -1)


def _differs(table: FormTable, row: Row, others: Sequence[tuple[FormTable, Row]]) -> set[str]:
    """What the label of a row's heading has that those of other rows have not."""
    own, *rest = (
        {*owner.rows[_number_above(owner, one)].label} for owner, one in [(table, row), *(pair for pair in others if pair[1] is not row)]
    )
    return own.difference(*rest, "一二三四五六七八九十")


def _is_added(label: str, candidates: Sequence[tuple[FormTable, Row]], owner: FormTable | None) -> bool:
    """Whether a row that offices add has by chance the word of one of the form: `9.其他` for `3.其他`, 合计 below rows of another table."""
    if label in TOTALS and owner is not None and all(table is not owner for table, _ in candidates):
        return True
    number = number_of(label)
    return number.isdigit() and all(number_of(row.label) not in ("", number) for _, row in candidates)


def match_tables(tables: Iterable[Table], index: LabelIndex) -> Matched:
    """The rows of all tables, matched to one form. Headers hold on over page breaks until the next header."""
    found = Matched()
    last: dict[str, int] = {}
    for table in tables:
        segments = _rejoined(_read_rows(tidied(table), index, found), index)
        if any(len(header.halves()) > 1 for header in {id(one.header): one.header for one in segments}.values() if header):
            segments.sort(key=_half)
        if not table.spans_known:
            _find_short(segments)
        found.segments += _resolved(segments, index, last, found)
    _fill_gaps(found)
    return found


def _resolved(segments: list[Segment], index: LabelIndex, last: dict[str, int], found: Matched) -> list[Segment]:
    """The segments of one table with their rows; without those whose label is the name of a part of the row above."""
    above, owner = "", found.owner
    before: Segment | None = None
    row: Row | None = None
    parted: TableCell | None = None  # the label that reaches down over its parts
    for segment in segments:
        if parted and segment.label is not parted and any(cell is parted for cell in segment.grid_row.all):
            segment.parted = True
            continue
        _resolve(segment, index, last, above, owner)
        above = ""
        if segment.row is None:
            above = segment.label.clean
            if before is not None and is_part(before, segment):
                before.parted = True
        elif segment.row is row and before and part_name(before) and part_name(segment):
            before.parted = segment.parted = True
        elif segment.label.rowspan > 1 and part_name(segment) and not heads_rows(segment, segments, index):
            segment.parted, parted = True, segment.label
        owner, row, before = segment.table or owner, segment.row, segment
    found.owner = owner
    if before and not before.spans_known:
        part_all(segments)
    return [segment for segment in segments if segment.row or not segment.parted] if parted else segments


def _find_short(segments: list[Segment]) -> None:
    """Marks the segments of rows that have fewer cells than most rows of their table."""
    widths = Counter(len(segment.grid_row.own) for segment in segments)
    for width, count in widths.most_common(1):
        if count * 2 > len(segments):
            for segment in segments:
                segment.short = len(segment.grid_row.own) < width


def _rejoined(segments: list[Segment], index: LabelIndex) -> list[Segment]:
    """The segments with rows made whole that a page break cut in two: half of the label and the values here, the other half there."""
    whole: list[Segment] = []
    for segment in segments:
        one = _one_row(whole[-1], segment, index) if whole else None
        if one is None:
            whole.append(segment)
        else:
            whole[-1] = one
    return whole


def _one_row(first: Segment, second: Segment, index: LabelIndex) -> Segment | None:
    """Two halves of one row as one: only together are their labels known, and only one has values. `None` when they are no such halves."""
    if index.said(first.label.clean).rows or index.said(second.label.clean).rows:
        return None
    label = first.label.clean + second.label.clean
    if not index.said(label).rows:
        return None
    filled = [half for half in (first, second) if any(cell.clean for cell in half.values)]
    if len(filled) != 1:
        return None
    return replace(filled[0], label=replace(first.label, raw=first.label.raw + second.label.raw, clean=label))


def _half(segment: Segment) -> int:
    """Which half of a list printed side by side the segment is in; the right half goes on where the left one ends."""
    halves = segment.header.halves() if segment.header else []
    return sum(column <= segment.label.column for column in halves[1:])


def _read_rows(table: Table, index: LabelIndex, found: Matched) -> list[Segment]:
    """The segments of a table's data rows, each with the header above it; its grid and its rows without labels are added to `found`."""
    segments: list[Segment] = []
    header = found.header
    in_header = header is not None
    in_blocks = header is not None and not index.blocks.isdisjoint(header.keys(index))
    upright: GridRow | None = None  # a row of nothing but row labels: their values stand in the rows below
    uprights: list[GridRow] = []
    grid = expand(table)
    found.grids.append(grid)
    for row in grid:
        said = index.said_in(row.own)
        marks = 0
        for one in said:
            marks |= one.marks
        if not marks & FILLED:
            if in_header and in_blocks and header is not None:
                found.unlabelled.append(Unlabelled(row.own, header))
            continue
        if marks & HEAD and not marks & NUMBER and is_header(said, row.own):
            if header is None or not in_header:
                header, in_blocks = Header(table.spans_known), False
            header.rows.append(row)
            upright = None
            in_header, in_blocks = True, in_blocks or any(one.key in index.blocks for one in said)
            continue
        if in_header and marks & NUMBER and not marks & ROW and numbers_columns(said):
            continue
        if in_header and header is not None and not marks & (NUMBER | ROW) and names_years(row.own):
            header.rows.append(row)
            continue
        in_header = False
        if upright is not None and not marks & ROW and (marks & NUMBER or all(cell.clean in UNIT_WORDS for cell in row.own)):
            segments += _under_labels(upright, row, spans_known=table.spans_known) if marks & NUMBER else ()
            continue
        upright = row if not marks & NUMBER and _is_upright(said, go_on=upright is not None) else None
        if upright is not None:
            uprights.append(upright)
            continue
        in_table = marks & ROW and row.own[0].clean not in TOTALS
        if header is not None and in_blocks and not in_table and sum([one.is_value for one in said]) * 4 >= len(said) * 3:
            found.unlabelled.append(Unlabelled(row.own, header))
        else:
            in_row = _segments(row, said, header, spans_known=table.spans_known)
            found.torn |= not table.spans_known and bool(marks & NUMBER) and not any(segment.values for segment in in_row)
            segments += in_row or below_last(row, segments, marks, index)
    found.header = header if in_header else None
    _part_blocks(segments, uprights)
    return segments


def _part_blocks(segments: list[Segment], labels: list[GridRow]) -> None:
    """Parts what is read below several rows of labels where one has nothing below: all values may stand above their labels."""
    read = {id(segment.label) for segment in segments}
    if len(labels) > 1 and any(read.isdisjoint(map(id, row.own)) for row in labels):
        blocks = {id(cell) for row in labels for cell in row.own}
        for segment in segments:
            segment.parted |= id(segment.label) in blocks


def _is_upright(said: list[Said], *, go_on: bool) -> bool:
    """Whether a row is labels whose values stand below: many, or nothing but some of a list; of its last ones, perhaps a single one."""
    labels = sum([bool(one.rows) for one in said])
    filled = [one for one in said if one.marks & FILLED]
    if labels >= FEWEST_UPRIGHT or labels < len(filled) or not (go_on or labels > 1):
        return labels >= FEWEST_UPRIGHT
    return all(any(table.layout == "list" and row.kind == "value" for table, row in one.rows) for one in filled)


def _under_labels(labels: GridRow, row: GridRow, *, spans_known: bool) -> list[Segment]:
    """The segments of a list that is printed upright: each label with the cell below it; none where it is not clear which that is."""
    if not spans_known or len(labels.own) < FEWEST_UPRIGHT:
        # A value below no label shows that a label was lost, and where is unknown.
        labelled = [bool(label.clean) or not cell.clean for label, cell in zip(labels.own, row.own, strict=False)]
        if len(labels.own) != len(row.own) or not all(labelled):
            return []
    below = {cell.column: cell for cell in row.own}
    pairs = [(label, below[label.column]) for label in labels.all if label.column in below]
    return [Segment(label, [cell], GridRow([label, cell], [label, cell]), None, spans_known) for label, cell in pairs]


def _fill_gaps(found: Matched) -> None:
    """Gives the unmatched segments between two matched ones the rows that the form has there and the page lacks."""
    if not [segment for segment in found.segments if segment.row is None]:
        return
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
    left = [(table, row) for table, row in _between(before, after) if row.kind == "value" and (table.id, row.code) not in taken]
    first = 0
    for segment in run:
        place = next((place for place in range(first, len(left)) if _resembles(segment.label.clean, left[place][1])), None)
        if place is not None:
            _give(segment, *left[place], "damaged", taken)
            first = place + 1
    gap: list[Segment] = []
    for one in (*run, after):
        if one is not None and one.row is None:
            gap.append(one)
            continue
        if gap:
            _fill_by_place(gap, before, one, taken)
        gap, before = [], one


def _fill_by_place(gap: list[Segment], before: Segment | None, after: Segment | None, taken: set[tuple[str, str]]) -> None:
    """Gives the segments between two of one table the rows that the form has there, if they are as many and their units agree.

    Those before the first known row of a table, or behind its last one, only where their numbers are those of the form too.
    """
    inner = before is not None and after is not None and after.table is before.table
    left = [(table, row) for table, row in _between(before, after) if row.kind == "value" and (table.id, row.code) not in taken]
    if not inner:
        owner = next((one.table for one in (before, after) if one and one.header and one.header is gap[0].header is gap[-1].header), None)
        left = [(table, row) for table, row in left if table is owner]
    pairs = list(zip(gap, left, strict=False))
    if len(gap) == len(left) and all(_may_be(segment, row, numbered=not inner) for segment, (_, row) in pairs):
        for segment, (table, row) in pairs:
            _give(segment, table, row, "position", taken)


def _may_be(segment: Segment, row: Row, *, numbered: bool) -> bool:
    number = number_of(segment.label.clean)
    return segment.unit in (None, row.unit) and (not numbered or (bool(number) and number == number_of(row.label)))


def _between(before: Segment | None, after: Segment | None) -> list[tuple[FormTable, Row]]:
    """The rows of the form behind one segment and ahead of another; of two tables, the end of the one and the beginning of the other."""
    rows: list[tuple[FormTable, Row]] = []
    same = before is not None and after is not None and before.table is after.table
    if before is not None and before.table and before.row:
        stop = after.row.number if same and after is not None and after.row else None
        rows += [(before.table, row) for row in before.table.rows[before.row.number + 1 : stop]]
    if after is not None and after.table and after.row and not same:
        rows += [(after.table, row) for row in after.table.rows[: after.row.number]]
    return rows


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
