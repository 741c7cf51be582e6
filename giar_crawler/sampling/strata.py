"""What a sample may be stratified by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from giar_crawler.items import Report
from pipelines.metadata.gazetteer import province_code
from pipelines.storage import UNKNOWN

# What a report is of each, as text; the levels are those of portals, by id.
STRATA: dict[str, Callable[[Report, Mapping[str, str]], str]] = {
    "form": lambda report, _: report.form or "none",
    "level": lambda report, levels: levels.get(report.portal or "") or UNKNOWN,
    "scope": lambda report, _: report.scope or UNKNOWN,
    "report_year": lambda report, _: str(report.report_year or UNKNOWN),
    "province": lambda report, _: province_code(report.adcode) if report.adcode else UNKNOWN,
    "portal": lambda report, _: report.portal or UNKNOWN,
}


class Stratum(NamedTuple):
    """A part of the population. `group` is what the user stratified by; cells with and without a number are always drawn apart.

    Otherwise the few cells without a number that hold one on the page, or the other way round, would hardly ever be drawn.
    """

    group: tuple[str, ...]
    given: bool
