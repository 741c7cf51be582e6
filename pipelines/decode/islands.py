"""The article's HTML where a page holds it as data: a script's strings, a template, a text area, a hidden field.

Content systems that build the page in the browser (gkmlpt in Guangdong: `_CONFIG.DETAIL.content`) leave nothing to see without it. Scripts
are never run: only their string literals are looked at.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from pipelines.data import load
from pipelines.decode.tree import without_controls

# With so many characters outside links the page itself is the report.
ENOUGH_VISIBLE = 1_000
# An article has so many Chinese characters, and more than the page shows.
FEWEST_HAN = 100
LONGEST = 4_000_000
# Another text of this share of the longest under the same name, or in a list: then these are articles of which none is the page's.
RIVAL = 0.2
# So many objects that may hold the article are tried for its title and date.
MOST_OBJECTS = 20
# A string of a script within another string of it: JSON.parse("…").
DEEPEST = 2

HOLDERS = ("script", "template", "textarea", "input", "noscript")
HAN = re.compile(r"[\u3400-\u9fff]")
ARTICLE = re.compile(r"<(?:p|div|table|span|section|br|h\d)\b", re.IGNORECASE)
# 政府信息公开 is what every page of this kind is about; statements on cookies and users' terms are not.
TOPIC = re.compile("公[开開]")
PLACEHOLDER = re.compile(r"\{\{|\{%|<%|\$\{")
# A string begins behind one of these marks; an apostrophe in a comment does not.
OPENING = re.compile(r"""[:=(,\[]\s{0,99}["'`]""")
NAME = re.compile(r"""([\w$]+)["']?\s*$""")
CLOSING = {
    '"': re.compile(r'(?:[^"\\\n]++|\\.)*+"', re.DOTALL),
    "'": re.compile(r"(?:[^'\\\n]++|\\.)*+'", re.DOTALL),
    "`": re.compile(r"(?:[^`\\]++|\\.)*+`", re.DOTALL),
}
# Chinese text is one escape behind the other.
ESCAPE = re.compile(r"((?:\\u[0-9A-Fa-f]{4})+)|\\(?:x([0-9A-Fa-f]{2})|(\r\n|.))", re.DOTALL)
CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": "", "v": "", "0": "", "\n": "", "\r\n": ""}
CHINA = timedelta(hours=8)


@dataclass(slots=True, frozen=True)
class Island:
    """An article's markup, its holder's XPath in the page, and the meta tags that the data beside it stand for."""

    markup: str
    holder: str
    meta: dict[str, str]


@dataclass(slots=True, frozen=True)
class _Text:
    """A text that may be an article: the element that holds it, the name before it, the script (if any) where it begins at `at`.

    `han` is the number of Chinese characters in an article.
    """

    element: etree._Element
    name: str
    markup: str
    script: str = ""
    at: int = 0
    han: int = 0


@cache
def _keys() -> dict[str, list[str]]:
    keys: dict[str, list[str]] = load(Path(__file__).with_name("islands.yaml"), {"*": [str]})
    return keys


def unescaped(literal: str) -> str:
    """The text of a string literal of JSON or JavaScript."""
    if "\\" not in literal:
        return without_controls(literal)

    def plain(match: re.Match[str]) -> str:
        if run := match[1]:
            return bytes.fromhex(run.replace("\\u", "")).decode("utf-16-be", "surrogatepass")
        return chr(int(match[2], 16)) if match[2] else CONTROLS.get(match[3], match[3])

    text = ESCAPE.sub(plain, literal)
    # A character beyond the first plane is written as two, perhaps not both of them in one way.
    return without_controls(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))


def _strings(element: etree._Element, script: str, depth: int = 0) -> Iterator[_Text]:
    """The long strings of a script, in one pass."""
    at = 0
    while opened := OPENING.search(script, at):
        at = opened.end()
        quote = script[at - 1]
        closed = CLOSING[quote].match(script, at)
        if closed is None:
            at = script.find("\n", at)
            if quote == "`" or at < 0:
                return
            continue
        start, at = at, closed.end()
        if at - start < FEWEST_HAN:
            continue
        string = unescaped(script[start : at - 1])
        if depth < DEEPEST and string.lstrip()[:1] in ("{", "["):
            yield from _strings(element, string, depth + 1)
        else:
            name = NAME.search(script[max(0, opened.start() - 40) : opened.start()]) if opened[0][0] in ":=" else None
            yield _Text(element, name[1] if name else "", string, script, start)


def _held(element: etree._Element) -> str:
    """The text that an element holds, with its markup."""
    if element.tag == "input":
        return (element.get("value") or "") if _kind(element) == "hidden" else ""
    return (element.text or "") + "".join([etree.tostring(child, encoding="unicode", method="html") for child in element])


def _kind(element: etree._Element) -> str:
    return (element.get("type") or "").lower()


def _holders(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """The elements that may hold an article, each with what it holds; none that lies in another, whose text is part of that one's."""
    inside: set[etree._Element] = set()
    for element in root.iter(*HOLDERS):
        if element not in inside:
            inside.update(element.iterdescendants(*HOLDERS))
            yield element, _held(element)


def _texts(root: etree._Element) -> Iterator[_Text]:
    """What may be an article."""
    for element, text in _holders(root):
        tag, kind = str(element.tag), _kind(element)
        if tag == "script" and "template" not in kind and "html" not in kind:
            if len(text) <= LONGEST:
                yield from _strings(element, text)
        else:
            yield _Text(element, tag, text)


def most_held(root: etree._Element) -> int:
    """The length of the longest text that one element holds: no article that a page holds as data has more characters."""
    return max([len(text) for _, text in _holders(root)], default=0)


def _article(text: _Text) -> _Text | None:
    """The text with its markup unescaped where it can be an article."""
    if not FEWEST_HAN <= len(text.markup) <= LONGEST:
        return None
    markup = html.unescape(text.markup) if "<" not in text.markup and "&lt;" in text.markup else text.markup
    if not ARTICLE.search(markup) or not TOPIC.search(markup) or PLACEHOLDER.search(markup):
        return None
    han = len(HAN.findall(markup))
    return replace(text, markup=markup, han=han) if han >= FEWEST_HAN else None


def _written(value: object) -> str | None:
    """A scalar beside the article as text, a time as its day in China."""
    if isinstance(value, str):
        return without_controls(value).strip() or None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    seconds = value // 1000 if value > 10**11 else value
    return f"{datetime.fromtimestamp(seconds, UTC) + CHINA:%Y-%m-%d}" if 10**9 < seconds < 10**10 else None


def _object_of(text: _Text) -> dict[str, Any]:
    """The innermost JSON object that has the article among its values; empty where the script is no JSON."""
    decoder, at = json.JSONDecoder(strict=False), text.at
    for _ in range(MOST_OBJECTS):
        at = text.script.rfind("{", 0, at)
        if at < 0:
            break
        try:
            found, end = decoder.raw_decode(text.script, at)
        except (ValueError, RecursionError):
            continue
        if end > text.at:
            return found if isinstance(found, dict) else {}
    return {}


def _meta(text: _Text) -> dict[str, str]:
    """The meta tags that the data beside an article stand for."""
    beside = {key.lower(): written for key, value in _object_of(text).items() if (written := _written(value))}
    found = {name: next((beside[key] for key in keys if key in beside), None) for name, keys in _keys().items()}
    return {name: written for name, written in found.items() if written is not None}


def find_island(root: etree._Element, visible: int) -> Island | None:
    """The article that a page holds as data; `None` where there is none, or one of several.

    `root` is the page's tree with its scripts, `visible` the number of characters that the page shows outside links.
    """
    articles = [article for text in _texts(root) if (article := _article(text)) is not None]
    best = max(articles, key=lambda article: article.han, default=None)
    if best is None or best.han <= visible:
        return None
    if any(other.name in ("", best.name) and other.markup != best.markup and other.han >= RIVAL * best.han for other in articles):
        return None
    return Island(best.markup, best.element.getroottree().getpath(best.element), _meta(best))
