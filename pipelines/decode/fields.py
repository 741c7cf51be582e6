"""The values of form fields in the cells of tables, as text: pages saved from a back office hold their numbers so."""

from __future__ import annotations

from lxml import etree

from pipelines.decode.tables import is_frame
from pipelines.decode.tree import text_of, without_controls
from pipelines.decode.unseen import is_hidden

FIELDS = ("input", "textarea", "select")
# Fields that show something other than their value: nothing, a caption, a mark, a slide.
VALUELESS = frozenset("button checkbox color file hidden image password radio range reset submit".split())
# Nobody types more into a cell.
LONGEST = 2_000


def _selected(select: etree._Element) -> str:
    """The text of the selected options, the first option where none is: browsers show the same."""
    options = list(select.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    return " ".join(text_of(option) for option in chosen or options[:1])


def _value(element: etree._Element) -> str:
    """What a field shows."""
    if element.tag == "select":
        return _selected(element)
    if element.tag == "textarea":
        return text_of(element)
    return "" if (element.get("type") or "").strip().lower() in VALUELESS else element.get("value") or ""


def show_fields(root: etree._Element) -> None:
    """Puts the values of text fields, text areas and selections into the tree as text where they stand in a table of data.

    Elsewhere fields are searches and logins; the cells of a layout table hold those too.
    """
    # For names that a page does not have this costs nothing.
    if next(root.iter(*FIELDS), None) is None:
        return
    for table in root.iter("table"):
        if not all(is_frame(inner) for inner in table.iterdescendants("table")):
            continue
        for element in list(table.iter(*FIELDS)):
            value = "" if is_hidden(element) else _value(element)
            if value.isspace() or not 0 < len(value) <= LONGEST:
                continue
            for child in list(element):
                element.remove(child)
            # A tag that is not dropped as text areas are; blanks, for the digits of the label before it are no part of the number.
            element.tag, element.text = "span", f" {without_controls(value)} "
