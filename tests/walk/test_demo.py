"""The demo portals, walked by the command: complete, polite, repeatable, and able to survive."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest

from demo.places import STRANGER
from demo.server import DemoPortals, register
from demo.sites import Answer
from demo.truth import truth
from pipelines.storage import portal_lock
from tests import starting

from .conftest import Workplace

FIELDS = ["portal", "outcome", "pages", "reports", "inserted", "changed", "unchanged", "gone", "requests", "seconds"]


@pytest.fixture
def demo() -> Iterator[DemoPortals]:
    with DemoPortals(0) as running:
        yield running


@pytest.fixture
def own(demo: DemoPortals, tmp_path: Path) -> list[str]:
    path = tmp_path / "portals.yaml"
    path.write_text(register(demo.port), "utf-8")
    return ["--portals", str(path)]


def stored(workplace: Workplace) -> dict[str, list[tuple]]:
    """What the contract calls identical: reports, figures, findings and outcomes by natural key, without times and ids."""
    queries = {
        "reports": """select d.url, d.portal_id, d.gone_since is null, r.content_sha256, r.outcome, r.report_year, r.title, r.publisher
            from reports r join documents d on d.id = r.document_id where r.superseded_at is null""",
        "figures": """select d.url, f.indicator, f."column", f.source, f.value, f.status, f.raw, f.unit from figures f
            join reports r on r.id = f.report_id join documents d on d.id = r.document_id where r.superseded_at is null""",
        "findings": """select d.url, f.code, f.fingerprint from findings f join reports r on r.id = f.report_id
            join documents d on d.id = r.document_id where r.superseded_at is null""",
        "pages": "select distinct url, page_outcome from observations where page_outcome is not null",
        "outcomes": "select distinct portal_id, outcome from crawls where ended_at is not null",
    }
    with sqlite3.connect(workplace.folder / "giar.db") as connection:
        return {name: sorted(connection.execute(query).fetchall(), key=repr) for name, query in queries.items()}


def asked_twice(demo: DemoPortals) -> set[str]:
    """The addresses; without the home page, at which a walk whose last page was missing looks once more."""
    homes = set(demo.addresses)
    return {url for url, times in demo.requests.items() if times > (2 if url in homes else 1)}


def test_the_demo_is_walked_whole_and_politely(demo: DemoPortals, own: list[str], workplace: Workplace) -> None:
    wanted = truth(demo.port)
    started = monotonic()
    first = workplace.crawl(*own)
    seconds = monotonic() - started
    assert list(first.rows[0]) == FIELDS
    assert first.total["portal"] == "total"
    assert {row["outcome"] for row in first.rows} == {"ok"}
    assert {url for url, *_ in stored(workplace)["reports"]} == {entry["url"] for entry in wanted}
    assert seconds < 40
    # What every host was asked, and nothing else.
    assert all(re.fullmatch(r"127\.0\.71\.\d: \d+ requests, at least [\d.]+ s apart", line) for line in first.stderr.splitlines())
    assert len(first.stderr.splitlines()) == 6
    assert demo.hosts[STRANGER] == 0
    assert asked_twice(demo) == set()
    assert first.total["requests"] == sum(demo.requests.values())
    _assert_robots_held(demo)

    again = workplace.crawl(*own)
    assert (again.total["inserted"], again.total["changed"], again.total["unchanged"]) == (0, 0, len(wanted))

    asked = sum(demo.requests.values())
    offline = workplace.crawl(*own, "--offline")
    assert (offline.total["unchanged"], offline.total["requests"]) == (len(wanted), 0)
    assert sum(demo.requests.values()) == asked


def _assert_robots_held(demo: DemoPortals) -> None:
    from protego import Protego

    from demo.sites import sites

    for host, site in sites().items():
        rules = Protego.parse(site.answer("/robots.txt", "", {}).body.decode())
        asked = [url for url in demo.requests if urlsplit(url).hostname == host and not url.endswith("/robots.txt")]
        assert asked
        assert all(rules.can_fetch(url, "giar-crawler") for url in asked)


def test_a_killed_walk_is_continued(demo: DemoPortals, own: list[str], tmp_path: Path) -> None:
    undisturbed, killed = Workplace(tmp_path / "whole"), Workplace(tmp_path / "killed")
    for each in (undisturbed, killed):
        each.folder.mkdir()
    undisturbed.crawl(*own)
    pages = sum(demo.requests.values())
    demo.requests.clear()
    demo.delay = 0.05
    process = starting.Popen(killed.arguments(*own), stdout=subprocess.DEVNULL, start_new_session=True)
    while sum(demo.requests.values()) < pages // 2 and process.poll() is None:
        sleep(0.02)
    assert process.poll() is None, "the walk ended before it could be killed"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    demo.delay = 0
    sleep(0.3)
    assert stored(killed) != stored(undisturbed)
    killed.crawl(*own)
    assert stored(killed) == stored(undisturbed)
    # Each of the six portals may have had a page under way.
    assert len(asked_twice(demo)) <= len(demo.addresses)


def test_ctrl_c_ends_cleanly_and_the_same_command_continues(demo: DemoPortals, own: list[str], workplace: Workplace) -> None:
    demo.delay = 0.05
    process = starting.Popen(workplace.arguments(*own), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while sum(demo.requests.values()) < 40 and process.poll() is None:
        sleep(0.02)
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 3, err
    assert "the same command continues" in err
    assert '"outcome": "partial"' in out
    demo.delay = 0
    done = workplace.crawl(*own)
    assert {row["outcome"] for row in done.rows} == {"ok"}
    assert asked_twice(demo) == set(), "what was archived was asked for again"


def holds(pid: int, name: str) -> bool:
    """Whether a process has a file of that name open; what it closes while one looks is not open."""
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            if link.readlink().name == name:
                return True
    return False


def test_ctrl_c_while_a_walk_is_opening(demo: DemoPortals, own: list[str], workplace: Workplace) -> None:
    """Scrapy's own stop misses a crawler that opens; that walked on to its end and then waited for ever."""
    workplace.crawl(*own, "demo-xunyi")
    asked = sum(demo.requests.values())
    demo.delay = 0.05
    other = sqlite3.connect(workplace.folder / "giar.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    process = starting.Popen(workplace.arguments(*own, "demo-xunyi"), stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not holds(process.pid, "demo-xunyi.lock"):
        sleep(0.02)
    os.kill(process.pid, signal.SIGINT)
    sleep(0.1)
    other.execute("ROLLBACK")
    _, err = process.communicate(timeout=20)
    assert process.returncode == 3, err
    assert sum(demo.requests.values()) < 2 * asked, "it walked to its end"
    assert workplace.crawl(*own, "demo-xunyi").outcome("demo-xunyi") == "ok"


def test_a_report_that_vanished_and_a_portal_that_is_down(demo: DemoPortals, own: list[str], workplace: Workplace) -> None:
    workplace.crawl(*own)
    victim = truth(demo.port)[0]
    demo.overrides[str(victim["url"])] = Answer(404, "text/html", b"<html><title>404</title></html>")
    host = urlsplit(demo.addresses[-1]).hostname or ""
    demo.take_down(host)
    result = workplace.crawl(*own, code=1)
    assert result.total["gone"] == 1
    down = next(row for row in result.rows if row["outcome"] == "unreachable")
    assert (down["pages"], down["gone"]) == (0, 0)


def test_limits_and_years(demo: DemoPortals, own: list[str], workplace: Workplace) -> None:
    some = workplace.crawl(*own, "--limit", "2", "demo-chunhua")
    assert (some.outcome("demo-chunhua"), some.row("demo-chunhua")["reports"]) == ("partial", 2)
    years = workplace.crawl(*own, "--years", "2019-2020")
    kept = {entry["url"] for entry in truth(demo.port) if entry["report_year"] in {2019, 2020, None}}
    stored_years = {url for url, _, _, _, _, year, *_ in stored(workplace)["reports"] if year in {2019, 2020}}
    assert stored_years == kept
    assert {row["outcome"] for row in years.rows[:-1]} == {"ok"}


def test_a_portal_is_never_walked_twice_at_once(own: list[str], workplace: Workplace) -> None:
    with portal_lock(workplace.database, "demo-chunhua"):
        result = workplace.crawl(*own, "demo-chunhua", "demo-xunyi", code=1)
    assert "demo-chunhua is being walked by another run" in result.stderr
    assert result.outcome("demo-chunhua") == "not_crawled"
    assert result.outcome("demo-xunyi") == "ok"


def test_a_place_that_cannot_be_written_stops_the_run(own: list[str], workplace: Workplace) -> None:
    (workplace.folder / "archive").write_text("a file where a folder should be")
    result = workplace.crawl(*own, code=3)
    assert "archive" in result.stderr
    assert "the same command continues" in result.stderr


def test_the_demo_runs_by_itself_and_again(tmp_path: Path) -> None:
    """As `make crawl` does, in the locale of a bare container."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    with DemoPortals(0) as free:
        port = free.port
    command = [sys.executable, "-m", "demo", "--port", str(port), "--data", str(tmp_path / "my data")]
    totals = []
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        out = done.stdout.decode("utf-8")
        assert "淳化县人民政府" in out
        totals.append(dict(cell.split("=") for cell in next(line for line in out.splitlines() if line.startswith("portal=total")).split()))
    assert [(total["outcome"], total["changed"], total["gone"]) for total in totals] == [("ok", "0", "0")] * 2
    assert (totals[0]["inserted"], totals[1]["inserted"]) == (totals[1]["unchanged"], "0")


def test_plain_scrapy_walks_too(demo: DemoPortals, own: list[str], workplace: Workplace) -> None:
    command = ["scrapy", "crawl", "portal", "-a", "id=demo-xunyi", "-a", f"portals={own[1]}", "-s", f"GIAR_DATABASE={workplace.database}"]
    folder = Path(__file__).parents[2]
    arguments = [str(Path(os.sys.executable).with_name(command[0])), *command[1:], "-s", f"GIAR_ARCHIVE={workplace.folder}/archive"]
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    wanted = {entry["url"] for entry in truth(demo.port) if entry["portal"] == "demo-xunyi"}
    assert {url for url, *_ in stored(workplace)["reports"]} == wanted
    assert ("demo-xunyi", "ok") in stored(workplace)["outcomes"]
