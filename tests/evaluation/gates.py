"""What the reading must reach: floors that are pinned below what it does reach, and the gates that it is built for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.evaluation.mutation.run import Mutated
from tests.evaluation.tally import SURE, Result, Tally, calibration, total

# Shares that a change may raise; lower them only with a reason in the same commit.
FLOORS = {
    "tables": {"precision": 1.0, "recall": 0.999},
    "flattened text": {"precision": 1.0, "recall": 0.999},
    "prose": {"precision": 1.0, "recall": 0.985},
    "metadata": {"precision": 0.998, "recall": 0.998},
    "mutated pages": {"recall": 0.97},
}
# Shares that a change may lower.
CEILINGS = {
    "figures and prose": {"silent_wrong": 0.0, "over_caution": 0.01},
    "mutated pages": {"silent_wrong": 0.001},
}
# Of the figures given with a confidence of 0.9 or more, so many are right, in each bin.
CALIBRATED = 0.9


# Of each field of the metadata, and of each key of a table of spellings, so many are right; of what should be null, so many are not.
ACCURATE, INVENTED = 0.99, 0.002


def accuracy(tally: Tally) -> float | None:
    """The share of a field's cases that are right, null where nothing is there; `None` without cases."""
    return tally.agreed / tally.cases if tally.cases else None


def invented(tally: Tally) -> float | None:
    """The share of the cases that should be null and are not; `None` where none should be."""
    return tally.invented / tally.nothing if tally.nothing else None


def groups(result: Result, mutated: Mutated | None) -> dict[str, Tally]:
    """The tallies that floors and gates are set for; figures of tables in HTML, and in text that lost its tables."""
    found = {
        "tables": result.media["table"],
        "flattened text": result.media["text"],
        "prose": result.media["prose"],
        "figures and prose": total(result.media),
        "metadata": total(result.metadata),
    }
    return found | ({"mutated pages": total(mutated.tallies)} if mutated else {})


def below_floors(result: Result, mutated: Mutated | None = None) -> list[str]:
    """The floors that are not reached, one line each; those of mutated pages only where they were read."""
    found = groups(result, mutated)
    failed = []
    for group, tally in found.items():
        rates = tally.rates()
        failed += [
            f"{group}: {name} {rates[name] or 0:.4f} is below the floor of {floor}"
            for name, floor in FLOORS.get(group, {}).items()
            if (rates[name] or 0) < floor
        ]
        failed += [
            f"{group}: {name} {rates[name] or 0:.4f} is above the ceiling of {most}"
            for name, most in CEILINGS.get(group, {}).items()
            if (rates[name] or 0) > most
        ]
    for group in ("figures and prose", "mutated pages"):
        for edge, share in sure_bins(found[group]) if group in found else ():
            if share < CALIBRATED:
                failed.append(f"{group}: of the figures given with {edge} or more {share:.4f} are right, fewer than {CALIBRATED}")
    return failed + (mutated.raised if mutated else [])


def sure_bins(tally: Tally) -> Iterator[tuple[float, float]]:
    """The bins of the calibration table from `SURE` on that hold figures, each with the share that is right."""
    for edge, (given, right) in calibration([tally]).items():
        if edge >= SURE and given:
            yield edge, right / given


@dataclass(slots=True, frozen=True)
class Gate:
    """One aim of the reading. `least`: the share must not be lower than `aim`; else it must not be higher."""

    name: str
    aim: float
    share: float | None
    least: bool = True

    @property
    def passed(self) -> bool:
        """Whether the aim is reached; what was not measured is not."""
        return self.share is not None and (self.share >= self.aim if self.least else self.share <= self.aim)


def gates(result: Result, mutated: Mutated | None = None) -> list[Gate]:
    """All aims with what was measured; those of mutated pages only where they were read."""
    found = groups(result, mutated)
    tables, text, prose, whole = (found[name].rates() for name in ("tables", "flattened text", "prose", "figures and prose"))
    every = [
        Gate("figures of tables: precision", 0.999, tables["precision"]),
        Gate("figures of tables: recall", 0.999, tables["recall"]),
        Gate("figures of flattened text: precision", 0.999, text["precision"]),
        Gate("figures of flattened text: recall", 0.999, text["recall"]),
        Gate("figures of prose: precision", 0.98, prose["precision"]),
        Gate("figures of prose: recall", 0.85, prose["recall"]),
        Gate("silent-wrong", 0.0, whole["silent_wrong"], least=False),
        Gate("over-caution on clean pages", 0.01, whole["over_caution"], least=False),
        Gate("least share right in a bin from 0.9 on", CALIBRATED, _least(found["figures and prose"])),
    ]
    # The form is what the tables say.
    fields = {name: tally for name, tally in result.metadata.items() if name != "form"}
    worst_field = min((accuracy(tally) or 0.0 for tally in fields.values()), default=None)
    every += [
        Gate("metadata: the least accurate field", ACCURATE, worst_field),
        Gate("metadata: values where there is none", INVENTED, invented(total(fields)), least=False),
        Gate("spellings: the least accurate key", ACCURATE, min((accuracy(t) or 0.0 for t in result.spellings.values()), default=None)),
        Gate("spellings: values where there is none", INVENTED, invented(total(result.spellings)), least=False),
    ]
    if mutated:
        rates = found["mutated pages"].rates()
        worst = max((tally.rates()["silent_wrong"] or 0 for tally in mutated.tallies.values()), default=None)
        every += [
            Gate("mutated pages: silent-wrong", 0.001, rates["silent_wrong"], least=False),
            # Most mutations touch few figures of a page: over all figures a bad one would hardly show.
            Gate("mutated pages: silent-wrong, the worst mutation", 0.001, worst, least=False),
            Gate("mutated pages: recall", 0.7, rates["recall"]),
            Gate("mutated pages: least share right from 0.9 on", CALIBRATED, _least(found["mutated pages"])),
        ]
    return every


def _least(tally: Tally) -> float | None:
    return min((share for _, share in sure_bins(tally)), default=None)
