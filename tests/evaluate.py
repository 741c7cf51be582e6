"""How good the reading is: precision, recall, silent-wrong rate and over-caution over the golden pages, beside pinned floors.

`python -m tests.evaluate [--json]`. Exit code 1 when a floor is not reached. The five real documents are read too where `GIAR_SEEDS` names
their folder. A figure is silent-wrong when its value is wrong, its confidence is at least 0.9 and no finding names it. Over-caution is the
share of right figures of clean pages (`clean` in meta.json) whose confidence is lower or that a finding doubts.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from giar_crawler.items import Figure, Page, PageContext, Report
from pipelines import read

PAGES = Path(__file__).parent / "pages"
FIELDS = (
    "outcome",
    "title",
    "report_year",
    "index_number",
    "published_date",
    "publisher",
    "scope",
    "adcode",
    "site_code",
    "document_number",
    "form",
    "encoding",
    "date_is_migration",
)
# Expected words for a figure that has no value; `null` stands for a blank or a dash.
STATUSES = frozenset({"blank", "dash", "unreadable"})
SURE = 0.9

# Shares that a change may raise; lower them only with a reason in the same commit.
# Lowered from 1.0 when 175 pages came in that were built apart from the reading: their open faults are named in `open` of meta.json.
FLOORS = {
    "figures": {"precision": 1.0, "recall": 0.974},
    "prose": {"precision": 1.0, "recall": 0.927},
    "metadata": {"precision": 0.998, "recall": 0.993},
}
# So many faults of one case are printed.
MOST_SHOWN = 3
# Shares that a change may lower.
CEILINGS = {"silent_wrong": 0.0, "over_caution": 0.01}


@dataclass(slots=True)
class Case:
    """A page with what is true of it. `figures` maps `INDICATOR|COLUMN` to a number, `null` or a word of `STATUSES`."""

    name: str
    page: Page
    medium: str
    clean: bool
    expected: dict[str, Any]

    @property
    def figures(self) -> dict[str, Any]:
        """The expected figures; empty where the case checks none."""
        found: dict[str, Any] = self.expected.get("figures", {})
        return found


def load_case(folder: Path) -> Case:
    """The case of a folder of `tests/pages`. Without expected.json nothing is expected of it."""
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    body = next(path for path in (folder / "page.html", folder / "page.txt") if path.exists()).read_bytes()
    context = {key: tuple(value) if isinstance(value, list) else value for key, value in meta["context"].items()}
    headers = {"content-type": meta["content_type"]} if meta["content_type"] else {}
    answer = folder / "expected.json"
    expected = json.loads(answer.read_text("utf-8"), parse_float=Decimal) if answer.exists() else {}
    return Case(folder.name, Page(meta["url"], body, headers, context=PageContext(**context)), meta["medium"], meta["clean"], expected)


def golden_folders() -> list[Path]:
    """The folders of all golden pages, by name."""
    return sorted(path.parent for path in PAGES.glob("*/meta.json"))


def seed_cases() -> list[Case]:
    """The real documents of the folder that `GIAR_SEEDS` names; none where it is not set."""
    folder = os.environ.get("GIAR_SEEDS")
    if not folder:
        return []
    cases = []
    for path in sorted(Path(folder).glob("*.txt")):
        expected = json.loads(path.with_suffix(".truth.json").read_text("utf-8"), parse_float=Decimal)
        medium = "text" if expected["form"] else "prose"
        cases.append(Case(path.stem, Page(None, path.read_bytes()), medium, clean=False, expected=expected))
    return cases


def figures_of(report: Report) -> dict[str, Figure]:
    """The preferred figures of a record under the keys of expected.json."""
    return {f"{figure.indicator}|{figure.column or ''}": figure for figure in report.figures if figure.preferred}


def value_of(report: Report, name: str) -> object:
    """A field of a record as expected.json has it."""
    if name == "index_number":
        return report.index_number.normalized if report.index_number else None
    value = getattr(report, name)
    return value.isoformat() if name == "published_date" and value else value


def is_right(figure: Figure | None, wanted: object) -> bool:
    """Whether a figure says what is true: the value, or that there is none."""
    if figure is None:
        return False
    if wanted is None:
        return figure.status in ("blank", "dash")
    if isinstance(wanted, str):
        return figure.status == wanted
    return figure.status == "number" and figure.value == wanted


@dataclass(slots=True)
class Tally:
    """Counts of one group. `given` are the figures or fields that the reading states, `wanted` those that the pages have."""

    given: int = 0
    wanted: int = 0
    right: int = 0
    silent_wrong: int = 0
    clean_right: int = 0
    doubted: int = 0
    cases: int = 0

    def rates(self) -> dict[str, float | None]:
        """Shares between 0 and 1; `None` where there is nothing to count."""
        return {
            "precision": self.right / self.given if self.given else None,
            "recall": self.right / self.wanted if self.wanted else None,
            "silent_wrong": self.silent_wrong / self.given if self.given else None,
            "over_caution": self.doubted / self.clean_right if self.clean_right else None,
        }

    def add(self, other: Tally) -> None:
        """Adds the counts of another tally."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Result:
    """All tallies: of figures by form and by medium, of metadata by field and by form; and what was wrong, one line each."""

    forms: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    media: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    metadata: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    metadata_forms: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    faults: list[str] = field(default_factory=list)


