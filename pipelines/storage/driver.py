"""Statements given to the driver as they are: SQLAlchemy's way there takes several times as long as a small one itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError, StatementError


def run(connection: Connection, text: str, parameters: Any = (), *, many: bool = False) -> DBAPICursor:  # noqa: ANN401 - as the driver has them
    """The driver's cursor with the answer. Raises what SQLAlchemy would raise."""
    cursor = connection.connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(text, parameters)
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrapped(connection, text, error) from error
    return cursor


def wrapped(connection: Connection, text: str, error: Exception) -> StatementError:
    """What SQLAlchemy would raise for an error of the driver."""
    driver = connection.dialect.loaded_dbapi
    return DBAPIError.instance(text, None, error, driver.Error, dialect=connection.dialect)
