"""Addresses that stand in scripts: what a click opens, and the nodes of the trees that a script draws.

Only what is written out is read. What a script puts together is left alone, but for a function that sets its one argument into an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

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
CHOICE = r"this\.(?:value|options\[[^\[\]]{1,60}\]\.value)"
TEXT_AND_CHOICE = re.compile(rf"[\"']([^\"'<>]{{1,300}})[\"']\s*\+\s*{CHOICE}(?:\s*\+\s*[\"']([^\"'<>]{{0,300}})[\"'])?")
CHOICE_CALL = re.compile(rf"\b(\w{{1,40}})\(\s*{CHOICE}\s*\)")
# The objects of zTree, layui and their like, rows that a script draws (whatever they call their parts), and the calls of dTree.
NODE = re.compile(
    r"[{}]|\b(?:(name|title|text|label|\w{1,30}Title)|(url|href|link|linkUrl|(?!proxy|ajax|api|img|pic|file)\w{1,30}(?:Url|Href))"
    r"|(\w{1,40}))[\"']?\s*:\s*"
    r"(?:\"((?:[^\"\\\n]|\\.){1,300})\"|'((?:[^'\\\n]|\\.){1,300})')(\s*\+)?"
)
# Names of addresses that are no page's, and of what is no title.
LIKE_ADDRESS, LIKE_WORDS = "like_address", "like_words"
OTHER_ADDRESS = re.compile(r"(?i)proxy|ajax|api|img|image|pic|logo|icon|src|file|path|webname|site")
WRITES = re.compile(r"\bdocument\.write|\binnerHTML\b|\.(?:html|append|prepend)\(")
# Parts of pages that a script writes as they are, and those that it loads: $('#menu').load('/menu.html').
WRITTEN = re.compile(
    r"<a\s[^<>]{0,300}?href\s*=\s*\\?[\"']?([^\"'<>\\+\s]{1,300})\\?[\"']?[^<>+]{0,200}>([^<>+]{1,80})<\\?/a>", re.IGNORECASE
)
PART = re.compile(rf"\.load\(\s*([\"'])({ADDRESS})\1\s*[,)]")
MOST_PARTS = 8
_ID = r"[\"']?[\w-]{1,40}[\"']?\s*,\s*"
ADDED = re.compile(rf"\.add\(\s*{_ID}{_ID}[\"']([^\"'\n]{{1,200}})[\"']\s*,\s*[\"']([^\"'\n]{{1,400}})[\"']")
# Neighbours in an array: ["政务公开", "/zwgk/"], or the other way round.
NAMED = re.compile(rf"[\[(,]\s*([\"'])([^\"'<>\n]{{1,80}})\1\s*,\s*([\"'])({ADDRESS})\3\s*[,)\]]")
LED = re.compile(rf"[\[(,]\s*([\"'])({ADDRESS})\1\s*,\s*([\"'])([^\"'<>\n]{{1,80}})\3\s*[,)\]]")
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

    def set_into(self, handler: str, value: str) -> str | None:
        """The address that a handler makes of the value that was chosen, `None` where none can be told."""
        handler = handler[:LONGEST_CALL]
        around = next(((one[1], one[2] or "") for one in TEXT_AND_CHOICE.finditer(handler)), None)
        if around is None and (called := CHOICE_CALL.search(handler)):
            around = self._functions().get(called[1])
        return around[0] + value + around[1] if around else None

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
    added = [(call[2], call[1]) for call in ADDED.finditer(script)]
    named = [] if added else [(pair[4], pair[2]) for pair in NAMED.finditer(script) if CHINESE.search(pair[2])]
    yield from added or named or ((pair[2], pair[4]) for pair in LED.finditer(script))
    for written in WRITTEN.finditer(script) if WRITES.search(script) else ():
        yield written[1], written[2]
    objects: list[dict[str, str]] = []
    for found in NODE.finditer(script):
        if found[0] == "{":
            # Deeper ones are taken for part of the deepest.
            if len(objects) < MOST_DEPTH:
                objects.append({})
        elif found[0] == "}":
            yield from _node(objects.pop() if objects else {})
        elif objects and not found[6]:
            value = ESCAPED.sub(_unescaped, found[4] or found[5])
            if part := "words" if found[1] else "address" if found[2] else _likely(found[3], value):
                objects[-1].setdefault(part, value)


def _node(parts: dict[str, str]) -> Iterator[tuple[str, str]]:
    if "words" in parts and "address" in parts:
        yield parts["address"], parts["words"]
    elif not parts.keys() & {"words", "address"} and len(parts) > 1:
        yield parts[LIKE_ADDRESS], parts[LIKE_WORDS]


def _likely(name: str, value: str) -> str | None:
    """What a value is in its object by its looks, where no name tells."""
    if OTHER_ADDRESS.search(name):
        return None
    if WHOLE.fullmatch(value):
        return LIKE_ADDRESS
    return LIKE_WORDS if CHINESE.search(value) else None


def opens_part(script: str) -> list[str]:
    """The addresses of the parts that a script loads into its page."""
    return [found[2] for found in islice(PART.finditer(script[:MOST_SCRIPT]), MOST_PARTS)]


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]
