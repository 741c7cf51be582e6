"""One connection for many short transactions: to get one and to give it back takes longer than to store a page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine

from pipelines.storage.driver import run
from pipelines.storage.engine import BEGUN, how_to_begin

T = TypeVar("T")


class Kept:
    """A connection that stays open between its transactions, for one thread at a time. One on which something failed is thrown away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._running = threading.Lock()

    def run(self, work: Callable[[Connection], T], *, alone: bool = False) -> T:
        """What the work returns, done in a transaction; `alone` says that it is one statement, which SQLite makes one of by itself."""
        with self._running:
            connection = self._connection or self._engine.connect().execution_options(**{BEGUN: True})
            self._connection = None
            try:
                if not alone:
                    run(connection, how_to_begin(reads=False))
                result = work(connection)
                # SQLAlchemy has begun a transaction of its own where the work used more of it than the connection.
                if connection.in_transaction():
                    connection.commit()
                elif not alone:
                    run(connection, "COMMIT")
            except BaseException:
                connection.close()
                raise
            self._connection = connection
            return result

    def close(self) -> None:
        """Ends the connection; the next work opens another one."""
        with self._running:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
