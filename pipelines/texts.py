"""How long texts are looked through for what few of them have, and what is found of short ones remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import AnyStr, Generic, TypeVar

T = TypeVar("T")


# A longer text is long.
SHORT = 1_000


def holds(text: AnyStr, word: AnyStr) -> bool:
    """Whether a text has a word in it, which most have not.

    In a long text characters are found faster, and one of the word is often not there. From the end a word is looked for in half the time.
    """
    if len(text) > SHORT:
        for character in word:
            if character not in text:
                return False
    return text.rfind(word) >= 0


def blocks(text: str) -> bytes:
    """The blocks of 256 characters that the characters of a text are of, one byte for each of its UTF-16 units.

    A byte is looked for in them a hundred times as fast as a pattern looks for the characters of such a block.
    """
    return text.encode("utf-16-be", "surrogatepass")[::2]


class Lookup(dict[str, T], Generic[T]):
    """What `look` finds of texts, looked up when first asked for: at most `most` at once, none longer than `longest`.

    A dictionary, for it is asked of every cell of every page, and a call of our own takes twice as long.
    """

    def __init__(self, look: Callable[[str], T], longest: int, most: int) -> None:
        super().__init__()
        self._look, self._longest, self._most = look, longest, most

    def __missing__(self, text: str) -> T:
        found = self._look(text)
        if len(text) <= self._longest:
            if len(self) >= self._most:
                self.clear()
            self[text] = found
        return found
