"""A database as a whole: what is in it as digests, and the same in another one. All functions work in the caller's transactions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, Table, bindparam, delete, select, update

from pipelines.storage.bulk import Bulk, advance
from pipelines.storage.errors import StorageError, StorageRefused
from pipelines.storage.models import Base, PackagedRow, UnitNameRow, UnitRelationRow, UnitRow
from pipelines.storage.types import Words

# What a new database has in it: tables of the program's own data, children before parents.
_PACKAGED = (UnitRelationRow, UnitNameRow, UnitRow, PackagedRow)
# Rows held in memory at a time.
CHUNK = 500


@dataclass(slots=True, frozen=True)
class TableDigest:
    """How many rows a table has, and SHA-256 over all their values in the order of the primary key: the same on every database."""

    rows: int
    sha256: str


def digests(connection: Connection) -> dict[str, TableDigest]:
    """Of every table by its name, parents before children."""
    return {table.name: _digest(connection, table) for table in Base.metadata.sorted_tables}


def copy(source: Connection, target: Connection) -> dict[str, TableDigest]:
    """Puts every row into the new database `target` and gives the digests.

    Raises `StorageRefused` where the target has rows other than the program's own units, `StorageError` where what can be read back there
    is not what is in the source.
    """
    own = [packaged.__table__ for packaged in _PACKAGED]
    if any(target.execute(select(table).limit(1)).first() for table in Base.metadata.sorted_tables if table not in own):
        raise StorageRefused(f"database {target.engine.url.render_as_string()} holds data already; a copy goes into a new one")
    for packaged in _PACKAGED:
        target.execute(delete(packaged))
    for table in Base.metadata.sorted_tables:
        _copy_table(source, target, table)
    before, after = digests(source), digests(target)
    if wrong := [name for name in before if before[name] != after[name]]:
        raise StorageError(f"the copy differs in {', '.join(wrong)}; nothing was kept of it")
    return after


def _copy_table(source: Connection, target: Connection, table: Table) -> None:
    # A row may point to one that comes later, so these columns are filled in the end.
    own = [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    nothing = dict.fromkeys((column.name for column in own), None)
    Bulk(table).add_each(target, ([{**row, **nothing} for row in rows] for rows in _chunks(source, table)))
    keys = list(table.primary_key)
    for column in own:
        fill = update(table).values({column: bindparam("own")})
        for key in keys:
            fill = fill.where(key == bindparam(f"key_{key.name}"))
        for rows in _chunks(source, table):
            pointing = [row for row in rows if row[column.name] is not None]
            if pointing:
                target.execute(fill, [{"own": row[column.name], **{f"key_{key.name}": row[key.name] for key in keys}} for row in pointing])
    advance(target, table)


def _chunks(connection: Connection, table: Table) -> Iterator[Sequence[RowMapping]]:
    """All rows in the order of the primary key, the same on every database."""
    statement = select(table).order_by(*(_by_code_points(connection, column) for column in table.primary_key))
    yield from connection.execution_options(yield_per=CHUNK).execute(statement).mappings().partitions(CHUNK)


def _by_code_points(connection: Connection, column: Column[Any]) -> Any:  # noqa: ANN401 - an expression
    return column.collate("C") if connection.dialect.name == "postgresql" and isinstance(column.type, Words) else column


def _digest(connection: Connection, table: Table) -> TableDigest:
    digest, count = hashlib.sha256(), 0
    for rows in _chunks(connection, table):
        for row in rows:
            digest.update(json.dumps(dict(row), sort_keys=True, default=str).encode() + b"\n")
        count += len(rows)
    return TableDigest(count, digest.hexdigest())
