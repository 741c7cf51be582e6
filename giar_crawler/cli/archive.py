"""`giar archive`: care of the page archive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from giar_crawler.archive import ArchiveError
from giar_crawler.archive.check import Checked, archive_files, check_file
from giar_crawler.cli.common import DEFAULT_ARCHIVE, Archive, Json, Refused, put, say

app = typer.Typer(help="Care of the page archive. Example: giar archive check", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Care of the page archive."""


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE", help="WARC files; without any, those of the archive")] = None,
    *,
    archive: Archive = DEFAULT_ARCHIVE,
    as_json: Json = False,
) -> None:
    """Reads every record, verifies every digest, and names what is torn or damaged and where; exit code 1 where anything is.

    Example: giar archive check --archive archive
    """
    try:
        paths = files or archive_files(archive)
        broken = False
        for path in paths:
            checked = check_file(path)
            broken |= bool(checked.faults)
            _put_checked(checked, as_json=as_json)
    except ArchiveError as error:
        raise Refused(str(error)) from error
    if not paths:
        say(f"giar: the archive {archive} has no files yet")
    if broken:
        raise typer.Exit(1)


def _put_checked(checked: Checked, *, as_json: bool) -> None:
    faults = [{"offset": fault.offset, "kind": "torn" if fault.torn else "damaged", "what": fault.what} for fault in checked.faults]
    if as_json:
        row = {"file": checked.file, "bytes": checked.size, "records": dict(sorted(checked.records.items())), "faults": faults}
        put(json.dumps(row, ensure_ascii=False))
        return
    records = ", ".join(f"{number} {kind}" for kind, number in sorted(checked.records.items()))
    put(f"{checked.file}: {checked.size} bytes, {records or 'no records'}{'' if faults else ', whole'}")
    for fault in faults:
        put(f"{checked.file}: {fault['kind']} at byte {fault['offset']}: {fault['what']}")
