"""The bytes of an HTML page to a tree of what is shown, and the text in it."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from pipelines.texts import holds

# What is not shown, or shown as taken back: Word's tracked changes leave the old number beside the new one.
DROPPED = ("script", "style", "noscript", "template", "select", "textarea", "svg", "del", "s", "strike")
# Plain words are looked for first: a pattern without regard to case takes as long for a page as parsing it.
# A hidden block may be a header that unfolds; hidden letters within a line are noise against copying.
INLINE = frozenset({"span", "font", "b", "i", "em", "strong", "u", "small", "big", "samp", "bdo", "code"})
DISPLAY = ("isplay", "ISPLAY")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STYLED = etree.XPath("//*[contains(@style, $word)]")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def parse(source: bytes) -> tuple[etree._Element | None, bool]:
    """The whole tree of a page in UTF-8 (`None` when there is none), and whether the parser gave up at one of its limits.

    No network, no external entities: libxml2's HTML parser knows neither. Its limit of 2,048 levels (`huge_tree`; without it 256, which
    sloppy pages with never-closed `<font>` reach) stops a bomb of nested tables.
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False)
    root = etree.fromstring(source, parser)
    if root is None:
        return None, False
    return root, any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log)


def without_controls(text: str) -> str:
    """The text without the characters that a tree refuses to take (`&#1;` in a page becomes one of them)."""
    return CONTROLS.sub("", text)


def drop_unseen(root: etree._Element) -> None:
    """Takes out what is not shown, and sets raised and lowered characters in brackets."""
    etree.strip_elements(root, *DROPPED, with_tail=False)
    for mark in root.iter("sup", "sub"):
        # 5<sup>1</sup> is a five with a footnote, or ten to some power: no number either way.
        mark.text = without_controls(f"({mark.text or ''})")


def is_hidden(element: etree._Element) -> bool:
    """Whether an element says that it is not shown: spreadsheets are pasted with their hidden columns."""
    style = element.get("style")
    if style and ("isplay" in style or "ISPLAY" in style) and _HIDDEN.search(style):
        return True
    return element.get("hidden") is not None


def empty_hidden(root: etree._Element, source: bytes) -> bool:
    """Takes the text out of what is not shown inside cells (pasted sheets, noise against copying); whether rows and cells may be hidden.

    `source` is the page: most have no such word, and most of the others write it in one way.
    """
    written = [word for word in DISPLAY if holds(source, word.encode())]
    for word in written:
        # Not //td//*: joining what thousands of cells hold takes a time that grows with its square.
        styled: Any = _STYLED(root, word=word)
        for element in styled:
            inline = element.tag in INLINE or next(element.iterancestors("td"), None) is not None
            if inline and _HIDDEN.search(element.get("style")):
                element.text = None
                for child in list(element):
                    element.remove(child)
    return bool(written) or holds(source, b" hidden")


def folded(text: str) -> str:
    """The text with every run of white space (full-width and no-break too) made one space."""
    return " ".join(text.split())


def text_of(element: etree._Element) -> str:
    """All text in an element as it stands; four times as fast as joining `itertext()`."""
    text: str = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return text
