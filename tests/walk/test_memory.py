"""A run that holds too much memory says so and goes on later; the memory of whoever started it is not its own."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from giar_crawler.extensions.memory import STATM

from .conftest import Portals, Workplace, links, page, report

LIMITED = "import sys; from giar_crawler import settings; settings.GIAR_MEMORY_MB = {}; from giar_crawler.cli import main; sys.exit(main())"
# 1 GB for a moment, given back before anything is started.
LARGE = "import subprocess, sys; taken = b'x' * (1 << 30); del taken; sys.exit(subprocess.run(sys.argv[1:]).returncode)"


def crawl(workplace: Workplace, portals: Portals, megabytes: int, *below: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", LIMITED.format(megabytes), "crawl"]
    arguments = workplace.arguments("--portals", str(portals.register()))[3:]
    return subprocess.run([*below, *program, *arguments[1:]], capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def county(portals: Portals) -> Portals:
    pages = {
        "/": page("某县", links(("/nb/", "政府信息公开年报"))),
        "/nb/": page("政府信息公开年报", links(("/2021.html", "某县人民政府2021年政府信息公开工作年度报告"))),
        "/2021.html": report("某县人民政府", 2021),
    }
    portals.add("x", pages)
    return portals


@pytest.mark.skipif(not STATM.exists(), reason="this system does not tell what a process holds")
def test_the_memory_of_the_process_that_started_it_does_not_count(workplace: Workplace, county: Portals) -> None:
    done = crawl(workplace, county, 700, sys.executable, "-c", LARGE)
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(workplace.folder / "giar.db") as database:
        assert database.execute("SELECT outcome FROM crawls").fetchall() == [("ok",)]


def test_too_much_ends_the_run_with_its_reason_and_the_same_command_continues(workplace: Workplace, county: Portals) -> None:
    done = crawl(workplace, county, 1)
    assert done.returncode == 3, done.stderr
    assert "GIAR_MEMORY_MB allows 1" in done.stderr
    assert "the same command continues" in done.stderr
    with sqlite3.connect(workplace.folder / "giar.db") as database:
        assert database.execute("SELECT ended_at FROM crawls").fetchall() == [(None,)]
    assert workplace.crawl("--portals", str(county.register())).outcome("x") == "ok"


def test_a_walk_of_plain_scrapy_says_it_too(workplace: Workplace, county: Portals) -> None:
    command = [str(Path(sys.executable).with_name("scrapy")), "crawl", "portal", "-a", "id=x", "-a", f"portals={county.register()}"]
    values = [f"GIAR_DATABASE={workplace.database}", f"GIAR_ARCHIVE={workplace.folder}/archive", "GIAR_MEMORY_MB=1"]
    settings = [part for value in values for part in ("-s", value)]
    done = subprocess.run(
        [*command, *settings], cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, env=os.environ, check=False
    )
    assert "the walk had to stop: it holds" in done.stderr
