"""The lock that keeps two runs off one portal. The system frees it when its process dies, however it dies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from pipelines.storage.engine import parse_url, sqlite_file
from pipelines.storage.errors import PortalLocked, StorageError, storage_errors
from pipelines.storage.schema import lock_key


@contextmanager
def portal_lock(url: str, portal_id: str) -> Iterator[None]:
    """Holds the portal while the block runs. Raises `PortalLocked` at once when another run on this database holds it."""
    if not re.fullmatch("[a-z0-9][a-z0-9_-]*", portal_id):
        raise ValueError(f"{portal_id!r} is no portal id")
    parsed = parse_url(url)
    shown = parsed.render_as_string()
    locked = PortalLocked(f"portal {portal_id} is being walked by another run on database {shown}; wait until it ends")
    file = sqlite_file(parsed)
    if file is not None:
        folder = file.with_name(file.name + "-locks")
        lock = FileLock(folder / f"{portal_id}.lock", timeout=0, thread_local=False)
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
    engine = create_engine(parsed, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with storage_errors(shown):
        connection = engine.connect()
        held = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": lock_key(f"portal:{portal_id}")}).scalar()
    try:
        if not held:
            raise locked
        yield
    finally:
        # Closing gives the lock back; whatever happened to the session meanwhile, this run is over.
        connection.close()
