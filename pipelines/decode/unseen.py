"""What a page does not show, or shows as taken back or raised: such digits beside a number would be read as part of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipelines.decode.tree import text_of, without_controls
from pipelines.texts import holds

# What is not shown, or shown as taken back: Word's tracked changes leave the old number beside the new one.
DROPPED = ("script", "style", "noscript", "template", "select", "textarea", "svg", "del", "s", "strike", "rt", "rp")
# A hidden block may be a header that unfolds; hidden letters within a line are noise against copying.
INLINE = frozenset({"span", "font", "b", "i", "em", "strong", "u", "small", "big", "samp", "bdo", "code"})
DISPLAY = ("isplay", "ISPLAY")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_STYLED = etree.XPath("//*[contains(@style, $word)]")
_CLASSED = etree.XPath("//*[contains(@class, $word)]")
_HIDDEN_BY_ATTRIBUTE = etree.XPath("//*[@hidden]")
# Without one of these a page has no style, neither of an element nor of a sheet.
_STYLE = (b"tyle", b"TYLE")
_FOOTNOTES = etree.XPath("//a[contains(@href, '#_')]")
# Rules under a condition (print, narrow screens) are about another showing of the page.
_CONDITIONAL = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASS_ALONE = re.compile(r"(?:^|,)\s*[a-z]*\.([\w-]+)\s*(?=,|$)")
_MARK = re.compile(r"\s*\d{1,3}\s*")


def _empty(element: etree._Element) -> None:
    element.text = None
    for child in list(element):
        element.remove(child)


def _bracket(element: etree._Element) -> None:
    element.text = without_controls(f"({element.text or ''}")
    if len(element):
        element[-1].tail = f"{element[-1].tail or ''})"
    else:
        element.text += ")"


def _bracket_mark(element: etree._Element) -> None:
    """Brackets digits that stand beside other text of their cell. Where all of a cell is raised or a link, it is a number still."""
    text, cell = text_of(element), next(element.iterancestors("td", "th"), None)
    if cell is not None and _MARK.fullmatch(text) and text_of(cell).strip() != text.strip():
        _bracket(element)


@dataclass(slots=True, frozen=True)
class _Style:
    """A style that takes its text out of the number that it stands beside; `words` are the ways that pages write a part of it.

    Plain words are looked for first: a pattern without regard to case takes as long for a page as parsing it.
    """

    words: tuple[str, ...]
    pattern: re.Pattern[str]
    act: Callable[[etree._Element], None]


STYLES = (
    _Style(DISPLAY, _HIDDEN, _empty),
    _Style(("isibility",), re.compile(r"visibility\s*:\s*hidden", re.IGNORECASE), _empty),
    _Style(("size:0", "size: 0"), re.compile(r"font-size\s*:\s*0(?![.\d])", re.IGNORECASE), _empty),
    _Style(("line-through",), re.compile("line-through"), _empty),
    _Style(("super",), re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE), _bracket_mark),
    _Style(("text-raise",), re.compile("text-raise"), _bracket_mark),
)

# Letters in the colour of the page, or outside it.
_WHITE = re.compile(r"(?<![\w-])color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"(?<![\w-])color\s*:\s*transparent|opacity\s*:\s*0(?![.\d])|mso-hide\s*:\s*all|(?:text-indent|left)\s*:\s*-\d{3}|font-size\s*:\s*1px"
    r"|(?<![\w-])(?:width|height)\s*:\s*0(?![.\d]).{0,300}overflow\s*:\s*hidden",
    re.IGNORECASE,
)
_WHITE_FONTS = ("#fff", "#ffffff", "white")
# What a tag has, in small letters and without blanks, that decides whether its text is seen; nothing else is read of a style.
_DECISIVE = re.compile(
    "|".join(
        [
            *(word.lower().replace(" ", "") for style in STYLES for word in style.words),
            *("#fff", "white(?!-space)", "255", "background", "bgcolor"),
            *("transparent", "opacity:0", "mso-hide", ":-", "size:1px", "overflow"),
        ]
    ).encode()
)


def is_decisive(tag: bytes) -> bool:
    """Whether a tag may decide whether its text is seen. With the blanks taken out first that is told in a thirtieth of the time."""
    return _DECISIVE.search(b"".join(tag.lower().split())) is not None


def is_invisible(piece: etree._Element) -> bool:
    """Whether a piece of a cell's text can be seen on no screen: its letters are white on no ground of another colour, or elsewhere."""
    style = piece.get("style") or ""
    if _ELSEWHERE.search(style):
        return True
    if not _WHITE.search(style) and (piece.get("color") or "").lower() not in _WHITE_FONTS:
        return False
    for one in (piece, *piece.iterancestors()):
        if one.get("bgcolor") or "background" in (one.get("style") or ""):
            return False
        if one.tag == "table":
            break
    return True


