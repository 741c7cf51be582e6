"""Words that title, year, publisher and scope have in common."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from pipelines.data import any_of, load

OrganKind: TypeAlias = Literal["government", "office", "township", "zone", "institution", "department", "place"]

_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
SENTENCE_MARKS = re.compile(r"[。;!?]|,.*,")
# Zeros as they are written in Chinese years: U+3007, U+25CB, U+25EF, Latin and Greek O.
ZEROS = "〇○◯零OoΟО"
NUMERALS = {
    character: value for value, characters in enumerate((ZEROS, "一壹", "二贰", "三叁", *"四五六七八九")) for character in characters
}
YEAR = r"(?:(?<!\d)(?:19|20)\d{2}|[一二][〇○◯零OoΟО0九]{1}[〇○◯零OoΟО0一二三四五六七八九]{2})"


@cache
def _names() -> dict[str, Any]:
    shape = {"kinds": dict.fromkeys(get_args(OrganKind), any_of), "nobody": any_of}
    data: dict[str, Any] = load(Path(__file__).with_name("organ_names.yaml"), shape)
    return data


def squeezed(text: str) -> str:
    """The text without the white space beside Chinese characters."""
    return _GAP.sub("", " ".join(text.split()))


@lru_cache(maxsize=4096)
def kind_of_organ(name: str) -> OrganKind | None:
    """What an organ is by the end of its name; `None` for what is no organ's name."""
    return next((kind for kind, pattern in _names()["kinds"].items() if pattern.search(name)), None)


def is_nobody(name: str) -> bool:
    """Whether a template's filler (其他, 机关, 本站) stands where an organ should."""
    return _names()["nobody"].fullmatch(name.lower()) is not None
