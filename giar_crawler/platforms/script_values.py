"""What expressions in a page's scripts come to, as far as the page itself says: texts and numbers, put together, with variables between.

The number of a list's page is not one value but all that it takes while the list is turned: it stays in the text as a hole. Nothing is run;
what cannot be told (a cookie, the clock, an answer of a server) makes the whole expression unknown.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from pipelines.data import load, pattern
from pipelines.screens import screen

Value: TypeAlias = "str | Number | dict[str, Value] | list[Value]"

OPEN, CLOSE = "\ue000", "\ue001"
HOLE = re.compile(f"{OPEN}(-?\\d+),(-?\\d+){CLOSE}")
MOST_SCRIPT = 500_000
LONGEST = 4000
DEEPEST = 12
MOST_CHOICES = 60
MOST_FOUND = 2000
TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`", re.DOTALL)
NUMBER = re.compile(r"\d{1,9}")
PATH = re.compile(r"[\w$]+(?:\??\.[\w$]+)*")
WRAPPED = re.compile(
    r"(?:encodeURI(?:Component)?|escape|String|parseInt|Number|\$\.trim|JSON\.stringify|[qQ]s\.stringify|\$\.param)\s*\((.*)\)", re.DOTALL
)
ELEMENT = re.compile(
    r"(?:\$|jQuery)\(\s*[\"']#([\w-]{1,60})[\"']\s*\)\.(?:val|attr|text)\(\s*(?:[\"']value[\"'])?\s*\)"
    r"|document\.getElementById\(\s*[\"']([\w-]{1,60})[\"']\s*\)\.value"
)
KEPT = re.compile(
    r"\$\(\s*(?:this|\w{1,20})\s*\)\.(?:data\(\s*[\"']([\w-]{1,40})|attr\(\s*[\"']data-([\w-]{1,40}))[\"']\s*\)|this\.dataset\.(\w{1,40})"
)
# A value of the page's own address: getQueryString('id'), getUrlParam("id"), new URLSearchParams(location.search).get('id').
ASKED = re.compile(
    r"(?:new\s+URLSearchParams\([^()]{0,60}\)\.get|(?:[\w$]{1,30}\.)?(?:\w{0,20}(?:[qQ]uery|[uU]rl|[rR]equest)\w{0,20}|(?:get|Get)Param\w{0,10})(?:\.get)?)"
    r"\(\s*[\"']([\w-]{1,40})[\"']\s*\)"
)
SLOT = re.compile(r"\$\{([^{}]{1,200})\}")
ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
DEFINED = re.compile(r"(?<![\w$.\"'])[\"']?(?:(?:this|that|self|_this|vm)\.)?([\w$]{1,40})[\"']?\s*(?:=(?![=>])|:)\s*")
# Braces, heads of functions, and where texts and comments begin.
TOKEN = re.compile(
    r"[\"'`{}]|(?<!:)//|/\*"
    r"|(?:\b(?P<before>[\w$]{1,40})\s{0,9}[:=]\s{0,9})?\bfunction\s{0,9}(?P<name>[\w$]{0,40})\s{0,9}\((?P<arguments>[\w\s,$]{0,200})\)\s{0,9}\{"
    r"|\b(?P<method>(?!(?:if|for|while|switch|catch|with|function)\b)[\w$]{1,40})\s{0,9}(?:[:=]\s{0,9})?\((?P<taken>[\w\s,$]{0,200})\)\s{0,9}(?:=>\s{0,9})?\{"
)
ENDS = {
    '"': re.compile(r"[\"\n]|\\."),
    "'": re.compile(r"['\n]|\\."),
    "`": re.compile(r"`|\\.", re.DOTALL),
    "//": re.compile(r"\n"),
    "/*": re.compile(r"\*/"),
}
# Pages are no scripts: so many of their quotes may begin no text.
MOST_OPEN, MOST_FUNCTIONS, MOST_VALUES = 10, 3000, 20_000


SHAPE = {
    **dict.fromkeys(("page", "short_page", "of_list", "title", "address", "date", "children", "total", "left", "library"), pattern),
    "tables": [
        {"call": screen, "page?": str, "first_row?": str, "size": str, "where": str, "sized": str, "usual": int, "post?": bool},
    ],
}


@cache
def names() -> dict[str, Any]:
    """What `scripts.yaml` holds."""
    data: dict[str, Any] = load(Path(__file__).with_name("scripts.yaml"), SHAPE)
    return data


def is_called(what: str, name: str) -> bool:
    """Whether this is a name for it."""
    return names()[what].fullmatch(name) is not None


def is_library(url: str) -> bool:
    """Whether a script file is one that many sites have, and knows nothing of this one."""
    return names()["library"].search(urlsplit(url).path.rpartition("/")[2]) is not None


@dataclass(slots=True, frozen=True)
class Number:
    """A whole number that grows by `step` with each further page of the list; most have the step 0."""

    start: int
    step: int = 0

    def __str__(self) -> str:
        return f"{OPEN}{self.step},{self.start}{CLOSE}" if self.step else str(self.start)


@dataclass(slots=True, frozen=True)
class _Function:
    name: str
    arguments: tuple[str, ...]
    start: int
    end: int


class UnknownError(ValueError):
    """The page does not say what an expression comes to."""


@dataclass(slots=True)
class Script:
    """The scripts of a page.

    `texts` has the values of its fields by id, `kept` those of `data-` attributes by name, `query` those of its address.
    """

    text: str
    texts: dict[str, str] = field(default_factory=dict)
    kept: dict[str, list[str]] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    # Of a variable with several values (years, organs) the one that is looked at, and all that there are.
    chosen: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    _values: int = 0
    _functions: list[_Function] | None = None
    _defined: dict[str, list[tuple[int, int]]] | None = None

    def value(self, source: str, at: int, deep: int = 0) -> Value:
        """What an expression that stands at a place of the script comes to. Raises UnknownError."""
        source = _bare(source)
        self._values += 1
        if not source or len(source) > LONGEST or deep > DEEPEST or self._values > MOST_VALUES:
            raise UnknownError(source[:40])
        if source[0] == "{" and source[-1] == "}":
            return self._object(source[1:-1], at, deep)
        if source[0] == "[" and source[-1] == "]":
            return [self.value(piece, at, deep + 1) for piece in split(source[1:-1], ",")]
        for alternative in (alternatives := split(source, "||")) if "||" in source else ():
            try:
                return self.value(alternative, at, deep + 1)
            except UnknownError:
                if alternative is alternatives[-1]:
                    raise
        for operator in "+-*":
            if operator in source and len(terms := split(source, operator)) > 1:
                return _joined(operator, [self.value(term, at, deep + 1) for term in terms])
        return self._single(source, at, deep)

    def _single(self, source: str, at: int, deep: int) -> Value:
        """The value of an expression without operators."""
        if TEXT.fullmatch(source):
            return self._filled(source, at, deep) if source[0] == "`" else _unescaped(source[1:-1])
        if NUMBER.fullmatch(source):
            return Number(int(source))
        if found := WRAPPED.fullmatch(source):
            inner = self.value(split(found[1], ",")[0], at, deep + 1)
            return json.dumps(shown(inner), ensure_ascii=False) if source.startswith("JSON") else inner
        if found := ELEMENT.fullmatch(source):
            return self._known(self.texts, found[1] or found[2])
        if found := ASKED.fullmatch(source):
            return self._known(self.query, found[1])
        if found := KEPT.fullmatch(source):
            return self._choice(found[1] or found[2] or found[3])
        if PATH.fullmatch(source):
            return self._variable(re.split(r"\??\.", source), at, deep)
        raise UnknownError(source[:40])

    def object_of(self, source: str, at: int) -> dict[str, str]:
        """The parts of an object by name, as they are written; empty where it is none."""
        source = _bare(source)
        if PATH.fullmatch(source):
            source = next(
                (text for start, end in self._definitions(source.rpartition(".")[2], at) if (text := self.text[start:end])[:1] == "{"), ""
            )
        if not (source.startswith("{") and source.endswith("}")):
            return {}
        halves = (split(piece, ":", 1) for piece in split(source[1:-1], ","))
        return {half[0].strip(" \t\r\n\"'"): half[1] if len(half) > 1 else half[0] for half in halves}

    def _object(self, source: str, at: int, deep: int) -> dict[str, Value]:
        made: dict[str, Value] = {}
        for name, written in self.object_of(f"{{{source}}}", at).items():
            if name:
                try:
                    made[name] = paged(name, self.value(written, at, deep + 1))
                except UnknownError:
                    # Without its column a server would give another list; words that somebody searches for are empty at first.
                    if is_called("of_list", name):
                        raise
                    made[name] = ""
        return made

    def _filled(self, source: str, at: int, deep: int) -> str:
        return SLOT.sub(lambda slot: str(self.value(slot[1], at, deep + 1)), source[1:-1])

    def _known(self, values: dict[str, str], name: str) -> str:
        if name not in values:
            raise UnknownError(name)
        return values[name]

    def _choice(self, name: str) -> str:
        values = self.choices.get(name) or list(dict.fromkeys(self.kept.get(name, ())))[:MOST_CHOICES]
        if not values:
            raise UnknownError(name)
        self.choices[name] = values
        return self.chosen.get(name, values[0])

    def _variable(self, path: list[str], at: int, deep: int) -> Value:
        name = path[-1]
        for function in self._around(at) if len(path) == 1 else ():
            if name in function.arguments:
                return self._argument(function, name, deep)
        for start, end in self._definitions(name, at):
            try:
                return paged(name, self.value(self.text[start:end], start, deep + 1))
            except UnknownError:
                continue
        raise UnknownError(name)

    def _argument(self, function: _Function, name: str, deep: int) -> Value:
        """What a function is called with: for the number of a page the first one, else all that the page has."""
        place, values = function.arguments.index(name), []
        owner = r"(?:(?:this|that|vm|self|_this|app)\.)?"
        call = re.compile(rf"(?<![\w$.]){owner}{re.escape(function.name or CLOSE)}\(([^()\n]{{0,200}})\)")
        for found in islice(call.finditer(self.text), MOST_FOUND):
            given = split(found[1], ",")
            if self.text[max(0, found.start() - 10) : found.start()].rstrip().endswith("function") or len(given) <= place:
                continue
            if NUMBER.fullmatch(given[place].strip()) or TEXT.fullmatch(given[place].strip()):
                value = self.value(given[place], found.start(), deep + 1)
                values.append(str(value))
        if is_called("page", name) or (is_called("short_page", name) and all(map(NUMBER.fullmatch, values))):
            return Number(int(values[0]) if values and NUMBER.fullmatch(values[0]) else 1, 1)
        key = f"{function.name}({name})"
        self.kept.setdefault(key, values)
        return self._choice(key)

    def _around(self, at: int) -> Iterator[_Function]:
        """The functions in which a place lies, the innermost first."""
        if self._functions is None:
            self._functions = _functions_of(self.text)
        return (function for function in reversed(self._functions) if function.start <= at < function.end)

    def _definitions(self, name: str, at: int) -> list[tuple[int, int]]:
        """Where a variable or a part of an object gets its values: before the place, the nearest first, then behind it."""
        if self._defined is None:
            self._defined = {}
            for found in DEFINED.finditer(self.text):
                self._defined.setdefault(found[1], []).append((found.end(), 0))
        starts = self._defined.get(name, [])
        middle = bisect_right(starts, (at, 0))
        near = [*reversed(starts[max(0, middle - 8) : middle]), *starts[middle : middle + 8]]
        return [(start, start + len(first_expression(self.text[start : start + LONGEST]))) for start, _ in near]


def shown(value: Value) -> Any:  # noqa: ANN401 # JSON
    """A value as JSON has it, holes as texts."""
    if isinstance(value, Number):
        return str(value) if value.step else value.start
    if isinstance(value, dict):
        return {name: shown(part) for name, part in value.items()}
    return [shown(part) for part in value] if isinstance(value, list) else value


def paged(name: str, value: Value) -> Value:
    """The value of this name: a number that is called like that of a page grows with the pages."""
    if isinstance(value, str) and NUMBER.fullmatch(value) and is_called("page", name):
        value = Number(int(value))
    return Number(value.start, 1) if isinstance(value, Number) and not value.step and is_called("page", name) else value


def first_expression(source: str) -> str:
    """The beginning of a source up to the end of its first expression."""
    for place, character in _outside(source):
        if character in ",;)]}" or (character == "\n" and source[:place].rstrip()[-1:] not in set("+-*|,({[?:")):
            return source[:place]
    return source


def split(source: str, separator: str, most: int = -1) -> list[str]:
    """The pieces of a source between separators that stand in no text and no bracket."""
    pieces, begin, skip = [], 0, -1
    for place, character in _outside(source):
        if place < skip or character != separator[0] or not source.startswith(separator, place) or most == 0:
            continue
        pieces.append(source[begin:place])
        begin = skip = place + len(separator)
        most -= 1
    pieces.append(source[begin:])
    return [piece for piece in pieces if piece.strip()] if separator == "," else pieces


def arguments_of(text: str, start: int) -> list[str]:
    """The arguments of a call whose opening bracket stands before `start`."""
    source = text[start : start + LONGEST]
    for place, character in _outside(source):
        if character == ")":
            return split(source[:place], ",")
    return []


def _outside(source: str) -> Iterator[tuple[int, str]]:
    """The characters outside of texts and brackets, closing brackets that nothing opened among them."""
    depth, place, length = 0, 0, len(source)
    while place < length:
        character = source[place]
        if character in "\"'`":
            text = TEXT.match(source, place)
            place = text.end() if text else length
            continue
        if character in "([{":
            depth += 1
        elif character in ")]}":
            if depth == 0:
                yield place, character
            depth = max(0, depth - 1)
        elif depth == 0:
            yield place, character
        place += 1


def _bare(source: str) -> str:
    source = source.strip()
    while source[:1] == "(" and source[-1:] == ")" and not any(True for _ in _outside(source[1:-1]) if _[1] == ")"):
        source = source[1:-1].strip()
    return source


def _joined(operator: str, values: list[Value]) -> Value:
    if any(isinstance(value, dict | list) for value in values):
        raise UnknownError(operator)
    numbers = [value for value in values if isinstance(value, Number)]
    if operator == "+" and len(numbers) < len(values):
        return "".join(map(str, values))
    if len(numbers) < len(values):
        raise UnknownError(operator)
    total = numbers[0]
    for number in numbers[1:]:
        if operator == "*":
            if total.step and number.step:
                raise UnknownError(operator)
            total = Number(total.start * number.start, total.step * number.start + number.step * total.start)
        else:
            sign = 1 if operator == "+" else -1
            total = Number(total.start + sign * number.start, total.step + sign * number.step)
    return total


def _functions_of(text: str) -> list[_Function]:
    """The functions of a script with their names and arguments, in the order in which they begin."""
    waiting: list[tuple[str, str, int] | None] = []
    found: list[_Function] = []
    place, left = 0, MOST_OPEN
    while (token := TOKEN.search(text, place)) and len(found) < MOST_FUNCTIONS:
        place, word = token.end(), token[0]
        if word in ENDS:
            end = _end(text, place, word)
            left -= end is None
            place = place if end is None and left > 0 else len(text) if end is None else end
        elif word == "}":
            begun = waiting.pop() if waiting else None
            if begun is not None:
                found.append(_Function(begun[0], tuple(one.strip() for one in begun[1].split(",")), begun[2], token.start()))
        else:
            taken = token["arguments"] if token["arguments"] is not None else token["taken"]
            waiting.append(None if taken is None else (token["name"] or token["before"] or token["method"] or "", taken, place))
    return sorted(found, key=lambda function: function.start)


def _end(text: str, place: int, opened: str) -> int | None:
    """Where a text or a comment ends that was opened before a place; `None` where it does not."""
    while ended := ENDS[opened].search(text, place):
        if ended[0][0] != "\\":
            return None if ended[0] == "\n" and opened != "//" else ended.end()
        place = ended.end()
    return None


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else {"n": "\n", "t": "\t"}.get(found[2], found[2]), text)