def is_hidden(element: etree._Element) -> bool:
    """Whether an element says that it is not shown: spreadsheets are pasted with their hidden columns."""
    style = element.get("style")
    if style and ("isplay" in style or "ISPLAY" in style) and _HIDDEN.search(style):
        return True
    return element.get("hidden") is not None


def _words_of_styles(source: bytes) -> set[str]:
    """Which words of `STYLES` a page has."""
    if not any(holds(source, word) for word in _STYLE):
        return set()
    return {word for style in STYLES for word in style.words if holds(source, word.encode())}


def _by_class(root: etree._Element, source: bytes) -> Iterator[tuple[etree._Element, _Style]]:
    """The pieces of lines to which the page's own style sheets give such a style, by a class alone."""
    for sheet in root.iter("style"):
        text = sheet.text or ""
        if not any(word in text for style in STYLES for word in style.words):
            continue
        for selectors, rules in _RULE.findall(_CONDITIONAL.sub("", text)):
            style = next((one for one in STYLES if one.pattern.search(rules)), None)
            if style is None:
                continue
            for name in _CLASS_ALONE.findall(selectors):
                if source.count(name.encode()) > text.count(name):
                    classed: Any = _CLASSED(root, word=name)
                    yield from ((one, style) for one in classed if one.tag in INLINE and name in one.get("class").split())


def _by_attribute(root: etree._Element, words: AbstractSet[str]) -> Iterator[tuple[etree._Element, _Style]]:
    """What has such a style of its own, written with one of these words: pieces of lines, cells and what is in them."""
    for style in STYLES:
        for word in style.words:
            if word in words:
                # Not //td//*: joining what thousands of cells hold takes a time that grows with its square.
                styled: Any = _STYLED(root, word=word)
                yield from ((one, style) for one in styled if style.pattern.search(one.get("style")) and _is_of_cell(one))


def _is_of_cell(element: etree._Element) -> bool:
    return element.tag in INLINE or next(element.iterancestors("td"), None) is not None


def drop_unseen(root: etree._Element, source: bytes) -> bool:
    """Takes out what is not shown or taken back, and sets raised and lowered characters in brackets; whether rows and cells may be hidden.

    `source` is the page: most have no such style, and most of the others write it in one way.
    """
    words = _words_of_styles(source)
    found = [*_by_class(root, source), *_by_attribute(root, words)] if words else []
    etree.strip_elements(root, *DROPPED, with_tail=False)
    for element, style in found:
        style.act(element)
    hides = source.rfind(b" hidden") >= 0
    if hides:
        attributed: Any = _HIDDEN_BY_ATTRIBUTE(root)
        for element in attributed:
            if _is_of_cell(element):
                _empty(element)
    for mark in root.iter("sup", "sub"):
        # 5<sup>1</sup> is a five with a footnote, or ten to some power: no number either way.
        _bracket(mark)
    if holds(source, b"#_"):
        footnotes: Any = _FOOTNOTES(root)
        for link in footnotes:
            _bracket_mark(link)
    return hides or not words.isdisjoint(DISPLAY)
