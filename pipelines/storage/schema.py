"""The state of a database: which migration it stands at, its creation on first write, its upgrade."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from enum import Enum, auto
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, text

from pipelines.storage.engine import BUSY_TIMEOUT, make_engine, sqlite_file
from pipelines.storage.errors import StorageError, StorageRefused, storage_errors
from pipelines.storage.models import Base
from pipelines.storage.units import write_units

MIGRATIONS = Path(__file__).with_name("migrations")
# Not Alembic's own name for it: a PostgreSQL database may be shared with programs that use Alembic too.
VERSION_TABLE = "giar_version"


class State(Enum):
    """What stands behind a URL."""

    EMPTY = auto()
    CURRENT = auto()
    OLDER = auto()
    NEWER = auto()
    FOREIGN = auto()


def migrate(connection: Connection, revision: str = "head") -> None:
    """Runs the migrations up to that one."""
    # Alembic takes a fifth of a second to import, and most commands find a database that needs none.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _revision(connection: Connection) -> str | None:
    revision: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one_or_none()  # noqa: S608 - our own name
    return revision


def revisions(folder: Path) -> list[str]:
    """Of the migrations there, the newest first, by the names of their files; Alembic would run all of them to know."""
    return sorted((path.name.partition("_")[0] for path in (folder / "versions").glob("v*.py")), reverse=True)


def _state(connection: Connection) -> State:
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in tables:
        # Any table in a SQLite file makes it somebody's; a PostgreSQL database may be shared as long as no name collides.
        ours = set(Base.metadata.tables)
        return State.FOREIGN if (tables if connection.dialect.name == "sqlite" else tables & ours) else State.EMPTY
    revision = _revision(connection)
    newest, *older = revisions(MIGRATIONS)
    if revision == newest:
        return State.CURRENT
    return State.OLDER if revision is None or revision in older else State.NEWER


def state(engine: Engine) -> State:
    """What stands behind the engine's URL. A SQLite file that is missing or has no bytes is `EMPTY`, and is not made by asking."""
    file = sqlite_file(engine.url)
    if file is not None and (not file.exists() or file.stat().st_size == 0):
        return State.EMPTY
    with engine.connect().execution_options(reads=True) as connection:
        return _state(connection)


def refuse(shown_url: str, found: State) -> None:
    """Raises `StorageRefused` for a database that today's code must not touch, with what to do."""
    if found is State.OLDER:
        raise StorageRefused(
            f"database {shown_url} has an older schema than this version of giar; upgrade it with: giar db upgrade --database {shown_url}"
        )
    if found is State.NEWER:
        raise StorageRefused(f"database {shown_url} was written by a newer version of giar; install that version or name another database")
    if found is State.FOREIGN:
        raise StorageRefused(f"database {shown_url} holds tables of another program; name another database")


def create(engine: Engine) -> None:
    """Makes the tables where there are none, and writes units where they are not today's.

    When several processes come at once, one does and the others wait for it.
    """
    file = sqlite_file(engine.url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        _use_wal(engine)
    with engine.begin() as connection:
        _serialize(connection)
        found = _state(connection)
        refuse(engine.url.render_as_string(), found)
        if found is State.EMPTY:
            migrate(connection)
        write_units(connection)


def upgrade(url: URL) -> tuple[str | None, str | None]:
    """The migration that the database stood at and the one it stands at now; all or nothing.

    Raises `StorageRefused` for a missing, newer or another program's database, `StorageError` when it cannot be used.
    """
    shown = url.render_as_string()
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise StorageRefused(f"database {shown}: there is no such file; a new database is created by the first command that writes")
    engine = make_engine(url, foreign_keys=False)
    try:
        with storage_errors(shown), engine.begin() as connection:
            _serialize(connection)
            found = _state(connection)
            if found is not State.OLDER:
                refuse(shown, found)
            before = None if found is State.EMPTY else _revision(connection)
            migrate(connection)
            write_units(connection)
            broken = connection.execute(text("PRAGMA foreign_key_check")).first() if file is not None else None
            if broken is not None:
                raise StorageError(
                    f"database {shown}: the upgrade would leave a row of {broken[0]} without its parent; nothing was changed"
                )
            return before, _revision(connection)
    finally:
        engine.dispose()


def _serialize(connection: Connection) -> None:
    """Waits until no other process creates or upgrades: SQLite's write lock does it, PostgreSQL needs a lock of its own."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_key("schema")})


def lock_key(name: str) -> int:
    """The 64-bit number under which PostgreSQL knows a lock of ours."""
    return int.from_bytes(hashlib.sha256(f"giar:{name}".encode()).digest()[:8], signed=True)


def _use_wal(engine: Engine) -> None:
    """Readers never wait for the writer then. The mode stays with the file; changing it is the one thing that does not wait for locks."""
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise StorageError(f"database {engine.url.render_as_string()}: {error}") from error
            time.sleep(0.05)
        else:
            return
        finally:
            raw.close()