def tally_figures(case: Case, report: Report, faults: list[str]) -> Tally:
    """The counts of one page's figures. Figures that the page is not known to have count only where the case lists all of them."""
    tally = Tally(cases=1)
    found = figures_of(report)
    named = Counter(name for finding in report.findings for name in finding.figures)
    doubts = {
        name for finding in report.findings if finding.severity != "info" and finding.blame != "publisher" for name in finding.figures
    }
    for key in {**case.figures, **(found if case.expected.get("no_other_figures") else {})}:
        figure, known = found.get(key), key in case.figures
        wanted = case.figures.get(key, "absent")
        right = is_right(figure, wanted)
        unread = figure is None or figure.status == "unreadable"
        tally.wanted += known and wanted != "unreadable"
        tally.given += not unread
        tally.right += right and wanted != "unreadable"
        if figure is not None and not unread and not right:
            silent = figure.confidence >= SURE and not named[figure.name]
            tally.silent_wrong += silent
            faults.append(f"{case.name}: {key} is {wanted}, read {figure.value} {figure.status}{' SILENTLY' if silent else ''}")
        elif not right and known:
            faults.append(f"{case.name}: {key} is {wanted}, {'unreadable' if figure else 'missing'}")
        if figure is not None and right and case.clean and wanted != "unreadable":
            tally.clean_right += 1
            doubted = figure.confidence < SURE or figure.name in doubts
            tally.doubted += doubted
            if doubted:
                faults.append(f"{case.name}: {key} is right and doubted")
    return tally


def evaluate(cases: list[Case]) -> Result:
    """Reads all cases and counts."""
    result = Result()
    for case in cases:
        report = read(case.page)
        if "figures" in case.expected:
            tally = tally_figures(case, report, result.faults)
            result.forms[case.expected.get("form") or "null"].add(tally)
            result.media[case.medium].add(tally)
        for name in FIELDS:
            if name not in case.expected:
                continue
            wanted, given = case.expected[name], value_of(report, name)
            tally = Tally(cases=1)
            tally.given += given is not None
            tally.wanted += wanted is not None
            tally.right += given == wanted and given is not None
            result.metadata[name].add(tally)
            result.metadata_forms[case.expected.get("form") or "null"].add(tally)
            if given != wanted:
                result.faults.append(f"{case.name}: {name} is {wanted!r}, read {given!r}")
    return result


def _sum(tallies: dict[str, Tally], *, without: str = "") -> Tally:
    total = Tally()
    for name, tally in tallies.items():
        if name != without:
            total.add(tally)
    return total


def below_floors(result: Result) -> list[str]:
    """The floors that are not reached, one line each."""
    groups = {
        "figures": _sum(result.media, without="prose").rates(),
        "prose": result.media["prose"].rates(),
        "metadata": _sum(result.metadata).rates(),
    }
    failed = [
        f"{group}: {name} {rates[name]:.4f} is below the floor of {floor}"
        for group, rates in groups.items()
        for name, floor in FLOORS[group].items()
        if (rates[name] or 0) < floor
    ]
    everything = _sum(result.media).rates()
    failed += [
        f"figures: {name} {everything[name]:.4f} is above the ceiling of {most}"
        for name, most in CEILINGS.items()
        if (everything[name] or 0) > most
    ]
    return failed


def as_data(result: Result) -> dict[str, Any]:
    """The result as plain data, for `--json`."""

    def group(tallies: dict[str, Tally]) -> dict[str, Any]:
        return {
            name: {**{key: getattr(tally, key) for key in tally.__dataclass_fields__}, **tally.rates()} for name, tally in tallies.items()
        }

    return {
        "forms": group(result.forms),
        "media": group(result.media),
        "metadata": group(result.metadata),
        "faults": result.faults,
        "below_floors": below_floors(result),
    }


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.2%}"


def _print_table(title: str, tallies: dict[str, Tally], rates: tuple[str, ...]) -> None:
    print(f"\n{title:<19}{'cases':>7}{'wanted':>8}{'given':>8}{'right':>8}" + "".join(f"{rate.replace('_', '-'):>14}" for rate in rates))
    for name in [*sorted(tallies), "all"]:
        tally = tallies[name] if name in tallies else _sum(tallies)
        counts = f"{tally.cases:>7}{tally.wanted:>8}{tally.given:>8}{tally.right:>8}"
        print(f"{name:<19}{counts}" + "".join(f"{_percent(tally.rates()[rate]):>14}" for rate in rates))


def main(arguments: list[str] | None = None) -> int:
    """Prints the result; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluate", description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    options = parser.parse_args(arguments)
    seeds = seed_cases()
    result = evaluate([load_case(folder) for folder in golden_folders()] + seeds)
    failed = below_floors(result)
    if options.json:
        print(json.dumps(as_data(result), ensure_ascii=False, indent=1))
        return 1 if failed else 0
    rates = ("precision", "recall", "silent_wrong", "over_caution")
    _print_table("figures by form", dict(result.forms), rates)
    _print_table("figures by medium", dict(result.media), rates)
    _print_table("metadata by field", dict(result.metadata), rates[:2])
    _print_table("metadata by form", dict(result.metadata_forms), rates[:2])
    print(f"\n{len(seeds)} real documents read" + ("" if seeds else " (GIAR_SEEDS is not set)"))
    shown: Counter[str] = Counter()
    for line in result.faults:
        case = line.partition(":")[0]
        shown[case] += 1
        if shown[case] <= MOST_SHOWN:
            print(f"  {line}"[:120])
    for case, count in shown.items():
        if count > MOST_SHOWN:
            print(f"  {case}: {count - MOST_SHOWN} more")
    for line in failed:
        print(f"BELOW: {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
