"""Whether a database is what it has to be. All functions work in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, exists, func, or_, select, text
from sqlalchemy.orm import aliased

from pipelines.storage.models import DocumentRow, FigureRow, ReportRow


@dataclass(slots=True, frozen=True)
class Problem:
    """What does not hold, how often, and one place of it."""

    what: str
    count: int
    example: str


def problems(connection: Connection) -> list[Problem]:
    """All that does not hold; empty for a sound database."""
    return [*_of_the_file(connection), *_of_the_rows(connection)]


def _of_the_file(connection: Connection) -> Iterator[Problem]:
    """PostgreSQL looks after its pages and its keys itself."""
    if connection.dialect.name != "sqlite":
        return
    damage = [row[0] for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    if damage:
        yield Problem("the file is damaged", len(damage), damage[0])
    orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
    if orphans:
        yield Problem("rows without their parent", len(orphans), f"row {orphans[0][1]} of {orphans[0][0]} has no {orphans[0][2]}")


def _of_the_rows(connection: Connection) -> Iterator[Problem]:
    for what, statement in _rules().items():
        count = connection.execute(select(func.count()).select_from(statement.subquery())).scalar_one()
        if count:
            yield Problem(what, count, str(connection.execute(statement.limit(1)).scalar_one()))


def _rules() -> dict[str, Select[Any]]:
    """What must find nothing; the first column says where."""
    original = aliased(DocumentRow)
    current = exists().where(ReportRow.document_id == DocumentRow.id, ReportRow.superseded_at.is_(None))
    place = (FigureRow.report_id, FigureRow.indicator, FigureRow.column)
    number = FigureRow.status == "number"
    of_report = select(DocumentRow.url).join(ReportRow, ReportRow.document_id == DocumentRow.id)
    return {
        "documents without a current version": select(DocumentRow.url).where(~current).order_by(DocumentRow.url),
        "duplicates of what is itself a duplicate": select(DocumentRow.url)
        .join(original, DocumentRow.duplicate_of == original.id)
        .where(original.duplicate_of.is_not(None))
        .order_by(DocumentRow.url),
        "figures whose value and status contradict each other": of_report.join(FigureRow, FigureRow.report_id == ReportRow.id)
        .where(or_(number & FigureRow.value.is_(None), ~number & FigureRow.value.is_not(None)))
        .order_by(DocumentRow.url),
        "figures of which not exactly one is preferred": select(func.min(DocumentRow.url))
        .join(ReportRow, ReportRow.document_id == DocumentRow.id)
        .join(FigureRow, FigureRow.report_id == ReportRow.id)
        .group_by(*place)
        .having(func.sum(case((FigureRow.preferred, 1), else_=0)) != 1),
    }
