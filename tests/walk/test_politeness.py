"""Politeness by the clock of the host: whatever the number of processes, the hours, the caps, busy hosts and dead ones."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from time import monotonic, sleep

import pytest

from giar_crawler.items import SHANGHAI
from giar_crawler.register import Portal as Entry
from giar_crawler.runner.plan import next_walks
from pipelines.storage import Walk
from tests import starting

from .conftest import Answer, Portals, Workplace, links, page, report, rows

REPORTS = range(2016, 2022)


class Watch:
    """What one machine sees: when each request of all its portals began and ended."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, float, str]] = []

    def over(self, name: str, answer: Answer, seconds: float) -> Callable[[dict[str, str]], Answer]:
        """The answer after some time."""

        def give(_: dict[str, str]) -> Answer:
            began = monotonic()
            sleep(seconds)
            self.seen.append((began, monotonic(), name))
            return answer

        return give

    @property
    def rests(self) -> list[tuple[float, bool]]:
        """The time between the starts of two requests, and whether they came from different portals."""
        ordered = sorted(self.seen)
        assert all(before[1] <= after[0] for before, after in pairwise(ordered)), "two requests at once"
        return [(after[0] - before[0], before[2] != after[2]) for before, after in pairwise(ordered)]


def usual() -> dict[str, Answer]:
    """A portal whose home page links the list; its reports."""
    entries = [(f"/a/{year}.html", f"某县人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in REPORTS]
    return {
        "/robots.txt": Answer(b"", 404),
        "/": page("某县人民政府", links(("/nb/", "政府信息公开年报"))),
        "/nb/": page("政府信息公开年报", rows(*entries)),
        **{f"/a/{year}.html": report("某县人民政府", year, year - 2010) for year in REPORTS},
    }


def start(folder: Path, register: str, portal: str, *, program: Sequence[str] = ("-m", "giar_crawler.cli")) -> subprocess.Popen[str]:
    """A run of its own, with a database and an archive of its own."""
    place = ["--json", "--database", f"sqlite:///{folder}/{portal}.db", "--archive", f"{folder}/{portal}-archive"]
    command = [sys.executable, *program, "crawl", *place, "--portals", register, portal]
    return starting.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def rows_of(process: subprocess.Popen[str]) -> list[dict]:
    output, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors, errors
    return [json.loads(line) for line in output.splitlines()]


def reasons(database: Path) -> list[dict]:
    with sqlite3.connect(database) as connection:
        return [json.loads(counts)["reasons"] for (counts,) in connection.execute("select counts from crawls order by id")]


# A run that has loaded all that it needs waits until the others have too: which begins first is not for the machine's load to say.
TOGETHER = """
import sys
from pathlib import Path
from time import sleep
import giar_crawler.runner.run, giar_crawler.spiders.portal, scrapy.core.engine
from giar_crawler.cli import main
ready = Path(sys.argv.pop(1))
ready.with_name(f"ready-{sys.argv[-1]}").touch()
while not ready.exists():
    sleep(0.01)
main()
"""


@pytest.mark.parametrize("grouped", [False, True], ids=["host", "group"])
def test_two_processes_take_turns(portals: Portals, workplace: Workplace, *, grouped: bool) -> None:
    watch = Watch()
    extra = ", politeness_group: machine" if grouped else ""
    one = portals.add("one", extra=extra)
    two = portals.add("two", extra=extra, host=None if grouped else one.host)
    for portal, delay in ((one, 0.2), (two, 0.35)):
        portal.delay = delay
        portal.pages = {path: watch.over(portal.id, answer, 0.05) for path, answer in usual().items()}
    register = portals.register()
    go = workplace.folder / "go"
    runs = [start(workplace.folder, register, portal.id, program=("-c", TOGETHER, str(go))) for portal in (one, two)]
    while not all((workplace.folder / f"ready-{portal.id}").exists() for portal in (one, two)):
        assert all(run.poll() is None for run in runs)
        sleep(0.01)
    go.touch()
    ended = [rows_of(run) for run in runs]
    assert [[row["outcome"] for row in each] for each in ended] == [["ok", "ok"]] * 2
    assert len(watch.seen) == 2 * len(usual())
    rests = watch.rests
    assert min(rest for rest, _ in rests) >= 0.2
    assert min(rest for rest, other in rests if other) >= 0.35, "of two delays the longer one counts"
    assert sum(other for _, other in rests) >= len(usual()) / 2, "one held up the other"


def test_a_killed_process_holds_up_nobody(portals: Portals, workplace: Workplace) -> None:
    asked = threading.Event()

    def hang(_: dict[str, str]) -> Answer:
        asked.set()
        sleep(30)
        return Answer()

    one = portals.add("one", {**usual(), "/nb/": hang})
    portals.add("two", usual(), host=one.host)
    register = portals.register()
    first = start(workplace.folder, register, "one")
    assert asked.wait(20)
    second = start(workplace.folder, register, "two")
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(2)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert rows_of(second)[0]["outcome"] == "ok"


def test_the_daily_cap_counts_over_runs_and_the_next_day_goes_on(portals: Portals, workplace: Workplace, state_folder: Path) -> None:
    portal = portals.add("one", usual(), extra=", daily_cap: 5")
    register = portals.register()
    for requests in (5, 0):
        result = workplace.crawl("--portals", register)
        assert (result.outcome("one"), result.row("one")["requests"]) == ("partial", requests)
        assert len(portal.asked) == 5
    assert [list(each) for each in reasons(workplace.folder / "giar.db")] == [["daily_cap"]] * 2
    mark = state_folder / "giar" / "portal-one"
    today = datetime.now(SHANGHAI).date()
    mark.write_text(mark.read_text("ascii").replace(today.isoformat(), (today - timedelta(days=1)).isoformat()), "ascii")
    result = workplace.crawl("--portals", register)
    assert (result.outcome("one"), result.row("one")["reports"]) == ("ok", len(REPORTS))
    assert sorted(portal.paths) == sorted(usual()), "what was there already was asked for again"


CLOSING = """
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from giar_crawler.register import Portal
calls = count()
Portal.closed_until = lambda self, moment: None if next(calls) < 6 else datetime.now(UTC) + timedelta(hours=9)
from giar_crawler.cli import main
sys.argv = ["giar", *sys.argv[1:]]
main()
"""


def test_a_walk_that_meets_the_end_of_the_hours_goes_on_in_the_next_run(portals: Portals, workplace: Workplace) -> None:
    portal = portals.add("one", usual())
    register = portals.register()
    run = start(workplace.folder, register, "one", program=("-c", CLOSING))
    [row, _] = rows_of(run)
    assert (row["outcome"], run.returncode) == ("partial", 0)
    assert reasons(workplace.folder / "one.db") == [{"hours": reasons(workplace.folder / "one.db")[0]["hours"]}]
    assert 0 < len(portal.asked) < len(usual())
    assert rows_of(start(workplace.folder, register, "one"))[0]["outcome"] == "ok"
    assert sorted(portal.paths) == sorted(usual())


def test_a_closed_portal_is_not_asked(portals: Portals, workplace: Workplace) -> None:
    now = datetime.now(SHANGHAI)
    first, last = now + timedelta(hours=2), now + timedelta(hours=4)
    closed = portals.add("closed", usual(), extra=f", hours: '{first:%H:%M}-{last:%H:%M}'")
    portals.add("open", usual())
    register = portals.register()
    for arguments in (["--portals", register], ["--portals", register, "--due"], ["--portals", register, "closed", "open"]):
        result = workplace.crawl(*arguments)
        assert f"closed is closed until {first:%Y-%m-%d %H:%M}" in result.stderr
        assert "closed" not in [row["portal"] for row in result.rows]
    assert "closed is closed until" in workplace.crawl("--portals", register, "closed", code=2).stderr
    assert closed.asked == []


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        ("08:00-18:00", "07:59", "2026-03-01 08:00"),
        ("08:00-18:00", "08:00", None),
        ("08:00-18:00", "17:59", None),
        ("08:00-18:00", "18:00", "2026-03-02 08:00"),
        ("22:00-06:00", "23:30", None),
        ("22:00-06:00", "05:59", None),
        ("22:00-06:00", "06:00", "2026-03-01 22:00"),
        ("00:00-24:00", "23:59", None),
    ],
)
def test_hours(hours: str, at: str, opens: str | None) -> None:
    entry = Entry("a", "a", "610430", "county", "http://a.gov.cn/", hours=hours)
    until = entry.closed_until(datetime.fromisoformat(f"2026-03-01T{at}").replace(tzinfo=SHANGHAI).astimezone(UTC))
    assert (until and f"{until:%Y-%m-%d %H:%M}") == opens


