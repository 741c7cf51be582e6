"""The tables of units: filled with the database, written again when the program's data have changed, else left alone."""

import subprocess
import sys

import pytest
from sqlalchemy import delete, func, select, update

from pipelines.metadata.units import relations, unit_of, units
from pipelines.storage import ReportFilter, Storage, parse_url, schema, upgrade
from pipelines.storage import units as unit_tables
from pipelines.storage.engine import make_engine
from pipelines.storage.models import PackagedRow, UnitNameRow, UnitRelationRow, UnitRow
from tests import starting

PORTAL = {"id": "a", "name": "甲县", "adcode": "610430", "home": "http://a/"}


@pytest.fixture
def storage(database_url):
    storage = Storage(parse_url(database_url))
    storage.upsert_portal(PORTAL)
    yield storage
    storage.close()


def rows(storage, table, *columns):
    with storage.engine.connect().execution_options(reads=True) as connection:
        return connection.execute(select(*(getattr(table, column) for column in columns)).order_by(*columns)).all()


def counts(storage):
    with storage.engine.connect().execution_options(reads=True) as connection:
        tables = (UnitRow, UnitNameRow, UnitRelationRow, PackagedRow)
        return [connection.execute(select(func.count()).select_from(table)).scalar() for table in tables]


FULL = [len(units()), sum(len(unit.names) for unit in units()), len(relations()), 1]


def spoil(storage):
    """As if another version of the program had filled the tables."""
    with storage.engine.begin() as connection:
        connection.execute(delete(UnitRelationRow))
        connection.execute(update(UnitRow).values(name="?"))
        connection.execute(update(PackagedRow).values(sha256="older"))


def test_a_new_database_has_all_units_with_names_and_relations(storage):
    assert counts(storage) == FULL
    unit = unit_of("330112")
    with storage.engine.connect().execution_options(reads=True) as connection:
        names = connection.execute(
            select(UnitNameRow.adcode, UnitNameRow.name, UnitNameRow.level, UnitNameRow.first_year, UnitNameRow.last_year)
            .where(UnitNameRow.unit_id == unit.unit_id)
            .order_by(UnitNameRow.position)
        ).all()
        today = connection.execute(select(UnitRow.adcode, UnitRow.name, UnitRow.level).where(UnitRow.unit_id == unit.unit_id)).one()
    assert names == [(place.adcode, place.name, place.level, place.first_year, place.last_year) for place in unit.names]
    assert today == ("330112", "临安区", "county")
    stored = rows(storage, UnitRelationRow, "year", "predecessor", "successor", "kind", "source")
    assert {tuple(row) for row in stored} == {
        (found.year, found.predecessor, found.successor, found.kind, found.source) for found in relations()
    }


def test_an_upgrade_fills_the_tables(database_url):
    engine = make_engine(parse_url(database_url), foreign_keys=False)
    with engine.begin() as connection:
        schema.migrate(connection, "v0002")
    engine.dispose()
    assert upgrade(parse_url(database_url)) == ("v0002", "v0007")
    storage = Storage(parse_url(database_url))
    assert counts(storage) == FULL
    spoil(storage)
    assert upgrade(parse_url(database_url)) == ("v0007", "v0007")
    assert counts(storage) == FULL
    storage.close()


def test_changed_data_are_written_by_the_first_write_of_a_process_and_by_no_reading(storage):
    spoil(storage)
    later = Storage(storage.engine.url)
    list(later.reports(ReportFilter()))
    assert counts(storage)[2] == 0
    later.upsert_portal(PORTAL)
    later.close()
    assert counts(storage) == FULL
    assert "?" not in {name for (name,) in rows(storage, UnitRow, "name")}


def test_equal_data_are_not_written_again(storage, monkeypatch):
    def refuse():
        raise AssertionError("units were made")

    monkeypatch.setattr(unit_tables, "units", refuse)
    again = Storage(storage.engine.url)
    again.upsert_portal(PORTAL)
    again.close()
    with storage.engine.begin() as connection:
        assert unit_tables.write_units(connection) is False


def test_several_processes_write_changed_data_at_once(storage):
    spoil(storage)
    storage.close()
    code = (
        "import sys; from pipelines.storage import open_storage\n"
        "open_storage(sys.argv[1]).upsert_portal({'id': sys.argv[2], 'name': 'a'})\n"
    )
    url = storage.engine.url.render_as_string(hide_password=False)
    runs = [starting.Popen([sys.executable, "-c", code, url, name], stderr=subprocess.PIPE, text=True) for name in "bcd"]
    assert [run.communicate()[1] for run in runs] == [""] * 3
    assert counts(storage) == FULL
    assert storage.portal_ids() == ["a", "b", "c", "d"]
