"""What is counted: figures given, wanted, right, silent-wrong and doubted, and how often a confidence keeps what it promises."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from giar_crawler.items import Figure, Number, Report
from tests.evaluation.cases import Case, agrees, figures_of, value_of
from tests.evaluation.spellings import Spelling

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
    "report_year_source",
    "published_date_source",
    "publisher_raw",
    "index_kind",
    "topic_category",
    "validity",
    "source",
    "dates",
    "suspected_original",
)
SURE = 0.9
# The lower edges of the calibration table.
BINS = (1.0, 0.95, 0.9, 0.8, 0.7, 0.5, 0.0)


@dataclass(slots=True, frozen=True)
class Gone:
    """What is wanted of a figure that the page no longer has: no number. Absent, unreadable, blank and dash are all right.

    `perhaps` are right too: the numbers that other places of the page state.
    """

    perhaps: frozenset[Number] = frozenset()


GONE = Gone()


def is_right(figure: Figure | None, wanted: object) -> bool:
    """Whether a figure says what is true: the value, or that there is none."""
    if isinstance(wanted, Gone):
        return figure is None or figure.status != "number" or figure.value in wanted.perhaps
    if figure is None:
        return False
    if wanted is None:
        return figure.status in ("blank", "dash")
    if isinstance(wanted, str):
        return figure.status == wanted
    return figure.status == "number" and figure.value == wanted


@dataclass(slots=True)
class Tally:
    """Counts of one group. `given` are the figures or fields that the reading states, `wanted` those that the pages have.

    Of fields, `agreed` counts those that are right, null too, `nothing` those that should be null, `invented` those of them that are not.
    `by_confidence` and `right_by_confidence` count the figures given, under the lower edges of `BINS`.
    """

    given: int = 0
    wanted: int = 0
    right: int = 0
    silent_wrong: int = 0
    clean_right: int = 0
    doubted: int = 0
    cases: int = 0
    agreed: int = 0
    nothing: int = 0
    invented: int = 0
    by_confidence: Counter[float] = field(default_factory=Counter)
    right_by_confidence: Counter[float] = field(default_factory=Counter)

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


def total(tallies: dict[str, Tally], *, without: str = "") -> Tally:
    """All tallies as one."""
    everything = Tally()
    for name, tally in tallies.items():
        if name != without:
            everything.add(tally)
    return everything


@dataclass(slots=True)
class Result:
    """All tallies: of figures by form and by medium, of metadata by field and by form, of spellings by table and key; and what was wrong.

    `blind` counts the figures of the pages that were written before the reading, by medium; `open` maps a key of expected.json to how many
    cases are known to be read wrong there.
    """

    forms: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    media: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    blind: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    metadata: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    spellings: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    metadata_forms: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    open: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Truth:
    """What is true of a page's figures: key to value, as in expected.json, or a `Gone`.

    `spare` are those whose lack is no loss here; given wrong, they are wrong all the same. A figure given under no key of `wanted` is wrong
    too, unless `ignored` has it; `None` stands for all. `others` is what is wanted of it: `GONE` where a page is padded with blanks.
    """

    wanted: dict[str, Any]
    spare: frozenset[str] = frozenset()
    ignored: frozenset[str] | None = None
    clean: bool = False
    others: str | Gone = "absent"


def truth_of(case: Case) -> Truth:
    """What is true of a case's page as it stands. Figures that it does not list count only where it lists all."""
    return Truth(case.figures, ignored=frozenset() if case.expected.get("no_other_figures") else None, clean=case.clean)


def doubts(report: Report) -> set[str]:
    """The names of the figures that a finding doubts: a remark on the page alone, or on its publisher, is no doubt."""
    return {name for remark in report.findings if remark.severity != "info" and remark.blame != "publisher" for name in remark.figures}


def tally_figures(name: str, truth: Truth, report: Report, faults: list[str]) -> Tally:
    """The counts of one page's figures; each fault is added to `faults` under the name of the page."""
    tally = Tally(cases=1)
    found = figures_of(report)
    named = Counter(figure for remark in report.findings for figure in remark.figures)
    doubted = doubts(report)
    others = [] if truth.ignored is None else [key for key in found if key not in truth.wanted and key not in truth.ignored]
    for key in [*truth.wanted, *others]:
        figure, wanted = found.get(key), truth.wanted.get(key, truth.others)
        right = is_right(figure, wanted)
        if right and (key in truth.spare or isinstance(wanted, Gone)):
            continue
        # What nobody can read adds nothing to the recall.
        due = key in truth.wanted and wanted != "unreadable" and not isinstance(wanted, Gone) and key not in truth.spare
        tally.wanted += due
        tally.right += right and due
        if figure is None or figure.status == "unreadable":
            if not right and due:
                faults.append(f"{name}: {key} is {wanted}, {'unreadable' if figure else 'missing'}")
            continue
        tally.given += 1
        edge = next(edge for edge in BINS if figure.confidence >= edge)
        tally.by_confidence[edge] += 1
        tally.right_by_confidence[edge] += right
        if not right:
            silent = figure.confidence >= SURE and not named[figure.name]
            tally.silent_wrong += silent
            faults.append(f"{name}: {key} is {wanted}, read {figure.value} {figure.status}{' SILENTLY' if silent else ''}")
        elif truth.clean:
            tally.clean_right += 1
            cautious = figure.confidence < SURE or figure.name in doubted
            tally.doubted += cautious
            if cautious:
                faults.append(f"{name}: {key} is right and doubted")
    return tally


def tally_field(name: str, wanted: object, given: object) -> Tally:
    """The counts of one field of the metadata."""
    right = agrees(name, wanted, given)
    tally = Tally(given=given is not None, wanted=wanted is not None, right=right and given is not None, cases=1)
    tally.agreed, tally.nothing = int(right), int(wanted is None)
    tally.invented = int(wanted is None and given is not None)
    return tally


def tally_spelling(spelling: Spelling, result: Result) -> None:
    """Adds the counts of one value of a table of spellings to the result."""
    tally = tally_field(spelling.key, spelling.wanted, spelling.given)
    result.spellings[f"{spelling.table}.{spelling.key}"].add(tally)
    if not spelling.right:
        result.faults.append(f"{spelling.table} {spelling.number}: {spelling.key} is {spelling.wanted!r}, read {spelling.given!r}")


def tally_case(case: Case, report: Report, result: Result) -> None:
    """Adds the counts of one case to the result."""
    form = case.expected.get("form") or "null"
    result.open.update(case.open.keys())
    if "figures" in case.expected:
        tally = tally_figures(case.name, truth_of(case), report, result.faults)
        result.forms[form].add(tally)
        result.media[case.medium].add(tally)
        if case.blind:
            result.blind[case.medium].add(tally)
    for name in FIELDS:
        if name not in case.expected:
            continue
        wanted, given = case.expected[name], value_of(report, name)
        tally = tally_field(name, wanted, given)
        result.metadata[name].add(tally)
        result.metadata_forms[form].add(tally)
        if not tally.agreed:
            result.faults.append(f"{case.name}: {name} is {wanted!r}, read {given!r}")


def calibration(tallies: Iterable[Tally]) -> dict[float, tuple[int, int]]:
    """By the lower edge of the confidence: how many figures were given with it, and how many of them are right."""
    given: Counter[float] = Counter()
    right: Counter[float] = Counter()
    for tally in tallies:
        given += tally.by_confidence
        right += tally.right_by_confidence
    return {edge: (given[edge], right[edge]) for edge in BINS}
