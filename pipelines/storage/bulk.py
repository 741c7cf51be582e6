"""Many rows into one table at once: by COPY on PostgreSQL, with one statement for all of them on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Integer, Table, func, insert, select

from pipelines.storage.prepared import Prepared, Values


class Bulk:
    """New rows of one table. All calls give values of the same names."""

    def __init__(self, table: Table) -> None:
        # Inline: without it PostgreSQL gives back the id of each row.
        self._insert = Prepared(lambda _: insert(table).inline())
        self._table = table

    def add(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Stores them, or raises what SQLAlchemy would raise and stores none."""
        if rows:
            self.add_each(connection, [rows])

    def add_each(self, connection: Connection, chunks: Iterable[Sequence[Values]]) -> None:
        """As `add`, of so many rows that they come one chunk after the other, none of them empty."""
        if connection.dialect.name == "postgresql":
            self._insert.copy_in(connection, self._table.name, chunks)
        else:
            for rows in chunks:
                self._insert.run_each(connection, rows)


def advance(connection: Connection, table: Table) -> None:
    """Lets PostgreSQL go on behind the highest id: it counts ids by itself and does not look at those that it was given."""
    keys = list(table.primary_key)
    if connection.dialect.name != "postgresql" or len(keys) != 1 or not isinstance(keys[0].type, Integer):
        return
    highest = connection.execute(select(func.max(keys[0]))).scalar()
    if highest is not None:
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, keys[0].name), highest)))
