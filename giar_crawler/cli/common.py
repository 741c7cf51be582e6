"""What the commands share: their errors with exit codes, and the options that mean the same everywhere."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer
from rich.cells import cell_len

from giar_crawler.items import SHANGHAI

DEFAULT_DATABASE = "sqlite:///giar.db"
DEFAULT_ARCHIVE = Path("archive")
# Widths of the columns of a line of `key=value`, so that the lines of one run stand below each other.
WIDTHS = {"portal": 20, "outcome": 20, "hosts": 24, "name": 16}


class CommandError(Exception):
    """A command cannot do what it was told; the message says what was tried, what was found and what to do next."""

    exit_code = 2


class Refused(CommandError):
    """The call, the register or a file is wrong; nothing was done."""


class Stopped(CommandError):
    """It could not run or had to stop; what was done is kept and the same command continues."""

    exit_code = 3


class ReaderGone(CommandError):
    """Whoever read our stdout (head, less) has seen enough; nothing is wrong and there is nobody to tell."""

    exit_code = 0


@contextmanager
def refusals(*others: type[Exception]) -> Iterator[None]:
    """Turns what the database refuses, and these errors, into `Refused`; what it cannot do now into `Stopped`."""
    # SQLAlchemy takes half a second to import; commands without a database do without it.
    from pipelines.storage import StorageError, StorageRefused  # noqa: PLC0415

    refused: tuple[type[Exception], ...] = (StorageRefused, *others)
    try:
        yield
    except refused as error:
        raise Refused(str(error)) from error
    except StorageError as error:
        raise Stopped(str(error)) from error


def ready_output() -> None:
    """Makes stdout UTF-8 whatever the locale: what it carries is data. Where it is closed, what is printed fails, not silently."""
    # Else the next file that is opened, an archive perhaps, would get the number of stdout.
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if isinstance(sys.stdout, TextIOWrapper):
        # A byte of a file name that is no UTF-8 comes out as the JSON escape of its surrogate.
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def put(line: str) -> None:
    """Prints a line of data to stdout. Raises ReaderGone, and Stopped where it cannot be written."""
    with _output():
        sys.stdout.write(line + "\n")


def put_bytes(data: bytes) -> None:
    """Writes bytes to stdout as they are. Raises as `put` does."""
    with _output():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)


def end_output() -> None:
    """Hands to the system what was printed. Raises as `put` does."""
    with _output():
        sys.stdout.flush()


@contextmanager
def _output() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # Python would try to write the rest once more at exit, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise ReaderGone from error
        raise Stopped(f"the output cannot be written: {error.strerror or error}") from error


def emit(row: Mapping[str, object], *, as_json: bool) -> None:
    """Prints one line to stdout at once: JSON, or `key=value` in columns."""
    line = json.dumps(row, ensure_ascii=False) if as_json else "  ".join(_cell(key, value) for key, value in row.items())
    put(line.rstrip())
    end_output()


def _cell(key: str, value: object) -> str:
    shown = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{key}={shown}" + " " * (WIDTHS.get(key, 6) - cell_len(shown))


def put_table(rows: Iterable[Iterable[str]]) -> None:
    """Prints aligned columns; a Chinese character is two cells wide on a terminal."""
    cells = [list(row) for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        line = "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        put(line.rstrip())


def say(message: str) -> None:
    """Prints a message to stderr, where it never mixes with data."""
    sys.stderr.write(message + "\n")


def moment(option: str, text: str) -> datetime:
    """The moment that an option names, in UTC: a day begins at midnight in China. Raises Refused."""
    try:
        named = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"{option} {text}: expected a date such as 2026-01-31, or 2026-01-31T08:00") from None
    return (named if named.tzinfo else named.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def clock(at: datetime) -> str:
    """A moment as it is printed for people: in China's time, to the minute."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


Database = Annotated[
    str, typer.Option("--database", envvar="GIAR_DATABASE", metavar="URL", help="SQLAlchemy URL of the database, e.g. sqlite:///giar.db")
]
Archive = Annotated[Path, typer.Option("--archive", envvar="GIAR_ARCHIVE", metavar="DIR", help="folder of the page archive (WARC files)")]
Json = Annotated[bool, typer.Option("--json", help="print the report as JSON")]
