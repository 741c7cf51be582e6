"""The key of a sheet: what the reading said of every drawn cell at that moment, which no later re-parse can change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from giar_crawler.export.files import write_text
from giar_crawler.items import Number
from giar_crawler.sampling.draw import Sample
from giar_crawler.sampling.strata import Stratum
from pipelines.data import checked
from pipelines.statistics.numbers import exact
from pipelines.version import RELEASE

ENDING = ".key.json"


def _or_none(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{value!r} is neither text nor null")
    return value


_SHAPE = {
    "release": str,
    "seed": int,
    "by": [str],
    "chosen_by": {"*": lambda value: value},
    "strata": [{"group": [str], "given": bool, "cells": int, "drawn": int}],
    "rows": {
        "*": {
            "stratum": int,
            **dict.fromkeys(("document_url", "content_sha256", "parser_version", "figure", "status"), str),
            **dict.fromkeys(("value", "unit", "source"), _or_none),
            "doubted": bool,
        }
    },
}


@dataclass(slots=True, frozen=True)
class Reading:
    """What the reading said of a drawn cell: its stratum, its value (`None`: none), and whether it doubted it by confidence or finding."""

    stratum: Stratum
    figure: str
    value: Number | None
    unit: str | None
    doubted: bool


@dataclass(slots=True, frozen=True)
class Key:
    """A key: what was stratified by and drawn with, the cells of each stratum, and the reading of each row by its id."""

    seed: int
    by: tuple[str, ...]
    sizes: dict[Stratum, int]
    rows: dict[str, Reading]


def key_of(sheet: Path) -> Path:
    """Where the key of a sheet lies: beside it."""
    return sheet.with_name(sheet.stem + ENDING)


def write_key(path: Path, sample: Sample, seed: int, by: tuple[str, ...], chosen_by: Mapping[str, Any]) -> None:
    """Writes the key of a sample."""
    places = {stratum: place for place, stratum in enumerate(sample.sizes)}
    drawn = Counter(row.stratum for row in sample.rows)
    strata = [
        {"group": list(stratum.group), "given": stratum.given, "cells": size, "drawn": drawn[stratum]}
        for stratum, size in sample.sizes.items()
    ]
    rows = {row.id: {"stratum": places[row.stratum], **row.reading} for row in sample.rows}
    key = {"release": RELEASE, "seed": seed, "by": list(by), "chosen_by": dict(chosen_by), "strata": strata, "rows": rows}
    write_text(path, json.dumps(key, ensure_ascii=False, indent=1) + "\n")


def read_key(path: Path) -> Key:
    """The key in a file. Raises ValueError for what is none, and OSError."""
    data = checked(json.loads(path.read_text("utf-8")), _SHAPE, path.name)
    strata = [Stratum(tuple(each["group"]), each["given"]) for each in data["strata"]]
    try:
        rows = {
            row_id: Reading(
                strata[row["stratum"]],
                row["figure"],
                None if row["value"] is None else exact(str(Decimal(row["value"]))),
                row["unit"],
                row["doubted"],
            )
            for row_id, row in data["rows"].items()
        }
    except (IndexError, ArithmeticError) as error:
        raise ValueError(f"{path.name}: a row has no stratum or no number") from error
    return Key(data["seed"], tuple(data["by"]), {one: each["cells"] for one, each in zip(strata, data["strata"], strict=True)}, rows)
