"""What became new, was edited without a word, vanished, came back or was corrected, over all portals, in the order of time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select
from sqlalchemy.orm import aliased

from giar_crawler.outcomes import PageOutcome
from pipelines.statistics.reviewed import shown
from pipelines.storage.edits import edits
from pipelines.storage.history import Transition, transitions
from pipelines.storage.models import AbsenceRow, CorrectionRow, DocumentRow, PortalRow, ReportRow

ChangeKind = Literal["new", "edited", "vanished", "returned", "corrected"]
NAME = re.compile(r"([^\[\]]+)(?:\[(.+)\])?")
# Rows held in memory at a time.
CHUNK = 500


@dataclass(slots=True, frozen=True)
class ChangeRow:
    """One change. An edit has a row for each figure and each field that changed, and where none did for each sentence.

    `field` says what a row of an edit is about: `figure`, the name of a field, or `text`; `None` where the difference cannot be told.
    `reread`: other code read the new version than the old one, so that the edit may be the reading's.
    """

    at: datetime
    kind: ChangeKind
    portal: str | None
    publisher: str | None
    report_year: int | None
    document_url: str
    indicator: str | None = None
    column: str | None = None
    old: str | None = None
    new: str | None = None
    field: str | None = None
    reread: bool = False


def changes(connection: Connection, conditions: Iterable[ColumnElement[bool]], since: datetime | None) -> Iterator[ChangeRow]:
    """The changes of the chosen reports since a time, or all, the oldest first.

    A report at several addresses is one: it is new when the first of them was, and has vanished when its record did.
    """
    chosen = tuple(conditions)
    streams = (
        _new(connection, chosen, since),
        _absences(connection, chosen, since),
        _returns(connection, chosen, since),
        _corrections(connection, chosen, since),
        _withdrawals(connection, chosen, since),
        _edited(connection, chosen, since),
    )
    return merge(*streams, key=lambda row: (row.at, row.document_url))


def _current(*columns: Any) -> Select[Any]:  # noqa: ANN401 - any columns
    """Columns of documents that are records, their current reports and portals."""
    about = (DocumentRow.portal_id, ReportRow.portal, ReportRow.publisher, ReportRow.report_year, DocumentRow.url)
    return (
        select(*about, *columns)
        .select_from(DocumentRow)
        .join(ReportRow, (ReportRow.document_id == DocumentRow.id) & ReportRow.superseded_at.is_(None))
        .outerjoin(PortalRow, DocumentRow.portal_id == PortalRow.id)
        .where(DocumentRow.duplicate_of.is_(None), ReportRow.outcome != PageOutcome.NOT_A_REPORT)
    )


def _row(row: Any, at: datetime, kind: ChangeKind, **facts: Any) -> ChangeRow:  # noqa: ANN401 - what was selected
    return ChangeRow(at, kind, row.portal_id or row.portal, row.publisher, row.report_year, row.url, **facts)


def _in_order(connection: Connection, statement: Select[Any], at: Any, since: datetime | None) -> Iterator[Any]:  # noqa: ANN401 - any column
    """The rows by time and address; collations differ between databases, the order of code points does not."""
    url = DocumentRow.url.collate("C") if connection.dialect.name == "postgresql" else DocumentRow.url
    timely = statement if since is None else statement.where(at >= since)
    return iter(connection.execute(timely.order_by(at, url).execution_options(yield_per=CHUNK)))


def _new(connection: Connection, conditions: tuple[ColumnElement[bool], ...], since: datetime | None) -> Iterator[ChangeRow]:
    copies = aliased(DocumentRow)
    first = select(func.min(copies.first_seen)).where(copies.duplicate_of == DocumentRow.id).correlate(DocumentRow).scalar_subquery()
    at = case((first < DocumentRow.first_seen, first), else_=DocumentRow.first_seen)
    # What the first of several came after, each of them did.
    late = () if since is None else (DocumentRow.first_seen >= since,)
    for row in _in_order(connection, _current(at.label("at")).where(*late, *conditions), at, since):
        yield _row(row, row.at, "new")


def _absences(connection: Connection, conditions: tuple[ColumnElement[bool], ...], since: datetime | None) -> Iterator[ChangeRow]:
    statement = _current(AbsenceRow.gone_since.label("at")).join(AbsenceRow, AbsenceRow.document_id == DocumentRow.id).where(*conditions)
    for row in _in_order(connection, statement, AbsenceRow.gone_since, since):
        yield _row(row, row.at, "vanished")


def _returns(connection: Connection, conditions: tuple[ColumnElement[bool], ...], since: datetime | None) -> Iterator[ChangeRow]:
    statement = _current(AbsenceRow.returned_at.label("at")).join(AbsenceRow, AbsenceRow.document_id == DocumentRow.id)
    came_back = statement.where(AbsenceRow.returned_at.is_not(None), *conditions)
    for row in _in_order(connection, came_back, AbsenceRow.returned_at, since):
        yield _row(row, row.at, "returned")


def _reviewed(conditions: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    record = func.coalesce(_DOCUMENT_OF_CORRECTION.duplicate_of, _DOCUMENT_OF_CORRECTION.id)
    columns = (CorrectionRow.indicator, CorrectionRow.column, CorrectionRow.value, CorrectionRow.status, CorrectionRow.read)
    statement = _current(*columns, CorrectionRow.made_at, CorrectionRow.withdrawn_at)
    statement = statement.join(_DOCUMENT_OF_CORRECTION, record == DocumentRow.id)
    statement = statement.join(CorrectionRow, CorrectionRow.document_id == _DOCUMENT_OF_CORRECTION.id)
    return statement.where(CorrectionRow.field == "", *conditions)


_DOCUMENT_OF_CORRECTION = aliased(DocumentRow)


def _corrections(connection: Connection, conditions: tuple[ColumnElement[bool], ...], since: datetime | None) -> Iterator[ChangeRow]:
    for row in _in_order(connection, _reviewed(conditions), CorrectionRow.made_at, since):
        place = {"indicator": row.indicator, "column": row.column or None}
        yield _row(row, row.made_at, "corrected", **place, old=row.read, new=shown(row.value, row.status))


def _withdrawals(connection: Connection, conditions: tuple[ColumnElement[bool], ...], since: datetime | None) -> Iterator[ChangeRow]:
    withdrawn = _reviewed(conditions).where(CorrectionRow.withdrawn_at.is_not(None))
    for row in _in_order(connection, withdrawn, CorrectionRow.withdrawn_at, since):
        place = {"indicator": row.indicator, "column": row.column or None}
        yield _row(row, row.withdrawn_at, "corrected", **place, old=shown(row.value, row.status), new=row.read)


def _edited(connection: Connection, conditions: tuple[ColumnElement[bool], ...], since: datetime | None) -> Iterator[ChangeRow]:
    """Documents with several versions are few, and their versions fewer; texts and figures are read one edit at a time."""
    version = aliased(ReportRow)
    columns = (version.id, version.document_id, version.first_seen, version.last_seen, version.superseded_at, version.outcome)
    several = select(version.document_id).group_by(version.document_id).having(func.count() > 1)
    if since is not None:
        moved = select(version.document_id).where(or_(version.first_seen >= since, version.superseded_at >= since))
        several = several.where(version.document_id.in_(moved))
    statement = _current(*columns, version.parser_version).join(version, version.document_id == DocumentRow.id)
    statement = statement.where(DocumentRow.id.in_(several), *conditions).order_by(version.document_id, version.first_seen, version.id)
    found: list[Transition] = []
    for _, rows in groupby(connection.execute(statement), attrgetter("document_id")):
        reports = [row for row in rows if row.outcome != PageOutcome.NOT_A_REPORT]
        found += [each for each in transitions(reports) if since is None or each.at >= since]
    for each in sorted(found, key=lambda each: (each.at, each.new.url)):
        yield from _edit_rows(connection, each)


def _edit_rows(connection: Connection, transition: Transition) -> Iterator[ChangeRow]:
    old, new = transition.old, transition.new
    reread = old.parser_version != new.parser_version
    told = edits(connection, old.id, new.id).shown
    named = [each for each in told if each.kind != "text"] or told
    for each in named:
        match = NAME.fullmatch(each.name or "") if each.kind == "figure" else None
        place = {"indicator": match[1], "column": match[2]} if match else {}
        field = each.name if each.kind == "field" else each.kind
        yield _row(new, transition.at, "edited", **place, old=each.old, new=each.new, field=field, reread=reread)
    if not named:
        yield _row(new, transition.at, "edited", reread=reread)
