"""Addresses that stand in scripts: what a click opens, and the nodes of the trees that a script draws.

Only what is written out is read. What a script puts together is left alone, but for a function that sets its arguments into an
address, and a handler that does so with an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from giar_crawler.platforms.script_values import first_expression, split

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
# The same with several arguments, and what an element keeps for the handler of its click: the expression behind is put together of these.
WITH_SEVERAL = re.compile(r"\bfunction\s{1,9}(\w{1,40})\s*\(\s*(\w{1,40}(?:\s*,\s*\w{1,40}){1,5})\s*\)\s*\{([^{}]{1,600})\}")
CALL_OF_SEVERAL = re.compile(r"\b(\w{1,40})\(([^()]{3,300})\)")
OPENS = re.compile(r"\b(?:open\(|location(?:\.href)?\s{0,9}=(?!=))\s{0,9}")
KEPT = re.compile(r"\$\(\s*this\s*\)\.(?:data\(\s*|attr\(\s*[\"']data-)[\"']?([\w-]{1,40})[\"']\s*\)|this\.dataset\.(\w{1,40})")
WORD = re.compile(r"(?:encodeURI(?:Component)?\(\s*)?(\w{1,40})\s*\)?")
VALUE = re.compile(r"[\w./-]{1,120}")
# The objects of zTree, layui and their like, rows that a script draws (whatever they call their parts), and the calls of dTree.
NODE = re.compile(
    r"[{}]|\b(?:(name|title|text|label|\w{1,30}Title)|(url|href|link|linkUrl|(?!proxy|ajax|api|im(?:g|age)|pic|file|logo|icon|video|cover|thumb|site|base)(?:\w{1,30}(?:Url|Href)|[A-Za-z]{1,20}(?:url|href)))"
    r"|(\w{1,40}))[\"']?\s*:\s*"
    r"(?:\"((?:[^\"\\\n]|\\.){1,300})\"|'((?:[^'\\\n]|\\.){1,300})')(\s*\+)?"
)
# Names of addresses that are no page's, and of what is no title.
LIKE_ADDRESS, LIKE_WORDS = "like_address", "like_words"
OTHER_ADDRESS = re.compile(r"(?i)proxy|ajax|api|img|image|pic|logo|icon|src|file|path|webname|site")
WRITES = re.compile(r"\bdocument\.write|\binnerHTML\b|\.(?:html|append|prepend)\(")
# Parts of pages that a script writes as they are, and those that it loads: $('#menu').load('/menu.html').
WRITTEN = re.compile(
    r"<a\s[^<>]{0,300}?href\s*=\s*\\?[\"']?([^\"'<>\\+\s]{1,300})\\?[\"']?[^<>+]{0,200}>"
    # What is written may be cut by a function before.
    r"(?:([^<>+]{1,80})|[\"']\s*\+\s*\w{1,30}\(\s*[\"']([^\"'<>\n]{1,200})[\"'][^()<>\n]{0,40}\)\s*\+\s*[\"'])<\\?/a>",
    re.IGNORECASE,
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
    """The functions of a page that open an address with their arguments in it, and handlers that open one with what an element keeps."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._written: dict[str, tuple[str, str]] | None = None
        self._several: dict[str, tuple[list[str], str]] | None = None
        self._attributes: dict[str, tuple[str, str]] | None = None

    def opened(self, call: str) -> str | None:
        """The address that a handler or a `javascript:` link opens, `None` where none can be told."""
        call = call[:LONGEST_CALL]
        if found := LITERAL.search(call):
            return found[2]
        for called in CALL.finditer(call):
            around = self._functions().get(called[1])
            if around is not None:
                return around[0] + called[2] + around[1]
        return next(filter(None, map(self._with_several, CALL_OF_SEVERAL.finditer(call))), None)

    @property
    def kept_names(self) -> frozenset[str]:
        """The attributes of which handlers of clicks make addresses."""
        return frozenset(f"data-{name}" for name in self._kept())

    def kept(self, element: etree._Element) -> str | None:
        """The address that the handler of a click makes of what the element keeps for it, `None` where there is none."""
        found = ((element.get(f"data-{name}"), shape) for name, shape in self._kept().items())
        return next((f"{shape[0]}{value}{shape[1]}" for value, shape in found if value and VALUE.fullmatch(value)), None)

    def _kept(self) -> dict[str, tuple[str, str]]:
        """What stands around the one attribute from which an address is made, by the attribute's name."""
        if self._attributes is None:
            self._attributes = {}
            text = self._text[:MOST_SCRIPT]
            for found in OPENS.finditer(text) if "$(this)" in text or "this.dataset" in text else ():
                pieces = split(first_expression(text[found.end() : found.end() + LONGEST_CALL]), "+")
                names = [kept[1] or kept[2] if (kept := KEPT.fullmatch(piece.strip())) else None for piece in pieces]
                texts = [piece.strip()[1:-1] if piece.strip()[:1] in {"'", '"'} else None for piece in pieces]
                place = next((number for number, name in enumerate(names) if name), None)
                if place is not None and all(text is not None for number, text in enumerate(texts) if number != place):
                    around = ("".join(map(str, texts[:place])), "".join(map(str, texts[place + 1 :])))
                    self._attributes.setdefault(str(names[place]), around)
        return self._attributes

    def _with_several(self, called: re.Match[str]) -> str | None:
        """The address that a function with several arguments opens when it is called like this."""
        if self._several is None:
            found = WITH_SEVERAL.finditer(self._text[:MOST_SCRIPT])
            self._several = {one[1]: ([name.strip() for name in one[2].split(",")], one[3]) for one in found}
        names, body = self._several.get(called[1], ((), ""))
        opens = OPENS.search(body)
        given = [value.strip().strip("'\"") for value in split(called[2], ",")]
        if opens is None or not all(map(VALUE.fullmatch, given)):
            return None
        values, made = dict(zip(names, given, strict=False)), ""
        for piece in split(first_expression(body[opens.end() :]), "+"):
            word = WORD.fullmatch(piece.strip())
            if piece.strip()[:1] in {"'", '"'}:
                made += piece.strip()[1:-1]
            elif word and word[1] in values:
                made += values[word[1]]
            else:
                return None
        return made or None

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
        yield written[1], written[2] or written[3]
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
