"""The life of a database: created on first write, refused when it is another's or of another time, locked per portal."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, insert, inspect, text

from pipelines.storage import PortalLocked, ReportFilter, StorageError, StorageRefused, open_storage, portal_lock, schema, upgrade
from pipelines.storage.engine import make_engine, parse_url
from pipelines.storage.models import Base, DocumentRow, FigureRow, FindingRow, ReportRow
from pipelines.storage.rows import to_rows
from tests import starting
from tests.storage.records import NOON, full, small

PORTAL = {"id": "a", "name": "甲县", "adcode": "610430", "home": "http://a/"}


def fill(url):
    storage = open_storage(url)
    storage.upsert_portal(PORTAL)
    storage.close()
    return storage


def test_nothing_is_created_before_the_first_write(tmp_path):
    file = tmp_path / "new" / "folder" / "giar.db"
    storage = open_storage(f"sqlite:///{file}")
    assert list(storage.reports(ReportFilter())) == []
    assert sorted(storage.document_times("a")) == []
    assert not file.parent.exists()
    storage.upsert_portal(PORTAL)
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert open_storage(f"sqlite:///{file}", create=False) is storage


def test_migrations_make_what_the_models_say(database_url):
    storage = fill(database_url)
    with storage.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": schema.VERSION_TABLE,
                "compare_type": lambda _c, _i, _m, found, _w: None if str(found) != "NUMERIC" else False,
            },
        )
        assert compare_metadata(context, Base.metadata) == []
        tables = set(inspect(connection).get_table_names())
    assert tables == {
        *("portals", "crawls", "observations", "documents", "reports", "figures", "findings", "corrections"),
        *("units", "unit_names", "unit_relations", "packaged"),
        *("absences", "withholdings", "reparses", "reading_changes"),
        schema.VERSION_TABLE,
    }


def test_files_of_migrations_have_their_names():
    ordered = ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions()
    assert [script.revision for script in ordered] == schema.revisions(schema.MIGRATIONS)


def test_older_and_newer_databases_are_refused_and_an_upgrade_keeps_the_data(database_url, tmp_path, monkeypatch):
    storage = fill(database_url)
    storage.store_reading(full(), keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    future = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, future)
    (future / "versions" / "v9999_later.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'v9999'\ndown_revision = 'v0007'\n"
        "def upgrade():\n    with op.batch_alter_table('documents') as batch:\n"
        "        batch.add_column(sa.Column('note', sa.Text()))\n        batch.alter_column('url', type_=sa.String())\n"
    )
    with monkeypatch.context() as later:
        later.setattr(schema, "MIGRATIONS", future)
        with pytest.raises(StorageRefused, match="giar db upgrade --database"):
            open_storage(database_url)
        assert upgrade(parse_url(database_url)) == ("v0007", "v9999")
        assert [found.report for found in open_storage(database_url).reports(ReportFilter())] == [full()]
        assert upgrade(parse_url(database_url)) == ("v9999", "v9999")
    with pytest.raises(StorageRefused, match="newer version"):
        open_storage(database_url)
    with pytest.raises(StorageRefused, match="newer version"):
        upgrade(parse_url(database_url))


def test_a_database_of_the_first_schema_is_upgraded_with_its_figures(database_url):
    """What later versions know beside it, such as implied zeros, is empty; the rest is kept."""
    engine = make_engine(parse_url(database_url), foreign_keys=False)
    with engine.begin() as connection:
        schema.migrate(connection, "v0001")
    report = full(figures=full().figures[:3], encoding_confidence=None, scope_reason=None)
    rows = to_rows(report)
    row = {name: value for name, value in rows.report.items() if name not in {"encoding_confidence", "scope_reason", "text_sha256"}}
    old = [{name: value for name, value in figure.items() if not name.startswith("implied_")} for figure in rows.figures]
    times = {"first_seen": NOON, "last_seen": NOON, "superseded_at": None}
    with engine.begin() as connection:
        connection.execute(insert(DocumentRow), {"url": report.url, "first_seen": NOON, "last_seen": NOON})
        connection.execute(insert(ReportRow), {"document_id": 1, **times, **row})
        connection.execute(insert(FigureRow), [{"report_id": 1, **figure} for figure in old])
        connection.execute(insert(FindingRow), [{"report_id": 1, "first_seen": NOON, **remark} for remark in rows.findings])
    engine.dispose()
    with pytest.raises(StorageRefused, match="giar db upgrade"):
        open_storage(database_url)
    assert upgrade(parse_url(database_url)) == ("v0001", "v0007")
    assert [found.report for found in open_storage(database_url).reports(ReportFilter())] == [report]


def test_other_peoples_databases_are_refused(tmp_path, postgres_url):
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE portals (x)")
    with pytest.raises(StorageRefused, match="another program"):
        open_storage(f"sqlite:///{tmp_path / 'other.db'}")
    engine = make_engine(parse_url(postgres_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE procrastinate_jobs (x int)"))
    fill(postgres_url)
    engine.dispose()


def test_what_cannot_be_opened_says_why(tmp_path):
    text_file = tmp_path / "page.html"
    text_file.write_text("<html>" * 1000)
    for url, words in {
        f"sqlite:///{text_file}": "not a database",
        f"sqlite:///{tmp_path}": "is a folder; name a file",
        f"sqlite:///{text_file}/giar.db": "no folder",
        "sqlite:////proc/giar/giar.db": "proc",
        "postgresql://user:secret@127.0.0.1:9/giar": "onnection",
    }.items():
        with pytest.raises(StorageError, match=words) as caught:
            fill(url)
        assert "secret" not in str(caught.value)
        assert not isinstance(caught.value, StorageRefused)
    for url, words in {
        "giar.db": "sqlite:///FILE",
        "mysql://u:secret@host/x": "only sqlite",
        "postgresql+asyncpg://u:secret@host/x": "only sqlite",
        "sqlite://": "name a file",
        f"sqlite:///{tmp_path}/none.db": "nothing yet",
    }.items():
        with pytest.raises(StorageRefused, match=words) as caught:
            open_storage(url, create=False)
        assert "secret" not in str(caught.value)
    with pytest.raises(StorageRefused, match="no such file"):
        upgrade(parse_url(f"sqlite:///{tmp_path}/none.db"))


def test_a_database_in_a_place_that_cannot_be_written_is_read(tmp_path):
    """SQLite itself makes a file beside a database in WAL mode even to read it."""
    folder = tmp_path / "folder #1 100%"
    folder.mkdir()
    storage = fill(f"sqlite:///{folder}/giar.db")
    storage.store_reading(small("http://a/1", "kept"), keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    storage.close()
    code = """if True:
        import sys
        from pipelines.storage import ReportFilter, open_storage
        print(*(found.report.text for found in open_storage(sys.argv[1], create=sys.argv[2] == "write").reports(ReportFilter())))"""
    folder.chmod(0o500)
    # To root permissions mean nothing, unless it gives that up.
    humble = ["setpriv", "--inh-caps=-dac_override", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    command = [*humble, sys.executable, "-c", code, f"sqlite:///{folder}/giar.db"]
    run = [subprocess.run([*command, end], capture_output=True, text=True, check=False) for end in ("read", "write")]
    assert (run[0].stdout, run[1].stdout) == ("kept\n", "")
    assert "may not be written" in run[1].stderr


def test_a_full_disk_is_an_error_and_what_was_stored_is_kept(sqlite_url):
    storage = fill(sqlite_url)
    storage.store_reading(small("http://a/1", "kept"), keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    with storage.engine.connect().execution_options(reads=True) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    storage.close()
    event.listen(storage.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(StorageError, match="full"):
        storage.store_reading(small("http://a/2", "x" * 100_000), keep=True, portal_id="a", crawl_id=None, seen_at=NOON)
    storage.close()
    assert [found.report.text for found in storage.reports(ReportFilter())] == ["kept"]


def test_several_processes_create_and_write_at_once(database_url):
    script = (
        "import sys; from pipelines.storage import open_storage; from tests.storage.records import NOON, small\n"
        "storage = open_storage(sys.argv[1])\n"
        "storage.upsert_portal({'id': 'a', 'name': 'a'})\n"
        "for n in range(20): storage.store_reading(small(f'http://a/{n}', str(n)), keep=True, portal_id='a', crawl_id=None, seen_at=NOON)\n"
    )
    runs = [starting.Popen([sys.executable, "-c", script, database_url], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [run.communicate()[1] for run in runs] == [""] * 3
    assert len(open_storage(database_url).document_times("a")) == 20


def test_a_portal_is_walked_by_one_run_and_free_again_after_kill(database_url):
    script = (
        "import sys, time; from pipelines.storage import portal_lock\n"
        "with portal_lock(sys.argv[1], 'a'):\n    print('held', flush=True); time.sleep(60)\n"
    )
    run = starting.Popen([sys.executable, "-c", script, database_url], stdout=subprocess.PIPE, text=True)
    assert run.stdout.readline() == "held\n"
    with pytest.raises(PortalLocked, match="portal a is being walked"), portal_lock(database_url, "a"):
        pass
    with portal_lock(database_url, "b"):
        pass
    run.kill()
    run.wait()
    deadline = time.monotonic() + 10
    while True:
        try:
            with portal_lock(database_url, "a"):
                break
        except PortalLocked:
            # The server notices a dead client when it next looks at the socket.
            assert time.monotonic() < deadline
            time.sleep(0.1)
    with portal_lock(database_url, "a"), pytest.raises(PortalLocked), portal_lock(database_url, "a"):
        pass
    with pytest.raises(ValueError, match="no portal id"), portal_lock(database_url, "../a"):
        pass
