"""Pages as text extractors leave them: tables as lines, with their spans lost."""

from __future__ import annotations

from collections.abc import Callable

from tests.evaluation.mutation.grid import Sheet, leaf_tables
from tests.evaluation.mutation.markup import content, visual_lines
from tests.evaluation.mutation.pages import HtmlPage, mutation
from tests.evaluation.tally import GONE


def _flatten(page: HtmlPage, how: Callable[[Sheet], list[str]]) -> bool:
    """Writes the page as lines, its tables as `how` has them; not where a number spans rows or stands in a form field: it is lost."""
    every = leaf_tables(page)
    if any(sheet.table.find(".//input") is not None for sheet in every):
        return False
    if any(slot.down > 1 and content(slot.cell).isdigit() for sheet in every for row in sheet.rows for slot in row.own):
        return False
    page.written = "\n".join(visual_lines(page.root, {sheet.table: how(sheet) for sheet in every})) + "\n"
    page.truth.others = GONE
    return True


@mutation("table")
def flattened_row_per_line(page: HtmlPage) -> bool:
    """A row on a line, `|` behind each of its cells: nothing changes."""
    return _flatten(page, lambda sheet: [" | ".join([*(content(slot.cell) for slot in row.own), ""]) for row in sheet.rows])


def _cell_per_line(sheet: Sheet) -> list[str]:
    width = max((sum(slot.across for slot in row.own) for row in sheet.rows), default=0)
    lines = []
    for row in sheet.rows:
        cells = [f"{content(slot.cell)} |" for slot in row.own]
        lines += [*cells[:-1], *(cell + "|" * (width - len(cells)) for cell in cells[-1:])]
    return lines


@mutation("table")
def flattened_cell_per_line(page: HtmlPage) -> bool:
    """A cell on a line, rows padded with `|` to the width of their table: nothing changes."""
    return _flatten(page, _cell_per_line)


@mutation("table")
def flattened_without_marks(page: HtmlPage) -> bool:
    """A cell on a line, no mark between them, and empty cells left out: blanks are gone, the others stay."""
    page.gone(page.blanks())
    return _flatten(page, lambda sheet: [content(slot.cell) for row in sheet.rows for slot in row.own if content(slot.cell)])


def _grid(sheet: Sheet, *, repeats: bool) -> list[str]:
    """The rows of a table with a text for each grid column."""
    rows: list[dict[int, str]] = [{} for _ in sheet.rows]
    for number, row in enumerate(sheet.rows):
        for slot in row.own:
            for down in rows[number : number + slot.down]:
                down.update(dict.fromkeys(range(slot.column, slot.column + slot.across), content(slot.cell) if repeats else ""))
            rows[number][slot.column] = content(slot.cell)
    width = max((max(row, default=0) for row in rows), default=0) + 1
    return [" | ".join(row.get(column, "") for column in range(width)) for row in rows]


@mutation("table")
def flattened_as_a_grid(page: HtmlPage) -> bool:
    """A row on a line, with a place for each column that its spans cover, empty or the merged cell once more: nothing changes."""
    repeats = page.random.random() < 0.5
    return _flatten(page, lambda sheet: _grid(sheet, repeats=repeats))
