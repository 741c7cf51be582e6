"""CPU per page of a whole walk (archive, reading and storage on, delays off) beside a bare spider that fetches the same addresses.

`python -m bench.walk`. The portals are those of `demo.families`, over real HTTP; their server's time is not counted. Starting Python and
importing is: it is measured with an empty walk and taken off both.
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


def _cpu(command: list[str]) -> float:
    """The seconds of CPU that a command takes, with its children."""
    before = os.times()
    subprocess.run(command, check=False, capture_output=True)  # noqa: S603 # our own
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Prints both times per page and their ratio."""
    with tempfile.TemporaryDirectory() as name, DemoPortals(0, families=True) as demo:
        folder = Path(name)
        register = folder / "families.yaml"
        register.write_text(family_register(demo.port), "utf-8")
        giar = [sys.executable, "-m", "giar_crawler.cli", "crawl", "--portals", str(register), "--delay", "0"]
        places = ["--database", f"sqlite:///{folder}/x.db", "--archive", str(folder / "archive")]
        walk = _cpu([*giar, *places])
        asked = dict(demo.requests)
        (folder / "all").write_text("\n".join(asked), "utf-8")
        (folder / "none").write_text("", "utf-8")
        bare, idle = (_cpu([sys.executable, "-m", "bench.bare", str(folder / which)]) for which in ("all", "none"))
        start = _cpu([*giar, "--plan"])
    pages = sum(asked.values())
    own, floor = (walk - start) / pages * 1000, (bare - idle) / len(asked) * 1000
    print(f"walk of {pages} pages: {own:.1f} ms of CPU a page; bare spider: {floor:.1f} ms; ", end="")
    print(f"{own / floor:.2f} times, required <= {REQUIRED}: {'pass' if own / floor <= REQUIRED else 'BELOW'}")


if __name__ == "__main__":
    main()
