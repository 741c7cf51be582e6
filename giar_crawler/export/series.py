"""The reports of one publisher over the years, and which document stands for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlsplit

from giar_crawler.export.choice import best
from giar_crawler.export.places import unit_id_of
from pipelines.storage import ReportFilter, Storage, StoredReport


class Series(NamedTuple):
    """Whose reports: a publisher, whose scope and place tell namesakes apart.

    `namesake` tells them apart where no unit bears the code in that year: the code, else the portal, else the host. Every county has a
    教育局, and one that says no more is nobody's but its own.
    """

    publisher: str
    scope: str | None
    unit_id: str | None
    namesake: str | None = None


@dataclass(slots=True, frozen=True)
class Choice:
    """The document that stands for a year, the rule that decided for it, and all documents of that year."""

    stored: StoredReport
    chosen_by: str
    documents: tuple[StoredReport, ...]


def all_series(storage: Storage, filters: ReportFilter) -> Iterator[tuple[Series, dict[int, Choice]]]:
    """By publisher, scope and place, each with its years; reports without publisher or report year are in none."""
    found = storage.reports(replace(filters, identified=True), by_publisher=True)
    for _, group in groupby(found, key=_together):
        series: dict[Series, dict[int, list[StoredReport]]] = defaultdict(lambda: defaultdict(list))
        for stored in group:
            series[_series_of(stored)][stored.report.report_year or 0].append(stored)
        for one in sorted(series, key=lambda each: each.namesake or ""):
            yield one, {year: Choice(*best(documents), tuple(documents)) for year, documents in sorted(series[one].items())}


def _together(stored: StoredReport) -> tuple[str | None, ...]:
    """What follows one another in the order of the database: the codes of a unit, or one code, or all that have none."""
    report = stored.report
    return (report.publisher, report.scope, unit_id_of(report.adcode, report.report_year or 0) or report.adcode)


def _series_of(stored: StoredReport) -> Series:
    report = stored.report
    unit_id = unit_id_of(report.adcode, report.report_year or 0)
    namesake = None if unit_id else report.adcode or report.portal or urlsplit(stored.document_url).netloc
    return Series(report.publisher or "", report.scope, unit_id, namesake)
