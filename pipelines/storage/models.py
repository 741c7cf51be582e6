"""The tables. Natural keys are unique constraints; a part of a key is never NULL, because NULLs never equal each other."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, MetaData, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from giar_crawler.items import Number
from pipelines.storage.types import ExactNumber, Instant, Json, Words

BigId = BigInteger().with_variant(Integer, "sqlite")
# Migrations name constraints when they change them; without a convention SQLite's have no names.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def _partial(condition: str, *columns: str, name: str | None = None, unique: bool = False) -> Index:
    """An index of the rows of which the condition holds."""
    return Index(name, *columns, unique=unique, sqlite_where=text(condition), postgresql_where=text(condition))


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as it stands
        str: Words,
        datetime: Instant,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


class PortalRow(Base):
    """A portal of the register; `details` is the rest of its entry."""

    __tablename__ = "portals"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    adcode: Mapped[str | None]
    level: Mapped[str | None]
    home: Mapped[str | None]
    site_code: Mapped[str | None]
    details: Mapped[dict[str, Any]]


class CrawlRow(Base):
    """One walk of one portal. `ended_at` is empty while it runs and after it was killed."""

    __tablename__ = "crawls"
    __table_args__ = (UniqueConstraint("portal_id", "started_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    portal_id: Mapped[str] = mapped_column(ForeignKey("portals.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    arguments: Mapped[dict[str, Any]]
    outcome: Mapped[str | None]
    counts: Mapped[dict[str, Any] | None]


class ObservationRow(Base):
    """One response: what came and, where `warc_file` is set, where the archive has it. Offset and length in bytes of the file.

    `payload_digest` is over the body as archived, `body_sha256` over it decoded. Of a revisit record, which has no body, `refers_to` is the
    observation that has it. `content_sha256` is that of the report that was read out of it last, by the code `parser_version`, in
    the re-parse `reparse_id` if it was one.
    """

    __tablename__ = "observations"
    __table_args__ = (UniqueConstraint("url", "fetched_at"), Index(None, "request_key", "fetched_at"))
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_key: Mapped[str]
    url: Mapped[str]
    fetched_at: Mapped[datetime]
    status: Mapped[int]
    content_type: Mapped[str | None]
    encoding: Mapped[str | None]
    body_sha256: Mapped[str]
    warc_file: Mapped[str | None]
    warc_offset: Mapped[int | None] = mapped_column(BigInteger)
    warc_length: Mapped[int | None] = mapped_column(BigInteger)
    portal_id: Mapped[str | None] = mapped_column(ForeignKey("portals.id"), index=True)
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawls.id"), index=True)
    kind: Mapped[str]
    page_outcome: Mapped[str | None]
    payload_digest: Mapped[str | None]
    refers_to: Mapped[int | None] = mapped_column(ForeignKey("observations.id"))
    content_sha256: Mapped[str | None] = mapped_column(index=True)
    parser_version: Mapped[str | None]
    reparse_id: Mapped[int | None] = mapped_column(ForeignKey("reparses.id"))


class DocumentRow(Base):
    """One address that holds a report. `crawl_id` is the walk that found it first; `duplicate_of` the record that exports show instead.

    `migration_date` is a day of publication that the portal's other reports show to be that of a move.
    """

    __tablename__ = "documents"
    # Nearly all documents are duplicates of none: as an index of them it would lead past every better one.
    __table_args__ = (_partial("duplicate_of IS NOT NULL", "duplicate_of"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    portal_id: Mapped[str | None] = mapped_column(ForeignKey("portals.id"), index=True)
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawls.id"))
    first_seen: Mapped[datetime] = mapped_column(index=True)
    last_seen: Mapped[datetime]
    gone_since: Mapped[datetime | None]
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    migration_date: Mapped[date | None]


class AbsenceRow(Base):
    """A time in which a document's address held no report: the one that lasts has no `returned_at`."""

    __tablename__ = "absences"
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    gone_since: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    returned_at: Mapped[datetime | None] = mapped_column(index=True)


