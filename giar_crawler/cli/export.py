"""`giar export`: what is stored, as a file for spreadsheets or programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from giar_crawler.cli.common import DEFAULT_DATABASE, Database, Refused, Stopped, say
from giar_crawler.cli.filters import Form, Level, Mirrors, Place, Portals, ScopeOption, YearRange, make_filter
from giar_crawler.export.files import write_csv, write_jsonl
from giar_crawler.export.rows import KINDS
from pipelines.storage import StorageError, StorageRefused, open_storage

ENDINGS = (".csv", ".jsonl")


def export(  # noqa: PLR0913 - one parameter per option
    kind: Annotated[str, typer.Argument(metavar="KIND", help=f"what to write: {', '.join(KINDS)}")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help=f"file to write; ends in {' or '.join(ENDINGS)}")],
    *,
    database: Database = DEFAULT_DATABASE,
    portals: Portals = None,
    place: Place = None,
    level: Level = None,
    years: YearRange = None,
    form: Form = None,
    scope: ScopeOption = None,
    mirrors: Mirrors = True,
    with_text: Annotated[bool, typer.Option("--with-text", help="put the reports' text into reports.jsonl")] = False,
) -> None:
    """Writes the reports (the current version of each), their figures or findings, or the coverage of portals and years to FILE.

    Example: giar export figures -o figures.csv --place 610000 --years 2019-2023
    """
    chosen = KINDS.get(kind)
    if chosen is None:
        raise Refused(f"there is no export {kind!r}; there are: {', '.join(KINDS)}")
    ending = output.suffix.lower()
    if ending not in ENDINGS:
        raise Refused(f"{output}: the ending chooses the format and must be {' or '.join(ENDINGS)}, e.g. -o {kind}.csv")
    if with_text and (kind, ending) != ("reports", ".jsonl"):
        raise Refused("--with-text goes with: giar export reports -o FILE.jsonl")
    if output.is_dir() or not output.absolute().parent.is_dir():
        raise Refused(
            f"{output}: {'is a folder' if output.is_dir() else f'there is no folder {output.parent}'}; name a file in an existing one"
        )
    try:
        storage = open_storage(database, create=False)
        filters = make_filter(
            storage.portal_ids(), portals=portals, place=place, level=level, years=years, form=form, scope=scope, mirrors=mirrors
        )
        if ending == ".csv":
            count = write_csv(output, chosen.columns, chosen.rows(storage, filters))
        else:
            count = write_jsonl(output, chosen.objects(storage, filters, with_text))
    except StorageRefused as error:
        raise Refused(str(error)) from error
    except StorageError as error:
        raise Stopped(str(error)) from error
    except OSError as error:
        raise Stopped(f"{output} cannot be written: {error.strerror or error}; what was there before is kept") from error
    say(f"wrote {count} rows to {output}")
