"""Servers that break the protocol, over real sockets: each ends in an outcome, costs little, and disturbs no other portal."""

from __future__ import annotations

import gzip
import json
import os
import socket
import sqlite3
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests import starting

from .conftest import Answer, Portal, Portals, Result, Workplace, links, page, report, rows
from .test_outcomes import HOME, usual

# The limits of the settings, shortened: a test has no two minutes for a dead host.
LIMITS = {
    "DOWNLOAD_TIMEOUT": 1.5,
    "GIAR_PATIENCE": 4.0,
    "GIAR_LOST_SECONDS": 6.0,
    "GIAR_FAILURES_IN_ROW": 5,
    # A busy machine gets so much in the time as well.
    "DOWNLOAD_MAXSIZE": 200_000,
}
PROGRAM = """
import sys, json, socket
import giar_crawler.settings as settings
for name, value in json.loads(sys.argv.pop(1)).items():
    setattr(settings, name, value)
names = json.loads(sys.argv.pop(1))
by_system = socket.gethostbyname
socket.gethostbyname = lambda name: names.get(name) or by_system(name)
from giar_crawler.cli import main
from tests import starting
main()
"""
# Seconds from the first to the last request of a portal without faults that is walked alone, on a machine that has nothing else to do.
ALONE = 1.0
# Private, shared (RFC 6598), link-local with the clouds' metadata, benchmarks.
PRIVATE = ("10.0.0.7", "172.16.3.4", "192.168.1.1", "100.64.0.1", "169.254.169.254", "198.18.0.1")
Behave = Callable[[socket.socket, str], None]


def crawl(workplace: Workplace, *arguments: str, names: dict[str, str] | None = None, **limits: float) -> Result:
    """The command with shortened limits, and with names that lead where the test wants."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIAR_")}
    call = [sys.executable, "-c", PROGRAM, json.dumps(LIMITS | limits), json.dumps(names or {})]
    call += workplace.arguments(*arguments)[3:]
    done = starting.run(call, capture_output=True, text=True, timeout=110, env=environment, check=False)
    return Result(done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr)


def evidence(workplace: Workplace, portal: str) -> dict:
    """What the database has as the evidence of a portal's last walk."""
    with closing(sqlite3.connect(workplace.folder / "giar.db")) as database:
        [counts] = database.execute("SELECT counts FROM crawls WHERE portal_id = ? ORDER BY id DESC LIMIT 1", (portal,)).fetchone()
    found: dict = json.loads(counts)["evidence"]
    return found


def _head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", *lines, "", ""]).encode()


