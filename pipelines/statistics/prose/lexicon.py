"""The words of the sentences by class, as data; and a sentence cut into them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from pipelines.data import load, pattern
from pipelines.statistics.prose.quantities import STARTS as NUMBER_STARTS
from pipelines.statistics.prose.quantities import Quantity, quantity_at
from pipelines.statistics.prose.times import STARTS as TIME_STARTS
from pipelines.statistics.prose.times import Time, time_at

# What one character says whatever stands behind it.
SIGNS = dict.fromkeys(",:;()", "separator") | {"、": "and"}
# Words of these lengths are looked for whatever begins there.
SHORTER = (2, 1)
# `中` before these is a part of a word: 中心, 中学, 中共.
NOT_AMONG = ("心", "学", "小", "共", "国", "央", "型", "介", "医")
GROUP = re.compile(r"\[([^\[\]()]*)\]|\(([^\[\]()]*)\)|([^\[\]()]+)")


@dataclass(slots=True)
class Token:
    """A word of a sentence: its class, text and place; of a number and of a time also what they say.

    Besides the classes of the lexicon there are `gap` (unknown words), `number`, `share` (a percentage, an ordinal: a number that counts
    nothing), `time` and `separator`.
    """

    kind: str
    text: str
    start: int
    end: int
    quantity: Quantity | None = None
    time: Time | None = None


@cache
def data() -> dict[str, Any]:
    """The lexicon: `classes` with their entries, `topics` with a pattern each, the patterns of `accounts` and `matters`."""
    loaded: dict[str, Any] = load(
        Path(__file__).with_name("lexicon.yaml"),
        {"classes": {"*": [str]}, "accounts": pattern, "matters": pattern, "topics": {"*": pattern}},
    )
    return loaded


def expand(entry: str) -> Iterator[str]:
    """All words of an entry: `[a|b]c` is c, ac and bc, `(a|b)c` is ac and bc."""
    choices = []
    for optional, needed, literal in GROUP.findall(entry):
        choices.append(["", *optional.split("|")] if optional else needed.split("|") if needed else [literal])
    return ("".join(parts) for parts in product(*choices))


@cache
def words() -> dict[str, str]:
    """The class of every word; of two classes that have a word the first one wins."""
    found: dict[str, str] = {}
    for name, entries in data()["classes"].items():
        for entry in entries:
            for word in expand(entry):
                found.setdefault(word, name)
    found.pop("", None)
    return found


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """The lengths of the words that begin with three characters, the longest first, and of those that may be shorter."""
    found: dict[str, set[int]] = {}
    for word in words():
        if len(word) > max(SHORTER):
            found.setdefault(word[: max(SHORTER) + 1], set()).add(len(word))
    return {first: (*sorted(lengths, reverse=True), *SHORTER) for first, lengths in found.items()}


@cache
def _starts() -> frozenset[str]:
    """What a word, a number, a sign or an expression of time begins with: two characters, or one whatever stands behind it."""
    return frozenset({*(word[:2] for word in words()), *SIGNS, *TIME_STARTS, *NUMBER_STARTS, "各"})


def tokenise(text: str) -> list[Token]:
    """The words of a clean sentence without blanks, in order; nothing is left out."""
    known, lengths, starts = words(), _lengths(), _starts()
    tokens: list[Token] = []
    place, gap, size = 0, 0, len(text)
    while place < size:
        may_start = text[place : place + 2] in starts or text[place] in starts
        token = _token_at(text, place, known, lengths) if may_start else None
        if token is None:
            place += 1
            continue
        if gap < place:
            tokens.append(Token("gap", text[gap:place], gap, place))
        tokens.append(token)
        place = gap = token.end
    if gap < size:
        tokens.append(Token("gap", text[gap:], gap, size))
    return tokens


def _token_at(text: str, place: int, known: dict[str, str], lengths: dict[str, tuple[int, ...]]) -> Token | None:
    """The word, number or sign at a place."""
    character = text[place]
    if (sign := SIGNS.get(character)) is not None:
        return Token(sign, character, place, place + 1)
    if character == "各" and text[place + 1 : place + 2].isdecimal():
        return Token("each", character, place, place + 1)
    if character == "中" and text[place + 1 : place + 2] in NOT_AMONG:
        return None
    word, kind = "", None
    for length in lengths.get(text[place : place + 3], SHORTER):
        word = text[place : place + length]
        kind = known.get(word)
        if kind is not None:
            break
    end = place + len(word) if kind else place
    time = time_at(text, place) if character in TIME_STARTS else None
    if time is not None and time.end >= end:
        return Token("time", text[place : time.end], place, time.end, time=time)
    quantity = quantity_at(text, place) if character in NUMBER_STARTS else None
    if quantity is not None and quantity.end > end:
        counted = "number" if quantity.counts else "share"
        return Token(counted, text[place : quantity.end], place, quantity.end, quantity=quantity)
    return Token(kind, word, place, end) if kind else None
