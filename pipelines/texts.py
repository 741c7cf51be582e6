"""How long texts are looked through for what few of them have."""

from __future__ import annotations

from typing import AnyStr


def holds(text: AnyStr, word: AnyStr) -> bool:
    """Whether a long text has a word in it, which most have not.

    Characters are found faster, and one of the word is often not there. From the end a word is looked for in half the time.
    """
    return all(character in text for character in word) and text.rfind(word) >= 0


def blocks(text: str) -> bytes:
    """The blocks of 256 characters that the characters of a text are of, one byte for each of its UTF-16 units.

    A byte is looked for in them a hundred times as fast as a pattern looks for the characters of such a block.
    """
    return text.encode("utf-16-be", "surrogatepass")[::2]
