"""From where on a difference counts, as `limits.yaml` has it with the reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.data import any_of, load


@dataclass(frozen=True, slots=True)
class Distance:
    """How far two numbers have to be apart: both so many times and by so much."""

    factor: float
    difference: float

    def between(self, small: float, large: float) -> bool:
        """Whether they are; nothing counts as one here, for it has no multiples."""
        return large >= self.factor * max(small, 1) and large - small >= self.difference


@dataclass(frozen=True, slots=True)
class Magnitudes:
    """Of jumps: the distance for each unit, how many times neighbours may differ, and the factor where there is one neighbour only."""

    units: dict[str, Distance]
    agreement: float
    alone: float


@dataclass(frozen=True, slots=True)
class Departments:
    """Of a government beside its departments: which figures of which forms, the distance, and the names of organs that are not its own."""

    forms: list[str]
    figures: list[str]
    distance: Distance
    leave_out: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Prose:
    """Of copied prose: how long a sentence, how many of them, which share; and what every report has to say."""

    characters: int
    sentences: int
    share: float
    leave_out: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Of a table that cannot be alike by chance: so many numbers that are not zero, so many different ones."""

    cells: int
    values: int


@dataclass(frozen=True, slots=True)
class Copies:
    """Of two addresses of one report: how many numbers both have that are not zero in both, and which share is the same."""

    cells: int
    share: float


@dataclass(frozen=True, slots=True)
class Limits:
    """All of them; `doubts` are codes of findings after which a page's figures may be misread."""

    doubts: frozenset[str]
    magnitudes: Magnitudes
    departments: Departments
    copied_figures: Table
    copied_prose: Prose
    copies: Copies


@cache
def limits() -> Limits:
    """The packaged limits."""
    distance = {"factor": float, "difference": float}
    data: dict[str, Any] = load(
        Path(__file__).with_name("limits.yaml"),
        {
            "doubts": [str],
            "magnitudes": {"units": {"*": distance}, "agreement": float, "alone": float},
            "departments": {"forms": [str], "figures": [str], **distance, "leave_out": any_of},
            "copied_figures": {"cells": int, "values": int},
            "copied_prose": {"characters": int, "sentences": int, "share": float, "leave_out": any_of},
            "copies": {"cells": int, "share": float},
        },
    )
    jumps, of_area = data["magnitudes"], data["departments"]
    return Limits(
        doubts=frozenset(data["doubts"]),
        magnitudes=Magnitudes({unit: Distance(**one) for unit, one in jumps["units"].items()}, jumps["agreement"], jumps["alone"]),
        departments=Departments(
            of_area["forms"], of_area["figures"], Distance(of_area["factor"], of_area["difference"]), of_area["leave_out"]
        ),
        copied_figures=Table(**data["copied_figures"]),
        copied_prose=Prose(**data["copied_prose"]),
        copies=Copies(**data["copies"]),
    )
