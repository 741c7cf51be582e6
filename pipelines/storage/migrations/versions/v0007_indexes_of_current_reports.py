"""indexes that lead to few reports where a filter chooses few, and give exports their order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0007"
down_revision = "v0006"
branch_labels = None
depends_on = None

_OF_PORTAL = ["portal", "report_year", "document_id", "outcome", "form", "scope", "adcode", "publisher", "superseded_at"]
_OF_PUBLISHER = ["publisher", "scope", "adcode", "report_year", "document_id", "outcome", "form", "portal", "superseded_at"]


def _create(name: str, table: str, columns: list[str], condition: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def upgrade() -> None:
    _create("ix_reports_of_portal", "reports", _OF_PORTAL, "superseded_at IS NULL")
    _create("ix_reports_of_publisher", "reports", _OF_PUBLISHER, "superseded_at IS NULL")
    _create("ix_reports_superseded_at", "reports", ["superseded_at"], "superseded_at IS NOT NULL")
    for table, column in (("documents", "duplicate_of"), ("corrections", "withdrawn_at")):
        op.drop_index(f"ix_{table}_{column}", table)
        _create(f"ix_{table}_{column}", table, [column], f"{column} IS NOT NULL")
