"""Text that was decoded with the wrong table and stored so: 政府 is `æ”¿åºœ`, `Õþ¸®` or `鏀垮簻`.

Seen where a portal moved its database or a mirror fetched a page without its charset. The wrong step is undone piece by piece, for often
only the article or the title went through it; what does not become Chinese stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.decode.familiar import COMMON, is_familiar
from pipelines.texts import holds

# Windows-1252 with the five bytes that it leaves open, as browsers read them (WHATWG).
_OF_CP1252 = {bytes([byte]).decode("cp1252", "replace"): byte for byte in range(0x80, 0xA0)}
_BYTES = {byte: byte for byte in range(0x80, 0x100)}
_BYTES |= {ord(character): byte for character, byte in _OF_CP1252.items() if character != "\ufffd"}
_LATIN = "".join(map(chr, _BYTES))
# A piece in which every character was one byte; Chinese has two or three bytes a character, so that four are two characters at least.
_LATIN_PIECE = re.compile(f"[{re.escape(_LATIN)}](?:[{re.escape(_LATIN)}]|[ !-;=?-~](?=[{re.escape(_LATIN)}])){{3,}}")
# Letters of Western Europe with accents are C3 and one more in UTF-8, which nothing in Chinese text is.
_LATIN_MARK = 0xC3
# 信息 in UTF-8, read as GBK: no report is without it.
_HAN_MARK = "信息".encode().decode("gb18030")
# Its second character is the sign of degrees Celsius, of which reports do not speak; one character is found forty times as fast as three.
_HAN_SIGN = _HAN_MARK[1]
_HAN_PIECE = re.compile("[\u20ac\u3000-\u9fff\ue000-\uf8ff\uff00-\uffef?\u2000-\u2fff\u00a4-\u00f7]{4,}")
# Names and quotations have a few accents together; no language has three.
_ACCENTED = re.compile("[\u00c0-\u00ff][?\u0080-\u00ff\u2013-\u2122]{2,}")
MOST_ACCENTED = 100
_HAN = re.compile("[\u4e00-\u9fff]")
# Where more than this share of a mended piece is lost, it was something else.
_MOST_LOST = 0.2
# What was gained is a report's text from so many different common characters and this share of them on: two accents make some character.
FEWEST, PLAIN = 5, 0.1


def _as_bytes(piece: str) -> bytes:
    return bytes(_BYTES.get(ord(character), ord(character) & 0x7F) for character in piece)


def _chinese(text: str) -> bool:
    """Whether a mended piece is Chinese: nearly nothing lost, and half of what is not ASCII are common characters of the script."""
    lost = text.count("\ufffd")
    foreign = [character for character in text if character > "\x7f"]
    return lost <= _MOST_LOST * len(text) and len(_HAN.findall(text)) * 2 >= len(foreign) > 0


def _from_latin(match: re.Match[str]) -> str:
    piece = match.group()
    for encoding in ("utf-8", "gb18030"):
        try:
            mended = _as_bytes(piece).decode(encoding)
        except UnicodeDecodeError:
            continue
        if _chinese(mended):
            return mended
    mended = _as_bytes(piece).decode("utf-8", "replace")
    return mended if _chinese(mended) and len(mended) >= 4 else piece  # fewer prove nothing once some are lost


def _from_gbk(match: re.Match[str]) -> str:
    """A piece of Chinese in UTF-8 that was read as GBK; each odd byte before another script was lost with that step."""
    piece = match.group()
    # Windows' table has the euro sign at 80, GB 18030 elsewhere.
    source = b"\x80".join(part.encode("gb18030", "replace") for part in piece.split("€"))
    mended = source.decode("utf-8", "replace")
    return mended if _chinese(mended) else piece


def _mended(pattern: re.Pattern[str], mend: Callable[[re.Match[str]], str], text: str) -> tuple[str, int]:
    """The text with its pieces mended and how many there were; as it is, where what comes out does not look like a report's text."""
    gained: list[str] = []

    def mended(match: re.Match[str]) -> str:
        piece = mend(match)
        if piece != match.group():
            gained.append(piece)
        return piece

    changed = pattern.sub(mended, text)
    text_gained = "".join(gained)
    is_plain = len(COMMON.intersection(text_gained)) >= FEWEST and is_familiar(text_gained, FEWEST, PLAIN)
    return (changed, len(gained)) if is_plain else (text, 0)


@dataclass(slots=True)
class Undone:
    """A text with its twice encoded pieces undone, how many there were, and whether more is broken than is left whole."""

    text: str
    count: int = 0
    is_broken: bool = False


def undo(text: str, utf8: bytes | None = None) -> Undone:
    """The text with its twice encoded pieces undone; the text itself where there are none. `utf8` is the text in UTF-8 if at hand.

    >>> undo("".join(map(chr, "政府信息公开工作年度报告".encode()))).text
    '政府信息公开工作年度报告'
    """
    count = 0
    is_latin = _LATIN_MARK in (text.encode("utf-8", "replace") if utf8 is None else utf8)
    if is_latin:
        text, count = _mended(_LATIN_PIECE, _from_latin, text)
    if _HAN_SIGN in text and holds(text, _HAN_MARK):
        text, more = _mended(_HAN_PIECE, _from_gbk, text)
        count += more
    return Undone(text, count, is_latin and _is_broken(text))


def _is_broken(text: str) -> bool:
    """Whether a text has more letters of Western Europe in pieces than Chinese characters: what a wrong step broke beyond undoing."""
    return sum(len(match.group()) for match in _ACCENTED.finditer(text)) > max(MOST_ACCENTED, len(_HAN.findall(text)))


# What a wrong step leaves of characters that it could not read: U+FFFD, the same once more through GBK, and question marks in rows.
_LOST = re.compile("\ufffd+|(?:锟斤拷)+|\\?{3,}")


def lost_share(text: str) -> float:
    """The share of a text's characters that are lost for good."""
    if not ("\ufffd" in text or "锟" in text or holds(text, "???")):
        return 0.0
    return sum(len(match.group()) for match in _LOST.finditer(text)) / len(text)
