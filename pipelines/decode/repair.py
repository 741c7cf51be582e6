"""Broken bytes: GBK text that lost one lead byte, so that every following character is made of two wrong halves.

Seen on mirrors (2018 report of a town): `。ㄒ唬┦盏缴暾垟` stands for `（一）收到申请…`. Re-encoded to GB18030 with the lost byte A1 in
front (A1 A1 is the full-width space of the indent), the halves fall back into their places; what had changed before stays lost.
"""

from __future__ import annotations

import re

from pipelines.decode.familiar import COMMON
from pipelines.decode.script import Cleaned

# Bopomofo and box-drawing characters among Chinese text: the halves of full-width brackets and numerals. Pages draw with the latter, too.
BOPOMOFO = re.compile(r"[\u3105-\u3129]")
SHIFTED = re.compile(r"[\u3105-\u3129\u2500-\u257f]")
SHIFTED_BLOCKS = b"\x31\x25"
# A row of such characters is a drawn frame, not a shift.
FRAME = re.compile(r"[\u2500-\u257f]{2}")
HAN = re.compile(r"[\u4e00-\u9fff]")
LEAD_BYTE = b"\xa1"
# No text has these; bytes that were never shifted fall among them.
PRIVATE = re.compile(r"[\ue000-\uf8ff]")
LOST = re.compile(r"\ufffd.*")


def is_shifted(whole: Cleaned) -> bool:
    """Whether a long text has characters that halves of broken ones become."""
    return any(block in whole.blocks for block in SHIFTED_BLOCKS) and SHIFTED.search(whole.text) is not None


def repair(text: str) -> str:
    """The text with its shifted bytes put back, up to where they are lost; the text itself when it is not shifted or stays so.

    >>> repair("??。ㄒ唬┦盏缴暾垟?/span>")
    '（一）收到申請'
    """
    if not SHIFTED.search(text) or FRAME.search(text) or not HAN.search(text):
        return text
    shifted = text.lstrip("? \u3000")
    mended = (LEAD_BYTE + shifted.encode("gb18030", "replace")).decode("gb18030", "replace").strip("\u3000 ")
    mended = LOST.sub("", mended)
    if not mended or SHIFTED.search(mended) or PRIVATE.search(mended) or _common(mended) <= _common(text):
        return text
    return mended


def _common(text: str) -> int:
    """How many of the commonest characters of reports a text has: a good line with one drawn bar in it has more than its halves."""
    return sum(character in COMMON for character in text)
