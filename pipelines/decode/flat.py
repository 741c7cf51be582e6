"""Flattened text to lines and tables: what text extractors leave of a page, with `|` behind each cell, or tabs or commas between them.

Two habits are seen with `|`. Some put one row on a line (`label | unit | 3 |`). Others put each cell on a line of its own and pad every row
with `|` to the width of the table, so that a row ends where the count of `|` reaches a multiple of the width.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain, pairwise, zip_longest
from math import gcd

from pipelines.decode.document import Line, Table, TableCell

# A table narrower than two cells or wider than this is none.
WIDEST = 60
# Comma-separated values: so many rows with so many commas, whose fields are no sentences.
FEWEST_RECORDS = 4
FEWEST_COMMAS = 2
LONGEST_FIELD = 80
LONGEST_RECORD = 1_000
# The line under the header of a table in Markdown.
RULE = re.compile(r"^[|+:=\s-]+$")
# What such lines have: `--` alone is a blank cell, and where columns are narrow a drawn line has no more.
RULES = ("---", "===", "+-")
# A line drawn under the header of a table that is aligned with spaces.
DASHES = re.compile(r"^\s*[-=]{2,}(?:\s+[-=]{2,})+\s*$")
# White space that may align a line with its neighbours.
ALIGNED = re.compile(r"^[ \u3000]{2}|\S(?: {2}|\u3000)")
# Lines drawn with characters, and the marks of Markdown inside its cells.
BARS = str.maketrans("│┃║｜─━═┄┌┐└┘├┤┬┴┼", "||||---" + "-" + "+" * 9)
EMPHASIS = re.compile(r"\*\*|<br\s*/?>|&nbsp;", re.IGNORECASE)
# The mark of a heading in Markdown.
HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(?=\S)", re.MULTILINE)
# So many lines with rules between them are rows; fewer are a header and what is below it.
FEWEST_GROUPS = 3
# A row of one cell has no bar. So many rows with bars may be to each such line; the numbers of pages are fewer.
BARE = re.compile(r"^\s*[-+]?\d[\d.,]*\s*$")
MOST_BARRED = 4
HAN = re.compile(r"[\u3400-\u9fff]")
# Lines without any text between two rows (`?`, spaces) do not end a table.
GAP = re.compile(r"^[\s?　]*$")


@dataclass(slots=True)
class FlatFlow:
    """The lines and tables of a flattened text, in its order."""

    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def _cells(line: str, number: int, *, tabbed: bool) -> list[TableCell]:
    """The cells of one line: what stands before each `|`, and what stands behind the last one if there is anything."""
    stripped = line.strip()
    parts = stripped.split("|")
    if not parts[-1].strip():
        parts.pop()
    if stripped.startswith("|") and len(parts) > 1 and any(part.strip() for part in parts) and not tabbed:
        parts.pop(0)
    return [TableCell(raw=" ".join(part.split()), place=f"line:{number}/cell:{index}") for index, part in enumerate(parts, 1)]


def _pipes(line: str, number: int) -> list[TableCell]:
    """The cells of one line in a table of one cell per line: every `|` ends one."""
    parts = line.split("|")
    if not parts[-1].strip():
        parts.pop()
    return [TableCell(raw=" ".join(part.split()), place=f"line:{number}/cell:{index}") for index, part in enumerate(parts, 1)]


def _width(run: list[tuple[int, str]]) -> int:
    """The width of a table with one cell per line: every padded row ends at a multiple of it. 0 when there is none."""
    count = width = 0
    for _, line in run:
        count += line.count("|")
        if line.count("|", len(line.rstrip("| \t\u3000"))) >= 2:
            width = gcd(width, count)
    return width if 2 <= width <= WIDEST else 0


def _marked_rows(run: list[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """The rows of a table in which a line with nothing but `|` begins each of them; empty where such lines are blank cells.

    Marks they are where they leave rows that are all padded to one width.
    """
    rows: list[list[tuple[int, str]]] = []
    for number, line in run:
        if line.strip() == "|":
            rows.append([])
        elif not rows:
            return []
        else:
            rows[-1].append((number, line))
    widths = {sum(line.count("|") for _, line in row) for row in rows[:-1]}
    return rows if len(rows) > 1 and len(widths) == 1 and widths.pop() > 1 else []


def _table(run: list[tuple[int, str]], *, tabbed: bool) -> Table:
    """The table of a run of lines with `|`; the spans are lost."""
    if tabbed:
        return Table([_cells(line, number, tabbed=True) for number, line in run], spans_known=False)
    if rows := _marked_rows(run):
        return Table([[cell for number, line in row for cell in _pipes(line, number)] for row in rows], spans_known=False)
    single = sum(line.count("|") == 1 for _, line in run)
    if single * 2 > len(run) and (width := _width(run)):
        cells = [cell for number, line in run for cell in _pipes(line, number)]
        return Table([cells[start : start + width] for start in range(0, len(cells), width)], spans_known=False)
    return Table([_cells(line, number, tabbed=False) for number, line in run], spans_known=False)


def _by_rules(run: list[tuple[int, str]], rules: list[int]) -> list[tuple[int, str]]:
    """The rows between the lines that are drawn under each of them, their cells made whole; as they are where the lines part no rows.

    A row has one value in each column: where more stand below each other, the lines are drawn around several rows.
    """
    edges = sorted({0, *rules, len(run)})
    if len(edges) <= FEWEST_GROUPS or len(edges) > len(run):
        return run
    rows = []
    for start, stop in pairwise(edges):
        lines = [[cell.raw for cell in _cells(line, number, tabbed=False)] for number, line in run[start:stop]]
        columns = list(zip_longest(*lines, fillvalue=""))
        if len({len(line) for line in lines}) > 1 or any(sum(part[-1:].isdigit() for part in column) > 1 for column in columns):
            return run
        cells = ["".join(column) if any(map(HAN.search, column)) else " ".join(filter(None, column)) for column in columns]
        rows.append((run[start][0], f"|{'|'.join(cells)}|"))
    return rows


def _by_bars(run: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The rows of a table whose rows begin with `|`, with those made whole that go on in lines which do not."""
    begins = [line.lstrip().startswith("|") for _, line in run]
    if not begins[0] or all(begins) or sum(begins) * 3 < len(run) * 2 or not all(line.rstrip().endswith("|") for _, line in run):
        return run
    starts = [place for place, begin in enumerate(begins) if begin]
    return [(run[start][0], " ".join([line for _, line in run[start:stop]])) for start, stop in pairwise([*starts, len(run)])]