def test_a_paused_walk_is_due_when_it_may_go_on() -> None:
    now = datetime(2026, 3, 1, 4, tzinfo=UTC)
    entry = Entry("a", "a", "610430", "county", "http://a.gov.cn/")
    ended = Walk("a", now - timedelta(hours=1), now, "partial", {}, {"reasons": {"hours": 1}})
    assert next_walks([entry], [ended], now) == {}
    capped = replace(ended, counts={"reasons": {"daily_cap": 1}})
    assert next_walks([entry], [capped], now) == {"a": datetime(2026, 3, 1, 16, tzinfo=UTC)}
    # One that met a new portal rests for a day, also in autumn.
    autumn = datetime(2026, 10, 1, 4, tzinfo=UTC)
    met = replace(ended, ended_at=autumn, counts={"reasons": {"replaced": 1}})
    assert next_walks([entry], [met], autumn) == {"a": autumn + timedelta(hours=23)}


def test_a_plan_knows_the_last_walk(portals: Portals, workplace: Workplace) -> None:
    portals.add("one", usual())
    register = portals.register()
    assert workplace.crawl("--portals", register, "--plan").total["requests"] == 60
    for _ in range(2):
        walked = workplace.crawl("--portals", register).total["requests"]
        planned = workplace.crawl("--portals", register, "--plan").total["requests"]
        assert walked / 2 <= planned <= walked * 2
    assert workplace.crawl("--portals", register, "--plan", "--limit", "3").total["requests"] == 33


