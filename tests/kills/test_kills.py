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
from urllib.parse import urlsplit

import pytest

from demo.server import DemoPortals, register
from giar_crawler.archive import read_page, read_pages
from giar_crawler.archive.check import check_file
from tests import starting
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
    process = starting.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    sleep(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def pages(workplace: Workplace) -> list[tuple[str, str]]:
    """Every whole page in the files of the archive, by address and time."""
    folder = workplace.folder / "archive"
    return sorted((page.url or "", str(page.fetched_at)) for page in read_pages(folder)) if folder.is_dir() else []


def finished(workplace: Workplace) -> set[str]:
    """The hosts of the portals whose walks came to their end."""
    if not (workplace.folder / "giar.db").exists():
        return set()
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        ended = "select home from portals join crawls on portals.id = crawls.portal_id where ended_at is not null"
        try:
            return {urlsplit(home).netloc for (home,) in connection.execute(ended)}
        except sqlite3.OperationalError:
            # Killed before there was a table.
            return set()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_walk(demo: DemoPortals, undisturbed: tuple[Workplace, float], tmp_path: Path, moment: int) -> None:
    whole, seconds = undisturbed
    workplace = Workplace(tmp_path)
    own = ["--portals", str(whole.folder / "portals.yaml")]
    demo.requests.clear()
    kill_during(workplace.arguments(*own), seconds * random.Random(f"walk {moment}").random())  # noqa: S311
    kept, done = pages(workplace), finished(workplace)
    workplace.crawl(*own)
    assert stored(workplace) == stored(whole)
    after = pages(workplace)
    assert set(kept) <= set(after), "the archive lost a page"
    # Each of six portals may have had a page under way. One whose walk had ended is walked anew.
    assert sum(urlsplit(url).netloc not in done for url in asked_twice(demo)) <= 6
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
    process = starting.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    end = random.Random(f"re-parse {moment}").random()  # noqa: S311
    # Beginning takes most of its time; what can be hurt begins with its first transaction.
    while not begun(workplace):
        sleep(0.01)
    sleep(end)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = starting.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert stored(workplace) == stored(whole)


def begun(workplace: Workplace) -> bool:
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        return bool(connection.execute("select count(*) from reparses").fetchone()[0])


def importing(workplace: Workplace, whole: Workplace) -> list[str]:
    """The import of all that a walk archived."""
    files = sorted(map(str, (whole.folder / "archive").iterdir()))
    places = ["--database", workplace.database, "--archive", str(workplace.folder / "archive")]
    own = ["--portals", str(whole.folder / "portals.yaml")]
    return [*starting.GIAR, "archive", "import", "--json", *files, *own, *places]


def imported(workplace: Workplace) -> dict[str, list[tuple]]:
    """What an import left, without ids, places in the archive and the order in which pages came."""
    queries = {
        "observations": """select url, fetched_at, request_key, status, body_sha256, portal_id, kind, page_outcome, refers_to is null
            from observations""",
        "documents": "select url, portal_id, first_seen, last_seen, gone_since, migration_date, duplicate_of is null from documents",
    }
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as connection:
        return stored(workplace) | {name: sorted(connection.execute(query), key=repr) for name, query in queries.items()}


@pytest.fixture(scope="module")
def undisturbed_import(undisturbed: tuple[Workplace, float], tmp_path_factory: pytest.TempPathFactory) -> tuple[Workplace, float]:
    """What an undisturbed import leaves, and for how many seconds it takes pages over."""
    workplace = Workplace(tmp_path_factory.mktemp("imported"))
    process = starting.Popen(importing(workplace, undisturbed[0]), stdout=subprocess.DEVNULL)
    wait_for_archive(workplace)
    begin = monotonic()
    assert process.wait(120) == 0
    return workplace, monotonic() - begin


def wait_for_archive(workplace: Workplace) -> None:
    end = monotonic() + 60
    while not (workplace.folder / "archive").is_dir():
        assert monotonic() < end
        sleep(0.005)


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_import(undisturbed: tuple[Workplace, float], undisturbed_import: tuple[Workplace, float], tmp_path: Path, moment: int) -> None:
    whole, seconds = undisturbed_import
    workplace, command = Workplace(tmp_path), importing(Workplace(tmp_path), undisturbed[0])
    process = starting.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    # Beginning takes a third of its time; what can be hurt begins with the first page.
    wait_for_archive(workplace)
    sleep(seconds * random.Random(f"import {moment}").random())  # noqa: S311
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    kept = pages(workplace)
    done = starting.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert imported(workplace) == imported(whole)
    # All of it, and nothing twice.
    assert pages(workplace) == pages(whole)
    assert set(kept) <= set(pages(workplace))
    faults = [fault for path in (workplace.folder / "archive").iterdir() for fault in check_file(path).faults]
    assert all(fault.torn for fault in faults)
