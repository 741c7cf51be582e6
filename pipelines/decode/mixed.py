"""Pages of two encodings: a footer, a title or an article that was included as it lay in another file."""

from __future__ import annotations

import re

# Text between two tags; an include begins and ends at markup.
_PIECE = re.compile(rb"[^<>]+")
# So many characters of three bytes in a row are no chance in GB 18030.
_THREE_BYTES = re.compile(rb"(?:[\x00-\x7f]|[\xe3-\xe9\xef][\x80-\xbf]{2})+")
_UTF8_CHARACTER = re.compile(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}")
_HIGH = re.compile(rb"[\x80-\xff]")
# Three such characters in a row are looked for by what their bytes are, l leads and c goes on: a pattern takes thirty times as long.
_BYTES = bytes(ord("l" if 0xE3 <= byte <= 0xE9 or byte == 0xEF else "c" if 0x80 <= byte <= 0xBF else ".") for byte in range(256))
_THREE = b"lcclcclcc"


def _gbk_piece(match: re.Match[bytes]) -> bytes:
    """A piece in UTF-8, made so from GB 18030 where it was no UTF-8."""
    piece = match.group()
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return piece
    # Characters of three bytes over most of the piece: UTF-8 that lost a byte.
    if 3 * len(_UTF8_CHARACTER.findall(piece)) * 2 >= len(_HIGH.findall(piece)):
        return piece
    try:
        text = piece.decode("gb18030")
        text.encode("gbk")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return piece
    return text.encode("utf-8")


def _of_utf8(piece: bytes) -> str | None:
    """The text of a piece that is UTF-8 and has nothing but three bytes a character in it, `None` for any other."""
    if _THREE_BYTES.fullmatch(piece) is None:
        return None
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _has_three(piece: bytes) -> bool:
    """Whether bytes have three characters in a row that are UTF-8."""
    return piece.translate(_BYTES).find(_THREE) >= 0


def _is_gbk(piece: bytes) -> bool:
    try:
        piece.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


class _Stretch:
    """Pieces of a GB 18030 page in turn. A short one could be either: it is taken as the one before it."""

    def __init__(self) -> None:
        self.in_utf8 = False

    def __call__(self, match: re.Match[bytes]) -> bytes:
        """The piece in GB 18030."""
        piece = match.group()
        if piece.isascii():
            return piece
        text = _of_utf8(piece)
        self.in_utf8 = text is not None and (self.in_utf8 or _has_three(piece) or not _is_gbk(piece))
        return text.encode("gb18030") if text is not None and self.in_utf8 else piece


def unmixed(body: bytes, encoding: str) -> bytes:
    """The page with its pieces in the other of UTF-8 and GB 18030 turned into its own encoding; the same bytes where there are none."""
    if encoding == "utf-8":
        return _PIECE.sub(_gbk_piece, body)
    if encoding == "gb18030" and _has_three(body):
        return _PIECE.sub(_Stretch(), body)
    return body
