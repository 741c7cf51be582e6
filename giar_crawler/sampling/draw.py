"""Drawing: the cells with the smallest seeded digests of each stratum. The same database and seed give the same sample.

A digest is as good as a random number, needs no order of the cells and no second pass; what is held is never more than `n` of a stratum.
"""

from __future__ import annotations

import base64
import hashlib
import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from giar_crawler.export.files import Row
from giar_crawler.sampling.population import Asked
from giar_crawler.sampling.strata import Stratum

# One alone says nothing of the spread in its stratum.
LEAST = 2


class TooSmall(ValueError):
    """The sample is too small for its strata; the message says how many there are."""


class Drawn(NamedTuple):
    """A cell of the sample: the id of its row, its place on the sheet, what the coder is told, and what the reading says."""

    id: str
    order: tuple[str, int, str]
    stratum: Stratum
    question: Row
    reading: Row


@dataclass(slots=True, frozen=True)
class Sample:
    """The drawn cells in the order of the sheet, and how many cells each stratum has."""

    rows: list[Drawn]
    sizes: dict[Stratum, int]


def draw(cells: Iterable[Asked], n: int, seed: int) -> Sample:
    """A sample of `n` cells, of all where there are fewer. Raises `TooSmall`."""
    sizes: Counter[Stratum] = Counter()
    needed = 0
    kept: dict[Stratum, list[tuple[int, str, Drawn]]] = defaultdict(list)
    for cell in cells:
        stratum = cell.stratum
        sizes[stratum] += 1
        needed += sizes[stratum] <= LEAST
        if needed > n:
            # At once: every further stratum would hold rows that are never drawn.
            raise TooSmall(f"{len(sizes)} strata or more (cells with and without a number are drawn apart) need {LEAST} cells each")
        digest = hashlib.blake2b(f"{seed}\n{cell.identity}".encode(), digest_size=20).digest()
        number = -int.from_bytes(digest)
        heap = kept[stratum]
        if len(heap) < n or number > heap[0][0]:
            # Begins with a letter: a spreadsheet takes 4e123456 for a number.
            row_id = "r" + base64.b32encode(digest)[-10:].decode().lower()
            entry = (number, row_id, Drawn(row_id, cell.order, stratum, cell.question(), cell.reading()))
            (heapq.heappush if len(heap) < n else heapq.heapreplace)(heap, entry)
    rows: list[Drawn] = []
    for stratum, share in allocate(sizes, n).items():
        rows += [drawn for *_, drawn in sorted(kept[stratum], reverse=True)[:share]]
    return Sample(sorted(rows, key=lambda drawn: drawn.order), dict(sorted(sizes.items())))


def allocate(sizes: Mapping[Stratum, int], n: int) -> dict[Stratum, int]:
    """How many cells of each stratum: in proportion to the square root of its size, so that small strata tell something too.

    At least two, for which `n` has to do, and never more than there are.
    """
    shares = {stratum: min(LEAST, sizes[stratum]) for stratum in sorted(sizes)}
    left = n - sum(shares.values())
    waiting = [(-sqrt(size) / (shares[stratum] + 0.5), stratum) for stratum, size in sizes.items() if size > shares[stratum]]
    heapq.heapify(waiting)
    while left and waiting:
        _, stratum = heapq.heappop(waiting)
        shares[stratum] += 1
        left -= 1
        if shares[stratum] < sizes[stratum]:
            heapq.heappush(waiting, (-sqrt(sizes[stratum]) / (shares[stratum] + 0.5), stratum))
    return shares
