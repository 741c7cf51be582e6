"""The locks that keep two runs off one portal, and two re-parses off one database. The system frees one when its process dies, however."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout
from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from pipelines.storage.engine import parse_url, sqlite_file
from pipelines.storage.errors import PortalLocked, ReparseLocked, StorageError, storage_errors
from pipelines.storage.schema import lock_key


@contextmanager
def portal_lock(url: str, portal_id: str) -> Iterator[None]:
    """Holds the portal while the block runs. Raises `PortalLocked` at once when another run on this database holds it."""
    if not re.fullmatch("[a-z0-9][a-z0-9_-]*", portal_id):
        raise ValueError(f"{portal_id!r} is no portal id")
    parsed = parse_url(url)
    shown = parsed.render_as_string()
    locked = PortalLocked(f"portal {portal_id} is being walked by another run on database {shown}; wait until it ends")
    with _held(parsed, f"{portal_id}.lock", f"portal:{portal_id}", locked):
        yield


@contextmanager
def reparse_lock(url: str) -> Iterator[None]:
    """Holds the re-parse of a database while the block runs. Raises `ReparseLocked` at once when another one holds it."""
    parsed = parse_url(url)
    locked = ReparseLocked(f"another re-parse is running on database {parsed.render_as_string()}; wait until it ends")
    # No portal's id begins with a dot.
    with _held(parsed, ".reparse.lock", "reparse", locked):
        yield


@contextmanager
def _held(url: URL, file_name: str, key: str, locked: StorageError) -> Iterator[None]:
    """Holds a lock: a file beside a SQLite database, else an advisory lock of the server. Raises `locked` where another process does."""
    shown = url.render_as_string()
    file = sqlite_file(url)
    if file is not None:
        folder = file.with_name(file.name + "-locks")
        lock = FileLock(folder / file_name, timeout=0, thread_local=False)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise locked from None
        except OSError as error:
            raise StorageError(f"database {shown}: its lock cannot be written: {error}") from error
        try:
            yield
        finally:
            lock.release()
        return
    # A connection of its own: the lock lasts as long as the session.
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with storage_errors(shown):
        connection = engine.connect()
        held = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": lock_key(key)}).scalar()
    try:
        if not held:
            raise locked
        yield
    finally:
        # Closing gives the lock back; whatever happened to the session meanwhile, this run is over.
        connection.close()
