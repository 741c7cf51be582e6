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

    def matches(self, text: str, folded: str) -> bool:
        """Whether the pattern is found in a text; `folded` is the text in `str.casefold`."""
        for word in self.words:
            # As `holds` does: a call for each word is most of what a word costs on a short page.
            if folded.rfind(word) >= 0:
                break
        else:
            if self.words:
                return False
        return self.pattern.search(text) is not None


def screen(text: object) -> Screen:
    """The compiled regular expression with its words, as a shape."""
    compiled = pattern(text)
    return Screen(compiled, _words(_parser.parse(compiled.pattern, compiled.flags)))


def _words(parsed: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    """Of the words that each match has, those of which the shortest is longest; of alternatives one for each."""
    best: frozenset[str] = frozenset()
    run = ""
    for code, value in [*parsed, (codes.SUCCESS, None)]:
        if code is codes.LITERAL:
            run += chr(value)
        elif code is not codes.AT:
            best = max(best, frozenset({run.casefold()} - {""}), _inside(code, value), key=lambda words: min(map(len, words), default=0))
            run = ""
    return best


def _inside(code: object, value: Any) -> frozenset[str]:  # noqa: ANN401  # as the parser gives it
    if code is codes.SUBPATTERN:
        return _words(value[3])
    if code in _REPEATS and value[0]:
        return _words(value[2])
    if code is codes.BRANCH:
        branches = [_words(branch) for branch in value[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    return frozenset()
