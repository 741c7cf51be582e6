"""Addresses that stand in scripts: what a click opens, and the nodes of the trees that a script draws.

Only what is written out is read. What a script puts together is left alone, but for a function that sets its one argument into an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

# Beginnings and endings by which a text in quotes is an address.
ADDRESS = (
    r"(?:https?:)?//[^\"'\s<>]{1,400}|\.{0,2}/[^\"'\s<>]{1,400}|\?\w{1,40}=[^\"'\s<>]{0,300}"
    r"|[\w%/-]{1,200}\.(?:s?html?|jsp|aspx?|php|do|action)(?:[?;][^\"'\s<>]{0,300})?"
)
LITERAL = re.compile(rf"(?<!\+)(?<!\+ )([\"'])({ADDRESS})\1(?!\s*\+)")
WHOLE = re.compile(ADDRESS)
CALL = re.compile(r"\b(\w{1,40})\(\s*[\"']?([\w./-]{1,120})[\"']?\s*\)")
FUNCTION = re.compile(r"\bfunction\s+(\w{1,40})\s*\(\s*(\w{1,40})\s*\)\s*\{([^{}]{1,600})\}")
OPENED = re.compile(r"\blocation\b|\bopen\(")
TEXT_AND_WORD = re.compile(r"[\"']([^\"'<>]{1,300})[\"']\s*\+\s*(\w{1,40})(?:\s*\+\s*[\"']([^\"'<>]{0,300})[\"'])?")
# The objects of zTree, layui and their like, and the calls of dTree.
NODE = re.compile(
    r"[{}]|\b(?:(name|title|text|label)|(?:url|href|link|linkUrl))[\"']?\s*:\s*"
    r"(?:\"((?:[^\"\\\n]|\\.){1,300})\"|'((?:[^'\\\n]|\\.){1,300})')(\s*\+)?"
)
_ID = r"[\"']?[\w-]{1,40}[\"']?\s*,\s*"
ADDED = re.compile(rf"\.add\(\s*{_ID}{_ID}[\"']([^\"'\n]{{1,200}})[\"']\s*,\s*[\"']([^\"'\n]{{1,400}})[\"']")
ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MOST_SCRIPT = 2_000_000
MOST_DEPTH = 50
LONGEST_CALL = 1000


class Functions:
    """The functions of a page that open an address with their one argument in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._written: dict[str, tuple[str, str]] | None = None

    def opened(self, call: str) -> str | None:
        """The address that a handler or a `javascript:` link opens, `None` where none can be told."""
        call = call[:LONGEST_CALL]
        if found := LITERAL.search(call):
            return found[2]
        for called in CALL.finditer(call):
            around = self._functions().get(called[1])
            if around is not None:
                return around[0] + called[2] + around[1]
        return None

    def _functions(self) -> dict[str, tuple[str, str]]:
        if self._written is None:
            self._written = {}
            for found in FUNCTION.finditer(self._text[:MOST_SCRIPT]):
                name, argument, body = found.groups()
                around = next((one for one in TEXT_AND_WORD.finditer(body) if one[2] == argument), None)
                if around is not None and OPENED.search(body):
                    self._written[name] = (around[1], around[3] or "")
        return self._written


def clicked(element: etree._Element) -> str:
    """What happens on a click: the handler, and the link's `javascript:` address."""
    return f"{element.get('href') or ''} {element.get('onclick') or ''}"


def nodes(script: str) -> Iterator[tuple[str, str]]:
    """The address and the words of every node of a tree, menu or list that a script has as data."""
    script = script[:MOST_SCRIPT]
    for added in ADDED.finditer(script):
        yield added[2], added[1]
    objects: list[dict[str, str]] = []
    for found in NODE.finditer(script):
        if found[0] == "{":
            # Deeper ones are taken for part of the deepest.
            if len(objects) < MOST_DEPTH:
                objects.append({})
        elif found[0] == "}":
            node = objects.pop() if objects else {}
            if "words" in node and "address" in node:
                yield node["address"], node["words"]
        elif objects and not found[4]:
            objects[-1].setdefault("words" if found[1] else "address", ESCAPED.sub(_unescaped, found[2] or found[3]))


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]
