"""`python -m demo`: starts the local portals, walks them into a database, exports the table, says what to type next, and stops them."""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import time
from io import TextIOWrapper
from itertools import islice
from pathlib import Path

from demo.places import PORT
from demo.server import REGISTER, AddressTakenError, DemoPortals, register

FIRST_LOOK = {"requests_received_count", "requests.received_new"}


def giar(*arguments: str) -> int:
    """The exit code of a `giar` command that shares this terminal. Ctrl-C reaches it too, so only its end is waited for."""
    command = [sys.executable, "-m", "giar_crawler.cli", *arguments]
    process = subprocess.Popen(command)  # noqa: S603 - our own program, with arguments from this module
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def first_look(table: Path, lines: int = 2) -> None:
    """The newest lines of each portal in the exported figures: how many requests for information were made in a year."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator"] in FIRST_LOOK and row["column"] in {"", "total"}]
    # Where a report has a table, its sentences only say the same again.
    told = [row for row in rows if row["scope"] == "consolidated" and (row["source"] == "table" or not row["form"])]
    newest = sorted(told, key=lambda row: row["report_year"], reverse=True)
    say(f"{'portal':<14} {'year':<5} {'indicator':<26} {'value':>6}  publisher")
    for portal in dict.fromkeys(row["portal"] for row in rows):
        for row in islice((row for row in newest if row["portal"] == portal), lines):
            say(f"{portal:<14} {row['report_year']:<5} {row['indicator']:<26} {row['value']:>6}  {row['publisher']}")


def walk(data: Path, port: int) -> int:
    """Walks the running portals and exports what was found; the exit code of the crawl, or of an export that failed."""
    data.mkdir(parents=True, exist_ok=True)
    portals = REGISTER
    if port != PORT:
        portals = data / "portals.yaml"
        portals.write_text(register(port), encoding="utf-8")
    database = ("--database", f"sqlite:///{data.as_posix()}/giar.db")
    code = giar("crawl", "--portals", str(portals), *database, "--archive", str(data / "archive"))
    if code > 1:
        return code
    tables = {data / "figures.csv": "figures", data / "reports.csv": "reports", data / "reports.jsonl": "reports"}
    for path, kind in tables.items():
        if failed := giar("export", kind, "-o", str(path), *database):
            return failed
    say()
    first_look(data / "figures.csv")
    programs = Path(sys.executable).parent
    shown = programs.relative_to(Path.cwd()) if programs.is_relative_to(Path.cwd()) else programs
    say(f"""
figures   {data / "figures.csv"}
reports   {data / "reports.csv"}, with texts and findings in {data / "reports.jsonl"}
database  {data / "giar.db"}
archive   {data / "archive"} (every page as it was received, WARC)

Next:
  run this again
      nothing is new, nothing is stored twice
  {shown / "python"} -m demo --serve
      only serves the portals, to look at them in a browser
  {shown / "giar"} export figures -o requests.jsonl --database sqlite:///{data.as_posix()}/giar.db
      the same figures as JSON Lines
  {shown / "giar"} portals list
      the real portals that are known""")
    return code


def serve(demo: DemoPortals) -> int:
    """Serves until Ctrl-C."""
    say("The demo portals are running. Ctrl-C stops them.")
    for address in demo.addresses:
        say(f"  {address}")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--serve", action="store_true", help="only serve the portals until Ctrl-C")
    parser.add_argument("--port", type=int, default=PORT, help=f"port of all portals (default {PORT})")
    parser.add_argument("--data", type=Path, default=Path("demo-data"), help="folder for database, archive and tables (default demo-data)")
    arguments = parser.parse_args()
    if isinstance(sys.stdout, TextIOWrapper):
        # In the C locale of a bare container Python may take stdout for ASCII.
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        with DemoPortals(arguments.port) as demo:
            return serve(demo) if arguments.serve else walk(arguments.data, demo.port)
    except AddressTakenError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    except OSError as error:
        sys.stderr.write(f"The demo cannot write to {arguments.data}: {error}. Choose another folder with --data.\n")
        return 3


if __name__ == "__main__":
    sys.exit(main())
