"""`kill -9` at seeded moments: after the same command again, the database is that of an undisturbed run, and the archive has lost nothing.

Some moments in every run of the tests, `GIAR_KILLS` of them in `make soak`.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from demo.server import DemoPortals, register
from giar_crawler.archive import read_page, read_pages
from tests.reparse.test_reparse import age, arguments
from tests.walk.conftest import Workplace
from tests.walk.test_demo import asked_twice, stored

MOMENTS = range(int(os.environ.get("GIAR_KILLS", "2")))


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoPortals]:
    with DemoPortals(0) as running:
        yield running


@pytest.fixture(scope="module")
def undisturbed(demo: DemoPortals, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workplace, float]:
    """What an undisturbed walk leaves, and how many seconds it takes."""
    workplace = Workplace(tmp_path_factory.mktemp("undisturbed"))
    (workplace.folder / "portals.yaml").write_text(register(demo.port), "utf-8")
    begin = monotonic()
    workplace.crawl("--portals", str(workplace.folder / "portals.yaml"))
    return workplace, monotonic() - begin


def kill_during(command: list[str], seconds: float) -> None:
    """Starts a command and kills it, with all its processes, after so many seconds; it may have come to its end."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    sleep(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def pages(workplace: Workplace) -> list[tuple[str, str]]:
    """Every whole page in the files of the archive, by address and time."""
    folder = workplace.folder / "archive"
    return sorted((page.url or "", str(page.fetched_at)) for page in read_pages(folder)) if folder.is_dir() else []


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_walk(demo: DemoPortals, undisturbed: tuple[Workplace, float], tmp_path: Path, moment: int) -> None:
    whole, seconds = undisturbed
    workplace = Workplace(tmp_path)
    own = ["--portals", str(whole.folder / "portals.yaml")]
    demo.requests.clear()
    kill_during(workplace.arguments(*own), seconds * random.Random(f"walk {moment}").random())  # noqa: S311
    kept = pages(workplace)
    workplace.crawl(*own)
    assert stored(workplace) == stored(whole)
    after = pages(workplace)
    assert set(kept) <= set(after), "the archive lost a page"
    # Each of six portals may have had a page under way.
    assert len(asked_twice(demo)) <= 6
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        index = connection.execute("select url, warc_file, warc_offset from observations where warc_file is not null").fetchall()
    for url, file, offset in index:
        assert read_page(workplace.folder / "archive", file, offset).url == url


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_reparse(undisturbed: tuple[Workplace, float], tmp_path: Path, moment: int) -> None:
    whole, _ = undisturbed
    shutil.copytree(whole.folder, tmp_path, dirs_exist_ok=True)
    workplace = Workplace(tmp_path)
    age(workplace)
    command = arguments(workplace)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    end = random.Random(f"re-parse {moment}").random()  # noqa: S311
    # Beginning takes most of its time; what can be hurt begins with its first transaction.
    while not begun(workplace):
        sleep(0.01)
    sleep(end)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert stored(workplace) == stored(whole)


def begun(workplace: Workplace) -> bool:
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        return bool(connection.execute("select count(*) from reparses").fetchone()[0])
