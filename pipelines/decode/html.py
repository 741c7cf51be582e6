"""An HTML page to lines and tables, in one walk over one tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipelines.decode.document import Image, Line, Link, Table, TableCell

DROPPED = ("script", "style", "noscript", "template", "select", "textarea", "svg")
BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
# Elements that can hold the whole report: candidates for its body.
CONTAINERS = frozenset("article body center div fieldset form li main section table tbody td tr ucapcontent".split())
PARAGRAPHS = ("p", "br", "div", "li")
# Browsers clamp a colspan to 1000 and a rowspan to 65534; no form is wider than 30 cells or longer than 80 rows.
MOST_COLUMNS = 100
MOST_ROWS = 2000
MOST_CELLS = 20_000
MOST_LINKS = 2000
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
    """The page's tree (`None` when there is none), and whether it was cut off for nesting too deep.

    No network, no external entities: libxml2's HTML parser knows neither; its own limit of 256 levels stops a bomb of nested tables.
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:
        return None, False
    deep = any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log)
    etree.strip_elements(root, *DROPPED, with_tail=False)
    return root, deep


def folded(text: str) -> str:
    """The text with every run of white space (full-width and no-break too) made one space."""
    return " ".join(text.split())


def cell_text(cell: etree._Element) -> str:
    """A cell's text: pieces of one paragraph joined as they stand, paragraphs and broken lines apart.

    Digits split over spans are one number, digits in two paragraphs are two.
    """
    if not len(cell):
        return folded(cell.text or "")
    breaks = sum(1 for _ in cell.iter(*PARAGRAPHS))
    if breaks == 0 or (breaks == 1 and len(cell) == 1 and not (cell.text or "").strip() and not (cell[0].tail or "").strip()):
        return folded("".join(cell.itertext()))
    pieces: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if element.tag in BLOCKS:
            pieces.append(" ")
        if event == "start":
            pieces.append(element.text or "")
        elif element is not cell:
            pieces.append(element.tail or "")
    return folded("".join(pieces))


def _span(cell: etree._Element, name: str, most: int) -> int:
    """A cell's rowspan or colspan; junk is 1, as in browsers. A rowspan of 0 reaches to the end of the table."""
    written = cell.get(name)
    if written is None:
        return 1
    digits = written.strip()[:9]
    if not digits.isascii() or not digits.isdigit():
        return 1
    number = int(digits)
    if number == 0:
        return most if name == "rowspan" else 1
    return min(number, most)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("tbody", "thead", "tfoot"):
            yield from child.iterchildren("tr")


def read_table(table: etree._Element) -> Table | None:
    """The physical cells of a leaf table; `None` when it has more than `MOST_CELLS`."""
    rows: list[list[TableCell]] = []
    count = 0
    for tr in _rows(table):
        row = [
            TableCell(
                raw=cell_text(cell),
                rowspan=_span(cell, "rowspan", MOST_ROWS),
                colspan=_span(cell, "colspan", MOST_COLUMNS),
                element=cell,
            )
            for cell in tr
            if cell.tag in ("td", "th")
        ]
        count += len(row)
        if count > MOST_CELLS or len(rows) >= MOST_ROWS:
            return None
        if row:
            rows.append(row)
    return Table(rows=rows, spans_known=True, element=table)


def _holds_prose(table: Table) -> bool:
    """Whether a leaf table only lays out a text: most of its characters stand in a few long cells."""
    lengths = [len(cell.raw) for row in table.rows for cell in row if cell.raw]
    return sum(length for length in lengths if length > PROSE) > 0.6 * sum(lengths) and len(lengths) < 12


class _Walk:
    """The state of one walk: the pieces of the line that is being gathered."""

    def __init__(self) -> None:
        self.flow = Flow()
        self.pieces: list[str] = []
        self.linked = 0
        self.in_links = 0
        self.block: etree._Element | None = None

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            if self.in_links:
                self.linked += len(text)

    def flush(self) -> None:
        if not self.pieces:
            return
        raw = folded("".join(self.pieces))
        if raw:
            tag = str(self.block.tag) if self.block is not None else ""
            self.flow.lines.append(Line(raw=raw, tag=tag, linked=min(self.linked, len(raw)), element=self.block))
        self.pieces.clear()
        self.linked = 0

    def add_table(self, element: etree._Element) -> bool:
        """Adds a leaf table as rows; false when it is no table of data and has to be walked like any other element."""
        if next(element.iterdescendants("table"), None) is not None:
            return False
        table = read_table(element)
        if table is None:
            self.flow.oversized += 1
            return True
        if not table.rows or _holds_prose(table):
            return False
        self.flush()
        number = len(self.flow.tables)
        self.flow.tables.append(table)
        for row in table.rows:
            raw = " | ".join(cell.raw for cell in row)
            linked = sum(len(folded("".join(a.itertext()))) for cell in row if cell.element is not None for a in cell.element.iter("a"))
            self.flow.lines.append(Line(raw=raw, tag="tr", cells=row, table=number, linked=min(linked, len(raw)), element=element))
        return True

    def run(self, root: etree._Element) -> Flow:
        open_containers: list[Container] = []
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if tag in BLOCKS:
                    self.flush()
                    self.block = element
                elif tag == "a":
                    self.in_links += 1
                if tag in CONTAINERS:
                    container = Container(element, len(self.flow.lines), 0)
                    open_containers.append(container)
                    self.flow.containers.append(container)
                if tag == "table" and self.add_table(element):
                    walker.skip_subtree()
                    continue
                self.add(element.text)
            else:
                if tag in BLOCKS:
                    self.flush()
                    self.block = element.getparent()
                elif tag == "a":
                    self.in_links -= 1
                if tag in CONTAINERS:
                    open_containers.pop().stop = len(self.flow.lines)
                self.add(element.tail)
        self.flush()
        return self.flow


def _gather_head(root: etree._Element, flow: Flow) -> None:
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property")
        content = (meta.get("content") or "").strip()
        if name and content:
            flow.meta.setdefault(name.strip().lower(), content)
    title = next(root.iter("title"), None)
    flow.head_title = folded("".join(title.itertext())) if title is not None else ""


def _gather_links(root: etree._Element, flow: Flow) -> None:
    for element in root.iter("a", "iframe", "frame", "embed", "object"):
        address = element.get("href") or element.get("src") or element.get("data")
        if address:
            text = folded("".join(element.itertext())) or element.get("title") or ""
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
    flow = _Walk().run(root if body is None else body)
    flow.cut = deep
    _gather_head(root, flow)
    _gather_links(root, flow)
    return flow
