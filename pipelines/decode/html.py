"""An HTML page to lines and tables, in one walk over one tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipelines.decode.cleaning import BORDER
from pipelines.decode.document import Image, Line, Link, Table
from pipelines.decode.fields import show_fields
from pipelines.decode.islands import ENOUGH_VISIBLE, find_island, most_held
from pipelines.decode.lean import is_styled, lean
from pipelines.decode.pre import read_pre
from pipelines.decode.scripted import labelled_data, write_scripted
from pipelines.decode.tables import BLOCKS, holds_prose, is_frame, read_table
from pipelines.decode.tree import folded, parse, text_of
from pipelines.decode.unseen import drop_unseen, is_hidden

# Blocks that can hold the whole report: candidates for its body.
CONTAINERS = frozenset(["article", "body", "center", "div", "fieldset", "form", "main", "section", "table", "td", "ucapcontent"])
# An empty one of these is a blank cell of what was a table once.
BLANK = ("p", "td")
MOST_LINKS = 2000
MOST_TABLES = 400


@dataclass(slots=True)
class Container:
    """An element that may hold the body, and the lines in it: `lines[start:stop]`."""

    element: etree._Element
    start: int
    stop: int = 0


@dataclass(slots=True)
class Flow:
    """What is gathered from a page's tree, in the order of the page.

    `article` are the lines of an article that the page holds as data, `labelled` the header's labels and values that it holds so.
    `cut` says that the parser gave up at its limit of levels,
    `ends_in_table` that the page or that article ends inside a table; `oversized` counts the tables that were too large.
    """

    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    head_title: str = ""
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    article: range | None = None
    labelled: list[tuple[str, str]] = field(default_factory=list)
    cut: bool = False
    ends_in_table: bool = False
    oversized: int = 0


def _plain(block: etree._Element) -> tuple[str, int, bool] | None:
    """The text of a block that holds no other block, how much of it is linked, and whether it stands in several pieces.

    `None` for a block of blocks. What is looked through for nothing lies before the first of them, so the walk stays linear.
    """
    children = len(block)
    if not children:
        return block.text or "", 0, False
    if children == 1:
        # Half of all: <p><span>…</span></p>, <li><a>…</a></li>.
        child = block[0]
        tag = child.tag
        if tag in BLOCKS:
            # What editors make of an empty paragraph: <p><br></p>.
            return None if tag != "br" or block.text or child.tail else ("", 0, False)
        if not len(child):
            before, inner, after = block.text, child.text or "", child.tail
            linked = len(inner) if tag == "a" else 0
            return (f"{before or ''}{inner}{after or ''}", linked, True) if before or after else (inner, linked, False)
    linked = 0
    for part in block.iterdescendants():
        tag = part.tag
        if tag in BLOCKS:
            return None
        if tag == "a":
            # A link in a link, which no author means, counts twice.
            linked += len(text_of(part))
    return text_of(block), linked, True


class _Walk:
    """One pass over a tree. A line ends where a block begins or ends."""

    def __init__(self, flow: Flow, root: etree._Element, *, hides: bool) -> None:
        self.flow = flow
        self.hides = hides
        self.pieces: list[str] = []
        self.block: etree._Element | None = root  # the one that holds the pieces
        self.linked = 0
        self.in_links = 0
        self.empty = 0  # empty paragraphs and cells since the last line

    def walk(self, root: etree._Element) -> None:
        """Gathers the lines, tables and containers of an element."""
        # The elements that have begun, each with its children to come. A stack of our own, for pages nest deeper than Python calls.
        opened: list[tuple[etree._Element | None, Iterator[etree._Element], Container | None]] = [(root.getparent(), iter((root,)), None)]
        while opened:
            parent, children, container = opened[-1]
            for element in children:
                if not self._add_whole(element, parent):
                    opened.append((element, iter(element), self._begin(element)))
                    break
                if tail := element.tail:
                    self._add_text(tail)
            else:
                opened.pop()
                if opened and parent is not None:
                    self._end(parent, container)
                    if tail := parent.tail:
                        self._add_text(tail)
        self._end_line()

    def _begin(self, element: etree._Element) -> Container | None:
        """Begins an element whose children are walked; returns its container if it can be one."""
        tag = element.tag
        if tag in BLOCKS:
            self.block = element
        elif tag == "a":
            self.in_links += 1
        if text := element.text:
            self._add_text(text)
        return self._container(element) if tag in CONTAINERS else None

    def _end(self, element: etree._Element, container: Container | None) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._end_line()
            self.block = element.getparent()
        elif tag == "a":
            self.in_links -= 1
        if container is not None:
            container.stop = len(self.flow.lines)

    def _container(self, element: etree._Element) -> Container:
        container = Container(element, len(self.flow.lines))
        self.flow.containers.append(container)
        return container

    def _add_text(self, text: str) -> None:
        self.pieces.append(text)
        if self.in_links:
            self.linked += len(text)

    def _end_line(self) -> None:
        """Makes a line of the pieces that were gathered."""
        if not self.pieces:
            return
        if raw := folded("".join(self.pieces)):
            tag = "" if self.block is None else str(self.block.tag)
            self.flow.lines.append(Line(raw, "", tag, linked=min(self.linked, len(raw)), element=self.block, empty=self.empty))
            self.empty = 0
        self.pieces.clear()
        self.linked = 0

    def _add_whole(self, element: etree._Element, parent: etree._Element | None) -> bool:
        """Adds an element that can be read at once; false when its children have to be walked."""
        tag = element.tag
        if tag in BLOCKS:
            if self.pieces:
                self._end_line()
            self.block = parent
            if tag == "table":
                return self._add_table(element)
            return (tag == "pre" and self._add_pre(element)) or self._add_plain(element, str(tag))
        if len(element) or tag == "a":
            return False
        if text := element.text:
            self._add_text(text)
        return True

    def _add_plain(self, block: etree._Element, tag: str) -> bool:
        """Adds a block that holds no other block as one line; false for a block of blocks."""
        plain = _plain(block)
        if plain is None:
            return False
        text, linked, pieced = plain
        container = self._container(block) if tag in CONTAINERS else None
        if raw := " ".join(text.split()):
            linked = len(raw) if self.in_links or linked > len(raw) else linked
            self.flow.lines.append(Line(raw, "", tag, None, None, linked, -1, -1, block if pieced else None, "", self.empty))
            self.empty = 0
        elif tag in BLANK:
            self.empty += 1
        if container is not None:
            container.stop = len(self.flow.lines)
        return True

    def _add_pre(self, element: etree._Element) -> bool:
        """Adds a preformatted text of several lines; false for any other."""
        lines = read_pre(element, self.flow.tables) if len(self.flow.tables) < MOST_TABLES else None
        if lines is None:
            return False
        for line in lines:
            line.linked = len(line.raw) if self.in_links else 0
        self.flow.lines += lines
        return True

    def _add_table(self, element: etree._Element) -> bool:
        """Adds a leaf table as rows; false when it is no table of data and has to be walked like any other block."""
        # The path of each is counted among its siblings; so many tables stand on no page.
        if len(self.flow.tables) >= MOST_TABLES or not all(is_frame(inner) for inner in element.iterdescendants("table")):
            return False
        flow = self.flow
        table = read_table(element, hides=self.hides)
        if table is None:
            flow.oversized += 1
            return True
        if not table.rows or holds_prose(table):
            return False
        caption = element.find("caption")
        if caption is not None and (said := folded(text_of(caption))):
            flow.lines.append(Line(said, "", "caption"))
        table.hidden = self.hides and any(map(is_hidden, element.iterancestors()))
        number = len(flow.tables)
        flow.tables.append(table)
        self.empty = 0
        linked = sum(len(folded(text_of(a))) for a in element.iter("a")) // len(table.rows)
        for row in table.rows:
            raw = BORDER.join([cell.raw for cell in row])
            flow.lines.append(Line(raw, "", "tr", row, number, min(linked, len(raw))))
        return True


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
            flow.links.append(Link(address.strip(), element))
            if len(flow.links) >= MOST_LINKS:
                break
    for image in root.iter("img"):
        source, width = image.get("src"), (image.get("width") or "").removesuffix("px")
        if source:
            flow.images.append(Image(source, int(width) if width.isascii() and width.isdigit() and len(width) < 6 else None))
            if len(flow.images) >= MOST_LINKS:
                break


def _ends_in_table(source: bytes) -> bool:
    last = max(source.rfind(b"<table"), source.rfind(b"<TABLE"))
    return last >= 0 and source.find(b"</table", last) < 0 and source.find(b"</TABLE", last) < 0


def _read_tree(root: etree._Element, source: bytes, flow: Flow) -> None:
    """Gathers what a tree shows; `source` is its markup."""
    show_fields(root)
    write_scripted(root)
    hides = drop_unseen(root, source)
    start = next(root.iterchildren("body"), root)
    _Walk(flow, start, hides=hides).walk(start)
    flow.ends_in_table = _ends_in_table(source)


def _read_island(source: bytes, flow: Flow, most: int) -> None:
    """Adds the article that a page holds as data below all that it shows, if it shows no report itself.

    An article has `most` characters at most. No XPath leads into a script: the article's tables have its element as their holder, their
    cells get places in the text.
    """
    visible, enough = 0, min(ENOUGH_VISIBLE, most)
    for line in flow.lines:
        visible += len(line.raw) - line.linked
        if visible >= enough:
            return
    root, _ = parse(source)
    island = None if root is None else find_island(root, visible)
    if island is None:
        return
    markup = island.markup.encode("utf-8", "replace")
    article, flow.cut = parse(markup)
    if article is None:
        return
    first, first_table = len(flow.lines), len(flow.tables)
    _read_tree(article, markup, flow)
    _gather_links(article, flow)
    flow.article = range(first, len(flow.lines))
    for table in flow.tables[first_table:]:
        table.holder = island.holder
    for name, content in island.meta.items():
        flow.meta.setdefault(name, content)


def read_html(source: bytes) -> Flow:
    """All visible lines and leaf tables of a page in UTF-8, its containers, meta tags, title, links and images. Raises nothing."""
    flow = Flow()
    bare = lean(source) if is_styled(source) else source
    root, flow.cut = parse(bare)
    if root is None:
        return flow
    flow.labelled, held = labelled_data(root), most_held(root)
    _read_tree(root, bare, flow)
    _gather_head(root, flow)
    _gather_links(root, flow)
    # Most pages hold less than they show, and need not be parsed once more with what was taken out.
    _read_island(source, flow, held)
    return flow
