"""`giar export`: what is stored, as a file for spreadsheets or programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from giar_crawler.cli.common import DEFAULT_DATABASE, Database, Refused, Stopped, say
from giar_crawler.cli.filters import Form, Level, Mirrors, Portals, ScopeOption, YearRange, make_filter
from giar_crawler.cli.places import Place
from giar_crawler.export.arrow import is_partitioned, write_partitions
from giar_crawler.export.bundle import is_bundle, write_bundle
from giar_crawler.export.columns import Table
from giar_crawler.export.extras import ExtraMissing
from giar_crawler.export.formats import WRITERS, check_libraries
from giar_crawler.export.rows import KINDS, Wide
from giar_crawler.export.stata import Untold
from pipelines.storage import StorageError, StorageRefused, open_storage

ENDINGS = ", ".join(WRITERS)


def export(  # noqa: PLR0913 - one parameter per option
    kind: Annotated[str, typer.Argument(metavar="KIND", help=f"what to write: {', '.join(KINDS)}")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help=f"file to write; its ending is the format: {ENDINGS}")
    ] = None,
    *,
    bundle: Annotated[
        Path | None,
        typer.Option("--bundle", metavar="DIR", help="write a data package that can be cited, instead of a file"),
    ] = None,
    database: Database = DEFAULT_DATABASE,
    portals: Portals = None,
    place: Place = None,
    level: Level = None,
    years: YearRange = None,
    form: Form = None,
    scope: ScopeOption = None,
    mirrors: Mirrors = None,
    layout: Annotated[
        Literal["long", "wide"], typer.Option("--layout", help="wide: a column for each indicator (panel) or cell of the forms (figures)")
    ] = "long",
    blanks: Annotated[
        Literal["none", "implied"], typer.Option("--blanks", help="implied: wide tables have a zero where a blank can be nothing else")
    ] = "none",
    with_text: Annotated[bool, typer.Option("--with-text", help="put the reports' text into reports.jsonl")] = False,
    partition: Annotated[
        str | None,
        typer.Option("--partition", metavar="COLUMN[,COLUMN]", help="write a folder of Parquet files, one for each value of these columns"),
    ] = None,
) -> None:
    """Writes the reports (the current version of each), their figures or findings, or the coverage of portals and years to FILE.

    Example: giar export figures -o figures.csv --place 610000 --years 2019-2023
    """
    chosen = KINDS.get(kind)
    if chosen is None:
        raise Refused(f"there is no export {kind!r}; there are: {', '.join(KINDS)}")
    wide = _wide(kind, layout, blanks)
    table = wide.table() if wide else chosen.table
    target = _target(kind, output, bundle)
    ending = target.suffix.lower() if output else ".csv"
    if with_text and (kind, ending) != ("reports", ".jsonl"):
        raise Refused("--with-text goes with: giar export reports -o FILE.jsonl")
    parts = _partition(partition, ending, table)
    _check_place(target, is_partitioned if parts else is_bundle if bundle else None)
    try:
        check_libraries(ending)
        storage = open_storage(database, create=False)
        filters = make_filter(
            storage.portal_ids(),
            portals=portals,
            place=place,
            level=level,
            years=years,
            form=form,
            scope=scope or list(chosen.scopes),
            mirrors=chosen.mirrors if mirrors is None else mirrors,
        )
        if wide:
            rows = wide.rows(storage, filters, blanks == "implied")
        else:
            rows = chosen.objects(storage, filters, with_text) if ending == ".jsonl" else chosen.rows(storage, filters)
        if bundle:
            coverage = KINDS["coverage"]
            beside = [] if kind == "coverage" else [(coverage.table, coverage.rows(storage, filters))]
            asked = {name: value for name, value in asdict(filters).items() if value not in (None, (), (None, None))}
            question = {"export": kind, "layout": layout, "blanks": blanks, **asked}
            count = write_bundle(bundle, [(table, rows), *beside], question)
        else:
            count = write_partitions(target, table, rows, parts) if parts else WRITERS[ending](target, table, rows)
        notes = chosen.left_out(storage, filters)
    except (StorageRefused, ExtraMissing) as error:
        raise Refused(str(error)) from error
    except (StorageError, Untold) as error:
        raise Stopped(str(error)) from error
    except OSError as error:
        raise Stopped(f"{target} cannot be written: {error.strerror or error}; what was there before is kept") from error
    say(f"wrote {count} rows to {target}")
    for note in notes:
        say(note)
    if not count:
        say("nothing in the database is what the call asks for; `giar coverage` shows which portals and years are there")


def _target(kind: str, output: Path | None, bundle: Path | None) -> Path:
    """The file or the folder to write."""
    if (output is None) == (bundle is None):
        raise Refused(f"one of -o FILE and --bundle DIR is needed, e.g. -o {kind}.csv")
    if output and output.suffix.lower() not in WRITERS:
        raise Refused(f"{output}: the ending chooses the format and must be one of {ENDINGS}, e.g. -o {kind}.csv")
    return output or bundle or Path()


def _check_place(target: Path, is_ours: Callable[[Path], bool] | None) -> None:
    """Raises Refused where there is no folder for the target, or something in its place that it must not replace.

    `is_ours` is given where the target is a folder, and tells the ones that may be replaced from somebody's own.
    """
    if not target.absolute().parent.is_dir():
        raise Refused(f"{target}: there is no folder {target.parent}; name a file in an existing one")
    if is_ours is None and target.is_dir():
        raise Refused(f"{target}: is a folder; name a file in an existing one")
    if is_ours and target.exists():
        if not target.is_dir():
            raise Refused(f"{target} is a file; name a new folder")
        if any(target.iterdir()) and not is_ours(target):
            raise Refused(f"{target}: is a folder with other files in it, which would be lost; name a new one")


def _wide(kind: str, layout: str, blanks: str) -> Wide | None:
    """The wide layout of an export where it is wanted."""
    if layout == "long":
        if blanks != "none":
            raise Refused("--blanks goes with --layout wide; the long tables have implied_value beside value")
        return None
    wide = KINDS[kind].wide
    if wide is None:
        there = ", ".join(name for name, one in KINDS.items() if one.wide)
        raise Refused(f"--layout wide goes with: {there}")
    return wide


def _partition(given: str | None, ending: str, table: Table) -> list[str]:
    """The columns to part a folder of Parquet files by; empty for one file."""
    columns = [name.strip() for name in (given or "").split(",") if name.strip()]
    if columns and ending != ".parquet":
        raise Refused("--partition goes with: -o FOLDER.parquet")
    if unknown := [name for name in columns if name not in table.names]:
        raise Refused(f"--partition {unknown[0]}: no column of this export; there are: {', '.join(table.names)}")
    return columns
