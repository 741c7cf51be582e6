"""The figures of one form as they are gathered from cells: value, unit, certainty, and what is said about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from giar_crawler.items import Figure, Finding
from pipelines.decode.document import TableCell
from pipelines.findings import finding
from pipelines.statistics.cells import Assigned
from pipelines.statistics.forms import Form, FormCell, FormTable, Row
from pipelines.statistics.numbers import ROUNDED, TEN_THOUSAND, UNREADABLE, YUAN, Value, contradicts, convert, in_words, read_value

DOUBTFUL = 0.5
NOT_PLAIN = 0.85


@dataclass(slots=True)  # not frozen: a page has fifty, and freezing makes them three times as slow
class PrintedRow:
    """A row of the form (`None` in a matrix of one row) as a page prints it: its label, how sure the row is, how many rows it is high."""

    table: FormTable
    row: Row | None
    label: str
    confidence: float = 1.0
    height: int | None = None


class Figures:
    """Figures of one form by name, with the findings on their cells; a figure that stands twice is taken from its first place."""

    def __init__(self) -> None:
        self.by_name: dict[str, Figure] = {}
        self.findings: list[Finding] = []
        self.of_table: dict[str, set[str]] = defaultdict(set)  # names of the figures of each table of the form
        self.unread: dict[str, set[str]] = defaultdict(set)  # names of those that stand in rows which fit no columns
        self.repeated = 0
        self.open = False  # some cell is unreadable, or a dash that may be one in Chinese
        # Rows that occur again, with those of their figures that do: whether with another value.
        self._again: dict[tuple[str, str | None], dict[str, bool]] = defaultdict(lambda: defaultdict(bool))

    def add_row(self, printed: PrintedRow, cells: Iterable[Assigned]) -> list[str]:
        """Adds the figures of a row's cells; returns their names."""
        table, row = printed.table, printed.row
        label, confidence, height = printed.label, printed.confidence, printed.height
        code = row.code if row else None
        names = []
        places = table.cells_of[code]
        for column, cell, unit in cells:
            place = places[column.number]
            name = place.name
            names.append(name)
            value = read_value(cell.clean)
            if value.status == "unreadable":
                value = in_words(cell.clean)
            in_unit, wanted = value.unit or unit, place.unit
            if in_unit is not None and value.status == "number" and _is_rounded(in_unit, place):
                value, in_unit = UNREADABLE, unit
            status = value.status
            figure = Figure(
                place.indicator,
                place.column,
                value.number,
                status,
                cell.raw,
                wanted or in_unit,
                "table",
                True,
                confidence,
                label,
                cell.place,
            )
            if status == "number":
                if height is not None and cell.rowspan > height:
                    figure.value, figure.status = None, "unreadable"
                    status = "unreadable"
                elif in_unit is not None or wanted is None or value.doubt:
                    self._set_value(figure, value, in_unit, place)
            elif value.doubt:
                self.open = True
            if status == "unreadable":
                figure.confidence = 0.0
                self.open = True
                self.findings.append(finding("cell_unreadable", [name], raw=cell.raw[:80]))
            earlier = self.by_name.setdefault(name, figure)
            if earlier is not figure:
                if earlier.status == "unreadable" and status != "unreadable":
                    self.by_name[name] = figure
                else:
                    self.repeated += 1
                    self._again[table.id, code][name] |= (earlier.status, earlier.value) != (status, figure.value)
        self.of_table[table.id].update(names)
        return names

    def doubt_merged(self, names: Sequence[str], cells: Sequence[TableCell]) -> None:
        """Doubts the figures of a row whose 0 stands once over several columns."""
        merged = [name for name, cell in zip(names, cells, strict=True) if sum(other is cell for other in cells) > 1]
        zeros = [name for name in merged if self.by_name[name].status == "number"]
        self.doubt(zeros, NOT_PLAIN)
        if zeros:
            self.findings.append(finding("zero_merged", zeros, label=self.by_name[zeros[0]].label or ""))

    def doubt(self, names: Iterable[str], confidence: float) -> None:
        """Lowers the confidence of those of the figures that are there."""
        for figure in (self.by_name[name] for name in names if name in self.by_name):
            figure.confidence = min(figure.confidence, confidence)

    def _set_value(self, figure: Figure, value: Value, printed: str | None, place: FormCell) -> None:
        """Puts the number into the unit of the form; where that names none, amounts are given in the one that its other amounts have."""
        number, wanted = value.number, place.unit
        assert number is not None  # noqa: S101 - for the type checker: the status is `number`
        if value.doubt:
            figure.confidence = min(figure.confidence, NOT_PLAIN)
            self.findings.append(finding(value.doubt, [place.name], raw=figure.raw))
        if printed is None:
            if wanted is None:
                self.findings.append(finding("unit_unknown", [place.name], raw=figure.raw))
            return
        if wanted is None and place.value_type == "money" and printed in YUAN:
            wanted = figure.unit = "万元"
        figure.value = convert(number, printed, wanted)
        if figure.value != number:
            self.findings.append(finding("unit_differs", [place.name], printed=printed, unit=wanted))
        elif value.unit and contradicts(value.unit, wanted):
            figure.confidence = min(figure.confidence, DOUBTFUL)
            self.findings.append(finding("unit_contradicts", [place.name], raw=figure.raw, unit=wanted))

    def leave_unread(self, table: FormTable, row: Row, label: TableCell, cells: list[TableCell]) -> None:
        """Keeps a row whose cells fit no columns as unreadable figures with its raw cells: better than a guess."""
        raw = " | ".join(cell.raw for cell in cells)
        names = []
        for column in table.columns:
            place = table.cells[row.code, column.code]
            figure = Figure(place.indicator, place.column, None, "unreadable", raw, place.unit, "table", confidence=0.0)
            figure.label, figure.locator = label.raw, label.place
            earlier = self.by_name.setdefault(place.name, figure)
            if earlier is figure:
                names.append(place.name)
                self.unread[table.id].add(place.name)
            elif _row_of(earlier.locator) != _row_of(label.place):
                # Read elsewhere, in a table that may be another year's.
                self.repeated += 1
                self._again[table.id, row.code][place.name] = True
        if names:
            self.open = True
            self.findings.append(finding("cells_misaligned", names, label=label.raw[:60], found=len(cells), expected=len(table.columns)))

    def leave_all(self, table: str) -> None:
        """Leaves unread what was read of a table most of whose rows fit no columns: a row that fits may have lost a cell."""
        read = self.of_table.pop(table, set())
        for name, figure in self.by_name.items():
            if name not in read:
                continue
            figure.value, figure.status, figure.confidence = None, "unreadable", 0.0
            self.unread[table].add(name)
            self.findings.append(finding("cell_unreadable", [name], raw=figure.raw[:80]))

    def take_more(self, other: Figures) -> None:
        """Takes in another reading of the same page: of each table the better one, and what only the other one has."""
        for table in dict.fromkeys([*other.of_table, *other.unread]):
            mine, others = self.of_table[table] | self.unread[table], other.of_table[table] | other.unread[table]
            better = _worth(other, others) > _worth(self, mine)
            # A row that is read here, in what columns it has, is not left unread there.
            read = {self.by_name[name].indicator for name in mine if self.by_name[name].status == "number"}
            left = {name for name in other.unread[table] if other.by_name[name].indicator in read}
            taken = {name for name in others - left if name not in mine or (better and other.by_name[name].status != "unreadable")}
            self.by_name |= {name: figure for name, figure in other.by_name.items() if name in taken}
            self.findings = [one for one in self.findings if not one.figures or not taken.issuperset(one.figures)]
            self.findings += [one for one in other.findings if not taken.isdisjoint(one.figures)]
            self.of_table[table] |= taken & other.of_table[table]
            self.unread[table] = (self.unread[table] - taken) | (taken & other.unread[table])
        self.open = self.open or other.open

    def lacks(self, form: Form) -> bool:
        """Whether a figure of the form is not there, or unreadable."""
        return len(self.by_name) < len(form.types) or any(figure.status == "unreadable" for figure in self.by_name.values())

    def is_poor(self, table: FormTable) -> bool:
        """Whether of a table more figures are unreadable than read, or none is read."""
        names = self.of_table[table.id] | self.unread[table.id]
        return not names or (self.open and sum([self.by_name[name].status == "unreadable" for name in names]) * 2 >= len(names))

    def names_again(self) -> list[str]:
        """The names of the figures that stand on the page more than once."""
        return [name for again in self._again.values() for name in again]

    def name_repeats(self) -> None:
        """Doubts each row that occurs again with other values: rows of two years or organs agree in some cells by chance.

        Where most rows that have more than zeros do, the others agree by chance too. Where most figures of a table do, its other rows are
        doubted as well: they may stand in one of the two tables only.
        """
        differing = [names for names in self._again.values() if any(names.values())]
        if not differing:
            return
        alike = [names for names in self._again.values() if not any(names.values())]
        if sum(any(self.by_name[name].value for name in names) for names in alike) < len(differing):
            differing += alike
        for again in differing:
            self._doubt_row(again)
        seen = {name for names in self._again.values() for name in names}
        numbers = [name for name, figure in self.by_name.items() if name not in seen and figure.status == "number"]
        for names in self.of_table.values():
            left = [name for name in numbers if name in names]
            if left and sum(len(names.intersection(again)) for again in differing) * 2 > len(names):
                self._doubt_row(left)

    def _doubt_row(self, names: Collection[str]) -> None:
        self.doubt(names, DOUBTFUL)
        first = self.by_name[next(iter(names))]
        self.findings.append(finding("row_twice", list(names), label=first.label or first.indicator))


def _row_of(place: str | None) -> str:
    """The row that a cell is in."""
    return (place or "").rpartition("/")[0]


def _is_rounded(unit: str | None, place: FormCell) -> bool:
    """Whether a number is one of thousands of things: `3万`, or 3 under 万条."""
    return unit in ROUNDED or (unit == TEN_THOUSAND and place.unit not in YUAN and place.value_type != "money")


def _worth(figures: Figures, names: set[str]) -> tuple[int, float]:
    """How many figures are read, and how sure they are."""
    sure = [figure.confidence for name in names if (figure := figures.by_name[name]).status == "number"]
    return len(sure), sum(sure)
