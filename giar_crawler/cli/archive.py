"""`giar archive`: care of the page archive."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from giar_crawler.archive import ArchiveError, archive_files, read_page
from giar_crawler.archive.check import Checked, check_file
from giar_crawler.cli.archive_import import import_pages
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
    refusals,
    say,
)
from giar_crawler.export.record import instant
from giar_crawler.items import SHANGHAI, Page
from pipelines.storage import NO_ANSWER, Observation, RecordRefused, Storage, Withholding, open_storage

if TYPE_CHECKING:
    from giar_crawler.archive.index import IndexedFile

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
    with refusals(RecordRefused):
        storage = open_storage(database, create=False)
        if (entry := next((entry for entry in storage.withholdings(url) if entry.lifted_at is None), None)) is not None:
            raise Refused(f"{url} is withheld since {_shown(entry.made_at)}: {entry.reason}")
        seen = storage.observations_of(url)
        then = [each for each in seen if moment is None or each.fetched_at <= moment]
        pages = [each for each in then if 200 <= each.status < 300 and each.warc_file is not None]
    if not pages:
        raise Refused(_nothing(url, seen, at))
    found, page = _readable(archive, pages)
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


def _readable(archive: Path, pages: Sequence[Observation]) -> tuple[Observation, Page]:
    """The first of these that the archive still holds whole; the others are named. Exits with 1 where it holds none."""
    for each in pages:
        try:
            return each, read_page(archive, each.warc_file or "", each.warc_offset or 0)
        except ArchiveError as error:
            say(f"giar: the page fetched {_shown(each.fetched_at)} cannot be read: {error}")
    raise typer.Exit(1)


@app.command()
def index(*, database: Database = DEFAULT_DATABASE, archive: Archive = DEFAULT_ARCHIVE, as_json: Json = False) -> None:
    """Makes the database's index of the archive again from the files alone; what was read of the pages is kept.

    Example: giar archive index --archive archive --database sqlite:///new.db && giar reparse --database sqlite:///new.db
    """
    # With it comes Scrapy, which takes half a second.
    from giar_crawler.archive.index import index_file  # noqa: PLC0415

    with refusals(ArchiveError):
        paths = archive_files(archive)
        storage = open_storage(database)
        files = [index_file(storage, path) for path in paths]
        for done in files:
            done.counts += storage.index_observations(done.later)
            _put_indexed(done, as_json=as_json)
        gone = {name: count for name, count in storage.archive_files().items() if name not in {path.name for path in paths}}
    for name, count in sorted(gone.items()):
        say(f"giar: {name} is not in {archive}; the database has {count} answers of it")
    if gone or any(done.faults or done.lost for done in files):
        raise typer.Exit(1)


def _put_indexed(done: IndexedFile, *, as_json: bool) -> None:
    counts = {name: done.counts[name] for name in ("inserted", "corrected", "unchanged")} | {"lost": done.lost}
    for fault in done.faults:
        say(f"giar: {done.file}: left out at byte {fault.offset}: {fault.what}")
    if done.lost:
        say(f"giar: {done.file}: the database has {done.lost} answers that the file does not have")
    put(json.dumps({"file": done.file, **counts, "faults": len(done.faults)}) if as_json else f"{done.file}: " + _listed(counts))


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())


@app.command()
def withhold(  # noqa: PLR0913 - one parameter per option
    url: Annotated[str | None, typer.Argument(metavar="URL", help="the address of the page; without it the log is printed")] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="why; for the log")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="who decided; else the user of this machine")] = None,
    *,
    lift: Annotated[bool, typer.Option("--lift", help="show the page again; the log keeps that it was withheld")] = False,
    database: Database = DEFAULT_DATABASE,
    archive: Archive = DEFAULT_ARCHIVE,  # noqa: ARG001 - the commands of the archive take the same places
    as_json: Json = False,
) -> None:
    """Hides what an address has, had and will have from every export and view; archive and database keep it, the log keeps its digests.

    Example: giar archive withhold http://www.xjwqx.gov.cn/xjwqx/c128570/202601/1.shtml --reason "names of applicants"
    """
    with refusals(RecordRefused):
        storage = open_storage(database, create=False)
        if url is None:
            entries = storage.withholdings()
        elif lift:
            if not storage.lift_withholding(url, datetime.now(UTC)):
                raise Refused(f"{url} is not withheld; `giar archive withhold` prints the log")
            entries = storage.withholdings(url)[-1:]
        else:
            entries = [_withheld(storage, url, reason, by or getuser())]
    for entry in entries:
        row = {**asdict(entry), "made_at": instant(entry.made_at), "lifted_at": instant(entry.lifted_at)}
        until = f" until {_shown(entry.lifted_at)}" if entry.lifted_at else ""
        text = (
            f"{entry.url}  withheld since {_shown(entry.made_at)}{until} by {entry.by}: {entry.reason} ({len(entry.body_sha256)} digests)"
        )
        put(json.dumps(row, ensure_ascii=False) if as_json else text)


def _withheld(storage: Storage, url: str, reason: str | None, by: str) -> Withholding:
    if not (reason or "").strip():
        raise Refused(f'{url}: say why, for the log: --reason "..."')
    if not storage.observations_of(url):
        raise Refused(f"{url} was never asked for, so there is nothing to withhold; `giar export reports` lists the addresses of reports")
    entry = storage.withhold(url, (reason or "").strip(), by, datetime.now(UTC))
    for other in storage.same_content(url):
        say(f"the same report is at {other}, which is not withheld")
    return entry


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
        answered = f"it answered {seen[0].status}" if seen[0].status != NO_ANSWER else "no answer came"
        return f"{url} never gave a page; {answered} on {_shown(seen[0].fetched_at)}"
    return f"{url} was never asked for; `giar export reports` lists the addresses of reports"


app.command("import")(import_pages)
