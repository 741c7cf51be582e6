"""The nouns of the project: what goes along the line from a portal's page to a stored record.

Nothing here imports anything of ours. Field names and their order are those of the record that `giar parse` prints.
Text is Unicode NFC; extracted values are in simplified Chinese, with the page's own wording in the field `raw` or `*_raw`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from giar_crawler.outcomes import PageOutcome

Number: TypeAlias = int | Decimal

# Days, deadlines and opening hours are those of all of China.
SHANGHAI = ZoneInfo("Asia/Shanghai")

FigureStatus = Literal["number", "blank", "dash", "unreadable"]
# In the order in which exports prefer one of several figures for the same indicator and column.
FigureSource = Literal["correction", "table", "attachment", "prose"]
Severity = Literal["error", "warning", "info"]
Blame = Literal["parser", "publisher"]
Scope = Literal["consolidated", "office", "department", "township", "other"]
ReportYearSource = Literal["title", "period", "published_date", "url"]
PublishedDateSource = Literal["meta", "header", "line", "url", "list", "written", "signature", "form_foot", "generated"]
Precision = Literal["day", "month", "year"]
PageKind = Literal["home", "list", "report", "part", "attachment", "robots", "other"]


@dataclass(slots=True, frozen=True)
class PageContext:
    """What the walk knew of a page when it asked for it; kept as a WARC metadata record, given to the reading.

    `list_title` and `list_date` are the wording of the row that linked the page; `parent` is the address of that list.
    `portal_*`, `adcode`, `level`, `site_code` and `hosts` come from the register and are empty for a page of no known portal.
    """

    portal: str | None = None
    portal_name: str | None = None
    adcode: str | None = None
    level: str | None = None
    site_code: str | None = None
    hosts: tuple[str, ...] = ()
    encoding: str | None = None
    kind: PageKind = "report"
    list_title: str | None = None
    list_date: str | None = None
    parent: str | None = None


@dataclass(slots=True)
class Attachment:
    """A file that belongs to a page: its address, printed name, type, and its bytes where they were fetched."""

    url: str
    name: str
    type: str | None = None
    body: bytes | None = None


@dataclass(slots=True)
class Page:
    """One response as it came from the wire, content-decoded, with its attachments and its context.

    `headers` has lower-case names. `fetched_at` is UTC, `None` for a saved file. `url` is `None` when nobody knows it. `parts` are the
    further pages of a report that is printed on several, in order.
    """

    url: str | None
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    fetched_at: datetime | None = None
    context: PageContext = field(default_factory=PageContext)
    attachments: list[Attachment] = field(default_factory=list)
    parts: list[Page] = field(default_factory=list)


@dataclass(slots=True)
class Figure:
    """One cell of a table or one number of a sentence.

    `indicator` and `column` are codes of the forms (`pipelines/statistics/forms`); `column` is `None` where the table has one value
    column. Only `status == "number"` has a `value`, given in `unit`. `raw` is the cell or the sentence as printed, `label` the row label as
    printed, `locator` the place: an XPath, `text:START-END` in code points of the report's text, or `line:N/cell:M` in flattened text;
    of a report's further pages `page:N` and the XPath there.
    `confidence` is the share of such figures that are right, between 0 and 1. `implied_value` is 0 for a blank where a printed sum of
    counts leaves only that, and `implied_by` is the check of the form that proves it; the figure itself stays blank.
    """

    indicator: str
    column: str | None
    value: Number | None
    status: FigureStatus
    raw: str
    unit: str | None
    source: FigureSource
    preferred: bool = True
    confidence: float = 1.0
    label: str | None = None
    locator: str | None = None
    implied_value: Number | None = None
    implied_by: str | None = None

    @property
    def name(self) -> str:
        """The figure as one word: `INDICATOR` or `INDICATOR[COLUMN]`."""
        return f"{self.indicator}[{self.column}]" if self.column else self.indicator


@dataclass(slots=True)
class Finding:
    """A remark on a record. `code` is one of `pipelines/findings.yaml`, which gives severity, blame and wording.

    `figures` are names of figures. `fingerprint` is stable over re-parses while the remark stays the same.
    """

    code: str
    severity: Severity
    blame: Blame | None
    message: str
    message_zh: str
    figures: list[str] = field(default_factory=list)
    fingerprint: str = ""


@dataclass(slots=True)
class IndexNumber:
    """索引号 in its parts. `kind` is one of `pipelines/metadata/index_numbers.yaml`; `organization_valid` is the check digit's verdict.

    Warnings: `missing_org`, `bad_check_digit`, `year_out_of_range`, `extra_text`. The number is no key: unique only within a site and kind.
    """

    raw: str
    normalized: str
    kind: str
    organization: str | None = None
    organization_valid: bool | None = None
    year: int | None = None
    month: int | None = None
    serial: str | None = None
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class DateMention:
    """A date as it stands under a label of the header, the signature or the table's foot."""

    label: str
    raw: str
    value: date | None
    precision: Precision | None


@dataclass(slots=True)
class Section:
    """A numbered heading (一、…) and the span that it rules, in code points of `Report.text`."""

    heading: str
    start: int
    end: int


@dataclass(slots=True)
class AttachmentLink:
    """An attachment that the page links or embeds; `read` says whether its figures are in the record."""

    url: str
    name: str
    type: str | None
    read: bool = False


@dataclass(slots=True)
class Mirror:
    """Why the page is taken for a copy on a stranger's host. `score` is between 0 and 1."""

    score: float
    evidence: list[str]
    suspected_original: str | None = None


@dataclass(slots=True)
class Classification:
    """How sure it is that the page is an annual report (0 to 1), and what spoke for and against it."""

    score: float
    reasons: list[str]


@dataclass(slots=True)
class Report:
    """The record: one page, read. The fields and their order are the contract with everybody outside.

    `content_sha256` is taken over the report's title, text and tables and the days that the page prints, without counters, clocks and other
    furniture; `body_sha256` over the bytes of the page.
    """

    url: str | None = None
    portal: str | None = None
    fetched_at: datetime | None = None
    body_sha256: str = ""
    content_sha256: str = ""
    parser_version: str = ""
    encoding: str | None = None
    encoding_source: str | None = None
    encoding_confidence: float | None = None
    outcome: PageOutcome = PageOutcome.UNREADABLE
    classification: Classification = field(default_factory=lambda: Classification(0.0, []))
    mirror: Mirror | None = None
    title: str | None = None
    title_raw: str | None = None
    report_year: int | None = None
    report_year_source: ReportYearSource | None = None
    publisher: str | None = None
    publisher_raw: str | None = None
    scope: Scope | None = None
    scope_reason: str | None = None
    adcode: str | None = None
    site_code: str | None = None
    index_number: IndexNumber | None = None
    other_index_numbers: list[IndexNumber] = field(default_factory=list)
    document_number: str | None = None
    topic_category: str | None = None
    validity: str | None = None
    source: str | None = None
    published_date: date | None = None
    published_date_source: PublishedDateSource | None = None
    date_is_migration: bool | None = None
    dates: list[DateMention] = field(default_factory=list)
    form: str | None = None
    figures: list[Figure] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    attachments: list[AttachmentLink] = field(default_factory=list)
    text: str = ""
