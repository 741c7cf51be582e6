"""A table element to its physical cells."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from pipelines.decode.document import Table, TableCell
from pipelines.decode.tree import folded, text_of
from pipelines.decode.unseen import is_hidden, is_invisible

BLOCKS = frozenset(
    (
        "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
        "header hr li main nav ol p pre section table tbody td tfoot th thead tr ucapcontent ul"
    ).split()
)
PARAGRAPHS = ("p", "br", "div", "li")
# What of a cell's text may be unseen beside the rest of it.
PIECES = frozenset(("span", "font", "i", "b", "em", "div", "p"))
# Browsers clamp a colspan to 1000 and a rowspan to 65534; no form is wider than 30 cells or longer than 80 rows.
MOST_COLUMNS = 100
MOST_ROWS = 2000
MOST_CELLS = 20_000
# A cell of this length is a text, not a label or a figure.
PROSE = 300
# Or so many sentences: the report of a village fits into 250 characters.
SENTENCES = 3
# A layout table has fewer filled cells than this.
FEW_CELLS = 12


def cell_text(cell: etree._Element) -> str:
    """A cell's text: pieces of one paragraph joined as they stand, paragraphs and broken lines apart.

    Digits split over spans are one number, digits in two paragraphs are two.
    """
    inner, children = cell, len(cell)
    # Word and most editors wrap a cell's text in one paragraph and one span; nothing has to be joined there.
    while children == 1:
        child = inner[0]
        before, behind = inner.text, child.tail
        if (before and not before.isspace()) or (behind and not behind.isspace()):
            break
        inner, children = child, len(child)
    if not children:
        return " ".join((inner.text or "").split())
    _drop_invisible(inner)
    if next(inner.iterdescendants(*PARAGRAPHS), None) is None:
        return folded(text_of(inner))
    pieces: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if element.tag in BLOCKS:
            pieces.append(" ")
        if event == "start":
            pieces.append(element.text or "")
        elif element is not cell:
            pieces.append(element.tail or "")
    return folded("".join(pieces))


def _drop_invisible(cell: etree._Element) -> None:
    """Takes out of a cell what nobody sees beside the rest of it: old digits are left so in cells that were filled in anew."""
    # Most pieces have no attribute at all, and to look for some tags in a cell takes longer than to go over all of them.
    unseen = {piece for piece in cell.iterdescendants() if piece.attrib and piece.tag in PIECES and is_invisible(piece)}
    outer = [piece for piece in unseen if piece.getparent() not in unseen]
    if outer and sum(len(text_of(piece).strip()) for piece in outer) < len(text_of(cell).strip()):
        for piece in outer:
            piece.text = None
            for inner in list(piece):
                piece.remove(inner)


# What nearly all spans are.
_SPANS = {str(span): span for span in range(1, MOST_COLUMNS)}


def _span(written: str, most: int, zero: int) -> int:
    """A rowspan or colspan as written; junk is 1, as in browsers, and `zero` what 0 stands for."""
    digits = written.strip()[:9]
    if not digits.isascii() or not digits.isdigit():
        return 1
    return min(int(digits), most) or zero


def _rows(table: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The rows with their paths under the table's parent."""
    top = table.getroottree().getpath(table)
    counts = dict.fromkeys(("tr", "tbody", "thead", "tfoot"), 0)
    for child in table:
        tag = child.tag
        if tag in counts:
            counts[tag] += 1
            path = f"{top}/{tag}[{counts[tag]}]"
            if tag == "tr":
                yield path, child
            else:
                yield from ((f"{path}/tr[{number}]", row) for number, row in enumerate(child.iterchildren("tr"), 1))


# The last steps of the paths of nearly all cells.
_CELLS, _HEADINGS = ([f"/{tag}[{number}]" for number in range(MOST_COLUMNS)] for tag in ("td", "th"))


def _row(path: str, tr: etree._Element, *, hides: bool) -> list[TableCell]:
    """The physical cells of a row. Their paths are counted here: asking the tree for each costs more than reading it."""
    row = []
    cells = headings = 0
    for cell in tr:
        tag = cell.tag
        if tag == "td":
            cells += 1
            place = path + _CELLS[cells] if cells < MOST_COLUMNS else f"{path}/td[{cells}]"
        elif tag == "th":
            headings += 1
            place = path + _HEADINGS[headings] if headings < MOST_COLUMNS else f"{path}/th[{headings}]"
        else:
            continue
        if hides and is_hidden(cell):
            continue
        rowspan = colspan = 1
        # To ask for each of two attributes takes five times as long as to see that there is none.
        if names := cell.keys():
            if "rowspan" in names:
                down = cell.get("rowspan", "")
                rowspan = _SPANS.get(down) or _span(down, MOST_ROWS, MOST_ROWS)
            if "colspan" in names:
                across = cell.get("colspan", "")
                colspan = _SPANS.get(across) or _span(across, MOST_COLUMNS, 1)
        if len(cell):
            text = cell_text(cell)
        elif not (text := cell.text or "").isalnum():
            # Most are a number or a label.
            text = " ".join(text.split())
        row.append(TableCell(text, "", rowspan, colspan, place))
    return row


def read_table(table: etree._Element, *, hides: bool) -> Table | None:
    """The physical cells of a leaf table; `None` when it has more than `MOST_CELLS`. `hides`: something is not shown."""
    rows: list[list[TableCell]] = []
    count = 0
    for path, tr in _rows(table):
        if hides and is_hidden(tr):
            continue
        row = _row(path, tr, hides=hides)
        count += len(row)
        if count > MOST_CELLS or len(rows) >= MOST_ROWS:
            return None
        if row:
            rows.append(row)
    return Table(rows=rows, spans_known=True)


def holds_prose(table: Table) -> bool:
    """Whether a leaf table only lays out a text: most of its characters stand in a few long cells, or a sentence in the only one."""
    filled = list(islice((cell.raw for row in table.rows for cell in row if cell.raw), FEW_CELLS))
    if len(filled) == 1 and "。" in filled[0]:
        return True
    long = sum(len(text) for text in filled if len(text) > PROSE or text.count("。") >= SENTENCES)
    if not long or len(filled) >= FEW_CELLS:
        return False
    # Title, line, text and buttons below each other: no header has its labels so.
    one_column = all(sum(1 for cell in row if cell.raw) <= 1 for row in table.rows)
    return one_column or long > 0.6 * sum(map(len, filled))


def is_frame(table: etree._Element) -> bool:
    """Whether a table has one cell only: some editors frame the contents of every cell so."""
    return next(islice(table.iter("td", "th"), 1, None), None) is None
