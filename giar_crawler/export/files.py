"""Files that appear whole or not at all: CSV for spreadsheets, JSON Lines for programs."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from giar_crawler.export.columns import Gap, Table

Row = dict[str, Any]

# A spreadsheet runs a cell that begins with one of these.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
# It does not run a number, signed ones too, nor the dashes that stand in empty cells.
_HARMLESS = re.compile(r"[+-]?(\d[\d,]*(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?|[-－]+")


def write_csv(path: Path, table: Table, rows: Iterable[Row]) -> int:
    """The number of rows written: UTF-8 with BOM, lines end in CR LF; text that a spreadsheet would run gets an apostrophe before it."""
    count = 0
    with beside(path) as side, side.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        names = table.names
        writer.writerow(names)
        for row in rows:
            writer.writerow([defused(row[name]) for name in names])
            count += 1
    return count


def write_jsonl(path: Path, table: Table, rows: Iterable[Row]) -> int:  # noqa: ARG001 - as all writers; an object knows its keys
    """The number of lines written: one object each, UTF-8."""
    count = 0
    with beside(path) as side, side.open("w", encoding="utf-8", newline="") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, default=_no_gap) + "\n")
            count += 1
    return count


def csv_text(rows: Sequence[Row]) -> str:
    """Rows, of which there is one at least, as `write_csv` writes them; for stdout, which ends the last line itself."""
    out = StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: defused(value) for name, value in row.items()} for row in rows)
    return "\ufeff" + out.getvalue().rstrip("\n")


def write_text(path: Path, text: str) -> None:
    """Writes a text file, UTF-8."""
    with beside(path) as side:
        side.write_text(text, encoding="utf-8", newline="\n")


def _no_gap(value: object) -> None:
    if not isinstance(value, Gap):
        raise TypeError(f"{value!r} is no JSON value")


def defused(value: object) -> object:
    """The cell as a spreadsheet may see it. Booleans are `true` and `false`, nothing is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Gap):
        return None
    if isinstance(value, str) and _FORMULA.match(value) and not _HARMLESS.fullmatch(value):
        return "'" + value
    return value


def fused(cell: str) -> str:
    """The text of a cell before it was defused."""
    return cell[1:] if cell.startswith("'") and defused(cell[1:]) == cell else cell


@contextmanager
def beside(path: Path, *, replace: bool = True) -> Iterator[Path]:
    """A path beside `path` that takes its name when all is written, file or folder, and goes away when it is not.

    With `replace=False` a folder that came there in the meantime is left as it is; that is an OSError.
    """
    side = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield side
        if not replace:
            side.rename(path)
        elif path.is_dir() and not path.is_symlink():
            # A folder cannot be replaced in one step: the old one steps aside first.
            old = path.with_name(f".{path.name}.{os.getpid()}.old")
            path.rename(old)
            side.rename(path)
            shutil.rmtree(old)
        else:
            side.replace(path)
    finally:
        if side.is_dir():
            shutil.rmtree(side)
        else:
            side.unlink(missing_ok=True)
