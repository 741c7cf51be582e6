"""CPU per page of a whole walk (archive, reading and storage on, delays off) beside a bare spider that fetches the same addresses.

`python -m bench.walk`. The portals are those of `demo.families`, over real HTTP; their server's time is not counted. What a run needs
before its first pages (Python, imports, a new database, word lists) is no cost of a page: it is measured and taken off both, for the walk
with one that ends at its first report. Everything runs five times in turn, and the median of the ratios counts: on a machine with
neighbours the same run takes up to a third more.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median

from demo.families import family_register
from demo.server import DemoPortals

REQUIRED = 2.5
ROUNDS = 5
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
    own, floor, starts = (list[float]() for _ in range(3))
    with tempfile.TemporaryDirectory() as name, DemoPortals(0, families=True) as demo:
        folder = Path(name)
        register, none, asked = folder / "families.yaml", folder / "none", folder / "asked"
        register.write_text(family_register(demo.port), "utf-8")
        none.touch()
        giar = [sys.executable, "-m", "giar_crawler.cli", "crawl", "--portals", str(register), "--delay", "0"]
        for number in range(ROUNDS):
            before = Counter(demo.requests)
            walk = _cpu([*giar, *_places(folder, f"walk{number}")])
            walked = demo.requests - before
            asked.write_text("\n".join(walked), "utf-8")
            bare = _bare(asked) - _bare(none)
            before = Counter(demo.requests)
            starts.append(_cpu([*giar, FIRST, "--limit", "1", *_places(folder, f"start{number}")]))
            own.append((walk - starts[-1]) / (walked.total() - (demo.requests - before).total()) * 1000)
            floor.append(bare / len(walked) * 1000)
    ratios = [one / other for one, other in zip(own, floor, strict=True)]
    print(
        f"walk of {walked.total()} pages: {median(starts):.1f} s of CPU to start, {median(own):.1f} ms of CPU a page; "
        f"bare spider: {median(floor):.1f} ms; {min(ratios):.2f} to {max(ratios):.2f} times, in the middle {median(ratios):.2f}, "
        f"required <= {REQUIRED}: {'pass' if median(ratios) <= REQUIRED else 'BELOW'}"
    )


if __name__ == "__main__":
    main()
