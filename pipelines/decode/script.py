"""Characters to one script and one form: simplified Chinese, NFKC, for matching. The page's own wording stays beside it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

# Spaces that separate nothing: zero-width characters and the soft hyphen.
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
# Numbers in circles, in small or as fractions: NFKC would make 7903① the number 79031.
ENCLOSED = re.compile(r"[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u2473\u2776-\u277f\u24f5-\u24fe\u3251-\u325f\u32b1-\u32bf]")
HAN = re.compile(r"[\u3400-\u9fff]")
# Simplified text keeps a few characters that conversion would change (於 in names, 乾县); traditional text changes at every third.
TRADITIONAL_SHARE = 0.08
# So many characters tell a document's script.
SAMPLE = 2_000


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """The text in simplified Chinese, by OpenCC's t2s (it keeps 於潜, the official name)."""
    converted: str = _converter().convert(text)
    return converted


@cache
def _traditional_only() -> re.Pattern[str]:
    """The characters that conversion changes. Looking for them is ten times as fast as converting a page to compare it."""
    every = [chr(code) for code in range(0x4E00, 0xA000)]
    changed = [a for a, b in zip(every, simplify("\n".join(every)).split("\n"), strict=True) if a != b]
    return re.compile(f"[{''.join(changed)}]")


def is_traditional(text: str) -> bool:
    """Whether the text is written in traditional Chinese, judged by the share of characters that conversion changes."""
    sample = text[:SAMPLE]
    traditional = len(_traditional_only().findall(sample))
    # Most pages have none: then nothing has to be counted.
    han = len(HAN.findall(sample)) if traditional else 0
    return han >= 20 and traditional / han > TRADITIONAL_SHARE


def _bracketed(match: re.Match[str]) -> str:
    return f"({unicodedata.normalize('NFKC', match.group())})"


def clean(text: str, *, traditional: bool) -> str:
    """The text for matching: NFKC (① is `(1)`), no invisible characters, simplified for a traditional document. Line breaks are kept."""
    folded = unicodedata.normalize("NFKC", text)
    if folded is not text and folded != text and ENCLOSED.search(text):
        folded = unicodedata.normalize("NFKC", ENCLOSED.sub(_bracketed, text))
    for character in INVISIBLE:
        if character in folded:
            folded = folded.replace(character, "")
    return simplify(folded) if traditional else folded
