"""The tables of units, written from the program's own data: when a database is made or upgraded, and when these data have changed."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from pipelines.metadata.units import fingerprint, relations, units
from pipelines.storage.models import PackagedRow, UnitNameRow, UnitRelationRow, UnitRow

_NAME = "units"


def write_units(connection: Connection) -> bool:
    """Whether the tables had to be written. The caller's transaction keeps other processes out."""
    stored = connection.execute(select(PackagedRow.sha256).where(PackagedRow.name == _NAME)).scalar()
    if stored == fingerprint():
        return False
    for table in (UnitRelationRow, UnitNameRow, UnitRow):
        connection.execute(delete(table))
    made = units()
    columns = ("adcode", "name", "level")
    connection.execute(insert(UnitRow), [{"unit_id": unit.unit_id} | {name: getattr(unit.last, name) for name in columns} for unit in made])
    names = [
        {"unit_id": unit.unit_id, "position": position} | {name: getattr(place, name) for name in (*columns, "first_year", "last_year")}
        for unit in made
        for position, place in enumerate(unit.names)
    ]
    connection.execute(insert(UnitNameRow), names)
    fields = ("predecessor", "successor", "year", "kind", "source")
    connection.execute(insert(UnitRelationRow), [{name: getattr(relation, name) for name in fields} for relation in relations()])
    connection.execute(delete(PackagedRow).where(PackagedRow.name == _NAME))
    connection.execute(insert(PackagedRow).values(name=_NAME, sha256=fingerprint()))
    return True
