"""What a release lists beside the exports: the portals as they were walked, and every archived answer with its digests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from pipelines.storage import withholdings
from pipelines.storage.documents import known_as
from pipelines.storage.models import ObservationRow, PortalRow

# Rows held in memory at a time.
CHUNK = 1000
_ARCHIVED = (
    *(ObservationRow.url, ObservationRow.fetched_at, ObservationRow.portal_id, ObservationRow.kind, ObservationRow.status),
    *(ObservationRow.page_outcome, ObservationRow.body_sha256, ObservationRow.payload_digest, ObservationRow.content_sha256),
    *(ObservationRow.parser_version, ObservationRow.warc_file, ObservationRow.warc_offset, ObservationRow.warc_length),
)


def portals(connection: Connection) -> Iterator[dict[str, Any]]:
    """All portals with all that the register said of them when they were walked last, by id."""
    rows = connection.execute(select(PortalRow.__table__)).mappings()
    yield from sorted(map(dict, rows), key=lambda row: str(row["id"]))


def archived(connection: Connection) -> Iterator[dict[str, Any]]:
    """Every answer that the archive has, without those of withheld addresses; by address, in code points, and time."""
    withheld = withholdings.current(connection)
    url = ObservationRow.url.collate("C") if connection.dialect.name == "postgresql" else ObservationRow.url
    statement = select(*_ARCHIVED).where(ObservationRow.warc_file.is_not(None)).order_by(url, ObservationRow.fetched_at)
    for rows in connection.execution_options(yield_per=CHUNK).execute(statement).mappings().partitions(CHUNK):
        yield from (dict(row) for row in rows if not withheld or known_as(row["url"]) not in withheld)
