"""Error rates as tables and as a sentence for a methods section."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from giar_crawler.export.files import Row, csv_text
from giar_crawler.sampling.intervals import Share
from giar_crawler.sampling.key import Key
from giar_crawler.sampling.rates import MEASURES, Rate
from pipelines.data import load

ALL = "all"
METHOD = "95 % intervals: Wilson score; of several strata together, weighted by size, at the effective sample size"
_COUNTS = ("cells", "decided", "counted", "undecided", "not_coded")


def rows(key: Key, found: Sequence[Rate]) -> list[Row]:
    """A row for each group and measure, the whole first; shares between 0 and 1."""
    return [
        {
            **(dict.fromkeys(key.by, ALL) if rate.group is None else dict(zip(key.by, rate.group, strict=True))),
            "measure": rate.measure,
            **{name: getattr(rate, name) for name in _COUNTS},
            **(asdict(rate.share) if rate.share else dict.fromkeys(Share.__slots__)),
            "if_undecided": rate.if_undecided,
            "untold": rate.untold,
        }
        for rate in found
    ]


def as_csv(key: Key, found: Sequence[Rate]) -> str:
    """The rows as CSV."""
    return csv_text(rows(key, found))


def as_json(key: Key, found: Sequence[Rate]) -> str:
    """One object: method, rows, sentences."""
    facts = {"method": METHOD, "seed": key.seed, "by": key.by, "rates": rows(key, found), "sentences": sentences(key, found)}
    return json.dumps(facts, ensure_ascii=False)


def as_table(key: Key, found: Sequence[Rate]) -> list[list[str]]:
    """A line for each group, a column for each measure with its interval in per cent; the heading first."""
    groups: dict[tuple[str, ...], list[Rate]] = {}
    for rate in found:
        groups.setdefault(rate.group or (ALL,) * len(key.by), []).append(rate)
    head = [*key.by, "cells", "decided", *(f"{name} %" for name in MEASURES)]
    lines = [[*group, str(own[0].cells), str(own[0].decided), *map(_short, own)] for group, own in groups.items()]
    return [head, *lines]


def as_markdown(key: Key, found: Sequence[Rate]) -> str:
    """The table, how its intervals were made, and the sentences."""
    head, *lines = ([cell.replace("|", "\\|") for cell in line] for line in as_table(key, found))
    table = [head, ["---"] * len(head), *lines]
    return "\n".join([*(f"| {' | '.join(line)} |" for line in table), "", f"{METHOD}.", "", *sentences(key, found).values()])


def sentences(key: Key, found: Sequence[Rate]) -> dict[str, str]:
    """What a methods section may say, in English and Chinese."""
    whole = {rate.measure: rate for rate in found if rate.group is None}
    every = whole["agreement"]
    facts = {
        "cells": every.cells,
        "drawn": len(key.rows),
        "seed": key.seed,
        "decided": every.decided,
        "undecided": every.undecided,
        "not_coded": every.not_coded,
        "worst": "–" if every.if_undecided is None else _percent(every.if_undecided),
    }
    told = {}
    for language, words in _texts().items():
        shares = {name: _told(rate.share, words) for name, rate in whole.items()}
        told[language] = words["text"].format(**facts, **shares, by=("、" if language == "zh" else ", ").join(key.by))
    return told


def _told(share: Share | None, words: dict[str, str]) -> str:
    if share is None:
        return words["nothing"]
    return words["share"].format(**{name: _percent(value) for name, value in asdict(share).items()})


def _short(rate: Rate) -> str:
    return f"{_percent(rate.share.value)} ({_percent(rate.share.low)}–{_percent(rate.share.high)})" if rate.share else "–"


def _percent(share: float) -> str:
    return f"{share * 100:.1f}"


@cache
def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = load(Path(__file__).with_name("telling.yaml"), {"*": {"share": str, "nothing": str, "text": str}})
    return texts
