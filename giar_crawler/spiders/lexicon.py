"""What the words of links are worth on the way to the reports: the lexicon of `lexicon.yaml`, read once."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import unquote, urlsplit

from giar_crawler.platforms.script_values import is_library
from pipelines import titles
from pipelines.data import load, pattern
from pipelines.metadata.report_year import year_of_title

# How lists end the titles that they cut off.
CUT = ("…", "..")

Rules: TypeAlias = list[dict[str, Any]]
Verdict = Literal["report", "doubtful", "other"]

# Link texts longer than this are titles of articles, no names of columns.
LONGEST_COLUMN = 24
# The slug of an address that names an annual-report column has at least this weight.
COLUMN_SLUG = 50
# The words of a link that lead to annual reports, if anything does, have at least this weight.
COLUMN_WORDS = 60
# Those of a link in the column to a year or a kind of organs.
BRANCH_WORDS = 50
# Those of a link to the pages of disclosure have this.
DISCLOSURE_WORDS = 20
# Those of a link to a table of organs, whose own reports it may lead to.
ORGANS_WORDS = 8
# A script file that is called like a menu, and any other that may hold one: less than all words that lead on.
MENU_SCRIPT, ANY_SCRIPT = 6, 3
_RULES = [{"pattern": pattern, "weight": int}]
SHAPE = {
    "navigation": {"text": _RULES, "slug": _RULES, "against": _RULES, "other_reports": _RULES, "inside": _RULES},
    "organ": [pattern],
    "organ_tables": [pattern],
    "of_others": [pattern],
    "earlier": [pattern],
    "menu_script": [pattern],
    "site_map": [pattern],
    "body": [pattern],
    "body_least": int,
    "inside_bonus": float,
}


@cache
def _lexicon() -> dict[str, Any]:
    data: dict[str, Any] = load(Path(__file__).with_name("lexicon.yaml"), SHAPE)
    return data


def _navigation(name: str) -> Rules:
    rules: Rules = _lexicon()["navigation"][name]
    return rules


# Most pages of a portal have the same links.
@lru_cache(maxsize=4096)
def _weights(name: str, text: str) -> tuple[int, ...]:
    return tuple(rule["weight"] for rule in _navigation(name) if rule["pattern"].search(text))


def _best(name: str, text: str) -> int:
    return max(_weights(name, text), default=0)


def _against(words: str) -> tuple[int, ...]:
    return _weights("other_reports", words) + _weights("against", words)


def navigation_score(text: str, url: str, *, inside: bool) -> int:
    """How likely this link leads to the list of annual reports: 0 or less for not at all, about 100 for surely.

    `inside` says that the link stands on a page of the annual-report column.
    """
    words, path = titles.plain(text), unquote(urlsplit(url).path)
    if len(words) > LONGEST_COLUMN:
        return 0
    value = _best("text", words) + _best("slug", path) or (ORGANS_WORDS if lists_organs(text) else 0)
    if inside:
        value = max(value, _best("inside", words))
    return value + sum(_against(words))


def names_column(text: str, url: str) -> bool:
    """Whether these words (a title, a breadcrumb) or this address are those of an annual-report column."""
    if _best("slug", unquote(urlsplit(url).path)) >= COLUMN_SLUG:
        return True
    return titles.names_column(text) and not _weights("other_reports", titles.plain(text))


def leads_to_column(text: str) -> bool:
    """Whether these words of a link are those of an annual-report column, 年报 and 部门年报 among them."""
    return navigation_score(text, "", inside=False) >= COLUMN_WORDS


def may_name_column(text: str) -> bool:
    """Whether these words of a link are short and say of nothing else than annual reports."""
    words = titles.plain(text)
    return 0 < len(words) <= LONGEST_COLUMN and not _against(words)


def names_map(text: str) -> bool:
    """Whether these words are those of a link to the site map, or its title."""
    words = titles.plain(text)
    return any(one.search(words) for one in _lexicon()["site_map"])


def belongs_inside(text: str) -> bool:
    """Whether a link on a page of the annual-report column leads to another page of it: a year, an organ, more reports."""
    words = titles.plain(text)
    return bool(_best("inside", words)) or titles.judge(text).named >= titles.DOUBTFUL


def names_branch(text: str) -> bool:
    """Whether the words of a link in the annual-report column are a year or a kind of organs, under which more may lie."""
    return _best("inside", titles.plain(text)) >= BRANCH_WORDS


def names_earlier(text: str) -> bool:
    """Whether the words of a link in the annual-report column are those of a year or of earlier years."""
    words = titles.plain(text)
    return len(words) <= LONGEST_COLUMN and any(one.search(words) for one in _lexicon()["earlier"])


def names_organ(text: str) -> bool:
    """Whether the words of a link are the name of an organ."""
    words = titles.plain(text)
    return len(words) <= LONGEST_COLUMN and any(one.search(words) for one in _lexicon()["organ"])


@lru_cache(maxsize=4096)
def lists_organs(text: str) -> bool:
    """Whether these words of a link lead to a page of disclosure that has a table of organs."""
    words = titles.plain(text)
    return any(one.search(words) for one in _lexicon()["organ_tables"])


def is_of_others(text: str) -> bool:
    """Whether these words of a link say that it leads to another government's pages."""
    words = titles.plain(text)
    return any(one.search(words) for one in _lexicon()["of_others"])


def script_score(url: str) -> int:
    """What a script file may be worth for the menu that it may hold; 0 for a library."""
    if is_library(url):
        return 0
    name = urlsplit(url).path.rpartition("/")[2]
    return MENU_SCRIPT if any(one.search(name) for one in _lexicon()["menu_script"]) else ANY_SCRIPT


def discloses(text: str) -> bool:
    """Whether these words of a link lead to the pages of disclosure: 信息公开, 政务公开, 法定主动公开内容."""
    return navigation_score(text, "", inside=False) >= DISCLOSURE_WORDS


def reads_like_report(text: str) -> bool:
    """Whether the text of a page has the sections that annual reports have."""
    least: int = _lexicon()["body_least"]
    return len(list(islice((one for one in _lexicon()["body"] if one.search(text)), least))) >= least


def judge_title(title: str, *, inside: bool) -> Verdict:
    """Whether an entry of this title is an annual report; `doubtful` ones are worth a look. `inside` as in `navigation_score`."""
    judgement = titles.judge(title)
    value = judgement.weight
    if inside and not judgement.opposed and title.rstrip().endswith(CUT) and year_of_title(title) is not None:
        # What was cut off says what it is; the page says it too.
        return "report"
    if inside and not judgement.opposed:
        words = titles.plain(title)
        if judgement.named or (len(words) <= LONGEST_COLUMN and _best("inside", words)):
            value += _lexicon()["inside_bonus"]
    if value >= titles.REPORT:
        return "report"
    return "doubtful" if value >= titles.DOUBTFUL else "other"