def test_a_busy_host_is_asked_ever_more_slowly_and_then_as_before(portals: Portals, workplace: Workplace) -> None:
    portal = portals.add("one", usual())
    portal.delay = 0.1
    numbers = count()
    listed = portal.pages["/nb/"]
    portal.pages["/nb/"] = lambda _: Answer(b"busy", 503) if next(numbers) < 2 else listed
    assert workplace.crawl("--portals", portals.register()).outcome("one") == "ok"
    times = [time for time, _ in portal.asked]
    rests = [after - before for before, after in pairwise(times)]
    # robots.txt, home, list three times; five good answers later the last report comes after the usual delay.
    assert rests[2] > 0.2
    assert min(rests[3:8]) > 0.4
    assert 0.1 < rests[-1] < 0.4


def test_who_asks_for_a_long_rest_gets_it_from_later_runs_too(portals: Portals, workplace: Workplace) -> None:
    portal = portals.add("one", {**usual(), "/nb/": Answer(b"later", 503, {"Retry-After": "3600"})})
    register = portals.register()
    assert workplace.crawl("--portals", register, code=1).outcome("one") == "partial"
    asked = len(portal.asked)
    workplace.crawl("--portals", register, code=1)
    assert (portal.paths.count("/nb/"), len(portal.asked)) == (1, asked)


@pytest.fixture(params=["hangs", "drops"])
def dead(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a host that accepts and never answers, and of one whose full queue drops every packet of a new connection."""
    with socket.socket() as server:
        server.bind(("127.0.74.1", 0))
        server.listen(50 if request.param == "hangs" else 0)
        waiting = [socket.socket() for _ in range(0 if request.param == "hangs" else 3)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield "{}:{}".format(*server.getsockname())
        for client in waiting:
            client.close()


def test_a_dead_host_costs_its_time_and_no_more(dead: str, workplace: Workplace) -> None:
    """With the limits shortened twenty times: 3 s for a request, 5.25 s in all."""
    register = workplace.folder / "portals.yaml"
    register.write_text(f"portals:\n  - {{id: dead, name: 某县人民政府, adcode: '610430', home: 'http://{dead}/', delay: 0.05}}\n", "utf-8")
    command = [str(Path(sys.executable).with_name("scrapy")), "crawl", "portal", "-a", "id=dead", "-a", f"portals={register}"]
    values = {
        "GIAR_DATABASE": workplace.database,
        "GIAR_ARCHIVE": f"{workplace.folder}/archive",
        "DOWNLOAD_TIMEOUT": "3",
        "GIAR_PATIENCE": "5.25",
        "LOG_LEVEL": "INFO",
    }
    settings = [part for name, value in values.items() for part in ("-s", f"{name}={value}")]
    done = subprocess.run([*command, *settings], cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    [seconds] = re.findall(r"'elapsed_time_seconds': ([\d.]+)", done.stderr)
    assert 5 < float(seconds) < 6.5
    with sqlite3.connect(workplace.folder / "giar.db") as connection:
        assert connection.execute("select outcome from crawls").fetchall() == [("unreachable",)]
