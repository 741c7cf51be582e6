"""The portals, and the walks over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from giar_crawler.outcomes import PortalOutcome
from pipelines.storage.models import CrawlRow, PortalRow
from pipelines.storage.prepared import upserts
from pipelines.storage.reposts import mark_migration_dates
from pipelines.storage.types import plain_json

# A walk that was killed less than this ago is resumed.
RESUME_WITHIN = timedelta(hours=24)


@dataclass(slots=True, frozen=True)
class Crawl:
    """One walk of one portal; `resumed_since` is the start of the killed walk that it continues, else `None`."""

    id: int
    portal_id: str
    started_at: datetime
    resumed_since: datetime | None


@dataclass(slots=True, frozen=True)
class Walk:
    """What is stored of a walk; one that runs, or was killed, has no end, no outcome and no counts."""

    portal_id: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    arguments: dict[str, Any]
    counts: dict[str, Any] | None = None


def upsert_portal(connection: Connection, portal: Mapping[str, object]) -> None:
    """Stores a portal of the register; what has no column of its own goes into `details`."""
    columns = {column.name for column in PortalRow.__table__.columns} - {"details"}
    row = {key: value for key, value in portal.items() if key in columns}
    row["details"] = plain_json({key: value for key, value in portal.items() if key not in columns})
    statement = upserts(connection).insert(PortalRow).values(**row)
    news = {key: statement.excluded[key] for key in row if key != "id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=news))


def portal_ids(connection: Connection) -> list[str]:
    """The ids of all portals that were ever walked, in order."""
    return sorted(connection.execute(select(PortalRow.id)).scalars())


def start(connection: Connection, portal_id: str, at: datetime, arguments: Mapping[str, object]) -> Crawl:
    """A new walk, or the one with the same arguments that began less than 24 hours ago and has no end: that was killed."""
    wanted = plain_json(dict(arguments))
    killed = connection.execute(
        select(CrawlRow.id, CrawlRow.started_at, CrawlRow.arguments)
        .where(CrawlRow.portal_id == portal_id, CrawlRow.ended_at.is_(None), CrawlRow.started_at > at - RESUME_WITHIN)
        .order_by(CrawlRow.started_at.desc())
    ).all()
    for row in killed:
        if row.arguments == wanted:
            return Crawl(row.id, portal_id, row.started_at, resumed_since=row.started_at)
    new = insert(CrawlRow).values(portal_id=portal_id, started_at=at, arguments=wanted).returning(CrawlRow.id)
    return Crawl(connection.execute(new).scalar_one(), portal_id, at, resumed_since=None)


def finish(connection: Connection, crawl_id: int, at: datetime, outcome: PortalOutcome, counts: Mapping[str, object]) -> None:
    """Ends a walk, and marks the migration dates of what its portal has now."""
    values = {"ended_at": at, "outcome": str(outcome), "counts": plain_json(dict(counts))}
    ended = update(CrawlRow).where(CrawlRow.id == crawl_id).values(**values).returning(CrawlRow.portal_id)
    for portal_id in connection.execute(ended).scalars().all():
        mark_migration_dates(connection, portal_id)


def walks(connection: Connection, since: datetime, portal_id: str | None = None) -> list[Walk]:
    """All walks that began since then, or those of one portal, the newest first."""
    names = [CrawlRow.__table__.columns[name] for name in Walk.__slots__]
    statement = select(*names).where(CrawlRow.started_at >= since).order_by(CrawlRow.started_at.desc(), CrawlRow.id.desc())
    if portal_id is not None:
        statement = statement.where(CrawlRow.portal_id == portal_id)
    return [Walk(**row) for row in connection.execute(statement).mappings()]
