"""Error rates from the key of a sample and its coder's answers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from giar_crawler.sampling.coded import Answer
from giar_crawler.sampling.intervals import Part, Share, stratified
from giar_crawler.sampling.key import Key, Reading
from giar_crawler.sampling.strata import Stratum

# What became of a coded cell. `silent`: another value, which the reading did not doubt; `doubted`: another value, which it did.
Verdict = Literal["agrees", "silent", "doubted", "invented", "missed", "undecided"]


@dataclass(slots=True, frozen=True)
class Measure:
    """A rate: of which cells, with and without a number of the reading (`given`), and which verdicts it counts."""

    given: frozenset[bool]
    counts: frozenset[Verdict]


MEASURES = {
    "agreement": Measure(frozenset({True, False}), frozenset({"agrees"})),
    "wrong": Measure(frozenset({True}), frozenset({"silent", "doubted"})),
    "silent_wrong": Measure(frozenset({True}), frozenset({"silent"})),
    "invented": Measure(frozenset({True}), frozenset({"invented"})),
    "missed": Measure(frozenset({False}), frozenset({"missed"})),
}


@dataclass(slots=True, frozen=True)
class Rate:
    """A measure in one group (`None`: in all): the cells that it is about, those decided, those counted, undecided and not coded.

    `share` is `None` where nothing was decided. `if_undecided` is the share if every undecided cell were an error. `untold` is the number
    of cells of strata that the share is not about, because nothing was decided there.
    """

    group: tuple[str, ...] | None
    measure: str
    cells: int
    decided: int
    counted: int
    undecided: int
    not_coded: int
    share: Share | None
    if_undecided: float | None
    untold: int


def rates(key: Key, answers: Mapping[str, Answer]) -> list[Rate]:
    """Every measure in all strata together, then in each group of strata."""
    verdicts: dict[Stratum, Counter[Verdict | None]] = defaultdict(Counter)
    for row_id, reading in key.rows.items():
        verdicts[reading.stratum][_verdict(reading, answers.get(row_id))] += 1
    groups = sorted({stratum.group for stratum in key.sizes})
    return [_rate(name, group, key.sizes, verdicts) for group in [None, *groups] for name in MEASURES]


def _verdict(reading: Reading, answer: Answer | None) -> Verdict | None:
    """`None` for a cell that is not coded."""
    if answer is None:
        return None
    if answer.kind == "undecided":
        return "undecided"
    if reading.value is None:
        return "missed" if answer.kind == "number" else "agrees"
    if answer.kind == "nothing":
        return "invented"
    if answer.value == reading.value:
        return "agrees"
    return "doubted" if reading.doubted else "silent"


def _rate(
    name: str, group: tuple[str, ...] | None, sizes: Mapping[Stratum, int], verdicts: Mapping[Stratum, Counter[Verdict | None]]
) -> Rate:
    measure = MEASURES[name]
    strata = [stratum for stratum in sizes if stratum.given in measure.given and group in (None, stratum.group)]
    told = [verdicts.get(stratum, Counter()) for stratum in strata]
    parts = [
        Part(sizes[stratum], _decided(counts), sum(counts[verdict] for verdict in measure.counts))
        for stratum, counts in zip(strata, told, strict=True)
    ]
    return Rate(
        group,
        name,
        sum(part.size for part in parts),
        sum(part.decided for part in parts),
        sum(part.events for part in parts),
        sum(counts["undecided"] for counts in told),
        sum(counts[None] for counts in told),
        stratified(parts),
        _if_undecided(name, parts, told),
        sum(part.size for part in parts if not part.decided),
    )


def _decided(counts: Counter[Verdict | None]) -> int:
    return sum(number for verdict, number in counts.items() if verdict not in (None, "undecided"))


def _if_undecided(name: str, parts: Sequence[Part], told: Iterable[Counter[Verdict | None]]) -> float | None:
    """The share where undecided cells count as errors: as events of an error, as no events of the agreement."""
    worst = [
        Part(part.size, part.decided + counts["undecided"], part.events + (0 if name == "agreement" else counts["undecided"]))
        for part, counts in zip(parts, told, strict=True)
    ]
    share = stratified(worst)
    return share.value if share else None
