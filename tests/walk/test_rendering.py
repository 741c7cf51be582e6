"""A list that a script draws, read with a real Chromium; and what is said where there is none."""

import asyncio
import json
import shutil
import sqlite3
import time
from dataclasses import replace
from itertools import pairwise

import pytest

from giar_crawler.gate import Gate
from giar_crawler.register import Portal
from giar_crawler.rendering import BROWSERS, NoBrowserError, rendering_settings
from giar_crawler.spiders.scope import Scope

from .conftest import Answer, page, report

needs_browser = pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="there is no Chromium on this machine")

DRAWN = """<ul id=list></ul><script>
fetch('/' + ['data', 'json'].join('.')).then(answer => answer.json()).then(rows => setTimeout(() => {
  document.getElementById('list').innerHTML =
    rows.map(row => `<li><a href="${row.url}">${row.title}</a><span>${row.date}</span></li>`).join('');
}, 700));</script>"""


def portal_of(portals, extra):
    row = '{{"url": "/{year}.html", "title": "某县人民政府{year}年政府信息公开工作年度报告", "date": "{after}-01-20"}}'
    rows = [row.format(year=year, after=year + 1) for year in (2021, 2022)]
    pages = {
        "/": page("某县", '<a href="/nb/">政府信息公开年报</a>'),
        "/nb/": page("政府信息公开年报", DRAWN),
        "/data.json": Answer(f"[{', '.join(rows)}]".encode(), 200, {"Content-Type": "application/json"}),
        "/2021.html": report("某县人民政府", 2021),
        "/2022.html": report("某县人民政府", 2022),
    }
    return portals.add("x", pages, extra=extra)


@needs_browser
def test_a_drawn_list_is_read(workplace, portals):
    pytest.importorskip("scrapy_playwright")
    portal = portal_of(portals, ", render: true")
    result = workplace.crawl("--portals", portals.register())
    assert (result.outcome("x"), result.row("x")["reports"]) == ("ok", 2)
    assert "/data.json" in portal.paths


def test_without_a_browser_there_is_nothing_to_read(workplace, portals):
    portal_of(portals, "")
    result = workplace.crawl("--portals", portals.register(), code=None)
    assert result.row("x")["reports"] == 0


def test_a_missing_browser_is_named(monkeypatch):
    pytest.importorskip("scrapy_playwright")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    portal = replace(Portal("x", "某县", "610430", "county", "http://127.0.0.1:8000/"), render=True)
    with pytest.raises(NoBrowserError, match="no Chromium was found"):
        rendering_settings(portal)


def test_a_crawl_without_the_browser_it_needs_does_nothing(workplace, portals, monkeypatch):
    portal = portal_of(portals, ", render: true")
    monkeypatch.setenv("PATH", "/nonexistent")
    result = workplace.crawl("--portals", portals.register(), code=2)
    assert "render: true" in result.stderr
    assert portal.asked == []


@needs_browser
def test_the_browser_asks_only_the_portal(workplace, portals):
    pytest.importorskip("scrapy_playwright")
    stranger = portals.add("stranger", {"/": page("stranger"), "/x.js": Answer(b"1")})
    there = stranger.home.rstrip("/")
    portal = portal_of(portals, ", render: true")
    # Another port of the portal's own machine, as a console would have.
    console = portals.add("console", {"/": page("console")}, host=portal.host)
    asks = f"""<link rel=stylesheet href="{there}/x.css"><link rel=prefetch href="{there}/p"><script src="{there}/x.js"></script>
    <iframe src="{there}/frame"></iframe><iframe src="/away"></iframe><script>
    for (const url of ['{there}/data', '/away', '{console.home}', 'https://{stranger.host}/', 'file:///etc/passwd'])
      fetch(url, {{mode: 'no-cors'}}).catch(() => 0);
    new WebSocket('{there.replace("http", "ws")}/socket'); navigator.sendBeacon('{there}/beacon', 'x');
    new RTCPeerConnection({{iceServers: [{{urls: 'stun:{stranger.host}:{stranger.port}'}}]}}).createDataChannel('x');
    </script>"""
    portal.pages["/nb/"] = page("政府信息公开年报", asks, DRAWN)
    portal.pages["/away"] = Answer(b"", 302, {"Location": f"{there}/redirected"})
    result = workplace.crawl("--portals", portals.register(), "x")
    assert (result.outcome("x"), result.row("x")["reports"]) == ("ok", 2)
    assert portal.paths.count("/away") >= 2
    assert stranger.asked == []
    assert console.asked == []
    with sqlite3.connect(workplace.folder / "giar.db") as database:
        [counts] = database.execute("SELECT counts FROM crawls").fetchone()
    assert json.loads(counts)["stats"]["giar/refused/foreign_host"] >= 8


