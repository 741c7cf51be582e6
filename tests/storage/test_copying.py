"""A database can be checked, and copied to another one of any kind with everything that is in it."""

import json
import sqlite3
import uuid

import psycopg
import pytest
from sqlalchemy import text

from giar_crawler.export.rows import KINDS
from pipelines.storage import Proposal, ReportFilter, StorageError, StorageRefused, Wanted, copying, open_storage
from tests import starting
from tests.storage.records import NOON, full, small

PORTAL = {"id": "a", "name": "甲县", "adcode": "610430", "level": "county", "home": "http://a/"}
OTHER = {**PORTAL, "id": "B-乙", "name": "乙"}


@pytest.fixture
def filled(database_url):
    storage = open_storage(database_url)
    for portal in (PORTAL, OTHER):
        storage.upsert_portal(portal)
    crawl = storage.start_crawl("a", NOON, {"years": [2019, None]})
    for n in range(3):
        storage.store_reading(small(f"http://a/{n}", str(n)), keep=True, portal_id="a", crawl_id=crawl.id, seen_at=NOON)
    # The one that is shown came last: the others point to a later row.
    for url in ("http://a/z", "http://a/y", "http://a/x"):
        storage.store_reading(small(url, "the same", title="甲县年报"), keep=True, portal_id="a", crawl_id=crawl.id, seen_at=NOON)
    storage.store_reading(full(), keep=True, portal_id="a", crawl_id=crawl.id, seen_at=NOON)
    storage.store_reading(full(title="changed", content_sha256="d" * 64), keep=True, portal_id="a", crawl_id=crawl.id, seen_at=NOON)
    storage.mark_gone(["http://a/0"], NOON)
    storage.correct([Proposal(Wanted(full().url), "requests.received_new[natural_person]", "16", "reason", "scan", "me")], NOON)
    return storage


def exported(storage):
    return {kind: list(KINDS[kind].rows(storage, ReportFilter())) for kind in KINDS}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_copy_of_any_kind_has_everything_and_goes_on_from_there(filled, kind, request, tmp_path):
    url = f"sqlite:///{tmp_path / 'copy.db'}" if kind == "sqlite" else request.getfixturevalue("other_postgres_url")
    copied = open_storage(url)
    tables = filled.copy_into(copied)
    assert tables == filled.digests() == copied.digests()
    assert {name for name, table in tables.items() if table.rows} >= {
        *("portals", "crawls", "documents", "reports", "figures", "findings", "corrections", "units", "absences"),
    }
    assert exported(copied) == exported(filled)
    assert copied.problems() == []
    # Ids go on behind those that were copied.
    for storage in (filled, copied):
        storage.store_reading(small("http://a/new", "new"), keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    assert exported(copied) == exported(filled)
    assert copied.digests()["documents"].rows == tables["documents"].rows + 1


@pytest.fixture
def other_postgres_url(postgres):
    name = f"copy_{uuid.uuid4().hex}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    return postgres.get_uri(database=name)


def test_a_copy_goes_into_a_new_database_only(filled, tmp_path):
    taken = open_storage(f"sqlite:///{tmp_path / 'taken.db'}")
    taken.upsert_portal(PORTAL)
    before = taken.digests()
    with pytest.raises(StorageRefused, match="holds data already"):
        filled.copy_into(taken)
    with pytest.raises(StorageRefused, match="holds data already"):
        filled.copy_into(filled)
    assert taken.digests() == before


def test_a_copy_that_differs_is_not_kept_and_can_be_repeated(filled, tmp_path, monkeypatch):
    target = open_storage(f"sqlite:///{tmp_path / 'copy.db'}")
    real = copying._copy_table

    def lossy(source, into, what):
        real(source, into, what)
        if what.name == "figures":
            into.execute(text("UPDATE figures SET value = value + 1 WHERE id = 1"))

    with monkeypatch.context() as broken:
        broken.setattr(copying, "_copy_table", lossy)
        with pytest.raises(StorageError, match="differs in figures; nothing was kept"):
            filled.copy_into(target)
    assert list(target.reports(ReportFilter())) == []
    assert filled.copy_into(target) == filled.digests()


def test_a_sound_database_and_what_is_wrong_in_another(filled):
    assert filled.problems() == []
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE figures SET value = NULL WHERE status = 'number' AND indicator = 'requests.received_new'"))
        connection.execute(text("UPDATE figures SET preferred = (source = 'prose') WHERE indicator = 'fees.charged'"))
        connection.execute(text("UPDATE figures SET preferred = (1 = 0) WHERE indicator = 'fees.charged' AND source = 'prose'"))
        connection.execute(text("UPDATE reports SET superseded_at = last_seen WHERE url = 'http://a/1'"))
        connection.execute(text("UPDATE documents SET duplicate_of = (SELECT min(id) FROM documents WHERE duplicate_of > 0) WHERE id = 1"))
    found = {problem.what: problem for problem in filled.problems()}
    assert set(found) == {
        "documents without a current version",
        "duplicates of what is itself a duplicate",
        "figures whose value and status contradict each other",
        "figures of which not exactly one is preferred",
    }
    assert found["documents without a current version"].example == "http://a/1"
    assert found["figures of which not exactly one is preferred"].count == 2


def test_rows_without_parents(sqlite_url):
    storage = open_storage(sqlite_url)
    storage.upsert_portal(PORTAL)
    storage.store_reading(full(), keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    storage.close()
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        connection.execute("DELETE FROM portals")
    problem = next(problem for problem in storage.problems() if problem.what == "rows without their parent")
    assert "has no portals" in problem.example


def test_the_commands(sqlite_url, tmp_path):
    storage = open_storage(sqlite_url)
    storage.upsert_portal(PORTAL)
    storage.store_reading(full(), keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    storage.close()

    def giar(*arguments):
        command = [*starting.GIAR, "db", *arguments, "--database", sqlite_url]
        return starting.run(command, capture_output=True, text=True, check=False)

    check = giar("check", "--json")
    assert check.returncode == 0
    assert check.stderr == "the database is sound\n"
    tables = json.loads(check.stdout)
    assert (tables["problems"], tables["tables"]["reports"]["rows"]) == ([], 1)
    copy = giar("copy", f"sqlite:///{tmp_path}/copy.db", "--json")
    assert copy.returncode == 0
    assert json.loads(copy.stdout)["tables"] == tables["tables"]
    again = giar("copy", f"sqlite:///{tmp_path}/copy.db")
    assert (again.returncode, again.stdout) == (2, "")
    with storage.engine.begin() as connection:
        connection.execute(text("UPDATE figures SET value = NULL WHERE status = 'number'"))
    storage.close()
    check = giar("check")
    assert check.returncode == 1
    assert "3 figures whose value and status contradict each other; one is: http://www.a.gov.cn/" in check.stderr
    assert "figures" in check.stdout
