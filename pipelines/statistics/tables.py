"""Matched rows to figures: which cell is which column, what it says, in which unit, and how sure that is."""

from __future__ import annotations

from collections import Counter, defaultdict

from giar_crawler.items import Figure, Finding
from pipelines.findings import finding
from pipelines.statistics.cells import Assigned, list_cells, matrix_cells
from pipelines.statistics.forms import FormTable, Row
from pipelines.statistics.headers import Slot, block_columns, groups, slots
from pipelines.statistics.labels import LabelIndex, key
from pipelines.statistics.matching import Matched, Segment, Unlabelled
from pipelines.statistics.numbers import YUAN, contradicts, convert, read_value

# The share of figures that come out right, by how their row was found; measured on the golden pages.
CONFIDENCE = {"label": 1.0, "damaged": 0.95, "position": 0.85}
# Without any header the columns rest on their number alone.
HEADERLESS = 0.8
# One or two numbers behind a word may be of any table.
FEWEST_HEADERLESS = 3
# So many rows of the same width are a habit of their table, not an accident.
USUAL_ROWS = 3
DOUBTFUL = 0.5
# Provinces add a dozen rows at most; what is beyond this is counted, not named.
MOST_UNKNOWN = 30


class TableReader:
    """Reads the figures of one form out of matched rows; `findings` says what was doubtful or left unread."""

    def __init__(self, index: LabelIndex, report_year: int | None = None) -> None:
        self.index = index
        self.report_year = report_year
        self.figures: dict[str, Figure] = {}
        self.findings: list[Finding] = []
        self.repeated = 0
        self._unknown: dict[str, list[str]] = defaultdict(list)  # columns that the form lacks, with their cells
        self._tables: set[str] = set()  # tables that at least one figure was read of
        self._headerless: set[str] = set()  # tables whose columns were taken in the order of the form
        self._widths: dict[str, Counter[int]] = defaultdict(Counter)  # how many cells the rows of a table have
        self._twice: dict[str, list[str]] = defaultdict(list)  # rows that occur again with other values, with their figures
        self._slots: dict[str, list[Slot]] = {}
        self._by_header: dict[tuple[int, str], list[Slot] | None] = {}

    def read(self, matched: Matched) -> None:
        """Reads all rows; a figure that stands twice is taken from its first place."""
        for segment in matched.segments:
            if segment.table and segment.row and segment.row.kind == "value":
                self._widths[segment.table.id][len(segment.values)] += 1
        # A table of something else may have rows of the same names (行政许可): what stands under a header of the form comes first.
        for segment in sorted(matched.segments, key=self._lacks_header):
            self._read_segment(segment)
        # An empty row between header and values is none; where it is all there is, the figures are blank.
        for row in sorted(matched.unlabelled, key=lambda row: not any(placed.cell.clean for placed in row.values)):
            self._read_unlabelled(row)
        self._name_unknown(matched.unknown)
        self.findings += [finding("column_unknown", label=label, values=" | ".join(cells)[:200]) for label, cells in self._unknown.items()]
        for table in sorted(self._headerless):
            names = [name for name in self.figures if name.startswith(f"{table}.")]
            self.findings.append(finding("header_missing", names, table=table))
        self.findings += [finding("row_twice", names, label=label) for label, names in self._twice.items()]

    def name_unread(self, labels: set[str]) -> None:
        """A finding for each table whose labels are on the page while none of its figures was read."""
        seen = {key(label) for label in labels}
        for table in self.index.form.tables:
            own = groups(table) | {key(row.label) for row in table.rows} | {key(column.label) for column in table.columns}
            if table.id not in self._tables and len(own & seen) * 2 > len(own):
                self.findings.append(finding("table_unread", table=table.id))

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
        assigned = self._cells(segment, table)
        if assigned is None:
            self._misaligned(segment, table, row)
            return
        for one in assigned:
            one.confidence *= CONFIDENCE[segment.how]
            one.shared = one.cell.rowspan > segment.label.cell.rowspan
        names = [self._add(table, row, one, segment.label.cell.raw) for one in assigned]
        if segment.how != "label" and names:
            code = "label_by_position" if segment.how == "position" else "label_repaired"
            self.findings.append(finding(code, names, label=segment.label.cell.raw, indicator=row.label))

    def _lacks_header(self, segment: Segment) -> bool:
        table = segment.table
        return table is not None and table.layout == "matrix" and self._slots_for(segment, table) is None

    def _cells(self, segment: Segment, table: FormTable) -> list[Assigned] | None:
        """The value cells of a row with their columns; `None` when the row does not fit its header."""
        widths = self._widths[table.id]
        alike = widths[len(segment.values)]
        usual = alike >= USUAL_ROWS and alike * 3 >= widths.total()
        if table.layout == "list":
            return list_cells(segment, table, self.index, self.report_year, usual=usual)
        columns, certainty = self._slots_for(segment, table), 1.0
        if columns is None:
            if len(table.columns) < FEWEST_HEADERLESS or table.id in self._tables:
                return []
            columns, certainty = [Slot(column, column.label, None) for column in table.columns], HEADERLESS
        pairs = matrix_cells(segment, columns, usual=usual)
        if pairs is None:
            return None
        if certainty == HEADERLESS and pairs:
            self._headerless.add(table.id)
        for slot, cell in pairs:
            if slot.column is None and read_value(cell.clean).status == "number":
                self._unknown[slot.label].append(cell.raw)
        return [Assigned(slot.column, cell, certainty, slot.unit) for slot, cell in pairs if slot.column]

    def _slots_for(self, segment: Segment, table: FormTable) -> list[Slot] | None:
        header = segment.header
        if header is not None:
            known = (id(header), table.id)
            if known not in self._by_header:
                self._by_header[known] = slots(header, table, self.index)
            if (found := self._by_header[known]) is not None:
                self._slots[table.id] = found
        return self._slots.get(table.id)

    def _read_unlabelled(self, row: Unlabelled) -> None:
        for table in self.index.form.tables:
            if table.layout != "single_row_matrix" or (table.id in self._tables and not any(p.cell.clean for p in row.values)):
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
            place = table.cells[row.code, column.code]
            figure = Figure(place.indicator, place.column, None, "unreadable", raw, place.unit, "table", confidence=0.0)
            figure.label, figure.locator = segment.label.cell.raw, segment.label.cell.place
            self.figures.setdefault(place.name, figure)
            names.append(place.name)
        facts = {"label": segment.label.cell.raw[:60], "found": len(segment.values), "expected": len(table.columns)}
        self.findings.append(finding("cells_misaligned", names, **facts))

    def _add(self, table: FormTable, row: Row | None, one: Assigned, label: str) -> str:
        """Adds the figure of a cell; returns its name."""
        cell, place = one.cell, table.cells[row.code if row else None, one.column.code]
        self._tables.add(table.id)
        value, name, unit = read_value(cell.clean), place.name, place.unit
        number, printed = value.number, value.unit or one.unit
        figure = Figure(
            place.indicator, place.column, None, value.status, cell.raw, unit or printed, "table", True, one.confidence, label, cell.place
        )
        if unit is None and printed in YUAN and place.value_type == "money":
            # Where the form names no unit, amounts are given in the one that its other amounts have.
            unit = figure.unit = "万元"
        if value.status == "number" and number is not None:
            figure.value = convert(number, printed, unit)
            if figure.value != number:
                self.findings.append(finding("unit_differs", [name], printed=printed, unit=unit))
            elif contradicts(value.unit, unit):
                figure.confidence = min(figure.confidence, DOUBTFUL)
                self.findings.append(finding("unit_contradicts", [name], raw=cell.raw, unit=unit))
            elif figure.unit is None:
                self.findings.append(finding("unit_unknown", [name], raw=cell.raw))
        if one.shared and value.status == "number":
            # One number for two rows is neither's.
            figure.status, figure.value = "unreadable", None
        if figure.status == "unreadable":
            figure.confidence = 0.0
            self.findings.append(finding("cell_unreadable", [name], raw=cell.raw[:80]))
        earlier = self.figures.setdefault(name, figure)
        if earlier.status == "unreadable" and figure.status != "unreadable":
            self.figures[name] = figure
        elif earlier is not figure:
            self._repeat(name, earlier, figure)
        return name

    def _repeat(self, name: str, earlier: Figure, figure: Figure) -> None:
        self.repeated += 1
        if (earlier.status, earlier.value) != (figure.status, figure.value):
            earlier.confidence = min(earlier.confidence, DOUBTFUL)
            self._twice[figure.label or figure.indicator].append(name)
