"""The door to a database: what is wrong with it is said here, not hours later."""

from __future__ import annotations

import atexit
import os
import threading
from pathlib import Path

from pipelines.storage.engine import parse_url, sqlite_file
from pipelines.storage.errors import StorageError, StorageRefused
from pipelines.storage.schema import State
from pipelines.storage.storage import Storage

_open: dict[tuple[int, str], Storage] = {}
_opening = threading.Lock()


def open_storage(url: str, *, create: bool = True) -> Storage:
    """The storage of a database: one for the process and URL, however often it is asked for.

    Nothing is written yet. Raises `StorageRefused` for what is no supported URL, an older, newer or foreign database, and with
    `create=False` a missing one; `StorageError` for a file that is no database, a place that cannot be written, a silent server.
    """
    parsed = parse_url(url)
    key = (os.getpid(), parsed.render_as_string(hide_password=False))
    file = sqlite_file(parsed)
    if file is not None and file.is_dir():
        raise StorageError(f"database {parsed.render_as_string()}: {file} is a folder; name a file")
    with _opening:
        storage = _open.get(key) or Storage(parsed)
        if storage.check() is State.EMPTY and not create:
            raise StorageRefused(
                f"database {storage.shown_url}: there is nothing yet; give its URL with --database, or crawl a portal first"
            )
        if file is not None and create:
            _check_writable(storage.shown_url, file)
        if key not in _open:
            # SQLite moves what its log holds into the file when the last connection is closed; the file alone is whole then.
            atexit.register(storage.close)
            _open[key] = storage
        return storage


def _check_writable(shown_url: str, file: Path) -> None:
    """Raises `StorageError` now for what the first write would meet hours later."""
    there = next(path for path in (file, *file.absolute().parents) if path.exists())
    if there != file and not there.is_dir():
        raise StorageError(f"database {shown_url}: {there} is no folder, so nothing can be created in it")
    if not os.access(there, os.W_OK) or not os.access(there if there.is_dir() else there.absolute().parent, os.W_OK):
        raise StorageError(f"database {shown_url}: {there} may not be written; check its permissions or name another place")
