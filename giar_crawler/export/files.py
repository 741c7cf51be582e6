"""Files that appear whole or not at all: CSV for spreadsheets, JSON Lines for programs."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from giar_crawler.export.rows import Row

# A spreadsheet runs a cell that begins with one of these.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
# It does not run a number, signed ones too, nor the dashes that stand in empty cells.
_HARMLESS = re.compile(r"[+-]?(\d[\d,]*(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?|[-－]+")


def write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[Row]) -> int:
    """The number of rows written: UTF-8 with BOM, lines end in CR LF; text that a spreadsheet would run gets an apostrophe before it."""
    count = 0
    with _side_file(path, "utf-8-sig") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\r\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: defused(value) for name, value in row.items()})
            count += 1
    return count


def write_jsonl(path: Path, objects: Iterable[Row]) -> int:
    """The number of lines written: one object each, UTF-8."""
    count = 0
    with _side_file(path, "utf-8") as out:
        for item in objects:
            out.write(json.dumps(item, ensure_ascii=False) + "\n")
            count += 1
    return count


def defused(value: object) -> object:
    """The cell as a spreadsheet may see it. Booleans are `true` and `false`, nothing is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and _FORMULA.match(value) and not _HARMLESS.fullmatch(value):
        return "'" + value
    return value


@contextmanager
def _side_file(path: Path, encoding: str) -> Iterator[TextIO]:
    """A file beside `path` that takes its name when all is written, and goes away when it is not."""
    side = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with side.open("w", encoding=encoding, newline="") as out:
            yield out
        side.replace(path)
    finally:
        side.unlink(missing_ok=True)
