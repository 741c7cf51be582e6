"""Rows that do not fit their header: which cell stands for which column is decided by the identities of the form, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import comb

from giar_crawler.items import Figure, Number
from pipelines.decode.document import TableCell
from pipelines.statistics.forms import Column, Form, FormTable, Relation, Row
from pipelines.statistics.numbers import read_value

# So many ways to lay the cells of one row under its columns are tried, and so many rows together; what needs more is left unread.
MOST_WAYS = 400
MOST_TRIALS = 2_000

Way = dict[str, TableCell]


@dataclass(slots=True, frozen=True)
class OpenRow:
    """A row of a matrix whose cells are more or fewer than the columns over them; `row` is `None` in a matrix of one row."""

    table: FormTable
    row: Row | None
    columns: tuple[Column | None, ...]
    cells: tuple[TableCell, ...]

    @property
    def is_plain(self) -> bool:
        """Whether its cells can stand in one way only, which needs no test."""
        return False

    def name(self, column: Column) -> str:
        """The figure of one of its columns."""
        return self.table.cells[self.row.code if self.row else None, column.code].name

    def ways(self) -> Iterator[Way]:
        """Every way to lay the cells under the columns in their order: with columns left empty, or with cells left over."""
        wide, many = len(self.columns), len(self.cells)
        fewer = min(wide, many)
        if comb(max(wide, many), fewer) > MOST_WAYS:
            return
        for chosen in combinations(range(max(wide, many)), fewer):
            columns = [self.columns[place] for place in chosen] if many < wide else self.columns
            cells = self.cells if many < wide else [self.cells[place] for place in chosen]
            if all(read_value(cell.clean).status != "unreadable" for cell in cells):
                yield {self.name(column): cell for column, cell in zip(columns, cells, strict=True) if column}


@dataclass(slots=True)
class _Group:
    """Ways of one row that differ only in where zeros and blanks stand: the sums cannot tell them apart.

    `adds` is what they add to each equation, `None` where they leave its total out.
    """

    ways: list[Way]
    adds: dict[int, Number | None]


@dataclass(slots=True)
class _Equation:
    """A relation as one sum that must come to zero: what is known of it, and the open figures with their signs."""

    known: Number
    open: dict[str, int]
    totals: frozenset[str]  # open figures on its left side
    rows: frozenset[int]  # the open rows in it
    across: bool  # whether it is between several rows of the page

    @property
    def sign(self) -> int:
        """The sign that all its open figures have; 0 where they differ."""
        signs = set(self.open.values())
        return signs.pop() if len(signs) == 1 else 0


class _Search:
    """All ways to lay out all open rows that keep the identities; depth first, the rows with the fewest ways first."""

    def __init__(self, form: Form, figures: Mapping[str, Figure], rows: list[OpenRow]) -> None:
        self.rows = rows
        self.open = {row.name(column): number for number, row in enumerate(rows) for column in row.columns if column}
        known = {name: figure.value or 0 for name, figure in figures.items() if figure.status != "unreadable"}
        self.equations = [one for relation in form.identities if (one := self._equation(relation, known))]
        self.groups = {number: self._groups(number) for number in range(len(rows))}
        self.trials = 0

    def _equation(self, relation: Relation, known: Mapping[str, Number]) -> _Equation | None:
        """The relation as an equation; `None` where it has no open figure, or one that is nowhere on the page."""
        signed = [(1, operand) for operand in relation.left] + [(-1, operand) for operand in relation.right]
        unknown = {operand.figure: side * operand.sign for side, operand in signed if operand.figure in self.open}
        given = [(side * operand.sign, operand.figure) for side, operand in signed if operand.figure not in self.open]
        if not unknown or not all(name in known for _, name in given):
            return None
        totals = frozenset(operand.figure for operand in relation.left if operand.figure in self.open)
        rows = frozenset(self.open[name] for name in unknown)
        return _Equation(sum([sign * known[name] for sign, name in given]), unknown, totals, rows, bool(given) or len(rows) > 1)

    def _groups(self, number: int) -> list[_Group]:
        """The ways of a row that keep the equations within it, those together that add the same everywhere."""
        groups: dict[object, list[Way]] = defaultdict(list)
        touched = {place: equation for place, equation in enumerate(self.equations) if number in equation.rows}
        totals = {name for equation in touched.values() for name in equation.totals if self.open[name] == number}
        for way in self.rows[number].ways():
            numbers = frozenset((name, value) for name, cell in way.items() if (value := read_value(cell.clean).number))
            groups[numbers, frozenset(totals - way.keys())].append(way)
        found = []
        for ways in groups.values():
            adds = {place: self._adds(equation, number, ways[0]) for place, equation in touched.items()}
            alone = [place for place, equation in touched.items() if equation.rows == {number}]
            if all(adds[place] is None or adds[place] == -self.equations[place].known for place in alone):
                found.append(_Group(ways, adds))
        return found

    def _adds(self, equation: _Equation, number: int, way: Way) -> Number | None:
        """What a way adds to an equation: a part without a cell counts for nothing, a total without one says nothing."""
        own = [name for name in equation.open if self.open[name] == number]
        if any(name in equation.totals and name not in way for name in own):
            return None
        return sum([equation.open[name] * (read_value(way[name].clean).number or 0) for name in own if name in way])

    def supported(self) -> dict[int, list[Way]]:
        """For each row the ways that are part of some solution; empty when there is none, or more would have to be tried."""
        rows = {number: groups for number, groups in self.groups.items() if groups}
        sums: dict[int, Number | None] = {place: one.known for place, one in enumerate(self.equations) if one.rows <= rows.keys()}
        found: dict[int, list[_Group]] = {number: [] for number in rows}
        for number, groups in rows.items():
            for group in groups:
                if any(group is one for one in found[number]):
                    continue
                after = self._after(group, sums)
                solution = self._descend({row: others for row, others in rows.items() if row != number}, {number: group}, after)
                for row, one in (solution or {}).items():
                    if not any(one is other for other in found[row]):
                        found[row].append(one)
                if self.trials > MOST_TRIALS:
                    return {}
        return {number: [way for group in groups for way in group.ways] for number, groups in found.items()}

    def _descend(
        self, left: dict[int, list[_Group]], chosen: dict[int, _Group], sums: dict[int, Number | None]
    ) -> dict[int, _Group] | None:
        """The first solution with the groups that are chosen; `None` when there is none."""
        self.trials += 1
        left = {row: [one for one in groups if self._fits(one, sums)] for row, groups in left.items()}
        if self.trials > MOST_TRIALS or not all(left.values()) or not self._can_balance(left, sums):
            return None
        if not left:
            return chosen
        number = min(left, key=lambda row: len(left[row]))
        rest = {row: groups for row, groups in left.items() if row != number}
        for group in left[number]:
            solution = self._descend(rest, {**chosen, number: group}, self._after(group, sums))
            if solution is not None:
                return solution
        return None

    @staticmethod
    def _after(group: _Group, sums: dict[int, Number | None]) -> dict[int, Number | None]:
        """The sums with those of a group added; `None` for an equation whose total it leaves out."""
        after = dict(sums)
        for place, adds in group.adds.items():
            if (before := after.get(place)) is not None:
                after[place] = None if adds is None else before + adds
        return after

    def _fits(self, group: _Group, sums: dict[int, Number | None]) -> bool:
        """Whether no equation of one sign would have too much with a group."""
        for place, adds in group.adds.items():
            before = sums.get(place)
            if adds and before is not None and (before + adds) * self.equations[place].sign > 0:
                return False
        return True

    def _can_balance(self, left: dict[int, list[_Group]], sums: dict[int, Number | None]) -> bool:
        """Whether the rows left can still bring every equation to zero."""
        for place, total in sums.items():
            equation = self.equations[place]
            rows = [left[row] for row in equation.rows if row in left]
            if total is None or (rows and not equation.sign):
                continue
            most = sum([max([(group.adds[place] or 0) * equation.sign for group in groups]) for groups in rows])
            if total * equation.sign > 0 or (total * equation.sign + most < 0 if rows else total):
                return False
        return True

    def tested(self) -> set[str]:
        """The figures that some equation tests that was kept: one between several rows, unless the table has one row only."""
        laid = {number for number, groups in self.groups.items() if groups}
        alone = {number for number, row in enumerate(self.rows) if row.row is None}
        kept = [one for one in self.equations if one.rows <= laid and (one.across or one.rows <= alone)]
        return {name for equation in kept for name in equation.open}


def solve(form: Form, figures: Mapping[str, Figure], rows: list[OpenRow]) -> list[dict[str, TableCell | None]]:
    """For each open row, by figure, the cells whose column every solution agrees on, `None` where all leave the column empty.

    Empty where the identities cannot decide. A cell is placed only where an equation with other rows tests it: the sum of a row is the same
    wherever its zeros stand.
    """
    search = _Search(form, figures, rows)
    supported = search.supported()
    tested = search.tested()
    agreed: list[dict[str, TableCell | None]] = []
    for number, row in enumerate(rows):
        ways = supported.get(number, [])
        names = [name for column in row.columns if column and ((name := row.name(column)) in tested or row.is_plain)] if ways else []
        agreed.append({name: ways[0].get(name) for name in names if all(way.get(name) is ways[0].get(name) for way in ways)})
    return agreed
