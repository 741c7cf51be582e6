"""Disks that get full within a walk, a re-parse or an import: the command says so, and after room was made the same one ends as always.

Each is a real file system of its own, of some megabytes of memory.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import pytest

from demo.server import DemoPortals, register
from giar_crawler.archive.check import check_file
from pipelines.storage import Storage, parse_url
from tests import starting
from tests.reparse.test_reparse import age
from tests.walk.conftest import COMMAND, Workplace
from tests.walk.test_demo import asked_twice, stored

PORTALS = ("demo-chunhua", "demo-xunyi")
MEGABYTES = 64


@dataclass
class Disk:
    """A small file system; `fill` leaves so many bytes of it, `free` gives all of it back."""

    folder: Path

    def fill(self, leave: int = 0) -> None:
        spare = self.folder / "spare"
        spare.write_bytes(bytes(leave))
        with (self.folder / "filler").open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)) == 4096:
                    pass
            except OSError:
                pass
        spare.unlink()

    def free(self) -> None:
        (self.folder / "filler").unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a file system of its own cannot be mounted here: {mounted.stderr.strip()}")
    yield Disk(folder)
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoPortals]:
    with DemoPortals(0) as running:
        yield running


@pytest.fixture(scope="module")
def whole(demo: DemoPortals, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """What an undisturbed walk leaves."""
    workplace = Workplace(tmp_path_factory.mktemp("undisturbed"))
    (workplace.folder / "portals.yaml").write_text(register(demo.port), "utf-8")
    workplace.crawl("--portals", str(workplace.folder / "portals.yaml"), *PORTALS)
    return workplace


@dataclass
class Places:
    """Where a command puts things."""

    database: Path
    archive: Path

    @property
    def arguments(self) -> list[str]:
        return ["--database", f"sqlite:///{self.database}", "--archive", str(self.archive)]

    @property
    def workplace(self) -> Workplace:
        return Workplace(self.database.parent)


def giar(*arguments: str) -> list[str]:
    return [*COMMAND[:-1], *arguments]


def stopped_when(command: list[str], happened: Callable[[], bool], disk: Disk, leave: int = 0) -> str:
    """What a command says at its end whose disk gets full as soon as something has happened."""
    process = starting.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    end = monotonic() + 120
    while not happened() and process.poll() is None:
        assert monotonic() < end
        sleep(0.01)
    disk.fill(leave)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 3, told
    assert "Traceback" not in told
    return told


def full(command: list[str]) -> str:
    """What the same command says while there still is no room."""
    done = starting.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 3, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stderr


def done(command: list[str]) -> None:
    finished = starting.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert finished.returncode == 0, (finished.stdout, finished.stderr)


def count(database: Path, table: str) -> int:
    if not database.exists():
        return 0
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        if not connection.execute("select 1 from sqlite_master where name = ?", [table]).fetchone():
            return 0
        return connection.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608 - our own tables


def assert_whole(archive: Path) -> None:
    """Nothing torn stands in any file."""
    assert [fault for path in archive.glob("*.warc.gz") for fault in check_file(path).faults] == []


def places_on(disk: Disk, tmp_path: Path, what: str) -> Places:
    """A database and an archive, one of them on the disk."""
    (tmp_path / "elsewhere").mkdir()
    database, archive = (disk.folder, tmp_path / "elsewhere") if what == "database" else (tmp_path / "elsewhere", disk.folder)
    places = Places(database / "giar.db", archive / "archive")
    # A database that is new has a log of some megabytes beside it, with room for all that a small walk stores.
    storage = Storage(parse_url(f"sqlite:///{places.database}"))
    storage.upsert_portal({"id": "other", "name": "other"})
    storage.close()
    return places


def assert_told(told: str, places: Places, what: str) -> None:
    """The message says what was full and what to do."""
    if what == "database":
        assert f"database sqlite:///{places.database}: database or disk is full. Free some space and give the same command again" in told
    else:
        assert f"archive {places.archive}: No space left on device; the pages before are kept, make room" in told
    assert "the same command" in told


@pytest.mark.parametrize("what", ["archive", "database"])
def test_in_a_walk(demo: DemoPortals, whole: Workplace, disk: Disk, tmp_path: Path, what: str) -> None:
    places = places_on(disk, tmp_path, what)
    command = [*COMMAND, "--json", *places.arguments, "--portals", str(whole.folder / "portals.yaml"), *PORTALS]
    demo.requests.clear()
    demo.delay = 0.05
    told = stopped_when(command, lambda: count(places.database, "observations") >= 20, disk)
    demo.delay = 0
    assert_told(told, places, what)
    assert_told(full(command), places, what)
    assert_whole(places.archive)
    disk.free()
    done(command)
    assert stored(places.workplace) == stored(whole)
    assert_whole(places.archive)
    # Of each portal a page may have been under way, once as the disk got full, and once as it still was.
    assert len(asked_twice(demo)) <= 2 * len(PORTALS)


def test_in_a_reparse(whole: Workplace, disk: Disk) -> None:
    places = Places(disk.folder / "giar.db", whole.folder / "archive")
    shutil.copy(whole.folder / "giar.db", places.database)
    age(places.workplace)
    command = giar("reparse", *places.arguments, "--workers", "2")
    # Room for its beginning, and not for the first pages.
    disk.fill(200_000)
    told = full(command)
    assert_told(told, places, "database")
    assert count(places.database, "reparses") == 1
    disk.free()
    done(command)
    assert stored(places.workplace) == stored(whole)
    assert count(places.database, "reparses") == 1


@pytest.fixture(scope="module")
def imported(whole: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Places:
    folder = tmp_path_factory.mktemp("imported")
    places = Places(folder / "giar.db", folder / "archive")
    done(importing(whole, places))
    return places


def importing(whole: Workplace, places: Places) -> list[str]:
    files = sorted(map(str, (whole.folder / "archive").iterdir()))
    return giar("archive", "import", *files, "--portals", str(whole.folder / "portals.yaml"), *places.arguments)


@pytest.mark.parametrize("what", ["archive", "database"])
def test_in_an_import(whole: Workplace, imported: Places, disk: Disk, tmp_path: Path, what: str) -> None:
    places = places_on(disk, tmp_path, what)
    command = importing(whole, places)
    told = stopped_when(command, lambda: count(places.database, "observations") >= 5, disk)
    assert_told(told, places, what)
    assert_told(full(command), places, what)
    disk.free()
    done(command)
    assert stored(places.workplace) == stored(imported.workplace)
    assert_whole(places.archive)
    assert count(places.database, "observations") == count(imported.database, "observations")
    done(giar("archive", "index", *places.arguments))
