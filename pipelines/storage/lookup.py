"""One report by its address, or by whose it is and of which year. All functions work in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, func, select

from giar_crawler.outcomes import PageOutcome
from pipelines.storage.documents import canonical
from pipelines.storage.errors import RecordRefused
from pipelines.storage.models import DocumentRow, ReportRow
from pipelines.storage.withholdings import shown

# So many candidates are listed before the rest is counted.
MOST_SHOWN = 10


class ReportUnknown(ValueError):
    """What was asked for is no report of the database, or not exactly one; the message lists the candidates."""


@dataclass(slots=True, frozen=True)
class Wanted:
    """Which report: the one at an address, or that of a publisher for a report year and, where that is not enough, of a scope."""

    url: str | None = None
    publisher: str | None = None
    year: int | None = None
    scope: str | None = None

    def __str__(self) -> str:
        """As a user names it."""
        return self.url or " ".join(str(part) for part in (self.publisher, self.year, self.scope) if part is not None)


def find_record(connection: Connection, wanted: Wanted) -> int:
    """The id of the document that exports show: of the same report at another address, that of the record. Raises `ReportUnknown`."""
    document_id = find_document(connection, wanted)
    return connection.execute(select(DocumentRow.duplicate_of).where(DocumentRow.id == document_id)).scalar_one() or document_id


def find_document(connection: Connection, wanted: Wanted) -> int:
    """The id of the document. Raises `ReportUnknown`."""
    return _by_address(connection, wanted.url) if wanted.url is not None else _by_publisher(connection, wanted)


def _by_address(connection: Connection, url: str) -> int:
    try:
        address = canonical(url)
    except RecordRefused as error:
        raise ReportUnknown(str(error)) from error
    found = connection.execute(select(DocumentRow.id).where(DocumentRow.url == address, shown(DocumentRow.url))).scalar_one_or_none()
    if found is None:
        raise ReportUnknown(f"there is no report at {address}; `giar export reports` has the addresses of all (column url)")
    return found


def _by_publisher(connection: Connection, wanted: Wanted) -> int:
    chosen = _reports(connection, wanted)
    # A copy on a stranger's host is not meant where the report itself is there.
    found = [row for row in chosen if row.outcome != PageOutcome.MIRROR] or chosen
    if len(found) == 1:
        return int(found[0].id)
    if found:
        raise ReportUnknown(f"{wanted} is {len(found)} reports; name one by its address: {_listed(found)}")
    others = _reports(connection, Wanted(publisher=wanted.publisher))
    if others:
        raise ReportUnknown(f"there is no report {wanted}; of {wanted.publisher} there are: {_listed(others)}")
    raise ReportUnknown(f"there is no report of {wanted.publisher!r}; the full name is wanted, as the column publisher of an export has it")


def _reports(connection: Connection, wanted: Wanted) -> Sequence[Row[*tuple[object, ...]]]:
    statement = (
        select(DocumentRow.id, DocumentRow.url, ReportRow.report_year, ReportRow.scope, ReportRow.outcome)
        .join(ReportRow, ReportRow.document_id == DocumentRow.id)
        .where(
            *(ReportRow.superseded_at.is_(None), DocumentRow.duplicate_of.is_(None), ReportRow.outcome != PageOutcome.NOT_A_REPORT),
            ReportRow.publisher == wanted.publisher,
            shown(DocumentRow.url),
        )
        .order_by(func.coalesce(ReportRow.report_year, 0), DocumentRow.url)
    )
    if wanted.year is not None:
        statement = statement.where(ReportRow.report_year == wanted.year)
    if wanted.scope is not None:
        statement = statement.where(ReportRow.scope == wanted.scope)
    return connection.execute(statement).all()


def _listed(rows: Sequence[Row[*tuple[object, ...]]]) -> str:
    lines = [f"\n  {row.url} ({row.report_year or 'no year'}, {row.scope or 'no scope'}, {row.outcome})" for row in rows[:MOST_SHOWN]]
    return "".join(lines) + (f"\n  and {len(rows) - MOST_SHOWN} more" if len(rows) > MOST_SHOWN else "")
