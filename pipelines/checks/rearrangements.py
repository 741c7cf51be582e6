"""Ways in which a reading can have the right numbers in the wrong cells: what would have to be moved to set it right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipelines.statistics.forms import FormTable

# For each cell the cell whose number belongs there; `None`: the reading has lost that number.
Moves = dict[str, str | None]
Grid = list[list[str]]


@dataclass(frozen=True, slots=True)
class Rearrangement:
    """What would undo a fault of the reading, and whether it concerns neighbours, as such faults mostly do."""

    moves: Moves
    near: bool = True


def grid_of(table: FormTable) -> Grid:
    """The names of a table's figures, row by row."""
    columns = len(table.columns)
    names = [cell.name for cell in table.cells.values()]
    return [names[start : start + columns] for start in range(0, len(names), columns)]


def _shifted(line: Sequence[str], at: int, *, gap: bool) -> Moves:
    """A line of cells with a gap put in at a place, or with the cell there taken out; all behind it move by one."""
    sources: list[str | None] = [*line[:at], None, *line[at:-1]] if gap else [*line[:at], *line[at + 1 :], None]
    return {cell: source for cell, source in zip(line, sources, strict=True) if cell != source}


def _row_shifts(grid: Grid) -> Iterator[Rearrangement]:
    """One row, or all rows alike, from some column on by one column."""
    for at in range(len(grid[0])):
        for gap in (True, False):
            ways = [_shifted(row, at, gap=gap) for row in grid]
            yield from map(Rearrangement, ways)
            if len(ways) > 1:
                yield _together(ways)


def _label_shifts(grid: Grid) -> Iterator[Rearrangement]:
    """The numbers of neighbouring rows by one row up or down, under labels that stay."""
    for first, last in combinations(range(len(grid)), 2):
        lines = [[row[column] for row in grid[first : last + 1]] for column in range(len(grid[0]))]
        for gap in (True, False):
            ways = [_shifted(line, 0, gap=gap) for line in lines]
            yield _together(ways)


def _exchanges(lines: Sequence[Sequence[str]]) -> Iterator[Rearrangement]:
    for (place, one), (other_place, other) in combinations(enumerate(lines), 2):
        yield Rearrangement(dict(zip([*one, *other], [*other, *one], strict=True)), near=other_place - place == 1)


def _together(ways: Iterable[Moves]) -> Rearrangement:
    return Rearrangement({cell: source for way in ways for cell, source in way.items()})


def rearrangements(table: FormTable) -> Iterator[Rearrangement]:
    """Rows shifted by a column, two columns or two rows exchanged, numbers shifted by a row; each as what would undo it."""
    grid = grid_of(table)
    if len(grid[0]) > 1:
        yield from _row_shifts(grid)
        yield from _exchanges([list(column) for column in zip(*grid, strict=True)])
    if len(grid) > 1:
        yield from _exchanges(grid)
        yield from _label_shifts(grid)
