"""Whether text looks like that of a report: decoded with the wrong table it has hardly any of the characters that reports are full of."""

from __future__ import annotations

# In both scripts.
COMMON = frozenset("的一是不在有和年政府信息公开公開工作情况情況主动主動依申请申請机关機關数數条條行为為无無发發布单位單")
# So much of a page tells; with fewer Chinese characters nothing can be said.
SAMPLE, FEW = 60_000, 20
# Text of these reports has at least this share of common characters.
FAMILIAR = 0.04


def familiar(text: str, few: int = FEW) -> float | None:
    """The share of a text's Chinese characters that are common in reports; `None` where it has fewer than `few` of them."""
    han = [character for character in text[:SAMPLE] if "\u3400" <= character <= "\u9fff"]
    return sum(character in COMMON for character in han) / len(han) if len(han) >= few else None
