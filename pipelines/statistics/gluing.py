"""Rows whose cells lost what was between them (`4110118` for seven columns): every way to cut the digits, for the identities to decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import comb

from pipelines.decode.document import TableCell
from pipelines.statistics.forms import Relation
from pipelines.statistics.solving import OpenRow, Way

# So many ways to cut the digits of one row are tried; what has more is left unread.
MOST_CUTS = 9_000
# So many rows of one table, none of them with anything between its digits, show that its cells are glued.
FEWEST_ROWS = 3


def _is_glued(row: OpenRow) -> bool:
    """Whether a row may be the digits of all its cells."""
    if len(row.cells) != 1 or len(row.columns) < 2:
        return False
    digits = row.cells[0].clean
    return digits.isascii() and digits.isdigit() and len(digits) >= len(row.columns)


def glued_tables(rows: Sequence[OpenRow]) -> bool:
    """Whether the cells of a page are glued: of some table all rows may be, and enough of them."""
    by_table: dict[str, list[bool]] = {}
    for row in rows:
        if row.row is not None:
            by_table.setdefault(row.table.id, []).append(_is_glued(row))
    return any(len(found) >= FEWEST_ROWS and all(found) for found in by_table.values())


@dataclass(slots=True, frozen=True)
class GluedRow(OpenRow):
    """A row whose one cell holds the digits of all its cells. `relations` are those of the form."""

    relations: Sequence[Relation]

    @property
    def is_plain(self) -> bool:
        """Whether its digits can be cut in one way only."""
        return len(list(islice(_cuts(self.cells[0].clean, len(self.columns)), 2))) == 1

    def ways(self) -> Iterator[Way]:
        """Every way to cut the digits that keeps the relations within the row."""
        digits, place = self.cells[0].clean, self.cells[0].place
        places = {self.name(column): number for number, column in enumerate(self.columns) if column}
        equations = [
            [(side * operand.sign, places[operand.figure]) for side, half in ((1, one.left), (-1, one.right)) for operand in half]
            for one in self.relations
            if all(operand.figure in places for operand in one.operands)
        ]
        # One cell per number, that ways may be compared by their cells.
        cells: dict[str, TableCell] = {}
        for cut in _cuts(digits, len(self.columns)):
            numbers = [int(part) for part in cut]
            if not any(sum([sign * numbers[number] for sign, number in equation]) for equation in equations):
                parts = [cells.setdefault(part, TableCell(part, part, place=place)) for part in cut]
                yield {name: parts[number] for name, number in places.items()}


def _cuts(digits: str, wide: int) -> Iterator[tuple[str, ...]]:
    """Every way to cut digits into so many numbers, none of which begins with a zero that says nothing."""
    if wide == 1:
        if digits == "0" or digits[0] != "0":
            yield (digits,)
        return
    longest = 1 if digits[0] == "0" else len(digits) - wide + 1
    for stop in range(1, longest + 1):
        for rest in _cuts(digits[stop:], wide - 1):
            yield (digits[:stop], *rest)


def unglued(row: OpenRow, relations: Sequence[Relation]) -> OpenRow:
    """A row of a page whose cells are glued, to be cut; as it is where it is none, or has too many digits."""
    if not _is_glued(row) or comb(len(row.cells[0].clean) - 1, len(row.columns) - 1) > MOST_CUTS:
        return row
    return GluedRow(row.table, row.row, row.columns, row.cells, relations)
