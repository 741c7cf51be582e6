"""The checked data of `mirrors.yaml`: what speaks for a copy on a stranger's host, and how much."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.data import DataError, any_of, load, pattern

_WEIGHTS = (
    "foreign_host odd_host embedded_original names_original self_named_host lexicon lexicon_anywhere replaced_name foreign_title junk_tags "
    "link_farm republished republisher traditional pinyin pinyin_everywhere shifted_bytes other_region other_icp"
).split()
_SOURCES = (
    "own_address canonical error_report register site_domain report_sentence own_site home_link many_links file footer text link".split()
)
_INTEGERS = (
    "replaced_at_least pinyin_at_least bait_length junk_tags_at_least foreign_hosts_at_least hidden_links_at_least sitemaps_at_least "
    "title_pieces_at_least republisher_words_at_least links_at_least"
).split()
_PATTERNS = "police police_organs lottery_organs state_lotteries behind_names republisher_words title_words".split()
SHAPE = {
    **dict.fromkeys(("border", "government_host", "pinyin_share", "original_at_least", "home_at_least"), float),
    **dict.fromkeys(_INTEGERS, int),
    **dict.fromkeys(_PATTERNS, pattern),
    "weights": dict.fromkeys(_WEIGHTS, float),
    "originals": dict.fromkeys(_SOURCES, float),
    "lexicon": {"*": [pattern]},
    "republishers": any_of,
    "junk_tags": [str],
    "address_tags": [str],
    "nobodys_hosts": [str],
    "province_portals": [str],
    "article_paths": {"*": pattern},
}


@dataclass(slots=True, frozen=True)
class Signals:
    """The values of `mirrors.yaml`, patterns compiled.

    `lexicon` has its words by a literal that each of them contains, in small and in capital letters.
    """

    border: float
    government_host: float
    pinyin_share: float
    original_at_least: float
    home_at_least: float
    replaced_at_least: int
    pinyin_at_least: int
    bait_length: int
    junk_tags_at_least: int
    foreign_hosts_at_least: int
    hidden_links_at_least: int
    sitemaps_at_least: int
    title_pieces_at_least: int
    republisher_words_at_least: int
    links_at_least: int
    police: re.Pattern[str]
    police_organs: re.Pattern[str]
    lottery_organs: re.Pattern[str]
    state_lotteries: re.Pattern[str]
    behind_names: re.Pattern[str]
    republisher_words: re.Pattern[str]
    title_words: re.Pattern[str]
    weights: dict[str, float]
    originals: dict[str, float]
    lexicon: dict[str, re.Pattern[str]]
    republishers: re.Pattern[str]
    junk_tags: list[str]
    address_tags: list[str]
    nobodys_hosts: frozenset[str]
    province_portals: frozenset[str]
    article_paths: dict[str, re.Pattern[str]]


def read_signals(path: Path) -> Signals:
    """The signals of a file. Raises DataError that names the file and the key."""
    data = load(path, SHAPE)
    lexicon: dict[str, re.Pattern[str]] = {}
    for mark, words in data["lexicon"].items():
        if wrong := [word.pattern for word in words if mark not in word.pattern]:
            raise DataError(f"{path.name}.lexicon.{mark}: {', '.join(wrong)}: each word has to contain {mark}")
        lexicon[mark] = lexicon[mark.upper()] = re.compile("|".join(word.pattern for word in words), re.IGNORECASE)
    data["lexicon"] = lexicon
    for key in ("nobodys_hosts", "province_portals"):
        data[key] = frozenset(data[key])
    return Signals(**data)


@cache
def signals() -> Signals:
    """The signals that come with the program."""
    return read_signals(Path(__file__).with_name("mirrors.yaml"))
