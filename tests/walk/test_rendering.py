"""A list that a script draws, read with a real Chromium; and what is said where there is none."""

import shutil
from dataclasses import replace

import pytest

from giar_crawler.register import Portal
from giar_crawler.rendering import BROWSERS, NoBrowserError, rendering_settings

from .conftest import Answer, page, report

needs_browser = pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="there is no Chromium on this machine")

DRAWN = """<ul id=list></ul><img src="http://127.0.73.250:9/stranger.png"><script>
fetch('/data.json').then(answer => answer.json()).then(rows => setTimeout(() => {
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


def test_the_browser_asks_only_the_portal(monkeypatch):
    pytest.importorskip("scrapy_playwright")
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/chromium")
    portal = Portal("x", "某县", "610430", "county", "http://www.a.gov.cn/", render=True)
    abort = rendering_settings(portal)["PLAYWRIGHT_ABORT_REQUEST"]

    def asks(url, kind="fetch"):
        return not abort(type("Request", (), {"url": url, "resource_type": kind}))

    assert asks("http://www.a.gov.cn/data.json")
    assert not asks("http://www.a.gov.cn/a.png", "image")
    for stranger in ("http://b.gov.cn/x.js", "http://127.0.0.1/x", "file:///etc/passwd", "data:text/html,x"):
        assert not asks(stranger)
