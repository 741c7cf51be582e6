"""Matched rows to figures: which cell is which column, what it says, in which unit, and how sure that is."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from giar_crawler.items import Figure, Finding
from pipelines.decode.document import TableCell
from pipelines.findings import finding
from pipelines.statistics.forms import Column, FormTable, Row
from pipelines.statistics.grid import Placed
from pipelines.statistics.headers import Slot, block_columns, permuted, slots
from pipelines.statistics.labels import LabelIndex
from pipelines.statistics.matching import UNIT_WORDS, Matched, Segment, Unlabelled
from pipelines.statistics.numbers import convert, read_value

# The share of figures that come out right, by how their row was found; measured on the golden pages.
CONFIDENCE = {"label": 1.0, "damaged": 0.95, "position": 0.85}
# Without any header the columns rest on their number alone.
HEADERLESS = 0.8
DOUBTFUL = 0.5
# Provinces add a dozen rows at most; what is beyond this is counted, not named.
MOST_UNKNOWN = 30


@dataclass(slots=True)
class Assigned:
    """A value cell with the column of the form that it stands for, and the unit printed outside the cell."""

    column: Column
    cell: TableCell
    confidence: float = 1.0
    unit: str | None = None
    shared: bool = False  # it reaches down into the next row
    short: bool = False  # its row has fewer cells than the others


class TableReader:
    """Reads the figures of one form out of matched rows; `findings` says what was doubtful or left unread."""

    def __init__(self, index: LabelIndex) -> None:
        self.index = index
        self.figures: dict[str, Figure] = {}
        self.findings: list[Finding] = []
        self.repeated = 0
        self._unknown: dict[str, list[str]] = defaultdict(list)  # columns that the form lacks, with their cells
        self._widths: dict[str, Counter[int]] = defaultdict(Counter)  # how many cells the rows of a table have
        self._twice: dict[str, list[str]] = defaultdict(list)  # rows that occur again with other values, with their figures
        self._slots: dict[str, list[Slot]] = {}
        self._by_header: dict[tuple[int, str], list[Slot] | None] = {}

    def read(self, matched: Matched) -> None:
        """Reads all rows; a figure that stands twice is taken from its first place."""
        for segment in matched.segments:
            if segment.table and segment.row and segment.row.kind == "value":
                self._widths[segment.table.id][len(segment.values)] += 1
        for segment in matched.segments:
            self._read_segment(segment)
        for row in matched.unlabelled:
            self._read_unlabelled(row)
        self._name_unknown(matched.unknown)
        self.findings += [finding("column_unknown", label=label, values=" | ".join(cells)[:200]) for label, cells in self._unknown.items()]
        self.findings += [finding("row_twice", names, label=label) for label, names in self._twice.items()]

    def _name_unknown(self, unknown: list[Segment]) -> None:
        """A finding for each row with numbers that no form knows, up to a limit; a page of another matter has hundreds."""
        rows = [(s.label.cell.raw, [p.cell.raw for p in s.values if read_value(p.cell.clean).status == "number"]) for s in unknown]
        rows = [(label, numbers) for label, numbers in rows if numbers]
        for label, numbers in rows[:MOST_UNKNOWN]:
            self.findings.append(finding("row_unknown", label=label[:60], values=" | ".join(numbers)[:120]))
        if len(rows) > MOST_UNKNOWN:
            self.findings.append(finding("rows_unknown", count=len(rows) - MOST_UNKNOWN))

    def _read_segment(self, segment: Segment) -> None:
        table, row = segment.table, segment.row
        assert table is not None  # noqa: S101 - for the type checker: only matched segments come here
        assert row is not None  # noqa: S101
        if row.kind == "header":
            if any(read_value(p.cell.clean).status == "number" for p in segment.values):
                values = " | ".join(p.cell.raw for p in segment.values)
                self.findings.append(finding("row_unknown", label=segment.label.cell.raw, values=values[:120]))
            return
        assigned = self._list_cells(segment, table) if table.layout == "list" else self._matrix_cells(segment, table)
        if assigned is None:
            self._misaligned(segment, table, row)
            return
        for one in assigned:
            one.confidence *= CONFIDENCE[segment.how]
            one.shared = one.cell.rowspan > segment.label.cell.rowspan
        names = [self._add(table, row, one, segment.label.cell.raw) for one in assigned]
        if any(one.short for one in assigned):
            facts = {"label": segment.label.cell.raw[:60], "found": len(segment.values), "expected": len(table.columns)}
            self.findings.append(finding("cells_missing", names, **facts))
        if segment.how != "label" and names:
            code = "label_by_position" if segment.how == "position" else "label_repaired"
            self.findings.append(finding(code, names, label=segment.label.cell.raw, indicator=row.label))

    def _list_cells(self, segment: Segment, table: FormTable) -> list[Assigned] | None:
        """The value cells of a list row.

        Under the value columns of its header: by their order where row and header have as many cells, else by the grid. Without a header,
        or under one of label, unit and values only, what is left of the row behind label and unit.
        """
        header, own = segment.header, segment.grid_row.own
        over = header.rows[-1].own if header else []
        columns = [self._column_of(p.cell.clean, table) for p in over]
        if any(columns):
            if len(over) == len(own):
                places = range(own.index(segment.label) + 1, own.index(segment.label) + 1 + len(segment.values))
                pairs: list[tuple[Column | None, TableCell | None]] = [(columns[place], own[place].cell) for place in places]
            elif segment.spans_known:
                pairs = [(column, self._under(top, segment.values)) for column, top in zip(columns, over, strict=True)]
            else:
                pairs = []
            found: dict[Column, Assigned] = {}
            for column, cell in pairs:
                # In a list of two halves the last row of the left one may have blanks for the right one behind it.
                if column is not None and cell is not None:
                    found.setdefault(column, Assigned(column, cell, unit=segment.unit))
            if found or len(over) > len(table.columns) + 2:
                return list(found.values()) or None
        rest = [p for p in segment.values if p.cell.clean not in UNIT_WORDS]
        if len(rest) == len(table.columns):
            return [Assigned(column, p.cell, unit=segment.unit) for column, p in zip(table.columns, rest, strict=True)]
        return None

    def _column_of(self, label: str, table: FormTable) -> Column | None:
        return next((column for owner, column in self.index.find_columns(label) if owner is table), None)

    @staticmethod
    def _under(top: Placed, values: list[Placed]) -> TableCell | None:
        """The one cell under a header cell; `None` when there is none, or several."""
        below = [p.cell for p in values if p.column < top.end and p.end > top.column]
        return below[0] if len(below) == 1 else None

    def _matrix_cells(self, segment: Segment, table: FormTable) -> list[Assigned] | None:
        """The value cells of a matrix row: in the order of the printed columns where there are as many cells, else by the grid."""
        columns = self._slots_for(segment, table)
        values = segment.values
        certainty = 1.0
        if columns is None:
            columns = [Slot(column, column.label, None) for column in table.columns]
            certainty = HEADERLESS
        if not segment.spans_known:
            # Rows of flattened text are padded with blanks to the width of the table.
            if any(p.cell.clean for p in values[len(columns) :]):
                return None
            values = values[: len(columns)]
        if permuted(columns) and any(slot.placed and slot.placed.column != p.column for slot, p in zip(columns, values, strict=False)):
            return None
        if len(values) == len(columns):
            self._unknown_columns(columns, values)
            return [Assigned(slot.column, p.cell, certainty, slot.unit) for slot, p in zip(columns, values, strict=True) if slot.column]
        found = self._by_grid(columns, values) if len(values) < len(columns) else None
        if found and self._widths[table.id][len(values)] * 3 < self._widths[table.id].total():
            # One row with a cell too few may lack its first as well as its last; where many do, the table is made so.
            for one in found:
                one.confidence, one.short = DOUBTFUL, True
        return found

    def _slots_for(self, segment: Segment, table: FormTable) -> list[Slot] | None:
        header = segment.header
        if header is not None:
            known = (id(header), table.id)
            if known not in self._by_header:
                self._by_header[known] = slots(header, table, self.index)
            if (found := self._by_header[known]) is not None:
                self._slots[table.id] = found
        return self._slots.get(table.id)

    def _by_grid(self, columns: list[Slot], values: list[Placed]) -> list[Assigned] | None:
        """Cells under the header cells of their grid columns; only where the first value stands exactly under the first column.

        One blank cell may span several columns; a number that does is nobody's.
        """
        places = [slot.placed for slot in columns]
        first = places[0]
        if first is None or not values or values[0].column != first.column:
            return None
        found = []
        for slot, place in zip(columns, places, strict=True):
            if place is None:
                return None
            over = [p for p in values if p.column < place.end and p.end > place.column]
            if len(over) != 1:
                if over:
                    return None
                continue
            spanned = sum(1 for other in places if other and over[0].column < other.end and over[0].end > other.column)
            if spanned > 1 and over[0].cell.clean:
                return None
            if slot.column:
                found.append(Assigned(slot.column, over[0].cell, unit=slot.unit))
        return found

    def _unknown_columns(self, columns: list[Slot], values: list[Placed]) -> None:
        for slot, placed in zip(columns, values, strict=True):
            if slot.column is None and read_value(placed.cell.clean).status == "number":
                self._unknown[slot.label].append(placed.cell.raw)

    def _read_unlabelled(self, row: Unlabelled) -> None:
        for table in self.index.form.tables:
            if table.layout != "single_row_matrix":
                continue
            pairs = block_columns(row.header, table)
            if pairs is None:
                continue
            values = row.values
            if len(values) == len(pairs) + 1 and read_value(values[0].cell.clean).status == "unreadable":
                values = values[1:]
            if len(values) != len(pairs):
                label = " ".join(text for _, text in pairs[:3])
                self.findings.append(finding("cells_misaligned", label=label, found=len(values), expected=len(pairs)))
                return
            for (column, printed), placed in zip(pairs, values, strict=True):
                self._add(table, None, Assigned(column, placed.cell), printed)
            return

    def _misaligned(self, segment: Segment, table: FormTable, row: Row) -> None:
        """Keeps the row as unreadable figures with its raw cells: better than a guess."""
        if not any(p.cell.clean for p in segment.values):
            return
        names = []
        raw = " | ".join(p.cell.raw for p in segment.values)
        for column in table.columns:
            indicator, code = table.figure(row, column)
            figure = Figure(indicator, code, None, "unreadable", raw, table.unit_of(row, column), "table", confidence=0.0)
            figure.label, figure.locator = segment.label.cell.raw, segment.label.cell.place
            self.figures.setdefault(figure.name, figure)
            names.append(figure.name)
        facts = {"label": segment.label.cell.raw[:60], "found": len(segment.values), "expected": len(table.columns)}
        self.findings.append(finding("cells_misaligned", names, **facts))

    def _add(self, table: FormTable, row: Row | None, one: Assigned, label: str) -> str:
        """Adds the figure of a cell; returns its name."""
        column, cell = one.column, one.cell
        indicator, code = table.figure(row, column)
        value = read_value(cell.clean)
        unit, number, printed = table.unit_of(row, column), value.number, value.unit or one.unit
        figure = Figure(indicator, code, None, value.status, cell.raw, unit or printed, "table")
        figure.confidence, figure.label, figure.locator = one.confidence, label, cell.place
        if value.status == "number" and number is not None:
            figure.value = convert(number, printed, unit)
            if figure.value != number:
                self.findings.append(finding("unit_differs", [figure.name], printed=printed, unit=unit))
            elif figure.unit is None:
                self.findings.append(finding("unit_unknown", [figure.name], raw=cell.raw))
        if one.shared and value.status == "number":
            # One number for two rows is neither's.
            figure.status, figure.value = "unreadable", None
        if figure.status == "unreadable":
            figure.confidence = 0.0
            self.findings.append(finding("cell_unreadable", [figure.name], raw=cell.raw[:80]))
        name = figure.name
        earlier = self.figures.setdefault(name, figure)
        if earlier is not figure:
            self._repeat(earlier, figure)
        return name

    def _repeat(self, earlier: Figure, figure: Figure) -> None:
        self.repeated += 1
        if (earlier.status, earlier.value) != (figure.status, figure.value):
            earlier.confidence = min(earlier.confidence, DOUBTFUL)
            self._twice[figure.label or figure.indicator].append(figure.name)