@needs_browser
def test_what_a_page_asks_by_itself_waits_for_its_turn(workplace, portals):
    pytest.importorskip("scrapy_playwright")
    portal = portal_of(portals, ", render: true")
    portal.delay = 0.3
    under_way, together = [], []

    def slow(path, body, content_type):
        def answer(_):
            together.append(len(under_way))
            under_way.append(path)
            time.sleep(0.15)
            under_way.remove(path)
            return Answer(body, 200, {"Content-Type": content_type})

        portal.pages[path] = answer

    for number in range(3):
        slow(f"/{number}.js", b"1", "text/javascript")
        slow(f"/{number}.json", b"{}", "application/json")
    portal.pages["/look.css"] = Answer(b"", 200, {"Content-Type": "text/css"})
    scripts = "".join(f"<script src=/{number}.js></script><script>fetch('/{number}.json')</script>" for number in range(3))
    head = f"<link rel=stylesheet href=/look.css>{scripts}<img src=/a.png><script>fetch('/secret/x')</script>"
    portal.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /secret/", 200, {"Content-Type": "text/plain"})
    portal.pages["/"] = page("某县", head, '<a href="/nb/">政府信息公开年报</a>')
    portal.pages["/nb/"] = page("政府信息公开年报", head, DRAWN)
    result = workplace.crawl("--portals", portals.register())
    assert (result.outcome("x"), result.row("x")["reports"]) == ("ok", 2)
    times = [moment for moment, _ in portal.asked]
    assert min(after - before for before, after in pairwise(times)) >= portal.delay
    assert together == [0] * len(together)
    assert len(together) >= 9
    # A script once for all pages, data for each; what only looks need and what robots.txt forbids, never.
    assert [portal.paths.count(f"/{number}.js") for number in range(3)] == [1, 1, 1]
    assert [portal.paths.count(f"/{number}.json") for number in range(3)] == [2, 2, 2]
    assert not {"/look.css", "/a.png", "/secret/x"} & set(portal.paths)
    # What is reported are all of them, whoever asked.
    with sqlite3.connect(workplace.folder / "giar.db") as database:
        [counts] = database.execute("SELECT counts FROM crawls").fetchone()
    assert json.loads(counts)["stats"][f"giar/host_requests/{portal.host}"] == len(portal.asked)


@needs_browser
def test_a_page_whose_scripts_hang_is_drawn_all_the_same(workplace, portals):
    pytest.importorskip("scrapy_playwright")
    portal = portal_of(portals, ", render: true")

    def hang(_):
        time.sleep(40)
        return Answer(b"")

    portal.pages["/endless"] = hang
    portal.pages["/nb/"] = page(
        "政府信息公开年报", DRAWN, "<script>fetch('/endless'); new EventSource('/endless')</script><script src=/0.js async></script>"
    )
    began = time.monotonic()
    result = workplace.crawl("--portals", portals.register())
    assert (result.outcome("x"), result.row("x")["reports"]) == ("ok", 2)
    assert time.monotonic() - began < 100


@needs_browser
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_page_that_leads_to_a_stranger_is_not_followed_in_a_browser(workplace, portals, scheme):
    pytest.importorskip("scrapy_playwright")
    stranger = portals.add("stranger", {"/": page("stranger")})
    target = stranger.home.replace("http:", f"{scheme}:")
    portals.add("x", {"/": Answer(b"", 302, {"Location": target})}, extra=", render: true")
    result = workplace.crawl("--portals", portals.register(), "x", code=1)
    assert result.outcome("x") == "redirected_away"
    assert stranger.asked == []


@needs_browser
def test_reports_are_read_as_the_server_sends_them(workplace, portals):
    pytest.importorskip("scrapy_playwright")
    portal = portal_of(portals, ", render: true")
    body = report("某县人民政府", 2021).body
    portal.pages["/2021.html"] = Answer(body.replace(b"</body>", b"<script>document.body.innerHTML='x'</script></body>"))
    assert workplace.crawl("--portals", portals.register()).row("x")["reports"] == 2


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.0.1", "127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1"])  # noqa: S104
def test_the_gate_asks_no_private_address(address):
    async def resolve(_):
        return address

    refused = []
    for request in (b"GET http://www.a.gov.cn/x HTTP/1.1", b"CONNECT www.a.gov.cn:443 HTTP/1.1"):
        assert asyncio.run(through_gate(request, resolve, refused)).startswith(b"HTTP/1.1 403")
    assert refused == ["private_address"] * 2


@pytest.mark.parametrize(
    ("request_line", "word"),
    [
        (b"GET http://b.gov.cn/ HTTP/1.1", "foreign_host"),
        (b"GET http://10.0.0.1/ HTTP/1.1", "foreign_host"),
        (b"GET http://www.a.gov.cn:8080/ HTTP/1.1", "foreign_host"),
        (b"CONNECT www.a.gov.cn:22 HTTP/1.1", "foreign_host"),
        (b"CONNECT b.gov.cn:443 HTTP/1.1", "foreign_host"),
        (b"GET ftp://www.a.gov.cn/ HTTP/1.1", "scheme"),
        (b"GET http://u:p@www.a.gov.cn/ HTTP/1.1", "bad_address"),
        (b"GET /x HTTP/1.1", "scheme"),
    ],
)
def test_the_gate_has_the_scope_of_the_walk(request_line, word):
    async def resolve(host):
        raise AssertionError(f"{host} was looked up")

    refused = []
    assert asyncio.run(through_gate(request_line, resolve, refused)).startswith(b"HTTP/1.1 403")
    assert refused == [word]


@pytest.mark.parametrize("sent", [b"", b"x", b"GET\r\n\r\n", b"\x16\x03\x01", b"x" * 100_000, b"GET  HTTP/1.1\r\n\r\n"])
def test_the_gate_answers_nothing_to_what_is_no_request(sent):
    async def resolve(_):
        raise AssertionError

    assert b"200" not in asyncio.run(through_gate(sent, resolve, [], whole=True))


async def through_gate(sent, resolve, refused, *, whole=False):
    portal = Portal("x", "某县", "610430", "county", "http://www.a.gov.cn/", render=True)
    gate = Gate(Scope(portal), resolve, refused.append)
    host, port = (await gate.open()).removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(sent if whole else sent + b"\r\nHost: x\r\n\r\n")
    writer.write_eof()
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionError:
        return b""
    finally:
        writer.close()
        await gate.close()
