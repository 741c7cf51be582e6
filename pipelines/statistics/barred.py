"""Paragraphs of a page that are rows: their cells stand between bars, blank ones too."""

from __future__ import annotations

from itertools import groupby

from pipelines.decode.document import Document, Line, Table, TableCell

BAR = "|"
# So many lines with so many bars are rows.
FEWEST_ROWS = 3
FEWEST_BARS = 2


def _row(line: Line) -> list[TableCell]:
    clean, raw = line.clean.split(BAR), line.raw.replace("｜", BAR).split(BAR)
    place = f"text:{line.start}-{line.end}"
    pairs = zip(raw if len(raw) == len(clean) else clean, clean, strict=True)
    return [TableCell(written.strip(), text.strip(), place=place) for written, text in pairs]


def _unframed(rows: list[list[TableCell]]) -> list[list[TableCell]]:
    """The rows without what stands before their first bar and behind their last one, where nothing ever does."""
    first = all(not row[0].clean for row in rows)
    last = all(not row[-1].clean for row in rows)
    return [row[1:-1] for row in rows] if first and last else rows


def barred_tables(document: Document) -> list[Table]:
    """The tables whose rows are paragraphs with bars between their cells; their spans are lost."""
    found = []
    for barred, lines in groupby(document.body_lines, key=lambda line: line.cells is None and line.clean.count(BAR) >= FEWEST_BARS):
        rows = [_row(line) for line in lines] if barred else []
        if len(rows) >= FEWEST_ROWS:
            found.append(Table(_unframed(rows), spans_known=False))
    return found
