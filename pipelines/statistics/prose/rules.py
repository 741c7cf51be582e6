"""What a sentence must say for its number to be a figure: patterns over classes of words, as data with examples beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from giar_crawler.items import Number
from pipelines.data import load, pattern
from pipelines.statistics.numbers import exact


def _optional_name(value: object) -> str:
    """The name of a figure; empty where a rule gives none."""
    if value is not None and not isinstance(value, str):
        raise ValueError("a name or nothing is expected")
    return value or ""


def _example(value: object) -> tuple[str, Number]:
    """A sentence with the value that stands in it."""
    if not isinstance(value, list) or len(value) != 2 or not isinstance(value[0], str) or not isinstance(value[1], (int, float)):
        raise ValueError("a sentence and its value are expected")
    return value[0], exact(str(value[1]))


SHAPE = {
    "patterns": {"*": pattern},
    "units": {"*": [str]},
    "rules": [
        {
            "gives": _optional_name,
            "says": [str],
            "unit": str,
            "reads": [_example],
            "leaves": [str],
            "family?": str,
            "of?": [str],
            "not_of?": [str],
            "topic?": [str],
            "near?": pattern,
            "beside?": pattern,
            **dict.fromkeys(
                ("weak?", "first?", "sole?", "dated?", "stock?", "replaces?", "only_zero?", "except_zero?", "only_each?", "adds?"), bool
            ),
        }
    ],
}
# A label of more words is no label.
MOST_WORDS = 24


@dataclass(slots=True, frozen=True)
class Rule:
    """One way in which a figure is stated. `gives` is empty where the rule only names what the parts that follow are parts of."""

    number: int
    gives: str
    family: str | None
    says: re.Pattern[str]
    units: frozenset[str]
    of: frozenset[str]
    topic: frozenset[str]
    near: re.Pattern[str] | None
    beside: re.Pattern[str] | None
    weak: bool
    first: bool
    sole: bool
    only_zero: bool
    except_zero: bool
    only_each: bool
    adds: bool
    replaces: bool
    dated: bool
    stock: bool
    not_of: frozenset[str]
    reads: tuple[tuple[str, Number], ...]
    leaves: tuple[str, ...]


def _pattern(says: list[str]) -> re.Pattern[str]:
    """The patterns as one regular expression over class names that each end with a blank."""
    alternatives = (re.sub(r"[a-z_]+", lambda word: f"(?:{word.group()} )", one).replace(") (", ")(").replace(" (", "(") for one in says)
    return re.compile("|".join(f"(?:{one})" for one in alternatives))


@cache
def rules() -> tuple[Rule, ...]:
    """All rules in the order of their file."""
    data: dict[str, Any] = load(Path(__file__).with_name("rules.yaml"), SHAPE)
    return tuple(
        Rule(
            number=number,
            gives=entry["gives"],
            family=entry.get("family"),
            says=_pattern(entry["says"]),
            units=frozenset(data["units"][entry["unit"]]),
            of=frozenset(entry.get("of", ())),
            topic=frozenset(entry.get("topic", ())),
            near=entry.get("near"),
            beside=entry.get("beside"),
            weak=entry.get("weak", False),
            first=entry.get("first", False),
            sole=entry.get("sole", False),
            only_zero=entry.get("only_zero", False),
            except_zero=entry.get("except_zero", False),
            only_each=entry.get("only_each", False),
            adds=entry.get("adds", False),
            dated=entry.get("dated", False),
            stock=entry.get("stock", False),
            not_of=frozenset(entry.get("not_of", ())),
            replaces=entry.get("replaces", False),
            reads=tuple(entry["reads"]),
            leaves=tuple(entry["leaves"]),
        )
        for number, entry in enumerate(data["rules"])
    )


@lru_cache(maxsize=4_096)
def matching(label: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules that a label, as classes of its words, fits wholly."""
    if not label or len(label) > MOST_WORDS or "gap" in label:
        return ()
    text = "".join(f"{word} " for word in label)
    return tuple(rule for rule in rules() if rule.says.fullmatch(text))
