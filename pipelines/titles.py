"""What a title says of its page: the one judge of titles for lists, pages and attachments. Rules and examples are in `titles.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pipelines.data import load, pattern
from pipelines.decode.script import nfkc, simplified, without_invisible
from pipelines.screens import screen

# From these weights on a title is that of a report, speaks of one, is worth a look.
REPORT, SPEAKS, DOUBTFUL = 3.0, 1.0, 0.5
# No title is longer; what is longer is judged by its beginning.
LONGEST = 200
_MARKS = re.compile(r"[\[\]【】《》〈〉「」\"“”'·•>»]")
_EXAMPLES: dict[str, Any] = {"pattern": pattern, "reads": [str], "leaves?": [str]}
_RULE = {"name": str, "weight": float, "unless_named?": bool, **_EXAMPLES}
SHAPE = {
    "for": [_RULE],
    "named": _EXAMPLES,
    "against": [_RULE],
    "columns": {"whole": _EXAMPLES, "within": _EXAMPLES},
    "examples": {"report": [str], "doubtful": [str], "other": [str]},
}


@dataclass(slots=True, frozen=True)
class Judgement:
    """What speaks for and against a title by name, with weights. `named` is the weight of the best that speaks for it."""

    named: float
    reasons: dict[str, float]

    @property
    def weight(self) -> float:
        """All reasons together."""
        return sum(self.reasons.values())

    @property
    def opposed(self) -> bool:
        """Whether anything speaks against it."""
        return any(weight < 0 for weight in self.reasons.values())


@cache
def rules() -> dict[str, Any]:
    """The checked rules."""
    data: dict[str, Any] = load(Path(__file__).with_name("titles.yaml"), SHAPE)
    return data


def plain(text: str) -> str:
    """A title as the rules are written: compatibility form, no white space, no quotes and brackets around names."""
    return _plain_title(text) if len(text) <= LONGEST else _plain(text)


def _plain(text: str) -> str:
    return _MARKS.sub("", "".join(nfkc(simplified(without_invisible(text))).split()))


# Whoever judges the words of a link asks for them, each for itself, and most pages of a portal have the same links.
_plain_title = lru_cache(maxsize=4096)(_plain)


@cache
def _rules_for() -> tuple[re.Pattern[str], list[dict[str, Any]]]:
    """The words, in lower case, of which each text that speaks for a report has one, and the rules that do, the heaviest first."""
    heaviest = sorted(rules()["for"], key=lambda rule: -rule["weight"])
    words = [screen(rule["pattern"].pattern).words for rule in heaviest]
    return re.compile("|".join(map(re.escape, frozenset().union(*words))) if all(words) else ""), heaviest


@lru_cache(maxsize=4096)
def _best(text: str) -> dict[str, Any] | None:
    """The heaviest of the rules that speak for a text being the title of a report."""
    words, (any_word, heaviest) = plain(text), _rules_for()
    if any_word.search(words.casefold()) is None:
        return None
    return next((rule for rule in heaviest if rule["pattern"].search(words)), None)


@lru_cache(maxsize=4096)
def _judged(text: str) -> Judgement:
    words, best = plain(text), _best(text)
    named = rules()["named"]["pattern"].search(words) is not None
    reasons = {best["name"]: best["weight"]} if best else {}
    for rule in rules()["against"]:
        if not (named and rule.get("unless_named")) and rule["pattern"].search(words):
            reasons[rule["name"]] = rule["weight"]
    return Judgement(best["weight"] if best else 0.0, reasons)


def judge(title: str) -> Judgement:
    """What speaks for and against this being the title of an annual report on information disclosure."""
    return _judged(title[:LONGEST])


def is_report_title(title: str) -> bool:
    """Whether a title is that of a report and not of what stands beside the reports (interpretations, notices, guides)."""
    # What speaks against it is looked for only where something speaks for it.
    return _speaks(title) >= REPORT and judge(title).weight >= REPORT


def speaks_of_report(text: str) -> bool:
    """Whether a text names a report, be it to explain or to announce it."""
    return _speaks(text) >= SPEAKS


def _speaks(text: str) -> float:
    """The weight of the best that speaks for a text being the title of a report."""
    best = _best(text[:LONGEST])
    return best["weight"] if best else 0.0


def is_column_name(title: str) -> bool:
    """Whether a title is the name of an annual-report column and nothing more: no year, no organ."""
    return rules()["columns"]["whole"]["pattern"].fullmatch(plain(title)) is not None


def names_column(text: str) -> bool:
    """Whether a title or a breadcrumb has the name of an annual-report column in it."""
    within: re.Pattern[str] = rules()["columns"]["within"]["pattern"]
    return within.search(plain(text)) is not None
