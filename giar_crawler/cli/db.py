"""`giar db`: care of the database."""

from __future__ import annotations

import typer

from giar_crawler.cli.common import DEFAULT_DATABASE, Database, Refused, Stopped, say
from pipelines.storage import StorageError, StorageRefused, parse_url
from pipelines.storage import upgrade as upgrade_database

app = typer.Typer(help="Care of the database. Example: giar db upgrade --database sqlite:///giar.db", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Care of the database."""


@app.command()
def upgrade(database: Database = DEFAULT_DATABASE) -> None:
    """Brings a database of an older version of giar to this version's schema; all or nothing.

    Example: giar db upgrade --database sqlite:///giar.db
    """
    try:
        before, after = upgrade_database(parse_url(database))
    except StorageRefused as error:
        raise Refused(str(error)) from error
    except StorageError as error:
        raise Stopped(str(error)) from error
    say(f"the database is at {after} already" if before == after else f"upgraded the database from {before or 'nothing'} to {after}")
