"""Connections: one way to open SQLite and PostgreSQL, with the settings that several writing processes need."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from pipelines.storage.driver import run
from pipelines.storage.errors import StorageRefused

# Seconds that a writer waits for another one before it gives up.
BUSY_TIMEOUT = 30
# The execution option of connections on which somebody else begins the transactions.
BEGUN = "begun"
DRIVERS = frozenset({"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"})


def parse_url(url: str) -> URL:
    """The URL as SQLAlchemy reads it. Raises `StorageRefused` for anything but a SQLite file or a PostgreSQL database."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageRefused(f"{url!r} is no database URL; write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE") from None
    shown = parsed.render_as_string(hide_password=True)
    if parsed.drivername not in DRIVERS:
        raise StorageRefused(f"database {shown}: only sqlite:///FILE and postgresql://… are supported")
    if parsed.get_backend_name() == "sqlite" and (parsed.database in {None, "", ":memory:"} or str(parsed.database).startswith("file:")):
        raise StorageRefused(f"database {shown}: name a file that lasts, for example sqlite:///giar.db")
    return parsed


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite URL, `None` for PostgreSQL."""
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def _reading_only(url: URL) -> dict[str, Any]:
    """What opens a file in a place that cannot be written; nothing for all others.

    SQLite makes a file beside it even for reading, unless it is told that nobody writes. Who writes has a file `-wal` there.
    """
    file = sqlite_file(url)
    if file is None or not file.is_file() or os.access(file.absolute().parent, os.W_OK) or file.with_name(file.name + "-wal").exists():
        return {}
    address = f"{file.absolute().as_uri()}?immutable=1"
    return {"creator": lambda: sqlite3.connect(address, uri=True, check_same_thread=False)}


def make_engine(url: URL, *, foreign_keys: bool = True) -> Engine:
    """An engine whose transactions begin as writers, unless the connection has the execution option `reads`.

    Errors never quote what a statement was to store: it may be withheld. `foreign_keys=False` is for migrations, which rebuild tables on
    SQLite. Raises `StorageRefused` when the driver is not installed.
    """
    try:
        if sqlite_file(url) is None:
            return create_engine(url, pool_pre_ping=True, hide_parameters=True)
        engine = create_engine(url, hide_parameters=True, **(_reading_only(url) or {"connect_args": {"timeout": BUSY_TIMEOUT}}))
    except ModuleNotFoundError as error:
        how = f"{sys.executable} -m pip install 'giar-crawler[postgres]'"
        raise StorageRefused(f"PostgreSQL needs the package {error.name}: {how}") from error

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _: object) -> None:
        # The driver would begin transactions by itself, late and as a reader; `begin` below does it.
        connection.isolation_level = None
        connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        connection.execute("PRAGMA synchronous=NORMAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if BEGUN not in options:
            run(connection, how_to_begin(reads=bool(options.get("reads"))))

    return engine


def how_to_begin(*, reads: bool) -> str:
    """The statement that begins a transaction of SQLite.

    One that first reads and then writes fails at once with "database is locked" when another one wrote in between, whatever the timeout;
    one that begins as a writer waits its turn.
    """
    return "BEGIN" if reads else "BEGIN IMMEDIATE"
