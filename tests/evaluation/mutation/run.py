"""Reads every golden page through every mutation that fits it, and counts."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context

from giar_crawler.items import Report
from pipelines import read
from tests.evaluation.cases import Case
from tests.evaluation.mutation import flat, flattened, prose, several, table_cells, table_columns, table_rows, table_style
from tests.evaluation.mutation.pages import MUTATIONS, source_of
from tests.evaluation.tally import Tally, tally_figures

MODULES = (flat, flattened, prose, several, table_cells, table_columns, table_rows, table_style)  # importing them registers their mutations


@dataclass(slots=True)
class Mutated:
    """By name of a mutation what was counted; the wrong figures, and the pages that the reading raised at, one line each."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    faults: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)

    def add(self, other: Mutated) -> None:
        """Adds what another part of the pages gave."""
        for name, tally in other.tallies.items():
            self.tallies[name].add(tally)
        self.faults += other.faults
        self.raised += other.raised


def mutate(case: Case, *, rounds: int = 1, only: frozenset[str] | None = None) -> Mutated:
    """One case through all mutations of its kind, or those named in `only`; each so many times with other choices."""
    result = Mutated()
    source = source_of(case)
    for name, mutation in MUTATIONS.items():
        if mutation.kind != source.kind or (only is not None and name not in only):
            continue
        for turn in range(rounds):
            changed = source.start(f"{case.name} {name} {turn}")
            if not mutation.change(changed):
                continue
            place = f"{case.name}, {name}, {turn}"
            try:
                report = read(changed.page())
            except Exception as error:  # noqa: BLE001 - a reading that raises is a fault to list, with all others
                result.raised.append(f"{place}: raised {error!r}")
                report = Report()
            faults: list[str] = []
            result.tallies[name].add(tally_figures(place, changed.truth, report, faults))
            result.faults += [fault for fault in faults if " read " in fault]
    return result


def mutate_all(cases: Iterable[Case], *, rounds: int = 1, only: frozenset[str] | None = None) -> Mutated:
    """All cases through all mutations, in as many processes as there are processors."""
    result = Mutated()
    one = partial(mutate, rounds=rounds, only=only)
    with ProcessPoolExecutor(os.cpu_count(), get_context("fork")) as pool:
        for part in pool.map(one, cases, chunksize=8):
            result.add(part)
    return result
