"""The lines of a `<pre>`: its line breaks are seen, and tables in it are drawn with characters as in flattened text."""

from __future__ import annotations

from lxml import etree

from pipelines.decode.cleaning import BORDER
from pipelines.decode.document import Line, Table
from pipelines.decode.flat import read_flat
from pipelines.decode.tables import BLOCKS
from pipelines.decode.tree import text_of, without_controls


def read_pre(element: etree._Element, tables: list[Table]) -> list[Line] | None:
    """The lines of a preformatted text; its tables go to the end of `tables`. `None` where it has one line or holds other blocks.

    Each row of a table is one line, whatever it took in the text.
    """
    blocks = [inner for inner in element.iterdescendants() if inner.tag in BLOCKS]
    if any(block.tag != "br" for block in blocks):
        return None
    for block in blocks:
        block.tail = without_controls("\n" + (block.tail or ""))
    text = text_of(element)
    if "\n" not in text.strip():
        return None
    flat = read_flat(text)
    holder = element.getroottree().getpath(element) if flat.tables else ""
    lines: list[Line] = []
    laid_out = 0
    for line in flat.lines:
        if line.table is None:
            lines.append(Line(line.raw, "", "pre", layout=line.layout, empty=line.empty))
        elif line.table == laid_out:
            table = flat.tables[line.table]
            table.holder = holder
            lines += [Line(BORDER.join([cell.raw for cell in row]), "", "pre", row, len(tables)) for row in table.rows]
            tables.append(table)
            laid_out += 1
    return lines
