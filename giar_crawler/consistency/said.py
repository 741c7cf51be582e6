"""What a report says, as far as other reports can be compared with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from giar_crawler.consistency.limits import limits
from giar_crawler.consistency.sentences import sentences
from giar_crawler.items import Figure, Finding, Number, Report
from giar_crawler.outcomes import PageOutcome
from pipelines.checks.identities import CLEANLY_READ
from pipelines.findings import finding, without_blame
from pipelines.statistics.forms.crosswalk import crosswalk
from pipelines.storage import StoredReport

# A year that the report itself tells; that of a date or an address is a guess.
TOLD = ("title", "period")


@dataclass(slots=True, frozen=True)
class Indicator:
    """An indicator of the cross-walk in one report: its value, its unit, and the cells that it is the sum of."""

    value: Number
    unit: str | None
    cells: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class Said:
    """One report, under the corrections of its figures.

    `numbers` are those of its tables by name; `doubtful` are names of figures that may be misread, or that a reviewer has set: whether the
    office erred is then not known. `doubted` says so of the whole page. `year_told` is false where the report year is a guess.
    """

    document_url: str
    url: str
    title: str
    publisher: str
    scope: str | None
    adcode: str | None
    year: int
    form: str | None
    numbers: dict[str, Number]
    doubtful: frozenset[str]
    corrected: frozenset[str]
    doubted: bool
    year_told: bool
    gone: bool
    indicators: dict[str, Indicator]
    sentences: frozenset[bytes]

    def is_clean(self, cells: Iterable[str]) -> bool:
        """Whether nothing speaks against the reading of the page and of these figures."""
        return not self.doubted and self.year_told and self.doubtful.isdisjoint(cells)


@dataclass(slots=True, frozen=True)
class Year:
    """A publisher's report of a year, and what its other addresses of that year say."""

    said: Said
    others: Sequence[Said] = ()


@dataclass(slots=True, frozen=True)
class Remark:
    """A finding on a document that another report gives rise to."""

    document_url: str
    finding: Finding


def remark(code: str, document_url: str, cells: Iterable[str], *, clean: bool, **facts: object) -> Remark:
    """The remark on a document; nobody is blamed where either reading is in doubt."""
    made = finding(code, cells, **facts)
    if not clean:
        without_blame(made)
    return Remark(document_url, made)


def said(stored: StoredReport) -> Said:
    """What a stored report says; it has to have a publisher and a report year."""
    report = stored.report
    printed = [figure for figure in report.figures if figure.preferred and figure.source != "prose"]
    codes = {one.code for one in report.findings}
    blames = any(one.blame == "parser" for one in report.findings)
    return Said(
        document_url=stored.document_url,
        url=report.url or stored.document_url,
        title=report.title or "",
        publisher=report.publisher or "",
        scope=report.scope,
        adcode=report.adcode,
        year=report.report_year or 0,
        form=report.form,
        numbers={figure.name: figure.value for figure in printed if figure.status == "number" and figure.value is not None},
        doubtful=frozenset(_doubtful(report, printed)),
        corrected=frozenset(figure.name for figure in printed if figure.source == "correction"),
        doubted=blames or report.outcome is PageOutcome.ENCODING_UNSURE or not limits().doubts.isdisjoint(codes),
        year_told=report.report_year_source in TOLD and "report_year_contradicted" not in codes,
        gone=stored.gone_since is not None,
        indicators=dict(_indicators(report, printed)),
        sentences=sentences(report.text),
    )


def _doubtful(report: Report, printed: Iterable[Figure]) -> Iterator[str]:
    for figure in printed:
        if figure.confidence < CLEANLY_READ or figure.source == "correction":
            yield figure.name
    for one in report.findings:
        if one.blame != "publisher" and one.severity != "info":
            yield from one.figures


def _indicators(report: Report, printed: Sequence[Figure]) -> Iterator[tuple[str, Indicator]]:
    """What the tables say; a grade of C is only related to what other forms call so."""
    if report.form is None:
        return
    for code, found in crosswalk().values(report.form, printed).items():
        if found.value is not None and found.grade != "C":
            yield code, Indicator(found.value, found.unit, tuple(part.operand.figure for part in found.parts))
