"""CPU per page of a whole walk (archive, reading and storage on, delays off) beside a bare spider that fetches the same addresses.

`python -m bench.walk`. The portals are those of `demo.families`, over real HTTP; their server's time is not counted. What a run needs
before its first pages (Python, imports, a new database, word lists) is no cost of a page: it is measured and taken off both, for the walk
with one that ends at its first report.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from demo.families import family_register
from demo.server import DemoPortals

REQUIRED = 2.5
# A portal whose first report is a few pages away.
FIRST = "jcms-yandu"


def _cpu(command: list[str]) -> float:
    """The seconds of CPU that a command takes, with its children."""
    before = os.times()
    subprocess.run(command, check=False, capture_output=True)  # noqa: S603 # our own
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _places(folder: Path, name: str) -> list[str]:
    return ["--database", f"sqlite:///{folder}/{name}.db", "--archive", str(folder / name)]


def main() -> None:
    """Prints both times per page and their ratio."""
    with tempfile.TemporaryDirectory() as name, DemoPortals(0, families=True) as demo:
        folder = Path(name)
        register = folder / "families.yaml"
        register.write_text(family_register(demo.port), "utf-8")
        giar = [sys.executable, "-m", "giar_crawler.cli", "crawl", "--portals", str(register), "--delay", "0"]
        walk = _cpu([*giar, *_places(folder, "walk")])
        asked = dict(demo.requests)
        start = _cpu([*giar, FIRST, "--limit", "1", *_places(folder, "start")])
        pages = 2 * sum(asked.values()) - sum(demo.requests.values())
        (folder / "all").write_text("\n".join(asked), "utf-8")
        (folder / "none").write_text("", "utf-8")
        bare, idle = (_cpu([sys.executable, "-m", "bench.bare", str(folder / which)]) for which in ("all", "none"))
    own, floor = (walk - start) / pages * 1000, (bare - idle) / len(asked) * 1000
    print(
        f"walk of {sum(asked.values())} pages: {start:.1f} s of CPU to start, {own:.1f} ms of CPU a page; bare spider: {floor:.1f} ms; ",
        end="",
    )
    print(f"{own / floor:.2f} times, required <= {REQUIRED}: {'pass' if own / floor <= REQUIRED else 'BELOW'}")


if __name__ == "__main__":
    main()
