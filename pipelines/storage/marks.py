"""What coverage asks for: a few facts on every current report, and all walks that came to an end; no figures, no texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import starmap
from typing import Any

from sqlalchemy import Connection, case, func, select

from giar_crawler.items import PublishedDateSource, Scope
from giar_crawler.outcomes import PageOutcome
from pipelines.storage import withholdings
from pipelines.storage.models import CrawlRow, DocumentRow, PortalRow, ReportRow


@dataclass(slots=True, frozen=True)
class PortalMark:
    """A portal as it was walked last. `details` are the keys of the register without a column of their own.

    Of one that only the archive tells of, place and level may be open.
    """

    id: str
    name: str
    adcode: str | None
    level: str | None
    details: dict[str, Any]


@dataclass(slots=True, frozen=True)
class ReportMark:
    """A current report: whose, of which year, what became of it, when it was published (by what) and first seen."""

    portal: str
    report_year: int | None
    url: str
    outcome: str
    scope: Scope | None
    publisher: str | None
    published_date: date | None
    published_date_source: PublishedDateSource | None
    date_is_migration: bool | None
    first_seen: datetime
    gone_since: datetime | None


@dataclass(slots=True, frozen=True)
class WalkMark:
    """A walk that came to its end, with its arguments and counts."""

    portal_id: str
    started_at: datetime
    ended_at: datetime
    outcome: str
    arguments: dict[str, Any]
    counts: dict[str, Any]


def portals(connection: Connection) -> list[PortalMark]:
    """All portals that were ever walked, by id."""
    columns = [PortalRow.__table__.columns[name] for name in PortalMark.__slots__]
    return sorted((PortalMark(**row) for row in connection.execute(select(*columns)).mappings()), key=lambda portal: portal.id)


def reports(connection: Connection, portal_ids: Sequence[str]) -> Iterator[ReportMark]:
    """The current reports of these portals that are no duplicates; `first_seen` is that of the first of its addresses."""
    behind = (
        select(DocumentRow.duplicate_of, func.min(DocumentRow.first_seen).label("first_seen"))
        # One report at several addresses is so on one portal alone.
        .where(DocumentRow.duplicate_of.is_not(None), DocumentRow.portal_id.in_(portal_ids))
        .group_by(DocumentRow.duplicate_of)
        .subquery()
    )
    first_seen = case((behind.c.first_seen < DocumentRow.first_seen, behind.c.first_seen), else_=DocumentRow.first_seen)
    migrated = func.coalesce(ReportRow.date_is_migration, case((ReportRow.published_date == DocumentRow.migration_date, True)))
    statement = (
        select(
            DocumentRow.portal_id.label("portal"),
            ReportRow.report_year,
            DocumentRow.url,
            ReportRow.outcome,
            ReportRow.scope,
            ReportRow.publisher,
            ReportRow.published_date,
            ReportRow.published_date_source,
            migrated.label("date_is_migration"),
            first_seen.label("first_seen"),
            DocumentRow.gone_since,
        )
        .join(ReportRow, ReportRow.document_id == DocumentRow.id)
        .outerjoin(behind, behind.c.duplicate_of == DocumentRow.id)
        .where(
            ReportRow.superseded_at.is_(None),
            DocumentRow.duplicate_of.is_(None),
            ReportRow.outcome != PageOutcome.NOT_A_REPORT,
            DocumentRow.portal_id.in_(portal_ids),
        )
    )
    return starmap(ReportMark, connection.execute(statement))


def walks(connection: Connection, portal_ids: Sequence[str]) -> Iterator[WalkMark]:
    """The walks of these portals that came to an end, the oldest first."""
    columns = [CrawlRow.__table__.columns[name] for name in WalkMark.__slots__]
    statement = (
        select(*columns)
        .where(CrawlRow.portal_id.in_(portal_ids), CrawlRow.ended_at.is_not(None), CrawlRow.outcome.is_not(None))
        .order_by(CrawlRow.ended_at, CrawlRow.id)
    )
    withheld = withholdings.current(connection)
    for row in connection.execute(statement).mappings():
        yield WalkMark(**{**row, "counts": withholdings.without_excerpt(row["counts"] or {}, withheld)})
