"""The reading: from the bytes of a page to a record, in stages. One road for crawl, re-parse, `giar parse`, benchmark and tests."""

from __future__ import annotations

import logging
from collections.abc import Callable

from giar_crawler.items import Page, Report
from giar_crawler.outcomes import PageOutcome
from pipelines.attachments import list_attachments
from pipelines.checks.stage import check_record
from pipelines.decode.stage import read_document
from pipelines.digest import digest_of
from pipelines.findings import finding
from pipelines.metadata.stage import read_metadata
from pipelines.reading import Reading
from pipelines.statistics.stage import read_statistics
from pipelines.version import parser_version

logger = logging.getLogger(__name__)

Stage = Callable[[Reading], None]

# The order of the line. A stage reads what earlier ones wrote and has no other input: no network, no clock, no settings, no database.
STAGES: tuple[Stage, ...] = (read_document, read_metadata, read_statistics, list_attachments, check_record)


def run_stage(stage: Stage, reading: Reading) -> None:
    """Runs one stage, unless decoding found nothing that can be read."""
    if not reading.stop:
        stage(reading)


def begin(page: Page) -> Reading:
    """The reading of a page before its first stage."""
    reading = Reading(page)
    reading.report.parser_version = parser_version()
    return reading


def read(page: Page) -> Report:
    """The record of a page, whatever is in it. Raises nothing: what cannot be read has an outcome and findings that say why.

    An error of the program itself is logged with its traceback; the record then is `unreadable` and says so.
    """
    reading = begin(page)
    try:
        for stage in STAGES:
            run_stage(stage, reading)
    except Exception as error:
        logger.exception("the reading of %s broke", page.url or "a page")
        reading.report.outcome = PageOutcome.UNREADABLE
        reading.report.findings.append(finding("reading_broke", error=type(error).__name__))
        if reading.report.text and not reading.report.content_sha256:
            reading.report.content_sha256 = digest_of([reading.report.text])
    return reading.report
