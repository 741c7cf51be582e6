"""Characters to one script and one form: simplified Chinese, NFKC, for matching. The page's own wording stays beside it."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import opencc

from pipelines.data import load
from pipelines.texts import blocks

# What shows as nothing: zero-width characters, the soft hyphen, marks and overrides of direction.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
INVISIBLE += "\u034f\u061c\u115f\u180e\u2061\u2062\u2063\u2064\u2800\u3164\ufe0f\uffa0"
# `str.translate` takes a hundred times as long for Chinese text.
_NOTHING = re.compile(f"[{INVISIBLE}]")
_BY_BLOCK = {block: [character for character in INVISIBLE if blocks(character)[0] == block] for block in blocks(INVISIBLE)}
# The ideographic space of old fonts, where Windows' table has none: A3A0.
GBK_BLANK = "\ue5e5"
# A character escaped twice stands in the text as `&#25919;` or `&nbsp;`.
MOST_ESCAPES = 2
ESCAPED = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z]{2,8});")
# What most texts have. Python normalises a text that has any of them a hundred times as slowly as one that has none.
WIDE = tuple((wide, unicodedata.normalize("NFKC", wide)) for wide in "，：；（）　！？％／－．～\u00a0０１２３４５６７８９")
# Numbers in circles, in small or as fractions: NFKC would make 7903① the number 79031.
ENCLOSED = re.compile(r"[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u2473\u2776-\u277f\u24f5-\u24fe\u3251-\u325f\u32b1-\u32bf]")
HAN = re.compile(r"[\u3400-\u9fff]")
# Simplified text keeps a few characters that conversion would change (於 in names, 乾县); traditional text changes at every third.
TRADITIONAL_SHARE = 0.01
# So many different ones are no name that a simplified text repeats; mirrors convert some words of a page only.
DIFFERENT_TRADITIONAL = 5
# One such character in a name is a name's (於潜), two are the other script's.
FEWEST_TRADITIONAL = 2
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
    traditional = _traditional_only().findall(sample)
    # Most pages have none: then nothing has to be counted.
    return len(set(traditional)) >= DIFFERENT_TRADITIONAL and len(traditional) > TRADITIONAL_SHARE * len(HAN.findall(sample))


@cache
def _wording() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """The signs of Taiwan's wording, its words, and what stands for each on the mainland."""
    data = load(Path(__file__).with_name("wording.yaml"), {"signs": [str], "words": {"*": str}})
    words = sorted(data["words"], key=len, reverse=True)
    return re.compile("|".join(data["signs"])), re.compile("|".join(words)), data["words"]


def mainland(text: str) -> str:
    """Simplified text with Taiwan's wording undone, where it shows any: 政府资讯公开 is 政府信息公开."""
    signs, words, meanings = _wording()
    return words.sub(lambda match: meanings[match.group()], text) if signs.search(text) else text


def unescaped(text: str) -> str:
    """The text with the characters that were escaped once too often."""
    for _ in range(MOST_ESCAPES):
        if not ESCAPED.search(text):
            break
        text = ESCAPED.sub(_unescaped, text)
    return text


def _unescaped(match: re.Match[str]) -> str:
    # A line break would tear the line in two.
    return " ".join(html.unescape(match.group()).split()) or " "


def simplified(text: str) -> str:
    """A short text by itself in simplified Chinese and the mainland's wording: some pages have a title or a name in the other script."""
    changed = len(_traditional_only().findall(text))
    return mainland(simplify(text)) if changed >= FEWEST_TRADITIONAL else text


def without_invisible(text: str) -> str:
    """The text without the characters that show as nothing."""
    return _NOTHING.sub("", text)


def _narrow(text: str) -> tuple[str, bool]:
    """The text with narrow punctuation and digits, and whether NFKC changes nothing else in it."""
    if unicodedata.is_normalized("NFKC", text):
        return text, True
    for wide, narrow in WIDE:
        text = text.replace(wide, narrow)
    return text, unicodedata.is_normalized("NFKC", text)


def nfkc(text: str, *, bracketed: bool = False) -> str:
    """The text in NFKC, numbers in circles and the like in brackets if they are to be told from digits."""
    text, done = _narrow(text)
    return text if done else _normalised(text, bracketed=bracketed)


def _normalised(text: str, *, bracketed: bool) -> str:
    shown = ENCLOSED.sub(_bracketed, text) if bracketed else text
    return "\n".join([unicodedata.normalize("NFKC", line) for line in shown.split("\n")])


def _bracketed(match: re.Match[str]) -> str:
    return f"({unicodedata.normalize('NFKC', match.group())})"


@dataclass(slots=True, frozen=True)
class Cleaned:
    """A text for matching.

    `blocks` are those of its characters, and maybe more. `composed` says that the wording that it was made of is in NFC: nothing but wide
    punctuation and digits stood there that NFKC changes.
    """

    text: str
    blocks: bytes
    composed: bool


def _cleaned(text: str, *, traditional: bool) -> tuple[str, bytes, bool]:
    folded, composed = _narrow(text.replace(GBK_BLANK, " "))
    if not composed:
        folded = _normalised(folded, bracketed=True)
    if "&" in folded and (shown := unescaped(folded)) != folded:
        folded = nfkc(shown)
    own = blocks(folded)
    for block, characters in _BY_BLOCK.items():
        for character in characters if block in own else ():
            if character in folded:
                folded = folded.replace(character, "")
    return mainland(simplify(folded)) if traditional else folded, own, composed


def cleaned(text: str, *, traditional: bool) -> Cleaned:
    """A long text for matching, as `clean` makes it, with what was seen on the way."""
    return Cleaned(*_cleaned(text, traditional=traditional))


def clean(text: str, *, traditional: bool) -> str:
    """The text for matching: NFKC (① is `(1)`), no invisible characters, entities undone once more.

    A traditional document's is simplified, in the mainland's wording. Line breaks are kept.
    """
    return _cleaned(text, traditional=traditional)[0]
