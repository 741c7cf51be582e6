"""What can go wrong with the database, in words that say which one, what was found and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, SQLAlchemyError


class StorageError(Exception):
    """The database cannot be used, or stopped being usable. What was committed before is kept; the same command continues."""


class StorageRefused(StorageError):
    """The URL or the database behind it is not one to work with (missing, older, newer, another program's); nothing was done."""


class RecordRefused(ValueError):
    """One record cannot be stored as it is (its address, a value beyond the database's types); the database is well."""


class PortalLocked(StorageError):
    """Another run walks this portal now."""


class ReparseLocked(StorageError):
    """Another re-parse reads this database's pages now."""


@contextmanager
def storage_errors(shown_url: str) -> Iterator[None]:
    """Turns what a driver reports (disk full, no access, broken file, server gone) into a `StorageError` with the database's URL."""
    try:
        yield
    except (DataError, OverflowError) as error:
        raise RecordRefused(f"a value of the record does not fit the database: {error}") from error
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split()).rstrip(".")
        raise StorageError(f"database {shown_url}: {reason}. {_advice(reason)}") from error
    except SQLAlchemyError as error:
        raise StorageError(f"database {shown_url}: {error}") from error


def _advice(reason: str) -> str:
    for mark, advice in _ADVICE.items():
        if mark in reason:
            return advice
    return "What was stored before is kept; repair the cause and give the same command again."


# What SQLite and PostgreSQL say, and what helps.
_ADVICE = {
    "not a database": "Name another file with --database, or move this one away.",
    "malformed": "The file is damaged; restore a copy, or move it away and read the archive again with `giar reparse`.",
    "disk is full": "Free some space and give the same command again; what was stored before is kept.",
    "No space left": "Free some space and give the same command again; what was stored before is kept.",
    "unable to open": "Check that the folder exists and may be written.",
    "readonly": "Check the permissions of the file and its folder.",
    "read-only": "Check the permissions of the file and its folder.",
    "is locked": "Another program has held the database for more than 30 seconds; end it and give the same command again.",
    "does not exist": "Create it on the server first (createdb), or correct the URL.",
    "onnection": "Check that the server runs and that host, port, user and password are right.",
}