def _records(lines: list[str]) -> dict[int, list[str]]:
    """The fields of the lines that are rows of comma-separated values, by number of the line.

    Sentences have commas too: only lines that follow each other with the same number of short fields are rows.
    """
    found: dict[int, list[str]] = {}
    run: list[tuple[int, list[str]]] = []
    for number, line in enumerate([*lines, ""]):
        fields = next(csv.reader([line]), []) if line.count(",") >= FEWEST_COMMAS and len(line) <= LONGEST_RECORD else []
        if not fields or (run and len(run[0][1]) != len(fields)):
            if len(run) >= FEWEST_RECORDS:
                found.update(run)
            run = []
        if fields and max(map(len, fields)) <= LONGEST_FIELD:
            run.append((number, fields))
    return found


def _without_marks(text: str) -> str:
    """A text with `|` for all drawn lines, and without the marks of Markdown."""
    if "│" in text or "┃" in text or "｜" in text:
        text = text.translate(BARS)
    if "**" in text or "&nbsp;" in text:
        text = EMPHASIS.sub("", text)
    return HEADING.sub("", text) if "# " in text else text


def _bare_rows(lines: list[str], bar: str) -> set[int]:
    """The lines of nothing but a number right below one with bars, where there are too many for the numbers of pages."""
    barred = [bar in line for line in lines]
    found = {number for number, line in enumerate(lines[1:], 1) if barred[number - 1] and BARE.match(line)}
    return found if len(found) * MOST_BARRED >= sum(barred) else set()


def _is_rule(line: str) -> bool:
    """Whether a line is drawn between two rows."""
    if not any(mark in line for mark in RULES):
        return False
    return DASHES.match(line) is not None or (("|" in line or "+" in line) and RULE.match(line) is not None)


def read_flat(text: str) -> FlatFlow:
    """All lines of a flattened text and the tables in it. A line that is a whole row has its cells."""
    flow = FlatFlow()
    run: list[tuple[int, str]] = []
    rules: list[int] = []  # how many lines of the run stand before each line drawn in it
    starts: list[int] = []

    # What is copied from a browser has tabs between the cells of a row, and none elsewhere.
    tabbed = "|" not in text and "\t" in text

    def close() -> None:
        if not run:
            return
        whole = run if tabbed else _by_bars(_by_rules(run, rules))
        table = _table(whole, tabbed=tabbed)
        cells = defaultdict(list)
        for cell in chain.from_iterable(table.rows):
            cells[cell.place.partition("/")[0]].append(cell)
        for start, (number, _) in zip(starts, run, strict=True):
            line = flow.lines[start]
            line.table = len(flow.tables)
            line.cells = cells.get(f"line:{number}", [])
        flow.tables.append(table)
        run.clear()
        rules.clear()
        starts.clear()

    lines = _without_marks(text).splitlines()
    records = _records(lines) if "|" not in text and not tabbed else {}
    bare = _bare_rows(lines, "\t" if tabbed else "|") if tabbed or "|" in text else set()
    empty = 0
    for number, line in enumerate(lines, 1):
        written = line.replace("\t", "|") + "|" if tabbed and "\t" in line.strip() else line
        if number - 1 in records:
            written = "|".join(records[number - 1]) + "|"
        raw = " ".join(written.split())
        if _is_rule(written):
            rules.append(len(run))
            continue
        if "|" in written or number - 1 in bare:
            run.append((number, written))
            starts.append(len(flow.lines))
            flow.lines.append(Line(raw=raw))
        elif GAP.match(written):
            empty += 1
            continue
        else:
            close()
            flow.lines.append(Line(raw=raw, layout=written if ALIGNED.search(written) else "", empty=empty))
        empty = 0
    close()
    return flow
