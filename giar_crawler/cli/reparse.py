"""`giar reparse`: reads archived pages again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from giar_crawler.cli.common import DEFAULT_ARCHIVE, DEFAULT_DATABASE, Archive, Database, Json, Refused, Stopped, emit, moment, put, say
from giar_crawler.cli.filters import FORMS, Form, YearRange, chosen
from giar_crawler.export.columns import table
from giar_crawler.export.extras import ExtraMissing
from giar_crawler.export.formats import WRITERS, check_libraries
from giar_crawler.outcomes import PageOutcome
from giar_crawler.runner.progress import Progress
from giar_crawler.runner.reparse import Options, Reparse
from giar_crawler.spiders.arguments import BadArgumentError, parse_years
from pipelines.storage import Difference, PageFilter, Reread, StorageError, StorageRefused, open_storage
from pipelines.version import parser_version

# So many differences, or pages that could not be read, are shown one by one; --changes and --json have all differences.
MOST_SHOWN = 50


def reparse(  # noqa: PLR0913 - one parameter per option
    *,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=99, metavar="N", help="processes; one per core by default")] = None,
    portals: Annotated[list[str] | None, typer.Option("--portal", metavar="ID[,ID]", help="only pages of these portals")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="only pages fetched since then, e.g. 2026-01-31")] = None,
    years: YearRange = None,
    form: Form = None,
    outcome: Annotated[list[str] | None, typer.Option("--outcome", metavar="OUTCOME", help="only pages that were read as this")] = None,
    version: Annotated[list[str] | None, typer.Option("--parser-version", metavar="V", help="only pages read last by this version")] = None,
    stale: Annotated[bool, typer.Option("--stale", help="only pages read last by another version than today's")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would change; store nothing")] = False,
    changes: Annotated[Path | None, typer.Option("--changes", metavar="FILE", help="write all differences there, old and new")] = None,
    database: Database = DEFAULT_DATABASE,
    archive: Archive = DEFAULT_ARCHIVE,
    as_json: Json = False,
) -> None:
    """Reads archived pages again with today's code, asks no portal, and says what changed. The same command continues one that was killed.

    Example: giar reparse --stale --dry-run --changes changes.csv
    """
    if not archive.is_dir():
        raise Refused(f"--archive {archive}: there is no such folder; name the one that `giar crawl` wrote to")
    ending = changes.suffix.lower() if changes else ".csv"
    if changes is not None and (ending not in WRITERS or changes.is_dir() or not changes.absolute().parent.is_dir()):
        raise Refused(f"--changes {changes}: name a file that ends in one of {', '.join(WRITERS)}, in an existing folder")
    try:
        check_libraries(ending)
        storage = open_storage(database, create=False)
        wanted = parse_years(years)
        filters = PageFilter(
            portals=chosen("--portal", portals, storage.portal_ids()),
            since=None if since is None else moment("--since", since),
            years=(wanted.first, wanted.last),
            forms=chosen("--form", form, FORMS),
            outcomes=chosen("--outcome", outcome, tuple(PageOutcome)),
            versions=tuple(version or ()),
            other_than=parser_version() if stale else None,
        )
        run = Reparse(Options(database, archive, filters, workers or os.cpu_count() or 1, dry_run))
        sys.exit(_run(run, changes, as_json=as_json))
    except BadArgumentError as error:
        raise Refused(f"--years: {error}") from error
    except (StorageRefused, ExtraMissing) as error:
        raise Refused(str(error)) from error
    except StorageError as error:
        raise Stopped(str(error)) from error
    except OSError as error:
        raise Stopped(f"{changes} cannot be written: {error.strerror or error}") from error


def _run(run: Reparse, changes: Path | None, *, as_json: bool) -> int:
    """Runs it and prints its report; the exit code."""
    from rich.console import Console  # noqa: PLC0415 # slow to import, and `--help` does without it

    started = monotonic()
    with Progress(Console(stderr=True), run.line):
        differences = _shown(run.run(), as_json=as_json)
        if changes is not None:
            WRITERS[changes.suffix.lower()](changes, table("reading_changes"), (asdict(each) for each in differences))
        else:
            for _ in differences:
                pass
    for failure in run.failures[:MOST_SHOWN]:
        say(f"giar: {failure}")
    if len(run.failures) > MOST_SHOWN:
        say(f"giar: and {len(run.failures) - MOST_SHOWN} more pages could not be read")
    names = ("new_findings", "lost_findings", "changed_findings", "changed_figures", "changed_fields")
    counts = {name: run.counts[name] for name in ("pages", *(str(each) for each in Reread), *names)}
    emit({**counts, "failed": len(run.failures), "seconds": round(monotonic() - started, 1)}, as_json=as_json)
    if run.interrupted:
        say("giar: stopped; what was read is stored, the same command continues" if not run.options.dry_run else "giar: stopped")
        return Stopped.exit_code
    if not run.counts["pages"] and not run.failures:
        stale = run.options.filters.other_than
        which = f"that matches was read by another version than today's, {stale}" if stale else "matches"
        say(f"giar: no archived page {which}; `giar coverage` shows what there is")
    return int(bool(run.failures or run.counts["parser_findings"]))


def _shown(differences: Iterator[Difference], *, as_json: bool) -> Iterator[Difference]:
    """The differences, printed on their way."""
    number = 0
    for number, each in enumerate(differences, 1):
        if as_json:
            emit(asdict(each), as_json=True)
        elif number <= MOST_SHOWN:
            about = " ".join(str(part) for part in (each.portal, each.publisher, each.report_year) if part is not None)
            put(f"{about or each.document_url}  {each.kind} {each.name}: {_told(each.old)} -> {_told(each.new)}")
        yield each
    if not as_json and number > MOST_SHOWN:
        put(f"and {number - MOST_SHOWN} more differences; --changes FILE has them all")


def _told(value: str | None) -> str:
    return "nothing" if value is None else value
