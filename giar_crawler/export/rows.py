"""The tables of an export: their columns in order, and the rows of one stored report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from giar_crawler.export.record import instant, number, record
from pipelines.storage import StoredReport

Row = dict[str, Any]

# `reports.csv`: what a record has besides its lists. `index_number` is the number as printed, `index_number_kind` its kind; `figures` and
# `findings` are counts; `mirror_of` is the suspected original; `alternate_urls` are separated by spaces.
REPORT_COLUMNS = (
    "url",
    "portal",
    "publisher",
    "publisher_raw",
    "scope",
    "adcode",
    "site_code",
    "report_year",
    "report_year_source",
    "form",
    "outcome",
    "title",
    "title_raw",
    "index_number",
    "index_number_kind",
    "document_number",
    "topic_category",
    "validity",
    "source",
    "published_date",
    "published_date_source",
    "date_is_migration",
    "figures",
    "findings",
    "classification_score",
    "mirror_of",
    "first_seen",
    "last_seen",
    "gone_since",
    "alternate_urls",
    "encoding",
    "encoding_source",
    "fetched_at",
    "body_sha256",
    "content_sha256",
    "parser_version",
)
FIGURE_COLUMNS = (
    "document_url",
    "portal",
    "publisher",
    "scope",
    "adcode",
    "report_year",
    "form",
    "indicator",
    "column",
    "value",
    "status",
    "raw",
    "unit",
    "source",
    "preferred",
    "corrected",
    "confidence",
    "label",
    "locator",
    "fetched_at",
    "content_sha256",
    "parser_version",
    "implied_value",
    "implied_by",
)


@dataclass(slots=True, frozen=True)
class Kind:
    """A kind of export: the columns of its table, its rows in a table and its objects in JSON Lines.

    `objects` is told whether the text of the report is wanted.
    """

    columns: tuple[str, ...]
    rows: Callable[[StoredReport], Iterator[Row]]
    objects: Callable[[StoredReport, bool], Iterator[Row]]


def _report_rows(stored: StoredReport) -> Iterator[Row]:
    report = stored.report
    facts = {
        **record(report),
        "index_number": report.index_number and report.index_number.raw,
        "index_number_kind": report.index_number and report.index_number.kind,
        "figures": len(report.figures),
        "findings": len(report.findings),
        "classification_score": report.classification.score,
        "mirror_of": report.mirror and report.mirror.suspected_original,
        "first_seen": instant(stored.first_seen),
        "last_seen": instant(stored.last_seen),
        "gone_since": instant(stored.gone_since),
        "alternate_urls": " ".join(stored.alternate_urls),
    }
    yield {name: facts[name] for name in REPORT_COLUMNS}


def _report_objects(stored: StoredReport, with_text: bool) -> Iterator[Row]:
    extra = {"gone_since": instant(stored.gone_since), "alternate_urls": stored.alternate_urls}
    yield record(stored.report, with_text=with_text) | extra


def _figure_rows(stored: StoredReport) -> Iterator[Row]:
    report = stored.report
    about = {
        "document_url": report.url,
        "portal": report.portal,
        "publisher": report.publisher,
        "scope": report.scope,
        "adcode": report.adcode,
        "report_year": report.report_year,
        "form": report.form,
        "fetched_at": instant(report.fetched_at),
        "content_sha256": report.content_sha256,
        "parser_version": report.parser_version,
    }
    for figure in report.figures:
        facts = about | {
            "indicator": figure.indicator,
            "column": figure.column,
            "value": None if figure.value is None else number(figure.value),
            "status": figure.status,
            "raw": figure.raw,
            "unit": figure.unit,
            "source": figure.source,
            "preferred": figure.preferred,
            "corrected": figure.source == "correction",
            "confidence": figure.confidence,
            "label": figure.label,
            "locator": figure.locator,
            "implied_value": None if figure.implied_value is None else number(figure.implied_value),
            "implied_by": figure.implied_by,
        }
        yield {name: facts[name] for name in FIGURE_COLUMNS}


def _figure_objects(stored: StoredReport, with_text: bool) -> Iterator[Row]:
    del with_text
    return _figure_rows(stored)


KINDS = {
    "reports": Kind(REPORT_COLUMNS, _report_rows, _report_objects),
    "figures": Kind(FIGURE_COLUMNS, _figure_rows, _figure_objects),
}
