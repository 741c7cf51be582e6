"""The panel: a row for every unit, publisher, scope and report year, its indicators over all forms through the cross-walk.

Long it has a row for each indicator with its grade and the reason where it has no value; wide a column for each.
"""

from __future__ import annotations

import hashlib
from base64 import b32decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from giar_crawler.export.columns import Column, Gap, Table, table
from giar_crawler.export.files import Row
from giar_crawler.export.names import indicator_names
from giar_crawler.export.places import Whereabouts, whereabouts
from giar_crawler.export.record import number
from giar_crawler.export.series import all_series
from pipelines.statistics.forms.crosswalk import IndicatorValue, crosswalk
from pipelines.storage import UNKNOWN, ReportFilter, Storage, StoredReport

NO_REPORT = "no_report"


@dataclass(slots=True, frozen=True)
class Observation:
    """One publisher in one report year, and the document that stands for it; without one, a year between two that have one."""

    place: Whereabouts
    namesake: str | None
    publisher: str
    scope: str | None
    report_year: int
    stored: StoredReport | None
    documents: int
    chosen_by: str | None


def observations(storage: Storage, filters: ReportFilter) -> Iterator[Observation]:
    """By publisher, scope and place, then by year; reports without publisher or report year have no place here."""
    for series, choices in all_series(storage, filters):
        # With reports of one form only, nobody can say that there was none.
        years = range(min(choices), max(choices) + 1) if not filters.forms else sorted(choices)
        codes = {choice.stored.report.adcode for choice in choices.values()}
        # A code that no unit bears is the same in all years.
        known = codes.pop() if series.unit_id is None else None
        for year in years:
            choice = choices.get(year)
            stored = choice.stored if choice else None
            place = whereabouts(series.unit_id, year, stored.report.adcode if stored else known)
            documents, chosen_by = (len(choice.documents), choice.chosen_by) if choice else (0, None)
            yield Observation(place, series.namesake, series.publisher, series.scope, year, stored, documents, chosen_by)


def left_out(storage: Storage, filters: ReportFilter) -> list[str]:
    """What the panel does not have, and how many reports: those of nobody, of no year, or of unknown scope."""
    notes = []
    if nameless := storage.count_reports(replace(filters, identified=False)):
        notes.append(f"left out: {nameless} reports without publisher or report year")
    if UNKNOWN not in filters.scopes and (unknown := storage.count_reports(replace(filters, scopes=(UNKNOWN,)))):
        notes.append(f"left out: {unknown} reports of unknown scope; --scope {','.join([*filters.scopes, UNKNOWN])} has them")
    return notes


def rows(storage: Storage, filters: ReportFilter) -> Iterator[Row]:
    """A row for each observation and indicator."""
    names = table("panel").names
    for seen in observations(storage, filters):
        about = _about(seen)
        for code, found in _values(seen).items():
            row = about | _long(code, found, seen)
            yield {name: row[name] for name in names}


def wide_rows(storage: Storage, filters: ReportFilter, implied: bool) -> Iterator[Row]:
    """A row for each observation; with `implied` a blank that can only be zero is one."""
    names = indicator_names()
    columns = wide_table().names
    for seen in observations(storage, filters):
        row = _about(seen) | {"unit_number": unit_number(seen.place.unit_id), "series_number": series_number(seen)}
        for code, found in _values(seen).items():
            row[names[code]] = _cell(found, implied=implied)
        yield {name: row[name] for name in columns}


def _values(seen: Observation) -> dict[str, IndicatorValue | None]:
    if seen.stored is None:
        return dict.fromkeys(crosswalk().indicators)
    report = seen.stored.report
    return {**crosswalk().values(report.form, report.figures)}


def _about(seen: Observation) -> Row:
    report = seen.stored.report if seen.stored else None
    return {
        "unit_id": seen.place.unit_id,
        "adcode": seen.place.adcode,
        "adcode_today": seen.place.adcode_today,
        "place": seen.place.place,
        "publisher": seen.publisher,
        "scope": seen.scope,
        "report_year": seen.report_year,
        "form": report.form if report else None,
        "documents": seen.documents,
        "chosen_by": seen.chosen_by,
        "document_url": report.url if report else None,
        "content_sha256": report.content_sha256 if report else None,
    }


def _long(code: str, found: IndicatorValue | None, seen: Observation) -> Row:
    if found is None:
        unit = crosswalk().indicators[code].unit
        nothing = {"value": None, "implied_value": None, "grade": None, "corrected": False, "findings": ""}
        return {"indicator": code, "missing": NO_REPORT, "unit": unit, **nothing}
    remarks = seen.stored.report.findings if seen.stored else []
    figures = {part.operand.figure for part in found.parts}
    return {
        "indicator": code,
        "value": None if found.value is None else number(found.value),
        "implied_value": None if found.implied_value is None else number(found.implied_value),
        "missing": found.missing,
        "unit": found.unit,
        "grade": found.grade,
        "corrected": any(part.figure is not None and part.figure.source == "correction" for part in found.parts),
        "findings": " ".join(sorted({remark.code for remark in remarks if figures.intersection(remark.figures)})),
    }


def _cell(found: IndicatorValue | None, *, implied: bool) -> int | float | Gap:
    if found is None:
        return Gap(NO_REPORT)
    value = found.value if found.value is not None or not implied else found.implied_value
    return Gap(found.missing or "operand_missing") if value is None else number(value)


def unit_number(unit_id: str | None) -> int | None:
    """The unit id as a number, for programs whose panels need one; the same in every export."""
    return int.from_bytes(b32decode(unit_id[1:].upper())) if unit_id else None


def series_number(seen: Observation) -> int:
    """A number for unit, publisher and scope together; the same in every export."""
    words = f"{seen.place.unit_id or seen.namesake or ''}\n{seen.publisher}\n{seen.scope or ''}"
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:6])


@cache
def wide_table() -> Table:
    """The columns of the wide panel: whose row it is, then every indicator under its short name."""
    names = indicator_names()
    indicators: Iterable[Column] = (
        Column(names[code], "number", indicator.name_zh, indicator.name_en, reasons=True)
        for code, indicator in crosswalk().indicators.items()
    )
    return Table("panel", (*table("panel_wide").columns, *indicators))
