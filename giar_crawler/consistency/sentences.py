"""The sentences of a report's running prose, as they are the same from year to year where somebody copied them."""

from __future__ import annotations

import hashlib
import re

from giar_crawler.consistency.limits import limits

# In a report's text the cells of a table's row are parted so.
CELLS = " | "
_END = re.compile(r"[。!?;！？；\n]")
_NUMBER = re.compile(r"[〇零一二三四五六七八九]{4}(?=年)|\d+(?:[.,，]\d+)*")
_SPACE = re.compile(r"\s+")


def sentences(text: str) -> frozenset[bytes]:
    """Digests of the long sentences, numbers and years masked, without what law and form have every report say."""
    known = limits().copied_prose
    prose = "\n".join(line for line in text.split("\n") if CELLS not in line)
    masked = (_NUMBER.sub("0", _SPACE.sub("", sentence)) for sentence in _END.split(prose))
    return frozenset(
        hashlib.blake2b(sentence.encode("utf-8", "replace"), digest_size=8).digest()
        for sentence in masked
        if len(sentence) >= known.characters and not known.leave_out.search(sentence)
    )
