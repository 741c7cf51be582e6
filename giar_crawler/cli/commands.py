"""All commands of `giar`, and how each ends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from giar_crawler.cli import (
    archive,
    archive_import,
    changes,
    codebook,
    correct,
    coverage,
    crawl,
    db,
    export,
    history,
    missing,
    parse,
    portals,
    rates,
    release,
    reparse,
    sample,
)
from giar_crawler.cli.common import CommandError, Stopped, end_output, ready_output, say
from pipelines.version import parser_version

app = typer.Typer(
    name="giar",
    help="Makes data of the yearly reports of Chinese government organs on information disclosure (政府信息公开工作年度报告): "
    "walks portals, archives every page, reads the reports, stores and exports their figures. Start with: giar crawl --help",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(parser_version())
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version that records carry, and exit.")
    ] = False,
) -> None:
    pass


app.command("crawl")(crawl.crawl)
app.command("parse")(parse.parse)
app.command("reparse")(reparse.reparse)
app.command("export")(export.export)
app.command("codebook")(codebook.codebook)
app.command("correct")(correct.correct)
app.command("history")(history.history)
app.command("changes")(changes.changes)
app.command("coverage")(coverage.coverage)
app.command("sample")(sample.sample)
app.command("rates")(rates.rates_of_sheet)
portals.app.command("missing")(missing.missing)
app.add_typer(portals.app, name="portals")
archive.app.command("import")(archive_import.import_pages)
app.add_typer(archive.app, name="archive")
app.add_typer(db.app, name="db")
app.add_typer(release.app, name="release")


# What Typer makes of Ctrl-C.
INTERRUPTED = 130


def run() -> None:
    """Runs the command line; every expected error is one message on stderr and its exit code."""
    ready_output()
    code = _exit_code(app)
    sys.exit(_exit_code(end_output) or code)


def _exit_code(step: Callable[[], object]) -> int:
    try:
        step()
    except CommandError as error:
        if str(error):
            say(f"giar: {error}")
        return error.exit_code
    except SystemExit as end:
        return Stopped.exit_code if end.code == INTERRUPTED else end.code if isinstance(end.code, int) else 0
    return 0
