"""Several rows of values under one label: parts of what it counts, by organ, level or year, whose sum may stand among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.decode.document import TableCell
from pipelines.statistics.grid import GridRow
from pipelines.statistics.labels import NUMBER, LabelIndex
from pipelines.statistics.numbers import UNIT_WORDS, read_value

if TYPE_CHECKING:
    from pipelines.statistics.matching import Segment

# Rows of several offices in a matrix of one row end in one of this name; the same word is a row of other tables.
TOTALS = frozenset({"合计", "总计"})
SUMS = TOTALS | {"小计", "总数", "合计数", "总计数", "总量", "全部"}


def part_name(segment: Segment) -> TableCell | None:
    """The name that leads the values of a row: of an organ, a kind, a year; `None` where none does, or that of their sum."""
    name = next((cell for cell in segment.values if cell.clean not in UNIT_WORDS), None)
    if name is None or name.clean in SUMS or name.clean.isdecimal() or read_value(name.clean).status != "unreadable":
        return None
    return name


def heads_rows(segment: Segment, segments: Sequence[Segment], index: LabelIndex) -> bool:
    """Whether the label of a segment reaches down over rows of its own table."""
    within = [one for one in segments if one is not segment and any(cell is segment.label for cell in one.grid_row.all)]
    return any(owner is segment.table for one in within for owner, _ in index.said(one.label.clean).rows)


def is_part(segment: Segment, below: Segment) -> bool:
    """Whether the row below, without a label, is another of several under that of a segment: it begins where its name stands."""
    name = part_name(segment) if segment.row else None
    if name is None or (segment.spans_known and below.label.column != name.column):
        return False
    return len(below.values) == sum(cell is not name and cell.clean not in UNIT_WORDS for cell in segment.values)


def below_last(row: GridRow, segments: list[Segment], marks: int, index: LabelIndex) -> list[Segment]:
    """No segment for a row without a label; where its numbers belong to the last label too, that has several rows of values."""
    if segments and marks & NUMBER and _is_of(segments[-1], row, index):
        segments[-1].parted = True
    return []


def _is_of(last: Segment, row: GridRow, index: LabelIndex) -> bool:
    """Whether a label reaches down over a row; or, in flattened text, where none does, whether both rows have the values of a whole one."""
    if last.spans_known:
        return any(cell is last.label for cell in row.all)
    # Blanks pad rows to the width of their table.
    filled = [place for place, cell in enumerate(row.own) if cell.clean]
    values = [cell for cell in last.values if cell.clean not in UNIT_WORDS]
    fewest = min((len(table.columns) for table, _ in index.said(last.label.clean).rows), default=len(values))
    return min(fewest, len(values)) <= filled[-1] - filled[0] + 1 <= len(values) and any(cell.clean for cell in values)


def part_all(segments: Sequence[Segment]) -> None:
    """Takes all rows of a form's table in flattened text for such where most are: one with a single row of values has lost the others."""
    by_table: dict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        if segment.table and segment.row and segment.row.kind == "value" and segment.values:
            by_table[segment.table.id].append(segment)
    for rows in by_table.values():
        if sum(segment.parted for segment in rows) * 2 > len(rows):
            for segment in rows:
                segment.parted = True
