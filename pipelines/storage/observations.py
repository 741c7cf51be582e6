"""What came when, and where the archive has it. All functions work in the caller's transaction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, or_, select, update

from giar_crawler.items import Report
from pipelines.storage.documents import canonical, known_as
from pipelines.storage.models import Base, CrawlRow, ObservationRow, PortalRow
from pipelines.storage.prepared import Prepared, upserts

# Says that the page that we hold is still the one.
NOT_MODIFIED = 304
# The status of a request that brought no answer.
NO_ANSWER = 0
# Answers without a page that stand: the address held something and does no more.
ABSENT = (404, 410)


@dataclass(slots=True)
class Observation:
    """One response, or with the status NO_ANSWER that none came.

    `warc_file` is a bare file name in the archive folder, `None` where the status alone was kept.
    `encoding` is the Content-Encoding of the archived bytes, `body_sha256` is over the decoded body, offset and length are bytes;
    `refers_to` is the observation that has the body of this one. `id` is given by the database.
    """

    request_key: str
    url: str
    fetched_at: datetime
    status: int
    content_type: str | None
    encoding: str | None
    body_sha256: str
    warc_file: str | None
    warc_offset: int | None
    warc_length: int | None
    portal_id: str | None
    crawl_id: int | None
    kind: str
    payload_digest: str | None = None
    refers_to: int | None = None
    id: int | None = field(default=None, compare=False)


@dataclass(slots=True, frozen=True)
class Indexed:
    """An observation as an archive's file tells it: what it says of the portal, start of the walk, address and time of what it repeats."""

    observation: Observation
    about: dict[str, str | None]
    crawl: datetime | None
    original: tuple[str, datetime] | None


_TABLE = Base.metadata.tables["observations"]
_ADD = Prepared(lambda dialect: dialect.insert(_TABLE).on_conflict_do_nothing(index_elements=["url", "fetched_at"]).inline())
_READ_AS = Prepared(lambda _: update(_TABLE).where(_TABLE.c.url == bindparam("page_url"), _TABLE.c.fetched_at == bindparam("at")))
_COLUMNS = [ObservationRow.__table__.columns[name] for name in Observation.__slots__]


def add(connection: Connection, observation: Observation) -> None:
    """Stores that a response came; a second time is no error."""
    _ADD.run(connection, _values(observation))


def note_reading(connection: Connection, report: Report, fetched_at: datetime) -> None:
    """Stores what became of the page that was archived under the record's address at that time."""
    read = {"page_outcome": str(report.outcome), "content_sha256": report.content_sha256, "parser_version": report.parser_version}
    _READ_AS.run(connection, read | {"page_url": report.url, "at": fetched_at})


def _values(observation: Observation) -> dict[str, Any]:
    return {name: getattr(observation, name) for name in Observation.__slots__ if name != "id"}


@cache
def _newest(*, since: bool, archived: bool, failures: bool) -> Select[*tuple[Any, ...]]:
    """Built once: a walk asks for every page, and building takes longer than the database."""
    statement = select(*_COLUMNS).where(ObservationRow.request_key == bindparam("request_key"))
    if since:
        statement = statement.where(ObservationRow.fetched_at >= bindparam("since"))
    if archived:
        statement = statement.where(ObservationRow.warc_file.is_not(None), ObservationRow.status != NOT_MODIFIED)
        if not failures:
            statement = statement.where(or_(ObservationRow.status.between(1, 399), ObservationRow.status.in_(ABSENT)))
    return statement.order_by(ObservationRow.fetched_at.desc(), ObservationRow.id.desc()).limit(1)


def find(connection: Connection, request_key: str, since: datetime | None, *, archived: bool, failures: bool) -> Observation | None:
    """The newest response to a request, of `since` or later where it is given.

    With `archived` the newest that the archive can give in place of the server: a page, a redirect, an absence; with `failures` others too.
    """
    statement = _newest(since=since is not None, archived=archived, failures=failures)
    row = connection.execute(statement, {"request_key": request_key} | ({"since": since} if since else {})).mappings().first()
    return Observation(**row) if row else None


def _original_like(*, unmodified: bool) -> Prepared:
    """Prepared, because a walk asks for every page."""
    column = _TABLE.c
    like = [column.request_key == bindparam("request_key"), column.warc_file.is_not(None), column.status.between(200, 299)]
    if not unmodified:
        like += [column.payload_digest == bindparam("payload_digest"), column.body_sha256 == bindparam("body_sha256")]
        like += [func.coalesce(column.encoding, "") == bindparam("encoding"), column.refers_to.is_(None)]
    statement = select(*_COLUMNS).where(*like).order_by(column.fetched_at.desc(), column.id.desc()).limit(1)
    return Prepared(lambda _: statement)


_SAME, _NEWEST_PAGE = _original_like(unmodified=False), _original_like(unmodified=True)


