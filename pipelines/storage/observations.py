"""What came when, and where the archive has it. All functions work in the caller's transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from giar_crawler.items import Report
from pipelines.storage.documents import canonical
from pipelines.storage.errors import RecordRefused
from pipelines.storage.models import Base, ObservationRow
from pipelines.storage.prepared import Prepared


@dataclass(slots=True, frozen=True)
class Observation:
    """One response. `warc_file` is a bare file name in the archive folder, `None` where the status alone was kept.

    `encoding` is the Content-Encoding of the archived bytes, `body_sha256` is over the decoded body, offset and length are bytes.
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


_TABLE = Base.metadata.tables["observations"]
_ADD = Prepared(lambda dialect: dialect.insert(_TABLE).on_conflict_do_nothing(index_elements=["url", "fetched_at"]).inline())
_READ_AS = Prepared(lambda _: update(_TABLE).where(_TABLE.c.url == bindparam("page_url"), _TABLE.c.fetched_at == bindparam("at")))
_COLUMNS = [ObservationRow.__table__.columns[name] for name in Observation.__slots__]


def add(connection: Connection, observations: Sequence[Observation]) -> None:
    """Stores that responses came; the same one a second time is no error."""
    _ADD.run_each(connection, [{name: getattr(one, name) for name in Observation.__slots__} for one in observations])


def note_reading(connection: Connection, report: Report, fetched_at: datetime) -> None:
    """Stores what became of the page that was archived under the record's address at that time."""
    read = {"page_outcome": str(report.outcome), "content_sha256": report.content_sha256, "parser_version": report.parser_version}
    _READ_AS.run(connection, read | {"page_url": report.url, "at": fetched_at})


def find(connection: Connection, request_key: str, since: datetime | None, *, archived: bool) -> Observation | None:
    """The newest response to a request, of `since` or later where it is given; with `archived` the newest that has a page."""
    statement = select(*_COLUMNS).where(ObservationRow.request_key == request_key)
    if since is not None:
        statement = statement.where(ObservationRow.fetched_at >= since)
    if archived:
        statement = statement.where(ObservationRow.warc_file.is_not(None))
    statement = statement.order_by(ObservationRow.fetched_at.desc(), ObservationRow.id.desc()).limit(1)
    row = connection.execute(statement).mappings().first()
    return Observation(**row) if row else None


def of_address(connection: Connection, url: str) -> list[Observation]:
    """All responses of an address, in whatever way it was written, the newest first."""
    wanted = canonical(url)
    # The canonical form changes everything but scheme and host.
    host = re.match(r"[^/]*//[^/?#]*", wanted)
    near = ObservationRow.url.startswith(host[0] if host else wanted, autoescape=True)
    statement = select(*_COLUMNS).where(near).order_by(ObservationRow.fetched_at.desc(), ObservationRow.id.desc())
    return [Observation(**row) for row in connection.execute(statement).mappings() if _is(row["url"], wanted)]


def _is(url: str, wanted: str) -> bool:
    try:
        return canonical(url) == wanted
    except RecordRefused:
        return url == wanted
