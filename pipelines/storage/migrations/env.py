"""Alembic's entry: runs the migrations on the connection that `pipelines.storage.schema` hands over, in its transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Column

from pipelines.storage.models import Base
from pipelines.storage.schema import VERSION_TABLE
from pipelines.storage.types import ExactNumber, Instant, Json, Words

# A migration must not change when our types do: it names SQLAlchemy's own.
NEUTRAL = {
    ExactNumber: "sa.Numeric()",
    Instant: "sa.DateTime(timezone=True)",
    Words: "sa.Text()",
    Json: 'sa.JSON().with_variant(JSONB(), "postgresql")',
}


def render_item(kind: str, item: object, _: AutogenContext) -> str | Literal[False]:
    return NEUTRAL.get(type(item), False) if kind == "type" else False


def include_name(name: str | None, kind: str, _: Any) -> bool:  # noqa: ANN401 - Alembic's own type is internal
    # Other programs may keep tables in the same PostgreSQL database.
    return kind != "table" or name in Base.metadata.tables


def compare_type(_context: object, _inspected: object, column: Column[Any], _found: object, wanted: object) -> bool | None:
    # SQLite reflects our NUMERIC, which is no subclass of SQLAlchemy's; the name is all that a column type is there.
    return False if isinstance(wanted, ExactNumber) and str(_found) == "NUMERIC" and column is not None else None


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=compare_type,
    include_name=include_name,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
