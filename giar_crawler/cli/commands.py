"""All commands of `giar`, and how each ends."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand
from typer.main import get_group

from giar_crawler.cli.common import CommandError, Stopped, end_output, ready_output, say
from pipelines.version import parser_version

# What each command or group does, in the order of the help. It is in the module of its name: a function of that name, or an `app`.
COMMANDS = {
    "crawl": "Walks portals, archives their pages, reads and stores reports.",
    "parse": "Reads saved pages and prints one record per FILE as JSON Lines.",
    "reparse": "Reads archived pages with today's code and says what changed.",
    "export": "Writes reports, figures, findings, a panel, coverage or changes.",
    "codebook": "Prints what every indicator and every cell of the forms is.",
    "correct": "Records reviewed values, which win over the reading.",
    "history": "Prints the versions of a report.",
    "changes": "Prints reports that are new, were edited, vanished or came back.",
    "coverage": "Prints the matrix of portals and report years.",
    "sample": "Draws cells at random for coding them by hand.",
    "rates": "Prints how often the reading is wrong, by such a sheet.",
    "portals": "The register of portals: what is in it, and whether it is valid.",
    "archive": "Care of the page archive.",
    "db": "Care of the database.",
    "release": "Freezes what is stored under a name that can be cited.",
}


class Unloaded(TyperCommand):
    """A command whose module, with all that it needs, is loaded when it is called: to load all of them takes a second."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:  # noqa: ANN401 # Typer's own
        """The call, of the command itself."""
        # Modules stay to the end: to look for garbage among them, while they load and at the end once more, took a quarter of a start.
        gc.disable()
        module = import_module(f"giar_crawler.cli.{self.name}")
        gc.freeze()
        gc.enable()
        alone = _app()
        if hasattr(module, "app"):
            alone.add_typer(module.app, name=self.name)
        else:
            alone.command(self.name)(getattr(module, str(self.name)))
        return get_group(alone).commands[str(self.name)].make_context(info_name, args, parent, **extra)


def _app(**given: Any) -> typer.Typer:  # noqa: ANN401 # as there
    return typer.Typer(**given, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


app = _app(
    name="giar",
    help="Makes data of the yearly reports of Chinese government organs on information disclosure (政府信息公开工作年度报告): "
    "walks portals, archives every page, reads the reports, stores and exports their figures. Start with: giar crawl --help",
    no_args_is_help=True,
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


for _name, _help in COMMANDS.items():
    app.command(_name, cls=Unloaded, help=_help)(lambda: None)


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
