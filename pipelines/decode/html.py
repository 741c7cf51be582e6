"""An HTML page to lines and tables, in one walk over one tree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from pipelines.decode.document import Image, Line, Link, Table, TableCell

# What is not shown, or shown as taken back: Word's tracked changes leave the old number beside the new one.
DROPPED = ("script", "style", "noscript", "template", "select", "textarea", "svg", "del", "s", "strike")
BLOCKS = frozenset(
    (
        "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
        "header hr li main nav ol p pre section table tbody td tfoot th thead tr ul"
    ).split()
)
# Elements that can hold the whole report: candidates for its body.
CONTAINERS = frozenset(["article", "body", "center", "div", "fieldset", "form", "main", "section", "table", "td", "ucapcontent"])
PARAGRAPHS = ("p", "br", "div", "li")
# Browsers clamp a colspan to 1000 and a rowspan to 65534; no form is wider than 30 cells or longer than 80 rows.
MOST_COLUMNS = 100
MOST_ROWS = 2000
MOST_CELLS = 20_000
MOST_LINKS = 2000
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# A cell of this length is a text, not a label or a figure.
PROSE = 300


@dataclass(slots=True)
class Container:
    """An element that may hold the body, and the lines in it: `lines[start:stop]`."""

    element: etree._Element
    start: int
    stop: int


@dataclass(slots=True)
class Flow:
    """What the walk over a page's tree gathers, in the order of the page."""

    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    head_title: str = ""
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    cut: bool = False
    oversized: int = 0


def parse(text: str) -> tuple[etree._Element | None, bool]:
    """The page's tree (`None` when there is none), and whether the parser gave up at one of its limits.

    No network, no external entities: libxml2's HTML parser knows neither. Its limit of 2,048 levels (`huge_tree`; without it 256, which
    sloppy pages with never-closed `<font>` reach) stops a bomb of nested tables.
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:
        return None, False
    deep = any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log)
    etree.strip_elements(root, *DROPPED, with_tail=False)
    for mark in root.iter("sup", "sub"):
        # 5<sup>1</sup> is a five with a footnote, or ten to some power: no number either way.
        mark.text = f"({mark.text or ''})"
    return root, deep


def _empty_hidden(root: etree._Element) -> None:
    """Takes the text out of what is not shown inside cells: pasted sheets and noise against copying."""
    hidden = root.xpath('//td//*[contains(@style, "isplay") or contains(@style, "ISPLAY")]')
    for element in hidden if isinstance(hidden, list) else ():
        if isinstance(element, etree._Element) and HIDDEN.search(element.get("style") or ""):  # noqa: SLF001 - the stubs' name of the class
            element.text = None
            for child in list(element):
                element.remove(child)


def folded(text: str) -> str:
    """The text with every run of white space (full-width and no-break too) made one space."""
    return " ".join(text.split())


def text_of(element: etree._Element) -> str:
    """All text in an element as it stands."""
    return "".join(element.itertext())  # type: ignore[arg-type] # bytes are for documents of Python 2


def cell_text(cell: etree._Element) -> str:
    """A cell's text: pieces of one paragraph joined as they stand, paragraphs and broken lines apart.

    Digits split over spans are one number, digits in two paragraphs are two.
    """
    inner, children = cell, len(cell)
    # Word and most editors wrap a cell's text in one paragraph and one span; nothing has to be joined there.
    while children == 1:
        child = inner[0]
        before, after = inner.text, child.tail
        if (before and not before.isspace()) or (after and not after.isspace()):
            break
        inner, children = child, len(child)
    if not children:
        return folded(inner.text or "")
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


def _span(written: str, most: int, zero: int) -> int:
    """A rowspan or colspan as written; junk is 1, as in browsers, and `zero` what 0 stands for."""
    digits = written.strip()[:9]
    if not digits.isascii() or not digits.isdigit():
        return 1
    return min(int(digits), most) or zero


def _rows(table: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The rows with their paths under the table's parent."""
    top = table.getroottree().getpath(table)
    counts: Counter[str] = Counter()
    for child in table:
        tag = child.tag
        if tag in ("tr", "tbody", "thead", "tfoot"):
            counts[tag] += 1
            path = f"{top}/{tag}[{counts[tag]}]"
            if tag == "tr":
                yield path, child
            else:
                yield from ((f"{path}/tr[{number}]", row) for number, row in enumerate(child.iterchildren("tr"), 1))


def _hidden(element: etree._Element) -> bool:
    """Whether a row or cell is not shown: spreadsheets are pasted with their hidden columns."""
    return HIDDEN.search(element.get("style") or "") is not None or element.get("hidden") is not None


def _row(path: str, tr: etree._Element, *, hides: bool) -> list[TableCell]:
    """The physical cells of a row. Their paths are counted here: asking the tree for each costs more than reading it."""
    row = []
    data = heads = 0
    for cell in tr:
        if cell.tag == "td":
            data += 1
            place = f"{path}/td[{data}]"
        elif cell.tag == "th":
            heads += 1
            place = f"{path}/th[{heads}]"
        else:
            continue
        if hides and _hidden(cell):
            continue
        down, across = cell.get("rowspan"), cell.get("colspan")
        rowspan = 1 if down is None else _span(down, MOST_ROWS, MOST_ROWS)
        colspan = 1 if across is None else _span(across, MOST_COLUMNS, 1)
        row.append(TableCell(cell_text(cell), "", rowspan, colspan, place))
    return row


