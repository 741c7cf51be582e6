"""CPU per page of a whole walk (archive, reading and storage on, delays off) beside a bare spider that fetches the same addresses.

`python -m bench.walk`. The portals are those of `demo.families`, over real HTTP; their server's time is not counted. What a run needs
before its first pages (Python, imports, a new database, word lists) is no cost of a page: it is measured and taken off both, for the walk
with one that ends at its first report. Everything runs three times in turn, and the least counts: on a machine with neighbours the same
run takes up to a third more.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from demo.families import family_register
from demo.server import DemoPortals

REQUIRED = 2.5
ROUNDS = 3
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


def _bare(addresses: Path) -> float:
    return _cpu([sys.executable, "-m", "bench.bare", str(addresses)])


def main() -> None:
    """Prints both times per page and their ratio."""
    walk, start, bare, idle = (list[float]() for _ in range(4))
    with tempfile.TemporaryDirectory() as name, DemoPortals(0, families=True) as demo:
        folder = Path(name)
        register, none, asked = folder / "families.yaml", folder / "none", folder / "asked"
        register.write_text(family_register(demo.port), "utf-8")
        none.touch()
        giar = [sys.executable, "-m", "giar_crawler.cli", "crawl", "--portals", str(register), "--delay", "0"]
        for number in range(ROUNDS):
            before = Counter(demo.requests)
            walk.append(_cpu([*giar, *_places(folder, f"walk{number}")]))
            walked = demo.requests - before
            start.append(_cpu([*giar, FIRST, "--limit", "1", *_places(folder, f"start{number}")]))
            first = demo.requests - before - walked
            asked.write_text("\n".join(walked), "utf-8")
            bare.append(_bare(asked))
            idle.append(_bare(none))
    own = (min(walk) - min(start)) / (walked.total() - first.total()) * 1000
    floor = (min(bare) - min(idle)) / len(walked) * 1000
    print(
        f"walk of {walked.total()} pages: {min(start):.1f} s of CPU to start, {own:.1f} ms of CPU a page; bare spider: {floor:.1f} ms; "
        f"{own / floor:.2f} times, required <= {REQUIRED}: {'pass' if own / floor <= REQUIRED else 'BELOW'}"
    )


if __name__ == "__main__":
    main()
