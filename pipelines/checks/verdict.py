"""The outcome of a page: the first of the contract's list that applies."""

from __future__ import annotations

import re

from giar_crawler.items import Classification
from giar_crawler.outcomes import PageOutcome
from pipelines.checks.classification import SHORT, THRESHOLD
from pipelines.reading import Reading

# Below this (one character in a hundred is lost, or the text looks like none) a figure may be among what is wrong.
SURE = 0.85
# A picture of a table is wide; icons and portraits are not.
WIDE = 400
TABLE_WORDS = re.compile(r"统计表|统计指标|统计数|申请人情况|本年度办理结果")


def _unread(reading: Reading) -> bool:
    """Whether a form was recognised but most of its figures could not be read."""
    tabled = [figure.status for figure in reading.report.figures if figure.source == "table"]
    return reading.report.form is not None and (not tabled or tabled.count("unreadable") * 2 > len(tabled))


def _strange_table(reading: Reading) -> bool:
    """Whether a table of statistics is there that is of no known form."""
    return reading.report.form is None and any(
        len(table.rows) > 5 and TABLE_WORDS.search(" ".join(cell.clean for row in table.rows[:4] for cell in row))
        for table in reading.document.tables
    )


def outcome(reading: Reading, classification: Classification) -> PageOutcome:
    """The page's outcome, after everything else was read."""
    report, document = reading.report, reading.document
    bare = not report.figures and document.body_length < SHORT
    applies = (
        # What a text is that nobody can read, nobody can tell.
        (PageOutcome.NOT_A_REPORT, classification.score < THRESHOLD and document.encoding_confidence >= SURE),
        (PageOutcome.MIRROR, report.mirror is not None),
        (PageOutcome.ENCODING_UNSURE, document.encoding_confidence < SURE),
        (PageOutcome.LAYOUT_UNKNOWN, _unread(reading)),
        (PageOutcome.ATTACHMENT_ONLY, bare and bool(report.attachments)),
        (PageOutcome.IMAGE_ONLY, bare and any((image.width or 0) > WIDE for image in document.images)),
        (PageOutcome.FORM_UNKNOWN, _strange_table(reading)),
    )
    return next((name for name, holds in applies if holds), PageOutcome.OK)