def find_original(connection: Connection, like: Observation) -> Observation | None:
    """The newest archived page of the same request whose body is the same; of a 304 the newest page at all. `None` where there is none."""
    values = {"request_key": like.request_key}
    if like.status == NOT_MODIFIED:
        rows = _NEWEST_PAGE.rows(connection, values)
    else:
        same = {"payload_digest": like.payload_digest or "", "body_sha256": like.body_sha256, "encoding": like.encoding or ""}
        rows = _SAME.rows(connection, values | same)
    found = Observation(**rows[0]._asdict()) if rows else None
    if found is None or found.refers_to is None:
        return found
    return Observation(**connection.execute(select(*_COLUMNS).where(ObservationRow.id == found.refers_to)).mappings().one())


def beside(connection: Connection, url: str, fetched_at: datetime, addresses: Sequence[str]) -> dict[str, Observation]:
    """The archived pages of other addresses that came with the page of that address and time: after it, before it was fetched again."""
    fetched = ObservationRow.fetched_at
    again = connection.execute(select(func.min(fetched)).where(ObservationRow.url == url, fetched > fetched_at)).scalar_one()
    statement = select(*_COLUMNS).where(ObservationRow.url.in_(addresses), fetched >= fetched_at, ObservationRow.status.between(200, 299))
    if again is not None:
        statement = statement.where(fetched < again)
    rows = connection.execute(statement.where(ObservationRow.warc_file.is_not(None)).order_by(fetched.desc())).mappings()
    return {row["url"]: Observation(**row) for row in rows}


def at(connection: Connection, url: str, fetched_at: datetime) -> tuple[Observation, str | None] | None:
    """The observation of that address and time, and what it was read as."""
    key = (ObservationRow.url == url, ObservationRow.fetched_at == fetched_at)
    row = connection.execute(select(*_COLUMNS, ObservationRow.page_outcome).where(*key)).mappings().first()
    return (Observation(**{name: row[name] for name in Observation.__slots__}), row["page_outcome"]) if row else None


def index(connection: Connection, rows: Sequence[Indexed]) -> Counter[str]:
    """How many observations were `inserted`, `corrected` or `unchanged`. What a reading said of a page is kept, and so are portals."""
    counts: Counter[str] = Counter()
    for row in rows:
        seen, portal_id = row.observation, row.observation.portal_id
        values = _values(seen) | {"crawl_id": _crawl(connection, portal_id, row.crawl), "refers_to": _original(connection, row.original)}
        if portal_id is not None:
            portal: dict[str, Any] = {"id": portal_id, **row.about, "name": row.about.get("name") or portal_id, "details": {}}
            connection.execute(upserts(connection).insert(PortalRow).values(**portal).on_conflict_do_nothing(index_elements=["id"]))
        key = (ObservationRow.url == seen.url, ObservationRow.fetched_at == seen.fetched_at)
        before = connection.execute(select(*_COLUMNS).where(*key)).mappings().first()
        if before is None:
            connection.execute(insert(ObservationRow).values(**values))
            counts["inserted"] += 1
        elif all(before[name] == value for name, value in values.items()):
            counts["unchanged"] += 1
        else:
            connection.execute(update(ObservationRow).where(*key).values(**values))
            counts["corrected"] += 1
    return counts


def _crawl(connection: Connection, portal_id: str | None, started_at: datetime | None) -> int | None:
    walk = select(CrawlRow.id).where(CrawlRow.portal_id == portal_id, CrawlRow.started_at == started_at)
    return connection.execute(walk).scalar() if portal_id and started_at else None


def _original(connection: Connection, key: tuple[str, datetime] | None) -> int | None:
    if key is None:
        return None
    return connection.execute(select(ObservationRow.id).where(ObservationRow.url == key[0], ObservationRow.fetched_at == key[1])).scalar()


def archived_offsets(connection: Connection, warc_file: str) -> set[int]:
    """Where records of a file must be, in bytes."""
    offsets = connection.execute(select(ObservationRow.warc_offset).where(ObservationRow.warc_file == warc_file)).scalars()
    return {offset or 0 for offset in offsets}


def last_offsets(connection: Connection) -> dict[str, int]:
    """Where the last answer of each file is, in bytes."""
    statement = select(ObservationRow.warc_file, func.max(ObservationRow.warc_offset)).where(ObservationRow.warc_file.is_not(None))
    return {name or "": offset or 0 for name, offset in connection.execute(statement.group_by(ObservationRow.warc_file))}


def archive_files(connection: Connection) -> dict[str, int]:
    """How many answers must be in which file."""
    statement = (
        select(ObservationRow.warc_file, func.count()).where(ObservationRow.warc_file.is_not(None)).group_by(ObservationRow.warc_file)
    )
    return {name or "": count for name, count in connection.execute(statement)}


def of_address(connection: Connection, url: str) -> list[Observation]:
    """All responses of an address, in whatever way it was written, the newest first."""
    wanted = canonical(url)
    # The canonical form changes everything but scheme and host.
    host = re.match(r"[^/]*//[^/?#]*", wanted)
    near = ObservationRow.url.startswith(host[0] if host else wanted, autoescape=True)
    statement = select(*_COLUMNS).where(near).order_by(ObservationRow.fetched_at.desc(), ObservationRow.id.desc())
    return [Observation(**row) for row in connection.execute(statement).mappings() if known_as(row["url"]) == wanted]
