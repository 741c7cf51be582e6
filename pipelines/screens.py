"""Patterns that are tried only where a text has the words that they cannot do without: most texts have none, and looking for words is fast.

A pattern without regard to case, or one that begins with a boundary of words, is tried at each character, which takes fifty times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from re import _constants as codes  # type: ignore[attr-defined] # the parser is a part of `re` without a public name
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from pipelines.data import pattern

_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


@dataclass(slots=True, frozen=True)
class Screen:
    """A pattern and words, folded, of which a text that it matches has one at least; none where nothing is known."""

    pattern: re.Pattern[str]
    words: frozenset[str]

    def search(self, text: str, folded: str) -> re.Match[str] | None:
        """Where the pattern is found in a text; `folded` is the text in `str.casefold`, or of more than the text."""
        for word in self.words:
            # As `holds` does: a call for each word is most of what a word costs on a short page.
            if folded.rfind(word) >= 0:
                break
        else:
            if self.words:
                return None
        return self.pattern.search(text)


def screen(text: object) -> Screen:
    """The compiled regular expression with its words, as a shape."""
    compiled = pattern(text)
    return Screen(compiled, _words(_parser.parse(compiled.pattern, compiled.flags)))


def _words(parsed: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """Of the words that each match has, those of which the shortest is longest, then all of them; of alternatives one for each."""
    best: frozenset[str] = frozenset()
    run = ""
    for code, value in [*parsed, (codes.SUCCESS, None)]:
        if code is codes.LITERAL:
            run += chr(value)
        elif code is not codes.AT:
            best = max(best, frozenset({run.casefold()} - {""}), _inside(code, value), key=_length)
            run = ""
    return best


def _length(words: frozenset[str]) -> tuple[int, float]:
    """The length of the shortest of some words, and that of all on average."""
    lengths = [*map(len, words)] or [0]
    return min(lengths), sum(lengths) / len(lengths)


def _inside(code: object, value: Any) -> frozenset[str]:  # noqa: ANN401  # as the parser gives it
    if code is codes.SUBPATTERN:
        return _words(value[3])
    if code in _REPEATS and value[0]:
        return _words(value[2])
    if code is codes.BRANCH:
        branches = [_words(branch) for branch in value[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    return frozenset()


def beginnings(written: str) -> frozenset[str]:
    """The characters with which a match of a pattern can begin. Raises ValueError where these are too many to be named."""
    characters, may_be_empty = _first(_parser.parse(written))
    if may_be_empty:
        raise ValueError(f"{written} can match nothing")
    return frozenset(characters)


def _first(parsed: Iterable[tuple[Any, Any]]) -> tuple[set[str], bool]:
    """The first characters of what a part of a pattern matches, and whether it can match nothing."""
    found: set[str] = set()
    for code, value in parsed:
        if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
            continue
        if code is codes.LITERAL:
            return found | {chr(value)}, False
        if code is codes.IN:
            return found | {character for item in value for character in _members(*item)}, False
        branches = value[1] if code is codes.BRANCH else [value[-1]] if code is codes.SUBPATTERN or code in _REPEATS else None
        if branches is None:
            raise ValueError(f"{code} begins with any character")
        firsts = [_first(branch) for branch in branches]
        found = found.union(*(characters for characters, _ in firsts))
        if not any(empty for _, empty in firsts) and not (code in _REPEATS and value[0] == 0):
            return found, False
    return found, True


def _members(code: object, value: Any) -> Iterable[str]:  # noqa: ANN401  # as the parser gives it
    if code is codes.LITERAL:
        return chr(value)
    if code is codes.RANGE:
        return map(chr, range(value[0], value[1] + 1))
    raise ValueError(f"{code} is too many characters")
