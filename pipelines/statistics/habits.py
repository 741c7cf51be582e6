"""What is usual in the rows of one table: so many cells, blanks behind them, no total at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from giar_crawler.items import Number
from pipelines.decode.document import TableCell
from pipelines.statistics.numbers import read_value

# So many rows of the same width are a habit of their table, not an accident.
USUAL_ROWS = 3


@dataclass(slots=True)
class Habits:
    """How wide the rows of a table are; `width` is how many columns the form has."""

    width: int
    counts: Counter[int] = field(default_factory=Counter)
    filled_behind: bool = False  # some row has something behind the last column of the form
    narrow: list[list[Number]] = field(default_factory=list)  # the numbers of rows with fewer cells than columns

    def add(self, values: Sequence[TableCell]) -> None:
        """Counts a row."""
        count = len(values)
        self.counts[count] += 1
        if count > self.width and any(cell.clean for cell in values[self.width :]):
            self.filled_behind = True
        elif 0 < count < self.width:
            self.narrow.append([read_value(cell.clean).number or 0 for cell in values])

    def usual(self, count: int) -> bool:
        """Whether many rows have so many cells."""
        return self.counts[count] >= USUAL_ROWS and self.counts[count] * 3 >= self.counts.total()

    def lacks_totals(self, width: int) -> bool:
        """Whether the narrower rows are those without their totals: one cell too few, and none that ends with a sum."""
        return all(
            len(numbers) + 1 == width and (not numbers[-1] or numbers[-1] != sum(numbers[:-1]))
            for numbers in self.narrow
            if len(numbers) < width
        )
