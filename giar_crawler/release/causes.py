"""Why something is otherwise in a newer release: the page, its reading, a correction, or who it is attributed to.

The functions below are all the rules there are; in each the first that applies decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from giar_crawler.outcomes import PageOutcome


class Cause(StrEnum):
    """`PAGE`: what the office shows. `READING`: the same page, read otherwise. `CORRECTION`: a reviewer. `IDENTITY`: whose it is."""

    PAGE = "page"
    READING = "reading"
    CORRECTION = "correction"
    IDENTITY = "identity"


# Whose a report is. Where these change, its figures are the same under another name, year or place.
ATTRIBUTION = frozenset({"portal", "publisher", "scope", "adcode", "report_year"})
# What else of a report is compared; `content_sha256` tells of sentences that changed, too.
DESCRIPTION = (
    *("content_sha256", "gone_since", "outcome", "form", "title", "index_number", "document_number", "topic_category", "validity"),
    *("source", "site_code", "published_date", "date_is_migration", "mirror_of"),
)
# What a page was read as that brought no report.
_NO_REPORT = frozenset({PageOutcome.NOT_A_REPORT, PageOutcome.UNREADABLE})
CORRECTED = "correction"


class Page(NamedTuple):
    """An archived answer: its bytes, and the content and outcome of its last reading at the time of the release."""

    fetched_at: str
    body_sha256: str
    content_sha256: str
    outcome: str


class Figure(NamedTuple):
    """A figure as text: its key, and what of it is compared."""

    indicator: str
    column: str
    source: str
    value: str
    status: str
    unit: str
    implied_value: str
    preferred: str

    @property
    def stands(self) -> tuple[str, ...]:
        """What stands there."""
        return (self.value, self.status, self.unit, self.implied_value)


@dataclass(slots=True)
class Side:
    """What one release has at an address: the report with its figures, the archived pages, and where else it has the same report."""

    report: dict[str, str] | None = None
    figures: dict[tuple[str, str, str], Figure] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)

    @property
    def corrections(self) -> set[tuple[tuple[str, str, str], tuple[str, ...]]]:
        """The corrections in force, with what they say."""
        return {(key, figure.stands) for key, figure in self.figures.items() if figure.source == CORRECTED}


def of_presence(there: Side, lacking: Side) -> Cause:
    """Why a report is in one release and not in the other."""
    if lacking.holders:
        # The other release has the same report under another address.
        return Cause.IDENTITY
    body = there.report["body_sha256"] if there.report else ""
    if any(page.body_sha256 == body and page.outcome in _NO_REPORT for page in lacking.pages):
        return Cause.READING
    return Cause.PAGE


def of_document(old: Side, new: Side) -> Cause:
    """What can have changed the figures of a report that is in both releases."""
    if page_changed(old, new):
        return Cause.PAGE
    return Cause.CORRECTION if old.corrections != new.corrections else Cause.READING


def page_changed(old: Side, new: Side) -> bool:
    """Whether the office put another content there. Other bytes with the same content are none, nor the same bytes decoded otherwise."""
    if old.report is None or new.report is None:
        return True
    before, after = old.report, new.report
    if before["content_sha256"] == after["content_sha256"] or before["body_sha256"] == after["body_sha256"]:
        return False
    # The newer release's own reading of the older page tells the page from the code.
    return not any((page.body_sha256, page.content_sha256) == (before["body_sha256"], after["content_sha256"]) for page in _read(new.pages))


def _read(pages: Iterable[Page]) -> Iterable[Page]:
    return (page for page in pages if page.content_sha256)


def of_field(name: str, old: Side, new: Side) -> Cause:
    """Why a field of a report changed."""
    if name in ATTRIBUTION:
        return Cause.IDENTITY
    return Cause.PAGE if name == "gone_since" or page_changed(old, new) else Cause.READING


def of_figure(before: Figure | None, after: Figure | None, document: Cause) -> Cause:
    """Why a figure changed of a report that is in both releases; `document` is what can have changed it."""
    if any(figure and figure.source == CORRECTED for figure in (before, after)):
        return Cause.CORRECTION
    # With a correction go the zeros that its sum implies, or implies no more.
    implied = before and after and before.stands[:-1] == after.stands[:-1]
    return Cause.READING if document is Cause.CORRECTION and not implied else document


def of_cell(before: dict[str, str], after: dict[str, str], document: Cause) -> Cause:
    """Why a value of the panel changed that comes from the same document; `document` is what can have changed it."""
    touched = "true" in (before["corrected"], after["corrected"]) or before["value"] == after["value"]
    return Cause.READING if document is Cause.CORRECTION and not touched else document