class Raw:
    """A server of one portal that says what it wants, byte by byte."""

    def __init__(self, portals: Portals, name: str, behave: Behave) -> None:
        self.portal = portals.add(name, up=False)
        self.behave, self.open = behave, True
        # When connections ended, and how many of them the client ended.
        self.ended: list[float] = []
        self.cut = 0
        self.listener = socket.create_server((self.portal.host, self.portal.port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while self.open:
            with suppress(OSError):
                connection, _ = self.listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(IndexError), connection:
            try:
                asked = connection.recv(65_536).decode("latin-1").split()[1]
                self.portal.asked.append((monotonic(), asked))
                if asked == "/robots.txt":
                    connection.sendall(_head("Content-Length: 0", "Connection: close", status="404 Not Found"))
                else:
                    self.behave(connection, asked)
            except OSError:
                self.cut += 1
            self.ended.append(monotonic())

    @property
    def seconds(self) -> float:
        """The time from the first request to the end of the last connection."""
        return max(self.ended) - self.portal.asked[0][0]

    def stop(self) -> None:
        self.open = False
        self.listener.close()


def drip(connection: socket.socket, _: str) -> None:
    connection.sendall(_head("Content-Length: 100000"))
    while True:
        connection.sendall(b"<")
        sleep(0.3)


def endless(connection: socket.socket, _: str) -> None:
    connection.sendall(_head("Connection: close"))
    while True:
        connection.sendall(b"<p>x</p>" * 8192)


def endless_head(connection: socket.socket, _: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-More: " + b"x" * 60 + b"\r\n")


def bomb(connection: socket.socket, _: str) -> None:
    body = gzip.compress(b"<p>" * 20_000_000)
    connection.sendall(_head(f"Content-Length: {len(body)}", "Content-Encoding: gzip", "Connection: close") + body)


def says_too_much(connection: socket.socket, _: str) -> None:
    connection.sendall(_head("Content-Length: 100000") + HOME.body)


def says_too_little(connection: socket.socket, _: str) -> None:
    connection.sendall(_head("Content-Length: 40") + HOME.body * 50)


def reset(connection: socket.socket, _: str) -> None:
    connection.sendall(_head("Content-Length: 100000") + HOME.body)
    # Closing with lingering set to nothing sends a reset.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def noise(connection: socket.socket, _: str) -> None:
    connection.sendall(b"\x00\xff\x10not http at all\r\n\r\n")


def silence(connection: socket.socket, _: str) -> None:
    with suppress(OSError):
        connection.recv(1)


def nothing(connection: socket.socket, _: str) -> None:
    connection.sendall(_head("Content-Length: 0", "Connection: close"))


def onward(connection: socket.socket, path: str) -> None:
    number = int(path.partition("n=")[2] or 0) + 1
    connection.sendall(_head(f"Location: /?n={number}", "Content-Length: 0", "Connection: close", status="302 Found"))


BEHAVIOURS: dict[str, tuple[Behave, str, str]] = {
    # What the server does, the outcome, and the reason or words in its evidence.
    "drip": (drip, "unreachable", "timeout"),
    "endless": (endless, "unreachable", "too_large"),
    "endless-head": (endless_head, "unreachable", ""),
    "bomb": (bomb, "unreachable", ""),
    "too-much": (says_too_much, "unreachable", ""),
    "too-little": (says_too_little, "no_list_found", ""),
    "reset": (reset, "unreachable", "connection"),
    "noise": (noise, "unreachable", ""),
    "silence": (silence, "unreachable", "timeout"),
    "nothing": (nothing, "unreachable", "empty"),
    "onward": (onward, "unreachable", "redirects"),
}


@pytest.fixture
def raw(portals: Portals) -> Iterator[Callable[[str, Behave], Raw]]:
    made: list[Raw] = []

    def add(name: str, behave: Behave) -> Raw:
        made.append(Raw(portals, name, behave))
        return made[-1]

    yield add
    for server in made:
        server.stop()


def seconds(portal: Portal) -> float:
    """The time from the first request to the last, by the portal's clock."""
    return portal.asked[-1][0] - portal.asked[0][0]


def test_bad_servers_end_side_by_side_and_disturb_nobody(portals: Portals, workplace: Workplace, raw: Callable[[str, Behave], Raw]) -> None:
    servers = {name: raw(name, behave) for name, (behave, _, _) in BEHAVIOURS.items()}
    fine, alone = portals.add("fine", usual()), portals.add("alone", usual())
    register = portals.register()
    crawl(workplace, "alone", "--portals", register)
    slower = max(1.0, seconds(alone) / ALONE)
    # What is too long for an idle machine is not for a busy one.
    limits = {name: LIMITS[name] * slower for name in ("DOWNLOAD_TIMEOUT", "GIAR_PATIENCE")}
    limits["DOWNLOAD_TIMEOUT"] *= 2
    result = crawl(workplace, *servers, "fine", "--portals", register, **limits)
    found = {name: result.outcome(name) for name in servers}
    assert found == {name: outcome for name, (_, outcome, _) in BEHAVIOURS.items()}, result.stderr
    assert result.code == 1
    assert (result.outcome("fine"), result.row("fine")["reports"]) == ("ok", 2)
    assert seconds(fine) < 5 * slower
    assert {name: server.seconds for name, server in servers.items() if server.seconds >= 15 * slower} == {}
    assert [name for name in ("drip", "endless", "endless-head") if not servers[name].cut] == []
    assert max(len(server.portal.asked) for server in servers.values()) <= 9
    for name, (_, outcome, said) in BEHAVIOURS.items():
        [line] = {line for line in result.stderr.splitlines() if f" {name}: {outcome}" in line}
        assert said in line
        shown = evidence(workplace, name)
        assert shown["url"].startswith(servers[name].portal.home)
        assert len(shown["excerpt"]) <= 300
    assert fine.paths.count("/") == 1
    assert "Traceback" not in result.stderr


def test_a_portal_that_breaks_in_the_middle_is_left_alone(
    portals: Portals, workplace: Workplace, raw: Callable[[str, Behave], Raw]
) -> None:
    """The home page and the list come; then every page is broken off. What was lost is counted, and soon nobody asks any more."""
    entries = [(f"/a/{year}.html", f"某县人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in range(2008, 2024)]
    pages = {**usual(), "/xxgk/nb/": page("政府信息公开年报", rows(*entries))}

    def behave(connection: socket.socket, path: str) -> None:
        answer = pages.get(path)
        if isinstance(answer, Answer) and not path.startswith("/a/"):
            connection.sendall(_head(f"Content-Length: {len(answer.body)}", "Connection: close") + answer.body)
        else:
            reset(connection, path)

    portal = raw("breaking", behave).portal
    result = crawl(workplace, "--portals", portals.register())
    assert result.outcome("breaking") == "partial"
    broken = [path for path in portal.paths if path.startswith("/a/")]
    assert len(broken) == LIMITS["GIAR_FAILURES_IN_ROW"]
    assert evidence(workplace, "breaking")["url"].startswith(portal.home + "a/")


def test_slow_pages_between_good_ones_cost_so_many_seconds_and_no_more(
    portals: Portals, workplace: Workplace, raw: Callable[[str, Behave], Raw]
) -> None:
    entries = [(f"/a/{year}.html", f"某县人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in range(2004, 2024)]
    pages = {**usual(), "/xxgk/nb/": page("政府信息公开年报", rows(*entries))}
    pages |= {f"/a/{year}.html": report("某县人民政府", year, year - 2000) for year in range(2004, 2024)}

    def behave(connection: socket.socket, path: str) -> None:
        if path.startswith("/a/") and int(path[3:7]) % 2:
            drip(connection, path)
            return
        answer = pages.get(path, Answer(b"x", 404))
        assert isinstance(answer, Answer)
        connection.sendall(_head(f"Content-Length: {len(answer.body)}", "Connection: close", status=f"{answer.status} OK") + answer.body)

    server = raw("slow", behave)
    result = crawl(workplace, "--portals", portals.register())
    assert result.outcome("slow") == "partial"
    assert 1 <= result.row("slow")["reports"] < 10
    dripped = [path for path in server.portal.paths if path.startswith("/a/") and int(path[3:7]) % 2]
    assert server.cut == len(dripped) <= LIMITS["GIAR_LOST_SECONDS"] / LIMITS["DOWNLOAD_TIMEOUT"] + 1


def test_a_platform_that_changes_in_the_middle_of_a_walk(portals: Portals, workplace: Workplace) -> None:
    """The column's first page is of one family; from its second page on, and for the reports of the first, another one answers."""
    pages = usual()
    first = rows(("/a/2021.html", "某县人民政府2021年政府信息公开工作年度报告", "2022-01-20"))
    pages["/xxgk/nb/"] = page("政府信息公开年报", first, "<script>createPageHTML(3, 0, 'index', 'html');</script>")
    moved = page("某县人民政府", links(("/col/col1/index.html", "政府信息公开")), "<p>新版网站上线试运行</p>")
    pages["/xxgk/nb/index_1.html"] = pages["/xxgk/nb/index_2.html"] = moved
    pages["/a/2021.html"] = Answer(b"<title>404</title>", 404)
    pages["/col/col1/index.html"] = page("政府信息公开", links(("/col/col2/index.html", "政府信息公开年报")))
    pages["/col/col2/index.html"] = page(
        "政府信息公开年报", rows(("/art/2022/1/20/art_2_1.html", "某县人民政府2021年政府信息公开工作年度报告", "2022-01-20"))
    )
    pages["/art/2022/1/20/art_2_1.html"] = report("某县人民政府", 2021)
    portal = portals.add("changing", pages)
    result = crawl(workplace, "--portals", portals.register())
    # What was asked is known, what the list has is not: the next walk finds the new site from its home page.
    assert (result.outcome("changing"), result.row("changing")["gone"]) == ("list_without_reports", 0)
    assert "新版网站上线试运行" in evidence(workplace, "changing")["excerpt"]
    assert len(portal.asked) < 20
    portal.pages["/"] = moved
    again = crawl(workplace, "--portals", portals.register())
    assert (again.outcome("changing"), again.row("changing")["inserted"]) == ("ok", 1)


def test_a_public_name_that_leads_to_a_private_address_is_not_asked(portals: Portals, workplace: Workplace) -> None:
    inside = portals.add("inside", usual())
    names = {f"www.r{number}.gov.cn": address for number, address in enumerate([inside.host, *PRIVATE])}
    register = Path(portals.register())
    strangers = [
        f"  - {{id: {name.split('.')[1]}, name: 某县人民政府, adcode: '610430', home: 'http://{name}:{inside.port}/', delay: 0.5}}\n"
        for name in names
    ]
    register.write_text(register.read_text("utf-8") + "".join(strangers), "utf-8")
    result = crawl(workplace, "--portals", str(register), "--contact", "me@example.org", names=names)
    assert {row["outcome"] for row in result.rows if row["portal"].startswith("r")} == {"unreachable"}
    for name, address in names.items():
        assert f"{name} is {address}, which is not of the public internet" in result.stderr
    # The register names this one itself.
    assert result.outcome("inside") == "ok"
    assert inside.paths.count("/") == inside.paths.count("/robots.txt") == 1
