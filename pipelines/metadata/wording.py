"""Words that title, year, publisher and scope have in common."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import yaml

OrganKind: TypeAlias = Literal["government", "office", "township", "zone", "institution", "department", "place"]

_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
SENTENCE_MARKS = re.compile(r"[。;!?]|,.*,")
# Zeros as they are written in Chinese years: U+3007, U+25CB, U+25EF, Latin and Greek O.
ZEROS = "〇○◯零OoΟО"
NUMERALS = {
    character: value for value, characters in enumerate((ZEROS, "一壹", "二贰", "三叁", *"四五六七八九")) for character in characters
}
YEAR = r"(?:(?<!\d)(?:19|20)\d{2}|[一二][〇○◯零OoΟО0九]{1}[〇○◯零OoΟО0一二三四五六七八九]{2})"
_REPORT = re.compile(
    r"(?:信息|政务|政府|校务)(?:信息)?公开.{0,24}?(?:年度?报告?|报告|年报|总结)"
    r"|(?:年度?报告|年报).{0,8}(?:信息|政务)公开"
)


class OrganNamesError(ValueError):
    """The data file of organ names is wrong; the message names the file and the key."""


def load(path: Path) -> tuple[dict[OrganKind, re.Pattern[str]], re.Pattern[str]]:
    """The patterns of the kinds in their order, and that of fillers. Raises `OrganNamesError` that names the file and the key."""
    data = yaml.safe_load(path.read_text("utf-8"))
    if set(data) != {"kinds", "nobody"} or set(data["kinds"]) != set(get_args(OrganKind)):
        raise OrganNamesError(f"{path.name}: the keys have to be kinds and nobody, the kinds {sorted(get_args(OrganKind))}")
    kinds: dict[OrganKind, re.Pattern[str]] = {}
    for kind, patterns in data["kinds"].items():
        try:
            kinds[kind] = re.compile("|".join(patterns))
        except (re.error, TypeError) as error:
            raise OrganNamesError(f"{path.name}: kinds.{kind}: {error}") from error
    return kinds, re.compile("|".join(data["nobody"]), re.IGNORECASE)


@cache
def _names() -> tuple[dict[OrganKind, re.Pattern[str]], re.Pattern[str]]:
    return load(Path(__file__).with_name("organ_names.yaml"))


def squeezed(text: str) -> str:
    """The text without the white space beside Chinese characters."""
    return _GAP.sub("", " ".join(text.split()))


@lru_cache(maxsize=4096)
def kind_of_organ(name: str) -> OrganKind | None:
    """What an organ is by the end of its name; `None` for what is no organ's name."""
    return next((kind for kind, pattern in _names()[0].items() if pattern.search(name)), None)


def is_nobody(name: str) -> bool:
    """Whether a template's filler (其他, 机关, 本站) stands where an organ should."""
    return _names()[1].fullmatch(name) is not None


def is_report_title(text: str) -> bool:
    """Whether a text speaks of a report on information disclosure."""
    return _REPORT.search(text) is not None
