"""`giar archive`: care of the page archive."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from giar_crawler.archive import ArchiveError, archive_files, read_page
from giar_crawler.archive.check import Checked, check_file
from giar_crawler.cli.common import (
    DEFAULT_ARCHIVE,
    DEFAULT_DATABASE,
    Archive,
    Database,
    Json,
    Refused,
    Stopped,
    put,
    put_bytes,
    say,
)
from giar_crawler.export.record import instant
from giar_crawler.register import SHANGHAI
from pipelines.storage import Observation, RecordRefused, StorageError, StorageRefused, open_storage

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


@app.command()
def get(  # noqa: PLR0913 - one parameter per option
    url: Annotated[str, typer.Argument(metavar="URL", help="the address of the page")],
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="as it was then: 2024-03-01, or 2024-03-01T12:00 (China's time, or with +00:00)"),
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="file to write; without it stdout")] = None,
    *,
    database: Database = DEFAULT_DATABASE,
    archive: Archive = DEFAULT_ARCHIVE,
    as_json: Json = False,
) -> None:
    """Writes an archived page as it was sent, the newest or that of a time; --json prints what is known of it instead.

    Example: giar archive get http://www.xjwqx.gov.cn/xjwqx/c128570/202601/1.shtml --at 2026-02-01 > page.html
    """
    moment = _moment(at) if at is not None else None
    try:
        seen = open_storage(database, create=False).observations_of(url)
        then = [each for each in seen if moment is None or each.fetched_at <= moment]
        found = next((each for each in then if 200 <= each.status < 300 and each.warc_file is not None), None)
        if found is None:
            raise Refused(_nothing(url, seen, at))
        page = read_page(archive, found.warc_file or "", found.warc_offset or 0)
    except (RecordRefused, StorageRefused) as error:
        raise Refused(str(error)) from error
    except StorageError as error:
        raise Stopped(str(error)) from error
    except ArchiveError as error:
        say(f"giar: {error}")
        raise typer.Exit(1) from error
    later = [f"{each.status} on {_shown(each.fetched_at)}" for each in then[: then.index(found)] if each.status >= 400]
    say(f"{found.url}, fetched {_shown(found.fetched_at)}" + (f"; later it answered {', '.join(later[:3])}" if later else ""))
    if as_json:
        facts = {**asdict(found), "fetched_at": instant(found.fetched_at), "context": asdict(page.context), "headers": page.headers}
        put(json.dumps(facts, ensure_ascii=False))
        return
    try:
        if output is not None:
            output.write_bytes(page.body)
        else:
            put_bytes(page.body)
    except OSError as error:
        raise Stopped(f"{output} cannot be written: {error.strerror or error}") from error


def _moment(text: str) -> datetime:
    """The moment that a user means: a day to its end, and China's time where no other is given. Raises Refused."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise Refused(f"--at {text}: expected a day or a time, such as 2024-03-01 or 2024-03-01T12:00+08:00") from None
    else:
        moment = datetime.combine(day, time.max)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _nothing(url: str, seen: Sequence[Observation], at: str | None) -> str:
    pages = [each for each in seen if 200 <= each.status < 300 and each.warc_file is not None]
    if pages:
        return f"{url} was not archived before {_shown(pages[-1].fetched_at)}, and --at is {at}"
    if seen:
        return f"{url} never gave a page; it answered {seen[0].status} on {_shown(seen[0].fetched_at)}"
    return f"{url} was never asked for; `giar export reports` lists the addresses of reports"
