"""The decoded page: what every later stage reads, for HTML and for flattened text alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pipelines.decode.tree import folded, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass(slots=True)
class TableCell:
    """One physical cell.

    `raw` is the page's own wording with white space folded, `clean` the same in simplified Chinese, NFKC, repaired. `place` is an XPath in
    the decoded page, `line:N/cell:M` (both from 1) in flattened text, or `text:START-END` in `Document.text` for a cell in the text of one
    element (its table's `holder`): no XPath leads into it. `column` is the first grid column that it covers, once the grid of
    its table is laid out.
    """

    raw: str
    clean: str = ""
    rowspan: int = 1
    colspan: int = 1
    place: str = ""
    column: int = 0

    @property
    def end(self) -> int:
        """The first grid column behind the cell."""
        return self.column + self.colspan


@dataclass(slots=True)
class Table:
    """A table with its physical cells by row. Flattened text has lost the spans: then `spans_known` is false and they all are 1.

    `holder` is the XPath of the element in whose text the table stands (`<pre>`, `<script>`), empty for a table of the page's tree.
    `hidden` says that it stands in a block that is not shown, as all but one of a page's tabs.
    """

    rows: list[list[TableCell]]
    spans_known: bool
    holder: str = ""
    hidden: bool = False


@dataclass(slots=True)
class Line:
    """One visual line: a paragraph, a heading, a list item, or one row of a table (then with its `cells`).

    `linked` is the number of its characters inside links. `start` and `end` are its span in `Document.text`, -1 outside the body.
    `layout` is the line with its white space, where that may align it with its neighbours: flattened text only. `empty` counts the empty
    paragraphs, cells and lines right before it. `tag` is the block that holds it, empty in flattened text; `element` is that block where
    the line stands in several pieces in it.
    """

    raw: str
    clean: str = ""
    tag: str = ""
    cells: list[TableCell] | None = None
    table: int | None = None
    linked: int = 0
    start: int = -1
    end: int = -1
    element: _Element | None = None
    layout: str = ""
    empty: int = 0


@dataclass(slots=True)
class Link:
    """A link, frame or embedded object: the address as written. Its text is read when asked for: most links are menus."""

    href: str
    element: _Element

    @property
    def text(self) -> str:
        """Its text or title."""
        return folded(text_of(self.element)) or self.element.get("title") or ""


@dataclass(slots=True)
class Image:
    """A picture of the page; `width` in pixels where the page says it."""

    src: str
    width: int | None


@dataclass(slots=True)
class Document:
    """A page after decoding.

    `lines` are all visible lines of the page in order, `tables` the leaf tables (those that hold no other table) in order.
    `body` is the range of `lines` that is the report itself, without navigation and header table; `text` is the body in the page's own
    wording, one line each; `clean_text` the clean text of all lines. `meta` has lower-case names, `labelled` the labels
    and values that the page's scripts hold as data. `traditional` says that `clean` was
    converted from traditional Chinese; `has_halves` that characters are there which the halves of broken ones become; `repaired` counts the
    lines whose broken bytes were mended in `clean`; `pinyin` the syllables in brackets, noise of mirrors; `cut` says that the page ends
    inside a table; `parts` are the addresses of the further pages that a report on several pages names;
    `encoding_confidence` is how sure the text is what the publisher wrote, between 0 and 1.
    """

    media: Literal["html", "text"]
    encoding: str
    encoding_source: str
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    labelled: list[tuple[str, str]] = field(default_factory=list)
    head_title: str = ""
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    body: range = field(default_factory=lambda: range(0))
    text: str = ""
    clean_text: str = ""
    traditional: bool = False
    has_halves: bool = False
    repaired: int = 0
    pinyin: int = 0
    cut: bool = False
    parts: list[str] = field(default_factory=list)
    encoding_confidence: float = 1.0

    @property
    def head(self) -> list[Line]:
        """The lines before the body: breadcrumb, title, header table."""
        return self.lines[: self.body.start]

    @property
    def body_lines(self) -> list[Line]:
        """The lines of the report itself."""
        return self.lines[self.body.start : self.body.stop]

    @property
    def body_length(self) -> int:
        """The characters of the report itself."""
        return sum([len(line.clean) for line in self.body_lines])

    @property
    def tail(self) -> list[Line]:
        """The lines after the body: footer, site code, sharing buttons."""
        return self.lines[self.body.stop :]

    def lines_with(self, word: str) -> Iterator[tuple[int, Line]]:
        """The lines whose clean text has a word, with their indexes."""
        text, index, last = self.clean_text, 0, 0
        at = text.find(word)
        while at >= 0:
            start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            index, last = index + text.count("\n", last, start), start
            yield index, self.lines[index]
            at = text.find(word, end) if end >= 0 else -1
