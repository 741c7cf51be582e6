"""`giar release`: what is stored, frozen under a name that can be cited, and the errata between two of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from giar_crawler.cli.common import DEFAULT_DATABASE, Database, Json, Refused, Stopped, emit, put, say
from giar_crawler.export.columns import table
from giar_crawler.export.extras import ExtraMissing
from giar_crawler.export.formats import WRITERS, check_libraries
from giar_crawler.export.stata import Untold
from giar_crawler.release.create import TAG, Release
from giar_crawler.release.create import create as create_release
from giar_crawler.release.errata import Errata
from giar_crawler.release.merging import Workshop
from giar_crawler.release.opened import HOME, BadRelease, find, open_release
from pipelines.storage import StorageError, StorageRefused, open_storage

ENDINGS = ", ".join(WRITERS)
app = typer.Typer(help="Freezes what is stored under a name that can be cited. Example: giar release create 2026-03", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Freezes what is stored under a name that can be cited."""


@app.command()
def create(
    tag: Annotated[str, typer.Argument(metavar="TAG", help="its name: letters, digits, dots, hyphens, underscores, e.g. 2026-03")],
    *,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=f"new folder to write  [default: {HOME}/TAG]")] = None,
    database: Database = DEFAULT_DATABASE,
    as_json: Json = False,
) -> None:
    """Writes all exports of one state of the database into a new folder, with what it takes to make them again and to explain them.

    Example: giar release create 2026-03 --database sqlite:///giar.db
    """
    if not TAG.fullmatch(tag):
        raise Refused(f"{tag!r} is no name for a release: letters, digits, dots, hyphens and underscores, at most 64, e.g. 2026-03")
    folder = out or HOME / tag
    _check_place(folder, tag, made=out is None)
    try:
        storage = open_storage(database, create=False)
        folder.parent.mkdir(exist_ok=True)
        made = create_release(folder, tag, storage, datetime.now(UTC))
    except StorageRefused as error:
        raise Refused(str(error)) from error
    except StorageError as error:
        raise Stopped(str(error)) from error
    except OSError as error:
        raise Stopped(f"{folder} cannot be written: {error.strerror or error}; nothing is left of it") from error
    emit({"release": tag, "folder": str(folder), **made.rows}, as_json=as_json)
    _tell_readings(made)


def _check_place(folder: Path, tag: str, *, made: bool) -> None:
    """Raises Refused where a release cannot come; a folder of releases is made where it is the usual one."""
    if folder.exists() or folder.is_symlink():
        other = f"give the new release another tag than {tag}" if made else "name another folder with --out"
        raise Refused(f"{folder} is there already and is never overwritten; {other}")
    if not made and not folder.absolute().parent.is_dir():
        raise Refused(f"{folder}: there is no folder {folder.parent}; name a new folder in an existing one")


def _tell_readings(made: Release) -> None:
    """Says how many reports other code than today's read: who makes the release again needs that code."""
    others = {version: count for version, count in made.parser_versions.items() if version != made.today}
    if others:
        said = ", ".join(f"{count} by {version}" for version, count in others.items())
        say(f"read by other code than today's {made.today}: {said}; after `giar reparse --stale` one version reads all")


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="the older release: its tag, or its folder")],
    new: Annotated[str, typer.Argument(metavar="B", help="the newer release: its tag, or its folder")],
    *,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help=f"file for the errata; its ending: {ENDINGS}")] = None,
    as_json: Json = False,
) -> None:
    """Says what changed between two releases, each change as page, reading, correction or identity. Needs no database.

    Example: giar release diff 2026-03 2026-09 --out errata.csv
    """
    _check_file(out)
    try:
        older, newer = (open_release(find(name)) for name in (old, new))
        with TemporaryDirectory(prefix="giar-") as folder:
            errata = Errata(older, newer, Workshop(Path(folder)))
            count = WRITERS[out.suffix.lower()](out, table("errata"), errata) if out else sum(1 for _ in errata)
    except (BadRelease, ExtraMissing) as error:
        raise Refused(str(error)) from error
    except Untold as error:
        raise Stopped(str(error)) from error
    except OSError as error:
        raise Stopped(f"the errata cannot be written: {error.strerror or error}; TMPDIR names the folder for what is sorted") from error
    _tell(errata.summary(), as_json=as_json)
    say(f"wrote {count} rows to {out}" if out else f"{count} changes; --out FILE writes them")


def _check_file(out: Path | None) -> None:
    if out is None:
        return
    if out.suffix.lower() not in WRITERS:
        raise Refused(f"{out}: the ending chooses the format and must be one of {ENDINGS}, e.g. --out errata.csv")
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise Refused(f"{out}: name a file in an existing folder")
    try:
        check_libraries(out.suffix.lower())
    except ExtraMissing as error:
        raise Refused(str(error)) from error


def _tell(summary: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        put(json.dumps(summary, ensure_ascii=False))
        return
    versions = (", ".join(summary["parser_versions"][side]) for side in ("old", "new"))
    put(f"{summary['old']} -> {summary['new']}")
    put(f"read by  {' -> '.join(versions)}")
    put("made of  " + "  ".join(f"{name}={state}" for name, state in {**summary["made_of"], **_pages(summary["pages"])}.items()))
    for line in summary["errata"]:
        emit(line, as_json=False)


def _pages(pages: Mapping[str, int]) -> dict[str, str]:
    return {f"pages_{name}": str(count) for name, count in pages.items()}
