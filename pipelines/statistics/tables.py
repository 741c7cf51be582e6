"""Matched rows to figures: which cell is which column, what it says, in which unit, and how sure that is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from pipelines.decode.document import TableCell
from pipelines.findings import finding
from pipelines.statistics.blocks import block_columns, by_labels
from pipelines.statistics.cells import Assigned, list_cells, matrix_cells, open_cells
from pipelines.statistics.figures import Figures, PrintedRow
from pipelines.statistics.forms import FormTable, Row
from pipelines.statistics.gluing import glued_tables, unglued
from pipelines.statistics.grid import GridRow
from pipelines.statistics.habits import Habits
from pipelines.statistics.headers import Printed, Slot, is_reordered, printed_columns
from pipelines.statistics.labels import LabelIndex, key
from pipelines.statistics.matching import Matched, Segment, Unlabelled
from pipelines.statistics.numbers import read_value
from pipelines.statistics.own_row import own_rows
from pipelines.statistics.solving import OpenRow, solve

# The share of figures that come out right, by how their row was found; measured on the golden pages.
CONFIDENCE = {"label": 1.0, "damaged": 0.95, "position": 0.85}
# Without any header the columns rest on their number alone.
HEADERLESS = 0.8
# Some column labels are damaged and stand between known ones.
BY_PLACE = 0.85
# Cells that only the identities could place.
SOLVED = 0.95
# One or two numbers behind a word may be of any table.
FEWEST_HEADERLESS = 3
# So many numbers of rows one behind the other are their codes.
FEWEST_COUNTS = 6
WIDEST_STEP = 3
# A heading has no number of its own: where so many have one, values stand before their labels.
FEWEST_HEADINGS = 3
# Provinces add a dozen rows at most; what is beyond this is counted, not named.
MOST_UNKNOWN = 30


class TableReader:
    """Reads the figures of one form out of matched rows."""

    def __init__(self, index: LabelIndex, report_year: int | None = None) -> None:
        self.index = index
        self.report_year = report_year
        self.figures = Figures()
        self._unknown: dict[str, list[str]] = defaultdict(list)  # columns that the form lacks, with their cells
        self._headerless: set[str] = set()  # tables whose columns were taken in the order of the form
        self._habits = {table.id: Habits(len(table.columns)) for table in index.form.tables}
        self._printed: dict[str, Printed] = {}
        self._by_header: set[tuple[int, str]] = set()  # headers that were looked at, for a table
        self._reordered: set[tuple[int, str]] = set()  # those that name its columns in an order that cannot be followed
        self._open: list[tuple[Segment, FormTable, Printed | None]] = []  # rows that do not fit their header
        self._open_blocks: dict[str, OpenRow] = {}  # rows of one-row matrices that do not fit theirs
        self._headings: Counter[str] = Counter()  # headings of lists that have numbers behind them in flattened text
        self._empty: list[tuple[FormTable, Row, TableCell]] = []  # rows of flattened text with nothing behind their label

    def read(self, matched: Matched) -> Figures:
        """Reads all rows; returns the figures with their findings."""
        for segment in matched.segments:
            if segment.table and segment.row and segment.row.kind == "value":
                self._habits[segment.table.id].add(segment.values)
        _find_counts([segment for segment in matched.segments if segment.table and segment.table.layout == "list"])
        # A table of something else may have rows of the same names (行政许可): what stands under a header of the form comes first.
        later: list[Segment] = []
        for segment in matched.segments:
            printed = self._columns_over(segment)
            if printed is None and segment.table and segment.table.layout == "matrix":
                later.append(segment)
            else:
                self._read_segment(segment, printed)
        for segment in later:
            self._read_segment(segment, self._printed.get(segment.table.id) if segment.table else None)
        # An empty row between header and values is none; where it is all there is, the figures are blank.
        for row in sorted(
            own_rows(matched.unlabelled, self.index, self.report_year), key=lambda row: not any(cell.clean for cell in row.values)
        ):
            self._read_unlabelled(row)
        if self._empty and not matched.torn:
            self._read_empty(_labels_above(matched.segments))
        self._read_open()
        self._name_unknown(matched.unknown)
        self._name_columns()
        self.figures.name_repeats()
        return self.figures

    def name_unread(self, labels: set[str]) -> None:
        """A finding for each table whose labels are on the page while none of its figures was read."""
        unread = [table for table in self.index.form.tables if table.id not in self.figures.of_table]
        seen = {key(label) for label in labels} if unread else set()
        for table in unread:
            own = self.index.labels[table.id]
            if len(own & seen) * 2 > len(own):
                self.figures.findings.append(finding("table_unread", table=table.id))

    def _numbers(self, segment: Segment) -> list[str]:
        return [cell.raw for cell in segment.values if self.index.said(cell.clean).is_number]

    def _name_unknown(self, unknown: list[Segment]) -> None:
        """A finding for each row with numbers that no form knows, up to a limit; a page of another matter has hundreds."""
        filled = [(segment.label.raw[:60], " | ".join(numbers)[:120]) for segment in unknown if (numbers := self._numbers(segment))]
        rows = list(dict.fromkeys(filled))
        for label, values in rows[:MOST_UNKNOWN]:
            self.figures.findings.append(finding("row_unknown", label=label, values=values))
        if len(rows) > MOST_UNKNOWN:
            self.figures.findings.append(finding("rows_unknown", count=len(rows) - MOST_UNKNOWN))

    def _name_columns(self) -> None:
        for label, cells in self._unknown.items():
            self.figures.findings.append(finding("column_unknown", label=label, values=" | ".join(cells)[:200]))
        for table in sorted(self._headerless):
            self.figures.findings.append(finding("header_missing", self.figures.of_table[table], table=table))
        for table, printed in self._printed.items():
            if printed.by_position:
                labels = ", ".join(printed.by_position)[:80]
                self.figures.findings.append(finding("column_by_position", self.figures.of_table[table], labels=labels, table=table))

    def _read_segment(self, segment: Segment, printed: Printed | None) -> None:
        table, row = segment.table, segment.row
        assert table is not None  # noqa: S101 - for the type checker: only matched segments come here
        assert row is not None  # noqa: S101
        if row.kind == "header":
            if self._numbers(segment):
                self._headings[table.id] += table.layout == "list" and not segment.spans_known
                values = " | ".join(cell.raw for cell in segment.values)
                self.figures.findings.append(finding("row_unknown", label=segment.label.raw, values=values[:120]))
            return
        if not segment.values and not segment.spans_known:
            self._empty.append((table, row, segment.label))
            return
        assigned = None if segment.parted else self._cells(segment, table, printed)
        if assigned is None:
            if any(cell.clean for cell in segment.values):
                self._open.append((segment, table, printed))
            return
        certainty = HEADERLESS if table.id in self._headerless else BY_PLACE if printed and printed.by_position else 1.0
        confidence = CONFIDENCE[segment.how] * certainty
        names = self.figures.add_row(PrintedRow(table, row, segment.label.raw, confidence, segment.label.rowspan), assigned)
        if len(segment.values) < len(assigned):
            self.figures.doubt_merged(names, [cell for _, cell, _ in assigned])
        if segment.how != "label" and names:
            code = "label_by_position" if segment.how == "position" else "label_repaired"
            self.figures.findings.append(finding(code, names, label=segment.label.raw, indicator=row.label))

    def _cells(self, segment: Segment, table: FormTable, printed: Printed | None) -> list[Assigned] | None:
        """The value cells of a row with their columns; `None` when the row does not fit its header."""
        habits, count = self._habits[table.id], len(segment.values)
        usual = habits.usual(count) and not (habits.filled_behind and table.layout == "matrix")
        if table.layout == "list":
            return list_cells(segment, table, self.index, self.report_year, usual=usual)
        if printed is None:
            if (id(segment.header), table.id) in self._reordered:
                return None
            if len(table.columns) < FEWEST_HEADERLESS or (table.id in self.figures.of_table and table.id not in self._headerless):
                return []
            printed = Printed([Slot(column, column.label, None) for column in table.columns])
            self._headerless.add(table.id)
        if segment.spans_known and habits.led_by_blanks and len(printed.slots) == len(table.columns) and not printed.permuted:
            # A row of such a table that lacks a cell may lack any.
            values = segment.values[-len(printed.slots) :] if habits.blank_before[count] == habits.counts[count] else None
            return (
                [(slot.column, cell, slot.unit) for slot, cell in zip(printed.slots, values, strict=True) if slot.column]
                if values
                else None
            )
        if count and not segment.values[-1].clean and habits.moved_left:
            return None
        if count < len(printed.slots):
            usual = usual and habits.lacks_totals(len(printed.slots))
        pairs = matrix_cells(segment, printed, usual=usual)
        if pairs is None:
            return None
        if printed.extra:
            for slot, cell in pairs:
                if slot.column is None and self.index.said(cell.clean).is_number:
                    self._unknown[slot.label].append(cell.raw)
        return [(slot.column, cell, slot.unit) for slot, cell in pairs if slot.column]

    def _columns_over(self, segment: Segment) -> Printed | None:
        """The columns of a matrix over a segment: its header's, else those of the last header that had them."""
        header, table = segment.header, segment.table
        if table is None or table.layout != "matrix":
            return None
        if header is not None and (known := (id(header), table.id)) not in self._by_header:
            self._by_header.add(known)
            if (found := printed_columns(header, table, self.index)) is not None:
                self._printed[table.id] = found
            elif is_reordered(header, table, self.index):
                self._reordered.add(known)
        return self._printed.get(table.id)

    def _read_open(self) -> None:
        """Lets the identities place the cells of the rows that fit no header; what they leave open stays unread."""
        if not self._open and not self._open_blocks and not self._headings:
            return
        rows: dict[tuple[str, str], tuple[Segment, OpenRow]] = {}  # a row that stands again is laid out once
        for segment, table, printed in self._open:
            known = segment.row is not None and (table.id, segment.row.code) in rows
            if table.layout == "matrix" and printed and segment.row and not segment.parted and not known:
                columns, cells = tuple(slot.column for slot in printed.slots), tuple(open_cells(segment, len(printed.slots)))
                rows[table.id, segment.row.code] = (segment, OpenRow(table, segment.row, columns, cells))
        certain = [(segment.label.raw, SOLVED * CONFIDENCE[segment.how], row) for segment, row in rows.values()]
        certain += [(table, SOLVED, row) for table, row in self._open_blocks.items()]
        if glued_tables([row for *_, row in certain]):
            certain = [(label, confidence, unglued(row, self.index.form.identities)) for label, confidence, row in certain]
        solved = solve(self.index.form, self.figures.by_name, [row for *_, row in certain])
        for (label, confidence, row), placed in zip(certain, solved, strict=True):
            blank = TableCell("", place=row.cells[0].place)
            placed_cells = [
                (column, placed[name] or blank, None) for column in row.columns if column and (name := row.name(column)) in placed
            ]
            if placed_cells:
                names = self.figures.add_row(PrintedRow(row.table, row.row, label, confidence), placed_cells)
                self.figures.findings.append(finding("cells_placed_by_sums", names, label=label[:60]))
        torn: Counter[str] = Counter()
        for segment, table, _ in self._open:
            if segment.row:
                self.figures.leave_unread(table, segment.row, segment.label, segment.values)
                torn[table.id] += table.layout == "list" and not segment.spans_known
        for table_id in dict.fromkeys([*torn, *self._headings]):
            if torn[table_id] > len(self.figures.of_table[table_id]) or self._headings[table_id] >= FEWEST_HEADINGS:
                self.figures.leave_all(table_id)

    def _read_empty(self, open_rows: set[tuple[str, str]]) -> None:
        """Reads rows without any value as blank, where their blank cells were dropped with the grid of a table that has other values.

        Not so `open_rows`, whose values may stand elsewhere.
        """
        elsewhere = {(table.id, segment.row.code) for segment, table, _ in self._open if segment.row}
        for table, row, label in self._empty:
            if table.id in self.figures.of_table and (table.id, row.code) not in elsewhere | open_rows:
                left = [column for column in table.columns if table.cells[row.code, column.code].name not in self.figures.by_name]
                self.figures.add_row(
                    PrintedRow(table, row, label.raw), [(column, TableCell("", place=label.place), None) for column in left]
                )

    def _read_unlabelled(self, row: Unlabelled) -> None:
        for table in self.index.form.tables:
            read = table.id in self.figures.of_table
            if table.layout != "single_row_matrix" or (read and not any(cell.clean for cell in row.values)):
                continue
            pairs = block_columns(row.header, table, self.index)
            if pairs is None:
                continue
            values = row.values
            if len(values) > len(pairs) and row.header.spans_known:
                # Left of the blocks stands what names or counts the rows.
                first = min(cell.column for cell in row.header.cells() if self.index.said(cell.clean).key in self.index.groups[table.id])
                values = [cell for cell in values if cell.column >= first]
            if len(values) == len(pairs) + 1 and not self.index.said(values[0].clean).is_value:
                values = values[1:]
            if len(values) != len(pairs):
                label = " ".join(text for _, text in pairs[:3])
                self.figures.findings.append(finding("cells_misaligned", label=label, found=len(values), expected=len(pairs)))
                self._open_blocks.setdefault(table.id, OpenRow(table, None, tuple(column for column, _ in pairs), tuple(values)))
                return
            for (column, printed), cell in zip(pairs, values, strict=True):
                if column is None:
                    self._unknown[printed].append(cell.raw)
                    continue
                self.figures.add_row(PrintedRow(table, None, printed), [(column, cell, None)])
            return

    def read_pieces(self, grids: list[list[GridRow]], captions: list[str]) -> None:
        """Reads one-row matrices that are printed upright or in pieces, by the labels around each cell; a caption is one of them."""
        for table in self.index.form.tables:
            if table.layout == "single_row_matrix" and table.id not in self.figures.of_table and table.id not in self._open_blocks:
                for grid, caption in zip(grids, captions, strict=True):
                    found = by_labels(grid, table, self.index) or by_labels(grid, table, self.index, caption)
                    for column, cell, printed in found or ():
                        self.figures.add_row(PrintedRow(table, None, printed), [(column, cell, None)])


def _find_counts(segments: Sequence[Segment]) -> None:
    """Marks the rows of a list whose first values are their numbers: a column of codes, which a header would name."""
    filled = [segment for segment in segments if segment.values]
    firsts = [read_value(segment.values[0].clean).number for segment in filled]
    steps = [other - one if one is not None and other is not None else 0 for one, other in pairwise(firsts)]
    if len(steps) >= FEWEST_COUNTS and all(0 < step <= WIDEST_STEP for step in steps) and steps.count(1) * 2 > len(steps):
        for segment in filled:
            segment.counted = True


def _labels_above(segments: Sequence[Segment]) -> set[tuple[str, str]]:
    """The rows without values right above one that has more than its own: labels stand above each other, and then their values."""
    found: set[tuple[str, str]] = set()
    run: list[tuple[str, str]] = []
    for segment in segments:
        if segment.table is None or segment.row is None or segment.row.kind == "header":
            continue
        if not segment.values:
            run.append((segment.table.id, segment.row.code))
            continue
        if len(segment.values) > len(segment.table.columns):
            found.update(run)
        run = []
    return found
