"""Words that title, year, publisher and scope have in common."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from pipelines.data import any_of, load

OrganKind: TypeAlias = Literal["village", "government", "office", "township", "zone", "institution", "department", "place"]

_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
# The first class alone is searched fast.
_SENTENCE_MARKS = re.compile(r"[。;!?,](?:(?<!,)|.*,)")
# Zeros as they are written in Chinese years: U+3007, U+25CB, U+25EF, Latin and Greek O.
ZEROS = "〇○◯零OoΟО"
NUMERALS = {
    character: value
    for value, characters in enumerate((ZEROS, "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for character in characters
}
# 2018 or 二〇一八. The first class alone is searched fast.
YEAR = r"[12一二](?:(?<!\d[12])(?:(?<=1)9|(?<=2)0)\d{2}|(?<=[一二])[〇○◯零OoΟО0九]{1}[〇○◯零OoΟО0一二三四五六七八九]{2})"


@cache
def _names() -> dict[str, Any]:
    shape = {"kinds": dict.fromkeys(get_args(OrganKind), any_of), "nobody": any_of, "posters": any_of, "short_names": {"*": str}}
    data: dict[str, Any] = load(Path(__file__).with_name("organ_names.yaml"), shape)
    return data


def is_sentence(text: str) -> bool:
    """Whether a text has the marks of a sentence, several commas being one."""
    return "。" in text or _SENTENCE_MARKS.search(text) is not None


def squeezed(text: str) -> str:
    """The text without the white space beside Chinese characters."""
    words = text.split()
    return _GAP.sub("", " ".join(words)) if len(words) > 1 else text.strip()


@lru_cache(maxsize=4096)
def kind_of_organ(name: str) -> OrganKind | None:
    """What an organ is by the end of its name; `None` for what is no organ's name."""
    return next((kind for kind, pattern in _names()["kinds"].items() if pattern.search(name)), None)


@lru_cache(maxsize=4096)
def is_nobody(name: str) -> bool:
    """Whether a template's filler (其他, 机关, 本站) stands where an organ should."""
    return _names()["nobody"].fullmatch(name.lower()) is not None


@lru_cache(maxsize=4096)
def is_poster(name: str) -> bool:
    """Whether an organ puts pages on the portal for others (信息中心)."""
    return re.search(rf"(?:{_names()['posters'].pattern})$", name) is not None


def in_full(name: str) -> str:
    """The name with its end written out where it is a short one with one meaning: 县人社局 is 县人力资源和社会保障局."""
    full = _names()["short_names"]
    if not name.endswith(tuple(full)):
        return name
    short = next(short for short in full if name.endswith(short))
    return name.removesuffix(short) + str(full[short])
