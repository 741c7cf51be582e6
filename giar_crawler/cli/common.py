"""What the commands share: their errors with exit codes, and the options that mean the same everywhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_DATABASE = "sqlite:///giar.db"
DEFAULT_ARCHIVE = Path("archive")


class CommandError(Exception):
    """A command cannot do what it was told; the message says what was tried, what was found and what to do next."""

    exit_code = 2


class Refused(CommandError):
    """The call, the register or a file is wrong; nothing was done."""


class Stopped(CommandError):
    """It could not run or had to stop; what was done is kept and the same command continues."""

    exit_code = 3


def say(message: str) -> None:
    """Prints a message to stderr, where it never mixes with data."""
    sys.stderr.write(message + "\n")


Database = Annotated[
    str, typer.Option("--database", envvar="GIAR_DATABASE", metavar="URL", help="SQLAlchemy URL of the database, e.g. sqlite:///giar.db")
]
Archive = Annotated[Path, typer.Option("--archive", envvar="GIAR_ARCHIVE", metavar="DIR", help="folder of the page archive (WARC files)")]
Json = Annotated[bool, typer.Option("--json", help="print the report as JSON")]
