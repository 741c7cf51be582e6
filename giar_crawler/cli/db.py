"""`giar db`: care of the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from giar_crawler.cli.common import DEFAULT_DATABASE, Database, Json, put, refusals, say
from pipelines.storage import TableDigest, open_storage, parse_url
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
    with refusals():
        before, after = upgrade_database(parse_url(database))
    say(f"the database is at {after} already" if before == after else f"upgraded the database from {before or 'nothing'} to {after}")


@app.command()
def check(database: Database = DEFAULT_DATABASE, as_json: Json = False) -> None:
    """Says whether the database is sound, and what is in it, with a digest of each table: equal for equal databases, whatever their kind.

    Example: giar db check --database sqlite:///giar.db
    """
    with refusals():
        storage = open_storage(database, create=False)
        problems, tables = storage.problems(), storage.digests()
    if as_json:
        put(json.dumps({"problems": [asdict(problem) for problem in problems], **_json(tables)}, ensure_ascii=False))
    else:
        _print(tables)
    for problem in problems:
        say(f"{problem.count} {problem.what}; one is: {problem.example}")
    if problems:
        raise typer.Exit(1)
    say("the database is sound")


@app.command()
def copy(
    target: Annotated[str, typer.Argument(metavar="URL", help="the new database, e.g. postgresql://user@host/giar or sqlite:///copy.db")],
    database: Database = DEFAULT_DATABASE,
    as_json: Json = False,
) -> None:
    """Copies the database into a new one, of the same or another kind, and compares what is there with the digests; all or nothing.

    Example: giar db copy postgresql://giar@127.0.0.1/giar --database sqlite:///giar.db
    """
    with refusals():
        tables = open_storage(database, create=False).copy_into(open_storage(target))
    if as_json:
        put(json.dumps(_json(tables)))
    else:
        _print(tables)
    say(f"copied {sum(table.rows for table in tables.values())} rows; both databases have the same digests")


def _json(tables: Mapping[str, TableDigest]) -> dict[str, dict[str, dict[str, object]]]:
    return {"tables": {name: asdict(table) for name, table in tables.items()}}


def _print(tables: Mapping[str, TableDigest]) -> None:
    for name, table in tables.items():
        put(f"{name:<18} {table.rows:>10}  {table.sha256}")
