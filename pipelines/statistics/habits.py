"""What is usual in the rows of one table: so many cells, blanks behind them, no total at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from pipelines.decode.document import TableCell
from pipelines.statistics.numbers import read_value

# So many rows of the same width are a habit of their table, not an accident.
USUAL_ROWS = 3
# Made for each table of a form, and many times as fast as a `Counter`.
_COUNTER = partial(defaultdict[int, int], int)


@dataclass(slots=True)
class Habits:
    """How wide the rows of a table are; `width` is how many columns the form has."""

    width: int
    rows: int = 0
    counts: dict[int, int] = field(default_factory=_COUNTER)  # of the rows by their number of cells
    filled_behind: bool = False  # some row has something behind the last column of the form
    narrow: set[int] = field(default_factory=set)  # how many cells rows with fewer than the columns have
    blank_before: dict[int, int] = field(default_factory=_COUNTER)  # how many wider rows have nothing in the cells before their last ones
    with_sums: set[int] = field(default_factory=set)  # and those of them that end with the sum of the others
    ended: dict[int, int] = field(default_factory=_COUNTER)  # rows that end in blanks: whether with the sum of the others before these

    def add(self, values: Sequence[TableCell]) -> None:
        """Counts a row."""
        count = len(values)
        if count and not values[-1].clean:
            self._add_ended(values)
        self.rows += 1
        self.counts[count] += 1
        if count > self.width:
            if values[-1].clean and not any(cell.clean for cell in values[: count - self.width]):
                self.blank_before[count] += 1
            if any(cell.clean for cell in values[self.width :]):
                self.filled_behind = True
        elif 0 < count < self.width:
            self.narrow.add(count)
            *parts, last = (read_value(cell.clean).number or 0 for cell in values)
            if last and last == sum(parts):
                self.with_sums.add(count)

    def _add_ended(self, values: Sequence[TableCell]) -> None:
        *parts, last = [number for cell in values if (number := read_value(cell.clean).number) is not None] or [0]
        if last and parts and len(parts) + 1 < self.width:
            self.ended[last == sum(parts)] += 1

    @property
    def moved_left(self) -> bool:
        """Whether rows that end in blanks have their total before these: cells are lost, and any may stand under another column."""
        return self.ended[True] >= USUAL_ROWS and not self.ended[False]

    def usual(self, count: int) -> bool:
        """Whether many rows have so many cells."""
        return self.counts[count] >= USUAL_ROWS and self.counts[count] * 3 >= self.rows

    @property
    def led_by_blanks(self) -> bool:
        """Whether most rows have a column more than the form, between label and values, in which nothing stands."""
        blank = sum(self.blank_before.values())
        return blank >= USUAL_ROWS and blank * 2 > self.rows

    def lacks_totals(self, width: int) -> bool:
        """Whether the narrower rows are those without their totals: one cell too few, and none that ends with a sum."""
        return all(count + 1 == width and count not in self.with_sums for count in self.narrow if count < width)
