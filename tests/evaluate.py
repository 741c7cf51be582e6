"""How good the reading is: precision, recall, silent-wrong rate and over-caution over the golden pages, beside pinned floors.

`python -m tests.evaluate [--json] [--no-mutations] [--rounds N]`. Exit code 1 when a floor is not reached. The five real documents are read
too where `GIAR_SEEDS` names their folder. A figure is silent-wrong when its value is wrong, its confidence is at least 0.9 and no finding
names it. Over-caution is the share of right figures of clean pages (`clean` in meta.json) whose confidence is lower or that a finding
doubts. Every page is also read through each mutation that fits it (`tests/evaluation/mutation`), always the same; further rounds
make other choices.
"""

from __future__ import annotations

import argparse
import json
import sys

from pipelines import read
from tests.evaluation.cases import META_KEYS, PAGES, Case, agrees, figures_of, golden_folders, load_case, seed_cases, value_of
from tests.evaluation.gates import below_floors
from tests.evaluation.mutation.run import mutate_all
from tests.evaluation.printing import as_data, as_lines
from tests.evaluation.spellings import TABLES, spellings
from tests.evaluation.tally import FIELDS, SURE, Result, Tally, is_right, tally_case, tally_spelling

__all__ = [
    "FIELDS",
    "META_KEYS",
    "PAGES",
    "SURE",
    "Case",
    "Result",
    "Tally",
    "agrees",
    "evaluate",
    "figures_of",
    "golden_folders",
    "is_right",
    "load_case",
    "seed_cases",
    "value_of",
]


def evaluate(cases: list[Case]) -> Result:
    """Reads all cases and the tables of spellings, and counts."""
    result = Result()
    for case in cases:
        tally_case(case, read(case.page), result)
    for table in TABLES:
        for spelling in spellings(table):
            tally_spelling(spelling, result)
    return result


def main(arguments: list[str] | None = None) -> int:
    """Prints the result; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluate", description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--no-mutations", action="store_true", help="leave out the mutated pages, which take most of the time")
    parser.add_argument("--rounds", type=int, default=1, help="read each page so many times through each mutation")
    options = parser.parse_args(arguments)
    seeds = seed_cases()
    cases = [load_case(folder) for folder in golden_folders()] + seeds
    result = evaluate(cases)
    mutated = None if options.no_mutations else mutate_all(cases, rounds=options.rounds)
    if options.json:
        print(json.dumps(as_data(result, mutated), ensure_ascii=False, indent=1))
    else:
        for line in as_lines(result, mutated, len(seeds)):
            print(line)
    return 1 if below_floors(result, mutated) else 0


if __name__ == "__main__":
    sys.exit(main())
