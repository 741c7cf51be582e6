"""The reports of one publisher over the years, and which document stands for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from giar_crawler.export.choice import best
from giar_crawler.export.places import unit_id_of
from pipelines.storage import ReportFilter, Storage, StoredReport


class Series(NamedTuple):
    """Whose reports: a publisher, whose scope and place tell namesakes apart."""

    publisher: str
    scope: str | None
    unit_id: str | None


@dataclass(slots=True, frozen=True)
class Choice:
    """The document that stands for a year, the rule that decided for it, and all documents of that year."""

    stored: StoredReport
    chosen_by: str
    documents: tuple[StoredReport, ...]


def all_series(storage: Storage, filters: ReportFilter) -> Iterator[tuple[Series, dict[int, Choice]]]:
    """By publisher, scope and place, each with its years; reports without publisher or report year are in none."""
    found = storage.reports(replace(filters, identified=True), by_publisher=True)
    for series, group in groupby(found, key=_series_of):
        by_year: dict[int, list[StoredReport]] = defaultdict(list)
        for stored in group:
            by_year[stored.report.report_year or 0].append(stored)
        yield series, {year: Choice(*best(documents), tuple(documents)) for year, documents in sorted(by_year.items())}


def _series_of(stored: StoredReport) -> Series:
    report = stored.report
    return Series(report.publisher or "", report.scope, unit_id_of(report.adcode, report.report_year or 0))
