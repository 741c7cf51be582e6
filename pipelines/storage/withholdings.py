"""Pages whose content is shown nowhere: kept in archive and database, hidden from all that is printed.

All functions work in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute

from pipelines.storage import observations
from pipelines.storage.documents import canonical, elect
from pipelines.storage.models import DocumentRow, ReportRow, WithholdingRow

HIDDEN = "(withheld)"


@dataclass(slots=True, frozen=True)
class Withholding:
    """One entry of the log: which address, from when until when, why, by whom, and the digests of all bodies that it had."""

    url: str
    made_at: datetime
    lifted_at: datetime | None
    reason: str
    by: str
    body_sha256: list[str]


def shown(url: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """The condition that a canonical address is not withheld; whatever prints content of documents has it."""
    return ~exists().where(WithholdingRow.url == url, WithholdingRow.lifted_at.is_(None))


def log(connection: Connection, url: str | None = None) -> list[Withholding]:
    """All entries, or those of an address, the oldest first."""
    columns = [WithholdingRow.__table__.columns[name] for name in Withholding.__slots__]
    statement = select(*columns).order_by(WithholdingRow.made_at, WithholdingRow.url)
    if url is not None:
        statement = statement.where(WithholdingRow.url == canonical(url))
    return [Withholding(**row) for row in connection.execute(statement).mappings()]


def current(connection: Connection) -> set[str]:
    """The addresses that are withheld."""
    return set(connection.execute(select(WithholdingRow.url).where(WithholdingRow.lifted_at.is_(None))).scalars())


def withhold(connection: Connection, url: str, reason: str, by: str, at: datetime) -> Withholding:
    """Withholds what an address has, had and will have; the entry that lasts already where there is one."""
    lasting = next((entry for entry in log(connection, url) if entry.lifted_at is None), None)
    if lasting is not None:
        return lasting
    digests = sorted({each.body_sha256 for each in observations.of_address(connection, url)})
    entry = {"url": canonical(url), "made_at": at, "lifted_at": None, "reason": reason, "by": by, "body_sha256": digests}
    connection.execute(insert(WithholdingRow).values(**entry))
    _elect(connection, url)
    return Withholding(**entry)  # type: ignore[arg-type] # the values stand above


def lift(connection: Connection, url: str, at: datetime) -> int:
    """How many entries (one or none) were lifted; they stay in the log."""
    lasting = (WithholdingRow.url == canonical(url), WithholdingRow.lifted_at.is_(None))
    lifted = connection.execute(update(WithholdingRow).where(*lasting).values(lifted_at=at)).rowcount
    _elect(connection, url)
    return lifted


def _elect(connection: Connection, url: str) -> None:
    """The same report at another address is shown in the place of a withheld one."""
    document_id = connection.execute(select(DocumentRow.id).where(DocumentRow.url == canonical(url))).scalar()
    if document_id is not None:
        elect(connection, document_id)


def same_content(connection: Connection, url: str) -> list[str]:
    """Other addresses that show, or once showed, the same report."""
    versions = select(ReportRow.content_sha256).join(DocumentRow, ReportRow.document_id == DocumentRow.id)
    own = versions.where(DocumentRow.url == canonical(url))
    others = select(DocumentRow.url).join(ReportRow, ReportRow.document_id == DocumentRow.id)
    others = others.where(ReportRow.content_sha256.in_(own), DocumentRow.url != canonical(url), shown(DocumentRow.url))
    return sorted(set(connection.execute(others).scalars()))


def without_excerpt(counts: Mapping[str, Any], withheld: set[str]) -> dict[str, Any]:
    """What a walk counted, without the words of a withheld page that spoke for its outcome."""
    evidence = counts.get("evidence")
    if not evidence or canonical(evidence["url"]) not in withheld:
        return dict(counts)
    return {**counts, "evidence": {**evidence, "excerpt": HIDDEN}}
