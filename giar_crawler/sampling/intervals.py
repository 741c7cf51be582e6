"""Shares with their 95 % intervals: Wilson's for one random sample, and for a stratified one Wilson's at its effective size.

E. B. Wilson (1927), JASA 22; for stratified samples as recommended by C. Franco et al. (2019), J. Survey Statistics and Methodology 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)


@dataclass(slots=True, frozen=True)
class Part:
    """A random sample of one stratum: how many cells the stratum has, how many were decided, and how many of these are events."""

    size: int
    decided: int
    events: int


@dataclass(slots=True, frozen=True)
class Share:
    """An estimated share and the interval that holds it."""

    value: float
    low: float
    high: float


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's score interval for a share that was found in `n` draws; `n` need not be whole."""
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    # What is 0 or 1 in exact arithmetic is not always so in floats.
    return max(0.0, middle - half) if share > 0 else 0.0, min(1.0, middle + half) if share < 1 else 1.0


def stratified(parts: Sequence[Part]) -> Share | None:
    """The share in all strata together, each weighted by its size; `None` where nothing was decided.

    Strata in which nothing was decided are left out. The effective size is what a simple random sample would need for the same variance,
    and at most what it is for equal shares in all strata: a stratum without an event would else count as certain.
    """
    told = [part for part in parts if part.decided]
    whole = sum(part.size for part in told)
    if not whole:
        return None
    weights = [part.size / whole for part in told]
    shares = [part.events / part.decided for part in told]
    value = min(1.0, sum(weight * share for weight, share in zip(weights, shares, strict=True)))
    effective = 1 / sum(weight**2 / part.decided for weight, part in zip(weights, told, strict=True))
    found = sum(weight**2 * share * (1 - share) / part.decided for weight, share, part in zip(weights, shares, told, strict=True))
    if found > 0:
        effective = min(effective, value * (1 - value) / found)
    return Share(value, *wilson(value, effective))
