"""What other reports say against a report: the remarks of `giar_crawler.consistency` on all that is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from giar_crawler.consistency import Ledger, Remark, Year, absence_remarks, said, series_remarks
from giar_crawler.export.series import Choice, all_series
from giar_crawler.items import Finding
from pipelines.storage import ReportFilter, Storage

# A copy on a stranger's host proves nothing for or against an office.
OWN_SITES = ReportFilter(mirrors=False)


def remarks(storage: Storage) -> dict[str, list[Finding]]:
    """The findings on every document that another report or a walk contradicts, by its canonical address, in a fixed order.

    They are the same whatever reports the user wants to see: the other report may be one of those that are not asked for. One publisher's
    years are in memory at a time, of all others digests.
    """
    found: dict[str, list[Finding]] = defaultdict(list)
    for one in _all(storage):
        found[one.document_url].append(one.finding)
    return {url: sorted(of_document, key=lambda each: (each.code, each.message)) for url, of_document in found.items()}


def _all(storage: Storage) -> Iterator[Remark]:
    ledger = Ledger()
    for series, choices in all_series(storage, OWN_SITES):
        # Reports of unknown scope may be those of a government in one year and of its office in the next; a name without a place may be
        # that of several organs, unless one portal has all their reports.
        portals = {stored.report.portal for choice in choices.values() for stored in choice.documents}
        if series.scope is None or (series.unit_id is None and (len(portals) > 1 or None in portals)):
            continue
        years = dict(_years(choices.items()))
        for year in years.values():
            ledger.enter(year.said, series.unit_id)
        yield from series_remarks(years)
    yield from ledger.remarks()
    yield from absence_remarks(storage)


def _years(choices: Iterable[tuple[int, Choice]]) -> Iterator[tuple[int, Year]]:
    for number, choice in choices:
        others = tuple(said(stored) for stored in choice.documents if stored is not choice.stored)
        yield number, Year(said(choice.stored), others)
