"""`giar archive import`: takes over pages that others archived."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from giar_crawler.archive import ArchiveError
from giar_crawler.archive.sources import Trouble, pages_of
from giar_crawler.cli.common import DEFAULT_ARCHIVE, DEFAULT_DATABASE, Archive, Database, Json, Refused, Stopped, put, refusals, say
from giar_crawler.register import RegisterError, load_register
from pipelines.storage import StorageError, open_storage


def import_pages(  # noqa: PLR0913 - one parameter per option
    sources: Annotated[
        list[Path], typer.Argument(metavar="SOURCE", help="WARC and WACZ files, folders of saved pages, folders of Scrapy's HTTP cache")
    ],
    urls: Annotated[
        Path | None, typer.Option("--urls", metavar="FILE", help="of a folder of saved pages: lines of file,url,date; else its urls.csv")
    ] = None,
    portals: Annotated[
        list[Path] | None, typer.Option("--portals", metavar="FILE|DIR", help="register files of your own, over the packaged")
    ] = None,
    *,
    database: Database = DEFAULT_DATABASE,
    archive: Archive = DEFAULT_ARCHIVE,
    as_json: Json = False,
) -> None:
    """Archives and reads the pages of others as if a walk had fetched them then; their portal is found by host. What is broken is named.

    Example: giar archive import county-2019.wacz --portals my-portals.yaml
    """
    # With it come Scrapy and the reading.
    from giar_crawler.runner.importing import COUNTS, Importer  # noqa: PLC0415

    if urls is not None and (len(sources) > 1 or not sources[0].is_dir() or not urls.is_file()):
        raise Refused(f"--urls {urls} goes with one folder of saved pages, and is a file")

    def tell(trouble: Trouble) -> None:
        say(f"giar: left out {trouble.where}: {trouble.what}")

    total: Counter[str] = Counter()
    with refusals(RegisterError, ArchiveError):
        register = load_register(portals or [])
        for source in sources:
            # What is no source at all is found before anything is done.
            pages_of(source, urls)
        importer = Importer(open_storage(database), archive, register)
    try:
        for source in sources:
            counts = importer.take(source, urls, tell)
            total += counts
            row = {"source": str(source), **{name: counts[name] for name in COUNTS}}
            put(json.dumps(row, ensure_ascii=False) if as_json else "  ".join(f"{name}={value}" for name, value in row.items()))
        importer.close()
    except (ArchiveError, StorageError) as error:
        raise Stopped(str(error)) from error
    except OSError as error:
        raise Stopped(f"{error}; what was imported is kept, and the same command continues") from error
    if total["faults"]:
        raise typer.Exit(1)
