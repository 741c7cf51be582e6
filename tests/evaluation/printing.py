"""The result as lines of text and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from tests.evaluation.gates import accuracy, below_floors, gates, groups
from tests.evaluation.mutation.run import Mutated
from tests.evaluation.tally import Result, Tally, calibration, total

RATES = ("precision", "recall", "silent_wrong", "over_caution")
# So many faults of one case, or of one mutation, are printed.
MOST_SHOWN = 3
WIDEST = 120


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.2%}"


def table(title: str, tallies: dict[str, Tally], rates: tuple[str, ...], *, by_name: bool = True) -> Iterator[str]:
    """A table of tallies, with their sum as its last line."""
    width = max(19, len(title), *(len(name) for name in tallies)) if tallies else 19
    yield ""
    yield f"{title:<{width}}{'cases':>7}{'wanted':>9}{'given':>9}{'right':>9}" + "".join(f"{rate.replace('_', '-'):>14}" for rate in rates)
    for name in [*(sorted(tallies) if by_name else tallies), "all"]:
        tally = tallies[name] if name in tallies else total(tallies)
        counts = f"{tally.cases:>7}{tally.wanted:>9}{tally.given:>9}{tally.right:>9}"
        yield f"{name:<{width}}{counts}" + "".join(f"{_percent(tally.rates()[rate]):>14}" for rate in rates)


def field_table(title: str, tallies: dict[str, Tally]) -> Iterator[str]:
    """A table of fields: how many are right, null where nothing is there, and how many values were given where there is none."""
    width = max(19, len(title), *(len(name) for name in tallies)) if tallies else 19
    yield ""
    yield f"{title:<{width}}{'cases':>7}{'right':>9}{'accuracy':>11}{'null':>8}{'invented':>10}"
    for name in [*sorted(tallies), "all"]:
        tally = tallies[name] if name in tallies else total(tallies)
        counts = f"{tally.cases:>7}{tally.agreed:>9}{_percent(accuracy(tally)):>11}{tally.nothing:>8}{tally.invented:>10}"
        yield f"{name:<{width}}{counts}"


def calibration_table(golden: Tally, mutated: Tally | None) -> Iterator[str]:
    """By the confidence given: how many figures, and the share of them that is right."""
    yield ""
    yield f"{'confidence given':<19}{'golden':>9}{'right':>10}" + (f"{'mutated':>12}{'right':>10}" if mutated else "")
    columns = [calibration([tally]) for tally in (golden, mutated) if tally]
    for edge in columns[0]:
        cells = [(column[edge][0], _percent(column[edge][1] / column[edge][0] if column[edge][0] else None)) for column in columns]
        name = "1.0" if edge == 1 else f"{edge} or more" if edge else "less"
        yield f"{name:<19}" + "".join(f"{given:>{9 + 3 * number}}{share:>10}" for number, (given, share) in enumerate(cells))


def faults_by_case(faults: list[str]) -> Iterator[str]:
    """The first faults of each case, and how many more there are."""
    shown: Counter[str] = Counter()
    for line in faults:
        case = line.partition(":")[0]
        shown[case] += 1
        if shown[case] <= MOST_SHOWN:
            yield f"  {line}"[:WIDEST]
    for case, count in shown.items():
        if count > MOST_SHOWN:
            yield f"  {case}: {count - MOST_SHOWN} more"


def mutation_table(mutated: Mutated) -> Iterator[str]:
    """The mutations with their counts, then the first silent-wrong figures of each."""
    yield from table("mutation", dict(sorted(mutated.tallies.items())), RATES[:3])
    silent: dict[str, list[str]] = {}
    for line in mutated.faults:
        if line.endswith("SILENTLY"):
            silent.setdefault(line.split(", ")[1], []).append(line)
    for name, lines in sorted(silent.items(), key=lambda item: -len(item[1])):
        yield f"{name}: {len(lines)} silent-wrong"
        for line in lines[:MOST_SHOWN]:
            yield f"  {line}"[:WIDEST]


def gate_table(result: Result, mutated: Mutated | None) -> Iterator[str]:
    """The aims, each with what was measured."""
    yield ""
    yield f"{'gate':<48}{'aim':>12}{'is':>10}"
    for gate in gates(result, mutated):
        aim = f"{'>=' if gate.least else '<='} {gate.aim:.1%}"
        share = "-" if gate.share is None else f"{gate.share:.3%}"
        yield f"{gate.name:<48}{aim:>12}{share:>10}  {'pass' if gate.passed else 'BELOW' if gate.least else 'ABOVE'}"


def as_lines(result: Result, mutated: Mutated | None, seeds: int) -> Iterator[str]:
    """All tables, what was wrong, the gates, and the floors that are not reached. `seeds`: how many real documents were read."""
    yield from table("figures by form", dict(result.forms), RATES)
    yield from table("figures by medium", dict(result.media), RATES)
    yield from table("written before the reading", dict(result.blind), RATES)
    yield from field_table("metadata by field", dict(result.metadata))
    yield from field_table("spellings", dict(result.spellings))
    yield from table("metadata by form", dict(result.metadata_forms), RATES[:2])
    yield f"\n{seeds} real documents read" + ("" if seeds else " (GIAR_SEEDS is not set)")
    others = sum(result.open.values()) - result.open["figures"]
    yield f"open: {result.open['figures']} cases whose figures are known to be read wrong, {others} other fields"
    yield from faults_by_case(result.faults)
    if mutated:
        yield from mutation_table(mutated)
    found = groups(result, mutated)
    yield from calibration_table(found["figures and prose"], found.get("mutated pages"))
    yield from gate_table(result, mutated)
    for line in below_floors(result, mutated):
        yield f"BELOW: {line}"


def _plain(tallies: dict[str, Tally]) -> dict[str, Any]:
    return {
        name: {**{part: getattr(tally, part) for part in tally.__dataclass_fields__}, **tally.rates()} for name, tally in tallies.items()
    }


def as_data(result: Result, mutated: Mutated | None) -> dict[str, Any]:
    """The result as plain data, for `--json`. `mutations` and `mutated_faults` are empty where no page was mutated."""
    return {
        "forms": _plain(result.forms),
        "media": _plain(result.media),
        "blind": _plain(result.blind),
        "metadata": _plain(result.metadata),
        "spellings": _plain(result.spellings),
        "open": dict(result.open),
        "mutations": _plain(mutated.tallies if mutated else {}),
        "faults": result.faults,
        "mutated_faults": [*mutated.raised, *mutated.faults] if mutated else [],
        "gates": [{**asdict(gate), "passed": gate.passed} for gate in gates(result, mutated)],
        "below_floors": below_floors(result, mutated),
    }
