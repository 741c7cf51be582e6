"""Text in a page's tree, read here without the code that is measured."""

from __future__ import annotations

from lxml import etree

# What is not shown, and what the paths of figures do not count.
DROPPED = frozenset("script style noscript template select textarea svg del s strike".split())
BLOCKS = frozenset(
    (
        "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
        "header hr li main nav ol p pre section table tbody td tfoot th thead tr ul"
    ).split()
)


def folded(text: str) -> str:
    """The text with every run of white space made one space."""
    return " ".join(text.split())


def _pieces(element: etree._Element, pieces: list[str], stand_ins: dict[etree._Element, list[str]]) -> None:
    if element in stand_ins:
        pieces += ["\n", *stand_ins[element]]
    if element in stand_ins or element.tag in DROPPED:
        return
    edge = "\n" if element.tag in BLOCKS else ""
    pieces += [edge, (element.text or "").replace("\n", " ")]
    for child in element:
        _pieces(child, pieces, stand_ins)
        pieces.append((child.tail or "").replace("\n", " "))
    pieces.append(edge)


def content(element: etree._Element) -> str:
    """An element's text with white space folded; paragraphs and lines are apart."""
    pieces: list[str] = []
    _pieces(element, pieces, {})
    return folded("".join(pieces))


def visual_lines(root: etree._Element, stand_ins: dict[etree._Element, list[str]]) -> list[str]:
    """The page's lines; instead of an element of `stand_ins` stand its lines."""
    pieces: list[str] = []
    marked = {element: [f"{line}\n" for line in lines] for element, lines in stand_ins.items()}
    body = root.find("body")
    _pieces(root if body is None else body, pieces, marked)
    return [line.rstrip() for line in "".join(pieces).split("\n") if line.strip()]


def inner(cell: etree._Element) -> etree._Element:
    """The innermost element that holds a cell's text: editors wrap it in paragraphs and spans."""
    while len(cell) == 1 and not (cell.text or "").strip() and not (cell[0].tail or "").strip():
        cell = cell[0]
    return cell


def put(cell: etree._Element, text: str) -> None:
    """Replaces a cell's text."""
    holder = inner(cell)
    for child in list(holder):
        holder.remove(child)
    holder.text = text


def remove(element: etree._Element) -> None:
    """Takes an element out and leaves the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
