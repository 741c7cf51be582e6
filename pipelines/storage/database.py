"""One database: its connections, and what a transaction does when it meets another one, a full disk or a silent server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Self, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

from pipelines.storage.engine import make_engine, sqlite_file
from pipelines.storage.errors import StorageError, storage_errors
from pipelines.storage.kept import Kept
from pipelines.storage.schema import State, create, refuse, state

T = TypeVar("T")

# PostgreSQL ends one of two transactions that wait for each other (40P01) or see each other's rows change (40001); it may be repeated,
# after so many seconds.
_REPEATABLE = {"40P01", "40001"}
_PAUSES = (0.05, 0.1, 0.2, 0.4)


class Database:
    """One database; for all threads of a process. Reading an empty one finds nothing, the first write creates it.

    Every method raises `StorageError` when the database cannot do it; what was committed before is kept.
    """

    def __init__(self, url: URL) -> None:
        self.engine = make_engine(url)
        self.shown_url = url.render_as_string()
        # A file, whose writes take less than a thread does.
        self.is_local = sqlite_file(url) is not None
        self._writing = threading.Lock()
        self._kept = Kept(self.engine)
        # What stands there was looked at; the tables are there and today's.
        self._known = self._ready = False
        # The connection of `one_state`.
        self._held: Connection | None = None

    def close(self) -> None:
        """Ends the connections; the next call opens new ones."""
        self._kept.close()
        self.engine.dispose()

    def check(self) -> State:
        """What stands behind the URL. Raises `StorageRefused` for an older, newer or foreign database."""
        with storage_errors(self.shown_url):
            found = state(self.engine)
        refuse(self.shown_url, found)
        return found

    @contextmanager
    def one_state(self) -> Iterator[Self]:
        """The same database, of which everything that is read sees the state at the first reading; for one thread, and only to read."""
        with self._reading() as connection:
            view = copy(self)
            view._held = connection  # noqa: SLF001 - one of us
            yield view

    @contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        """A connection that sees one state of the database; `None` while there is none."""
        if self._held is not None:
            yield self._held
            return
        if not self._known:
            if self.check() is State.EMPTY:
                yield None
                return
            self._known = True
        level = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if self.engine.dialect.name == "postgresql" else {}
        with storage_errors(self.shown_url), self.engine.connect() as connection:
            yield connection.execution_options(reads=True, **level)

    def _glance(self, work: Callable[[Connection], T]) -> T | None:
        """What a lookup finds that every page of a walk needs, with one statement as a rule; `None` while there is no database."""
        if not (self.is_local and self._known) or self._held is not None:
            with self._reading() as connection:
                return work(connection) if connection else None
        with storage_errors(self.shown_url):
            return self._kept.run(work, alone=True)

    def _write(self, work: Callable[[Connection], T], *, alone: bool = False) -> T:
        """What the work returns, once it is stored; `alone` as in `Kept.run`."""
        with self._writing, storage_errors(self.shown_url):
            if not self._ready:
                try:
                    create(self.engine)
                except OSError as error:
                    raise StorageError(f"database {self.shown_url}: {error}. Check that the folder exists and may be written.") from error
                self._known = self._ready = True
            for pause in _PAUSES:
                try:
                    return self._transact(work, alone=alone)
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", None) not in _REPEATABLE:
                        raise
                    time.sleep(pause)
            return self._transact(work, alone=alone)

    def _transact(self, work: Callable[[Connection], T], *, alone: bool) -> T:
        if self.is_local:
            return self._kept.run(work, alone=alone)
        # A server may have been started anew since the last page.
        with self.engine.begin() as connection:
            return work(connection)