class ReportRow(Base):
    """One version of a document's content as it was read last; the current one has no `superseded_at`. Names are those of the record.

    `text_sha256` is the digest of title and text, by which a portal's addresses of the same report are known.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("document_id", "content_sha256"),
        _partial("superseded_at IS NULL", "document_id", name="uq_reports_current", unique=True),
        # The two orders of exports. All that a filter asks is in them, the condition too: a row of the table is as long as its text.
        _partial(
            "superseded_at IS NULL",
            *("portal", "report_year", "document_id", "outcome", "form", "scope", "adcode", "publisher", "superseded_at"),
            name="ix_reports_of_portal",
        ),
        _partial(
            "superseded_at IS NULL",
            *("publisher", "scope", "adcode", "report_year", "document_id", "outcome", "form", "portal", "superseded_at"),
            name="ix_reports_of_publisher",
        ),
        _partial("superseded_at IS NOT NULL", "superseded_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    crawl_id: Mapped[int | None] = mapped_column(ForeignKey("crawls.id"))
    first_seen: Mapped[datetime] = mapped_column(index=True)
    last_seen: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    reading_sha256: Mapped[str]
    text_sha256: Mapped[str] = mapped_column(index=True)
    url: Mapped[str]
    portal: Mapped[str | None]
    fetched_at: Mapped[datetime | None]
    body_sha256: Mapped[str]
    content_sha256: Mapped[str] = mapped_column(index=True)
    parser_version: Mapped[str]
    encoding: Mapped[str | None]
    encoding_source: Mapped[str | None]
    encoding_confidence: Mapped[float | None]
    outcome: Mapped[str]
    classification: Mapped[dict[str, Any]]
    mirror: Mapped[dict[str, Any] | None]
    title: Mapped[str | None]
    title_raw: Mapped[str | None]
    report_year: Mapped[int | None]
    report_year_source: Mapped[str | None]
    publisher: Mapped[str | None]
    publisher_raw: Mapped[str | None]
    scope: Mapped[str | None]
    scope_reason: Mapped[str | None]
    adcode: Mapped[str | None]
    site_code: Mapped[str | None]
    index_number: Mapped[dict[str, Any] | None]
    other_index_numbers: Mapped[list[Any]]
    document_number: Mapped[str | None]
    topic_category: Mapped[str | None]
    validity: Mapped[str | None]
    source: Mapped[str | None]
    published_date: Mapped[date | None]
    published_date_source: Mapped[str | None]
    date_is_migration: Mapped[bool | None] = mapped_column(Boolean)
    dates: Mapped[list[Any]]
    form: Mapped[str | None]
    sections: Mapped[list[Any]]
    attachments: Mapped[list[Any]]
    text: Mapped[str]


class FigureRow(Base):
    """One cell or sentence of one version; `position` is its place in the record, `column` is `''` where the table has one value column."""

    __tablename__ = "figures"
    __table_args__ = (UniqueConstraint("report_id", "indicator", "column", "source"), Index(None, "indicator", "column"))
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"))
    position: Mapped[int]
    indicator: Mapped[str]
    column: Mapped[str]
    value: Mapped[Number | None] = mapped_column(ExactNumber)
    status: Mapped[str]
    raw: Mapped[str]
    unit: Mapped[str | None]
    source: Mapped[str]
    preferred: Mapped[bool] = mapped_column(Boolean)
    confidence: Mapped[float]
    label: Mapped[str | None]
    locator: Mapped[str | None]
    implied_value: Mapped[Number | None] = mapped_column(ExactNumber)
    implied_by: Mapped[str | None]


class FindingRow(Base):
    """One remark on one version; `figures` are names of figures, `first_seen` outlives every re-parse that still makes the remark."""

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("report_id", "fingerprint"), Index(None, "code"))
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str]
    severity: Mapped[str]
    blame: Mapped[str | None]
    message: Mapped[str]
    message_zh: Mapped[str]
    figures: Mapped[list[Any]]
    fingerprint: Mapped[str]
    first_seen: Mapped[datetime]


class CorrectionRow(Base):
    """A reviewed value of a document: of a figure (`indicator`, `column`, `value`) or of a `field` of its metadata (`words`).

    `content_sha256` is the version that the reviewer saw, `read` what the reading made of the place then. The one in force has no
    `withdrawn_at`; the others stay as a log, those that gave way to another one too.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        UniqueConstraint("document_id", "indicator", "column", "field", "made_at"),
        _partial("withdrawn_at IS NULL", *("document_id", "indicator", "column", "field"), name="uq_corrections_in_force", unique=True),
        _partial("withdrawn_at IS NOT NULL", "withdrawn_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    indicator: Mapped[str]
    column: Mapped[str]
    field: Mapped[str]
    value: Mapped[Number | None] = mapped_column(ExactNumber)
    status: Mapped[str | None]
    words: Mapped[str | None]
    reason: Mapped[str]
    source: Mapped[str]
    reviewer: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(index=True)
    content_sha256: Mapped[str | None]
    read: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_reason: Mapped[str | None]


class WithholdingRow(Base):
    """An address (canonical) whose pages are kept, and shown nowhere; lifted ones stay as a log. `body_sha256` lists what was there."""

    __tablename__ = "withholdings"
    __table_args__ = (UniqueConstraint("url", "made_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    made_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    reason: Mapped[str]
    by: Mapped[str]
    body_sha256: Mapped[list[Any]]


class ReparseRow(Base):
    """One reading of archived pages by today's code, over all machines that take part. `ended_at` is empty while pages are left."""

    __tablename__ = "reparses"
    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    parser_version: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any]]


class ReadingChangeRow(Base):
    """What a re-parse changed in a version: a figure, a field or a finding, before and after; NULL where there was, or is, none."""

    __tablename__ = "reading_changes"
    __table_args__ = (UniqueConstraint("reparse_id", "document_id", "content_sha256", "kind", "name", name="uq_reading_changes_place"),)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reparse_id: Mapped[int] = mapped_column(ForeignKey("reparses.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), index=True)
    content_sha256: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    old: Mapped[str | None]
    new: Mapped[str | None]


class UnitRow(Base):
    """A place by an opaque id that outlives renames and new codes, under its present name and code, or those that it had last."""

    __tablename__ = "units"
    unit_id: Mapped[str] = mapped_column(primary_key=True)
    adcode: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    level: Mapped[str]


class UnitNameRow(Base):
    """One name of a unit under one code; years are both inclusive, empty where open. `position` 0 is the oldest."""

    __tablename__ = "unit_names"
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.unit_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    adcode: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    level: Mapped[str]
    first_year: Mapped[int | None]
    last_year: Mapped[int | None]


class UnitRelationRow(Base):
    """What led from one unit to another in a year: `merge` or `split`; `rename` and `recode` have the same unit on both sides.

    `source` says who says so.
    """

    __tablename__ = "unit_relations"
    __table_args__ = (UniqueConstraint("predecessor", "successor", "year", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    predecessor: Mapped[str] = mapped_column(ForeignKey("units.unit_id"))
    successor: Mapped[str] = mapped_column(ForeignKey("units.unit_id"), index=True)
    year: Mapped[int]
    kind: Mapped[str]
    source: Mapped[str]


class PackagedRow(Base):
    """Which state of the program's own data was written into the tables `name`."""

    __tablename__ = "packaged"
    name: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
