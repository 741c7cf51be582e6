"""What the words of links and titles are worth: the lexicon of `lexicon.yaml`, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import yaml

Weighted = tuple[tuple[re.Pattern[str], int], ...]
Verdict = Literal["report", "doubtful", "other"]

YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
# Link texts longer than this are titles of articles, no names of columns.
LONGEST_COLUMN = 24
# Characters of a page's text below which a sentence like 页面不存在 is all that it says.
SHORT_PAGE = 600


@dataclass(slots=True, frozen=True)
class Lexicon:
    """The lexicon, compiled."""

    text: Weighted
    slug: Weighted
    against: Weighted
    inside: Weighted
    titles_for: Weighted
    titles_against: Weighted
    titles_against_unless_named: Weighted
    named: re.Pattern[str]
    report: int
    doubtful: int
    inside_bonus: int
    column: re.Pattern[str]
    body: tuple[re.Pattern[str], ...]
    body_least: int
    missing: tuple[re.Pattern[str], ...]


def _weighted(entries: list[dict[str, Any]]) -> Weighted:
    return tuple((re.compile(entry["pattern"], re.IGNORECASE), int(entry["weight"])) for entry in entries)


@cache
def lexicon() -> Lexicon:
    """The lexicon of `lexicon.yaml`."""
    data = yaml.safe_load(Path(__file__).with_name("lexicon.yaml").read_text("utf-8"))
    navigation, titles = data["navigation"], data["titles"]
    return Lexicon(
        text=_weighted(navigation["text"]),
        slug=_weighted(navigation["slug"]),
        against=_weighted(navigation["against"]),
        inside=_weighted(navigation["inside"]),
        titles_for=_weighted(titles["for"]),
        titles_against=_weighted(titles["against"]),
        titles_against_unless_named=_weighted(titles["against_unless_named"]),
        named=re.compile(titles["named"]),
        report=int(titles["report"]),
        doubtful=int(titles["doubtful"]),
        inside_bonus=int(titles["inside"]),
        column=re.compile(data["column"]),
        body=tuple(re.compile(pattern) for pattern in data["body"]),
        body_least=int(data["body_least"]),
        missing=tuple(re.compile(pattern, re.IGNORECASE) for pattern in data["missing"]),
    )


def _best(rules: Weighted, text: str) -> int:
    return max((weight for pattern, weight in rules if pattern.search(text)), default=0)


def _sum(rules: Weighted, text: str) -> int:
    return sum(weight for pattern, weight in rules if pattern.search(text))


def squeezed(text: str) -> str:
    """The text without white space and brackets, as the patterns expect it."""
    return re.sub(r"[\s\[\]【】《》〈〉「」\"“”'·•>»]+", "", text)


def navigation_score(text: str, url: str, *, inside: bool) -> int:
    """How likely this link leads to the list of annual reports: 0 or less for not at all, about 100 for surely.

    `inside` says that the link stands on a page of the annual-report column.
    """
    words, path = squeezed(text), unquote(urlsplit(url).path)
    lex = lexicon()
    if len(words) > LONGEST_COLUMN:
        return 0
    value = _best(lex.text, words) + _best(lex.slug, path)
    if inside:
        value = max(value, _best(lex.inside, words))
    return value + _sum(lex.against, words)


def names_column(text: str, url: str) -> bool:
    """Whether these words (a title, a breadcrumb) or this address are those of an annual-report column."""
    lex = lexicon()
    path = unquote(urlsplit(url).path)
    if _best(lex.slug, path) >= 50:
        return True
    words = squeezed(text)
    return bool(re.search(r"(?:信息|政务)公开.{0,6}(?:年度报告|年报)|公开年报", words)) and not _sum(lex.against[:1], words)


def belongs_inside(text: str) -> bool:
    """Whether a link on a page of the annual-report column leads to another page of it: a year, an organ, more reports."""
    words = squeezed(text)
    return bool(_best(lexicon().inside, words)) or _best(lexicon().titles_for, words) >= 3


def is_column_name(title: str) -> bool:
    """Whether these words are the name of an annual-report column and nothing more: no year, no organ."""
    return bool(lexicon().column.search(squeezed(title)))


def reads_like_report(text: str) -> bool:
    """Whether the text of a page has the sections that annual reports have."""
    return sum(bool(pattern.search(text)) for pattern in lexicon().body) >= lexicon().body_least


def judge_title(title: str, *, inside: bool) -> Verdict:
    """Whether an entry of this title is an annual report; `doubtful` ones are worth a look. `inside` as in `navigation_score`."""
    lex = lexicon()
    words = squeezed(title)
    against = _sum(lex.titles_against, words) + (0 if lex.named.search(words) else _sum(lex.titles_against_unless_named, words))
    value = _best(lex.titles_for, words) + against
    if inside and not against and (value > 1 or (len(words) <= LONGEST_COLUMN and _best(lex.inside, words))):
        value += lex.inside_bonus
    if value >= lex.report:
        return "report"
    return "doubtful" if value >= lex.doubtful else "other"


def title_year(title: str) -> int | None:
    """The one year that a title names, `None` where it names none or several (2021年…(2022年公布))."""
    years = set(YEAR.findall(title))
    return int(years.pop()) if len(years) == 1 else None


def says_missing(title: str, text: str) -> bool:
    """Whether a page of status 200 says that it is not there: in its title, or in a text (without markup) too short for anything else."""
    patterns = lexicon().missing
    return any(pattern.search(title) or (len(text) < SHORT_PAGE and pattern.search(text)) for pattern in patterns)
