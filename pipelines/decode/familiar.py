"""Whether text looks like that of a report: decoded with the wrong table it has hardly any of the characters that reports are full of."""

from __future__ import annotations

from itertools import accumulate

from pipelines.texts import blocks

# In both scripts, those first of which each report has most.
_MOST_FIRST = dict.fromkeys("公开開信息政府的年一是不在有和工作情况情況主动主動依申请申請机关機關数數条條行为為无無发發布单位單")
COMMON = frozenset(_MOST_FIRST)
# So much of a page tells; with fewer Chinese characters nothing can be said.
SAMPLE, FEW = 60_000, 20
# Text of these reports has at least this share of common characters.
FAMILIAR = 0.04
# The blocks of Chinese characters, as `texts.blocks` tells them.
_HAN = bytes(range(0x34, 0xA0))


def familiar(text: str) -> float:
    """The share of a text's Chinese characters that are common in reports; 0 where it has few of them."""
    han = _han(text[:SAMPLE])
    return sum(map(text[:SAMPLE].count, COMMON)) / han if han >= FEW else 0.0


def is_familiar(text: str, few: int = FEW, share: float = FAMILIAR) -> bool | None:
    """Whether such a share of a text's Chinese characters is common in reports; `None` where it has fewer than `few` of them."""
    sample = text[:SAMPLE]
    han = _han(sample)
    # A few characters nearly always are enough.
    return any(common / han >= share for common in accumulate(map(sample.count, _MOST_FIRST))) if han >= few else None


def _han(text: str) -> int:
    own = blocks(text)
    return len(own) - len(own.translate(None, _HAN))
