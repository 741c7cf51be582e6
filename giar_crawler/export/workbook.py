"""Workbooks: frozen headings, filters, real dates; a table that is longer than a sheet goes on in the next one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from giar_crawler.export.codebook import SHEET, sheet_rows
from giar_crawler.export.columns import Column, Gap, Table
from giar_crawler.export.extras import need
from giar_crawler.export.files import Row, beside

# What a sheet and a cell can hold.
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
CUT = "…[cut]"
_WIDTHS = {"text": 20, "integer": 10, "number": 12, "key": 16, "boolean": 10, "date": 12, "instant": 22}
# Two exports of one database are the same bytes, so a workbook does not say when it was made.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zones


def write_xlsx(path: Path, table: Table, rows: Iterable[Row]) -> int:
    """The number of rows written. A second sheet says what the columns are, a third one has the codebook where there are indicators."""
    sheets: list[tuple[Table, Iterable[Row]]] = [(table, rows), (COLUMNS, column_rows(table))]
    if table.name in ("figures", "panel"):
        sheets.append((SHEET, sheet_rows()))
    return write_sheets(path, sheets)[0]


def write_sheets(path: Path, tables: Iterable[tuple[Table, Iterable[Row]]]) -> list[int]:
    """The numbers of rows written of each table, which are sheets of one workbook."""
    xlsxwriter = need("xlsxwriter")
    counts: list[int] = []
    # Rows go to a file on the disk as they come.
    with beside(path) as side, xlsxwriter.Workbook(str(side), {"constant_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        formats = {"head": book.add_format({"bold": True, "bottom": 1}), "date": book.add_format({"num_format": "yyyy-mm-dd"})}
        counts.extend(_write_table(book, formats, table, iter(rows)) for table, rows in tables)
    return counts


COLUMNS = Table(
    "columns",
    (
        Column("column", "text", "列名", "name of the column"),
        Column("type", "text", "类型", "type of its values"),
        Column("zh", "text", "含义", "meaning in Chinese"),
        Column("en", "text", "含义(英文)", "meaning in English"),
    ),
)


def column_rows(table: Table) -> list[Row]:
    """What the columns of a table are, as rows."""
    return [{"column": column.name, "type": column.type, "zh": column.zh, "en": column.en} for column in table.columns]


def _write_table(book: Any, formats: dict[str, Any], table: Table, rows: Iterator[Row]) -> int:  # noqa: ANN401 - xlsxwriter has no types
    count = number = 0
    row = next(rows, None)
    # The first sheet is there also for a table without rows.
    while row is not None or number == 0:
        number += 1
        sheet = book.add_worksheet(table.name if number == 1 else f"{table.name} {number}")
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, _WIDTHS[column.type])
            sheet.write_string(0, place, column.name, formats["head"])
        height = 0
        while row is not None and height < SHEET_ROWS - 1:
            height += 1
            for place, column in enumerate(table.columns):
                _write_cell(sheet, height, place, column, row[column.name], formats["date"])
            row = next(rows, None)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, height, len(table.columns) - 1)
        count += height
    return count


def _write_cell(sheet: Any, row: int, place: int, column: Column, value: Any, day: Any) -> None:  # noqa: ANN401, PLR0913, PLR0917
    if value is None or value == "" or isinstance(value, Gap):
        return
    if column.type in ("integer", "number", "key"):
        sheet.write_number(row, place, value)
    elif column.type == "boolean":
        sheet.write_boolean(row, place, value)
    elif column.type == "date":
        sheet.write_datetime(row, place, date.fromisoformat(value), day)
    else:
        # Always as text: no cell is run as a formula or made a link.
        sheet.write_string(row, place, value if len(value) <= CELL_CHARACTERS else value[: CELL_CHARACTERS - len(CUT)] + CUT)
