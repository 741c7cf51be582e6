"""The versions of one document: what each changed, when it was seen, and where the archive has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from pipelines.storage import corrections
from pipelines.storage.corrections import Correction
from pipelines.storage.edits import Edits, edits
from pipelines.storage.lookup import Wanted, find_document
from pipelines.storage.models import AbsenceRow, DocumentRow, ObservationRow, ReportRow

# So many fetches of a version are shown, the first ones and the last ones; all are counted.
MOST_FETCHES = 20


@dataclass(slots=True, frozen=True)
class Fetch:
    """One archived response that holds a version."""

    fetched_at: datetime
    url: str
    body_sha256: str
    warc_file: str | None
    warc_offset: int | None


@dataclass(slots=True, frozen=True)
class Version:
    """One content of a document. `edits` are against the version before it, `None` for the first one.

    `reread` says that the two were read by different versions of the program, so that an edit may be the reading's.
    """

    content_sha256: str
    first_seen: datetime
    last_seen: datetime
    superseded_at: datetime | None
    outcome: str
    parser_version: str
    fetches: int
    archived: tuple[Fetch, ...]
    edits: Edits | None
    reread: bool


@dataclass(slots=True, frozen=True)
class History:
    """What is known of one address; `absences` are the times at which it vanished, each with its return."""

    document_url: str
    portal: str | None
    publisher: str | None
    report_year: int | None
    first_seen: datetime
    last_seen: datetime
    gone_since: datetime | None
    record: str | None
    absences: tuple[tuple[datetime, datetime | None], ...]
    corrections: tuple[Correction, ...]
    versions: tuple[Version, ...]


@dataclass(slots=True, frozen=True)
class Transition:
    """One version in the place of another."""

    at: datetime
    old: Row[*tuple[Any, ...]]
    new: Row[*tuple[Any, ...]]


def transitions(versions: Sequence[Row[*tuple[Any, ...]]]) -> list[Transition]:
    """How the versions of one document followed each other (rows with their times, by `first_seen`).

    A content that came back is told once, at the time at which the other one was last replaced.
    """
    found = []
    for number, version in enumerate(versions[1:], 1):
        left = [other for other in versions if other.superseded_at == version.first_seen and other is not version]
        found.append(Transition(version.first_seen, (left or versions[number - 1 : number])[0], version))
    starts = {version.first_seen for version in versions}
    for version in versions:
        at = version.superseded_at
        if at is None or at in starts:
            continue
        after = [other for other in versions if other.first_seen < at <= other.last_seen and other is not version]
        if after:
            found.append(Transition(at, version, max(after, key=lambda other: other.last_seen)))
    return sorted(found, key=lambda each: each.at)


def history(connection: Connection, wanted: Wanted) -> History:
    """All that is known of a document. Raises `ReportUnknown`."""
    document_id = find_document(connection, wanted)
    document = connection.execute(select(*DocumentRow.__table__.columns).where(DocumentRow.id == document_id)).one()
    rows = connection.execute(
        select(
            *(ReportRow.id, ReportRow.content_sha256, ReportRow.first_seen, ReportRow.last_seen, ReportRow.superseded_at, ReportRow.url),
            *(ReportRow.outcome, ReportRow.parser_version, ReportRow.publisher, ReportRow.report_year, ReportRow.portal),
        )
        .where(ReportRow.document_id == document_id)
        .order_by(ReportRow.first_seen, ReportRow.id)
    ).all()
    before = {each.new.id: each.old for each in reversed(transitions(rows))}
    archived = _fetches(connection, {document.url, *(row.url for row in rows)})
    gone = select(AbsenceRow.gone_since, AbsenceRow.returned_at).where(AbsenceRow.document_id == document_id)
    shown = document.duplicate_of
    record = connection.execute(select(DocumentRow.url).where(DocumentRow.id == shown)).scalar() if shown else None
    current = next((row for row in rows if row.superseded_at is None), None)
    return History(
        document_url=document.url,
        portal=document.portal_id or (current.portal if current else None),
        publisher=current.publisher if current else None,
        report_year=current.report_year if current else None,
        first_seen=document.first_seen,
        last_seen=document.last_seen,
        gone_since=document.gone_since,
        record=record,
        absences=tuple((row.gone_since, row.returned_at) for row in connection.execute(gone.order_by(AbsenceRow.gone_since))),
        corrections=tuple(corrections.of_document(connection, document_id)),
        versions=tuple(_version(connection, row, before.get(row.id), archived.get(row.content_sha256, [])) for row in rows),
    )


def _version(connection: Connection, row: Row[*tuple[Any, ...]], before: Row[*tuple[Any, ...]] | None, fetches: Sequence[Fetch]) -> Version:
    half = MOST_FETCHES // 2
    return Version(
        content_sha256=row.content_sha256,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        superseded_at=row.superseded_at,
        outcome=row.outcome,
        parser_version=row.parser_version,
        fetches=len(fetches),
        archived=tuple(fetches if len(fetches) <= MOST_FETCHES else [*fetches[:half], *fetches[-half:]]),
        edits=None if before is None else edits(connection, before.id, row.id),
        reread=before is not None and before.parser_version != row.parser_version,
    )


def _fetches(connection: Connection, urls: set[str]) -> dict[str, list[Fetch]]:
    """The archived responses from these addresses by the content that was read in them, in their order."""
    names = [ObservationRow.__table__.columns[name] for name in Fetch.__slots__]
    chosen = select(*names, ObservationRow.content_sha256).where(
        ObservationRow.url.in_(urls), ObservationRow.content_sha256.is_not(None), ObservationRow.warc_file.is_not(None)
    )
    found: dict[str, list[Fetch]] = {}
    for row in connection.execute(chosen.order_by(ObservationRow.fetched_at)):
        found.setdefault(row.content_sha256, []).append(Fetch(*row[:-1]))
    return found
