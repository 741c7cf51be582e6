"""Second stage: what the page says of the report as a whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from giar_crawler.items import IndexNumber
from pipelines.decode.script import without_invisible
from pipelines.digest import content_digest
from pipelines.findings import finding
from pipelines.labels import meta_value
from pipelines.metadata import index_number
from pipelines.metadata.header import LONGEST_RAW, Pair, first_value, read_pairs
from pipelines.metadata.organs import OwnWords, read_organs
from pipelines.metadata.published import is_migration, read_published
from pipelines.metadata.publisher import read_publisher
from pipelines.metadata.report_year import PERIOD_LINES, read_report_year, year_of_title
from pipelines.metadata.site import read_place, read_site_code
from pipelines.metadata.title import printed, read_title
from pipelines.metadata.unknown import unknown_labels
from pipelines.reading import Reading

# 〔〕号 and 政发〔2019〕号 are templates that nobody filled in.
_DOCUMENT_NUMBER = re.compile(r"\d[^\d]*$|\d+\s*号")
_UNFILLED = re.compile(r"[〔\[(【]\s*[〕\])】]|[〕\])】]\s*第?\s*号")


def _value(pairs: Sequence[Pair], code: str) -> str | None:
    pair = first_value(pairs, code)
    return pair.value if pair else None


def _document_number(pairs: Sequence[Pair]) -> str | None:
    """文号 of the header; an unfilled template is none. Numbers in the text are citations and never looked at."""
    value = _value(pairs, "document_number")
    return value if value and _DOCUMENT_NUMBER.search(value) and not _UNFILLED.search(value) else None


def _read_index_numbers(pairs: Sequence[Pair], reading: Reading) -> None:
    numbers: dict[str, IndexNumber] = {}
    for pair in pairs:
        if pair.field == "index_number" and pair.value:
            if len(pair.value) > index_number.MOST:
                reading.report.findings.append(finding("value_too_long", field="索引号", length=len(pair.value)))
            number = index_number.parse(pair.raw or pair.value)
            if number is not None:
                numbers.setdefault(number.normalized, number)
    found = list(numbers.values())
    if found:
        reading.report.index_number, reading.report.other_index_numbers = found[0], found[1:]


def read_metadata(reading: Reading) -> None:
    """Fills the record's title, year, publisher, scope, place, numbers, dates and content digest from the decoded page and its context."""
    document, report, context, url = reading.document, reading.report, reading.page.context, reading.page.url
    pairs = read_pairs(document)
    if unknown := unknown_labels(document, pairs):
        report.findings.append(finding("labels_unknown", labels=", ".join(unknown)))
    title = read_title(document, pairs)
    title_text = title.text if title else None
    if title:
        report.title, report.title_raw = printed(title, traditional=document.traditional), without_invisible(title.raw)[:LONGEST_RAW]
    _read_index_numbers(pairs, reading)
    report.document_number = _document_number(pairs)
    report.topic_category, report.validity = _value(pairs, "topic_category"), _value(pairs, "validity")
    report.source = _value(pairs, "source") or meta_value(document.meta, "source")
    report.site_code = read_site_code(document, url)

    organs = read_organs(document, pairs, title_text or context.list_title)
    lines = [line.clean for line in document.body_lines[:PERIOD_LINES] if line.cells is None]
    titled = next((named for text in (title_text, context.list_title) if (named := year_of_title(text)) is not None), None)
    year_end = date(titled, 12, 31) if titled else None
    published = read_published(reading, pairs, organs, title.line if title else -1, year_end)
    report.published_date, report.published_date_source, report.dates = published.value, published.source, published.dates
    for raw in published.absurd:
        report.findings.append(finding("date_in_future", raw=raw))
    if published.leftover:
        report.findings.append(finding("meta_date_contradicted", raw=published.leftover))

    from_url = published.from_url
    year = read_report_year(titled, lines, published.value, url, from_url.year if from_url and from_url.value is None else None)
    if year is not None:
        report.report_year, report.report_year_source = year.year, year.source
        if year.disputed is not None:
            report.findings.append(finding("report_year_contradicted", title=year.year, period=year.disputed))
    report.date_is_migration = is_migration(published.value, published.written, report.report_year)

    place = read_place(reading, organs, title_text)
    report.adcode = place.adcode if place else None
    publisher = read_publisher(organs, place, OwnWords(lines), context, titled_here=title is not None)
    report.publisher, report.publisher_raw = publisher.name, publisher.raw
    report.scope, report.scope_reason = publisher.scope, publisher.reason
    report.content_sha256 = content_digest(report)