def read_table(table: etree._Element, *, hides: bool) -> Table | None:
    """The physical cells of a leaf table; `None` when it has more than `MOST_CELLS`. `hides`: something is not shown."""
    rows: list[list[TableCell]] = []
    count = 0
    for path, tr in _rows(table):
        if hides and _hidden(tr):
            continue
        row = _row(path, tr, hides=hides)
        count += len(row)
        if count > MOST_CELLS or len(rows) >= MOST_ROWS:
            return None
        if row:
            rows.append(row)
    return Table(rows=rows, spans_known=True)


def _holds_prose(table: Table) -> bool:
    """Whether a leaf table only lays out a text: most of its characters stand in a few long cells."""
    lengths = [len(cell.raw) for row in table.rows for cell in row if cell.raw]
    return sum(length for length in lengths if length > PROSE) > 0.6 * sum(lengths) and len(lengths) < 12


def _is_frame(table: etree._Element) -> bool:
    """Whether a table has one cell only: some editors frame the contents of every cell so."""
    return next(islice(table.iter("td", "th"), 1, None), None) is None


def _add_table(element: etree._Element, flow: Flow, *, hides: bool) -> bool:
    """Adds a leaf table as rows; false when it is no table of data and has to be walked like any other element."""
    if not all(_is_frame(inner) for inner in element.iterdescendants("table")):
        return False
    table = read_table(element, hides=hides)
    if table is None:
        flow.oversized += 1
        return True
    if not table.rows or _holds_prose(table):
        return False
    number = len(flow.tables)
    flow.tables.append(table)
    linked = sum(len(folded(text_of(a))) for a in element.iter("a")) // len(table.rows)
    for row in table.rows:
        raw = " | ".join([cell.raw for cell in row])
        flow.lines.append(Line(raw=raw, tag="tr", cells=row, table=number, linked=min(linked, len(raw))))
    return True


def _walk(root: etree._Element, *, hides: bool) -> Flow:
    """One pass over the tree. A line ends where a block element begins or ends."""
    flow = Flow()
    lines = flow.lines
    pieces: list[str] = []
    linked = in_links = 0
    block: etree._Element = root
    open_containers: list[Container] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        starts = event == "start"
        if tag in BLOCKS:
            if pieces:
                raw = folded("".join(pieces))
                if raw:
                    lines.append(Line(raw, "", str(block.tag), None, None, min(linked, len(raw)), element=block))
                pieces.clear()
                linked = 0
            block = element if starts else element.getparent()
        elif tag == "a":
            in_links += 1 if starts else -1
        if tag in CONTAINERS:
            if starts:
                container = Container(element, len(lines), 0)
                open_containers.append(container)
                flow.containers.append(container)
                if tag == "table" and _add_table(element, flow, hides=hides):
                    # A table of figures is never the whole report: prose and signature stand around it.
                    flow.containers.pop()
                    walker.skip_subtree()
                    continue
            else:
                open_containers.pop().stop = len(lines)
        text = element.text if starts else element.tail
        if text:
            pieces.append(text)
            if in_links:
                linked += len(text)
    if raw := folded("".join(pieces)):
        lines.append(Line(raw, "", str(block.tag) if block is not None else "", None, None, min(linked, len(raw))))
    return flow


def _gather_head(root: etree._Element, flow: Flow) -> None:
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property")
        content = (meta.get("content") or "").strip()
        if name and content:
            flow.meta.setdefault(name.strip().lower(), content)
    title = next(root.iter("title"), None)
    flow.head_title = folded(text_of(title)) if title is not None else ""


def _gather_links(root: etree._Element, flow: Flow) -> None:
    for element in root.iter("a", "iframe", "frame", "embed", "object"):
        address = element.get("href") or element.get("src") or element.get("data")
        if address:
            text = folded(text_of(element) if len(element) else element.text or "") or element.get("title") or ""
            flow.links.append(Link(address.strip(), text))
            if len(flow.links) >= MOST_LINKS:
                break
    for image in root.iter("img"):
        source, width = image.get("src"), (image.get("width") or "").removesuffix("px")
        if source:
            flow.images.append(Image(source, int(width) if width.isascii() and width.isdigit() and len(width) < 6 else None))
            if len(flow.images) >= MOST_LINKS:
                break


def read_html(text: str) -> Flow:
    """All visible lines and leaf tables of a page, its containers, meta tags, title, links and images. Raises nothing."""
    root, deep = parse(text)
    if root is None:
        return Flow()
    body = root.find("body")
    # Plain substrings: a pattern without regard to case takes as long for a page as parsing it.
    hides = any(sign in text for sign in (" hidden", "display", "DISPLAY"))
    if hides:
        _empty_hidden(root)
    flow = _walk(root if body is None else body, hides=hides)
    flow.cut = deep
    _gather_head(root, flow)
    _gather_links(root, flow)
    return flow
