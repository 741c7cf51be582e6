"""What a sample is drawn from: every cell that a report could answer, whether or not the reading found it.

A sample of what was found alone could never show what was missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from shlex import quote

from giar_crawler.export.files import Row
from giar_crawler.export.names import Cell, cells
from giar_crawler.export.record import instant
from giar_crawler.items import Figure
from giar_crawler.sampling.strata import STRATA, Stratum
from pipelines.checks.identities import CLEANLY_READ
from pipelines.statistics.forms.crosswalk import crosswalk
from pipelines.storage import UNKNOWN, ReportFilter, Storage, StoredReport

# What the key says of a cell that the reading did not find.
ABSENT = "absent"
_IN_TABLE = re.compile(r".*/table(?:\[\d+\])?(?=/)|page:\d+(?=/)")


@dataclass(slots=True, frozen=True)
class Asked:
    """One cell of one report, and what the reading says there (`None`: it found no such cell)."""

    stored: StoredReport
    name: str
    figure: Figure | None
    stratum: Stratum

    @property
    def identity(self) -> str:
        """What tells the cell from all others of a database, whatever is read there."""
        return f"{self.stored.document_url}\n{self.name}"

    @property
    def order(self) -> tuple[str, int, str]:
        """Its place on a sheet: by document, and there in the order of the form."""
        return self.stored.document_url, _places(self.stored.report.form).get(self.name, len(self.name)), self.name

    def question(self) -> Row:
        """What the coder is told: the same whether or not the reading found the cell, since that would tell what it found."""
        report, cell = self.stored.report, _cell(self.stored.report.form, self.name)
        at = instant(report.fetched_at)
        return {
            "document_url": report.url,
            "archived_page": f"giar archive get {quote(report.url or '')} --at {at}" if at else None,
            "title": report.title,
            "publisher": report.publisher,
            "report_year": report.report_year,
            "place_on_page": self._place(cell),
            "row_heading": cell.row if cell else None,
            "column_heading": cell.over if cell else None,
            "indicator": self.name,
            "indicator_zh": cell.zh if cell else None,
            "indicator_en": cell.en if cell else None,
            "unit": cell.unit if cell else None,
        }

    def reading(self) -> Row:
        """What the reading says, as it is frozen in the key."""
        report, figure, cell = self.stored.report, self.figure, _cell(self.stored.report.form, self.name)
        named = any(self.name in finding.figures for finding in report.findings)
        return {
            "document_url": report.url,
            "content_sha256": report.content_sha256,
            "parser_version": report.parser_version,
            "figure": self.name,
            "status": figure.status if figure else ABSENT,
            "value": None if figure is None or figure.value is None else str(figure.value),
            "unit": (figure.unit if figure else None) or (cell.unit if cell else None),
            "source": figure.source if figure else None,
            "doubted": named or (figure is not None and figure.confidence < CLEANLY_READ),
        }

    def _place(self, cell: Cell | None) -> str:
        """Table or text; of a table also where it is, as another figure of it tells. Never the cell's own place."""
        report = self.stored.report
        if report.form is None:
            # There may be a table that the reading did not see.
            return "全文 page"
        if cell is None or cell.form.id != report.form:
            return "正文 text"
        beside = {each.figure for each in cells()[cell.form.id].values() if each.table is cell.table} - {self.name}
        found = (_IN_TABLE.match(figure.locator or "") for figure in report.figures if figure.name in beside)
        return " ".join(["表格 table", *(match[0] for match in list(filter(None, found))[:1])])


def population(storage: Storage, filters: ReportFilter, by: tuple[str, ...]) -> Iterator[Asked]:
    """All cells of the chosen reports, stratified by names of `STRATA`; withheld pages are not among them. Reads some reports at a time."""
    levels = {portal.id: portal.level or UNKNOWN for portal in storage.portal_marks()}
    for stored in storage.reports(filters):
        report = stored.report
        group = tuple(STRATA[name](report, levels) for name in by)
        preferred = {figure.name: figure for figure in report.figures if figure.preferred}
        for name in dict.fromkeys((*_places(report.form), *preferred)):
            figure = preferred.get(name)
            yield Asked(stored, name, figure, Stratum(group, figure is not None and figure.status == "number"))


@cache
def _places(form: str | None) -> dict[str, int]:
    """What a report in this form (`None`: without a table) can answer, in order: its cells, then what only sentences may state."""
    stated = [
        operand.figure
        for indicator in crosswalk().indicators.values()
        if (terms := crosswalk().terms(indicator, form)) and (form is None or terms.prose)
        for operand in terms.operands
    ]
    return {name: place for place, name in enumerate(dict.fromkeys((*cells().get(form or "", {}), *stated)))}


@cache
def _cell(form: str | None, name: str) -> Cell | None:
    """The cell of the form, else that of the first form which has it of those whose terms prose is read with, else of any."""
    forms = (form or "", *crosswalk().without_form, *cells())
    return next((cells()[one][name] for one in forms if name in cells().get(one, {})), None)
