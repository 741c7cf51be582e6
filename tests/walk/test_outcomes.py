"""Portals that are down, blocked, moved, empty, slow or hostile: each ends in its outcome, and is asked no more than it allows."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from .conftest import Answer, Portal, Portals, Workplace, links, page, report, rows

HOME = page("某县人民政府", links(("/xxgk/", "政府信息公开"), ("/news/", "新闻")))
COLUMN = page("政府信息公开", links(("/xxgk/nb/", "政府信息公开年报"), ("/xxgk/zn/", "政府信息公开指南")))


def usual(*extra: tuple[str, str, str]) -> dict:
    """A portal with two reports and articles that only sound like some."""
    entries = [
        ("/a/2021.html", "某县人民政府2021年政府信息公开工作年度报告", "2022-01-20"),
        ("/a/work.html", "某县2021年政府工作报告", "2022-01-10"),
        ("/a/notice.html", "关于编制2021年政府信息公开工作年度报告的通知", "2021-12-10"),
        ("/a/picture.html", "图解：某县2021年政府信息公开工作年度报告", "2022-02-10"),
        ("/a/2020.html", "某县人民政府2020年政府信息公开工作年度报告", "2021-01-20"),
        *extra,
    ]
    return {
        "/": HOME,
        "/xxgk/": COLUMN,
        "/xxgk/nb/": page("政府信息公开年报", rows(*entries)),
        "/a/2021.html": report("某县人民政府", 2021),
        "/a/2020.html": report("某县人民政府", 2020, 7),
        "/a/picture.html": page("图解", "图解"),
    }


def test_each_failure_has_its_outcome(portals: Portals, workplace: Workplace) -> None:
    jsl = b"<script>document.cookie='__jsl_clearance=1';location.href=location.pathname</script>"
    script = b"<html><head><script>var a=1;document.cookie='k='+a;location.reload()</script></head><body></body></html>"
    stranger = portals.add("stranger", {"/": page("stranger")})
    expected: dict[str, Portal] = {
        "ok": portals.add("fine", usual()),
        "unreachable": portals.add("down", up=False),
        "blocked": portals.add("jsl", {"/": Answer(jsl, 521, {"Set-Cookie": "__jsluid_h=1"})}),
        "robots_disallowed": portals.add("closed", {"/robots.txt": Answer(b"User-agent: *\nDisallow: /"), "/": HOME}),
        "redirected_away": portals.add("moved", {"/": Answer(b"", 302, {"Location": stranger.home})}),
        "gone": portals.add("gone"),
        "no_list_found": portals.add("newspaper", {"/": page("某县", links(("/news/", "新闻"))), "/news/": page("新闻", "无")}),
        "list_without_reports": portals.add("empty", {**usual(), "/xxgk/nb/": page("政府信息公开年报", "<p>暂无内容</p>")}),
    }
    others = {
        portals.add("failing", {"/": Answer(b"x", 503)}).id: "unreachable",
        portals.add("challenge", {"/": Answer(script)}).id: "blocked",
        portals.add("forbidden", {"/": Answer(b"no", 403)}).id: "blocked",
        portals.add("broken-robots", {"/robots.txt": Answer(b"", 500), "/": HOME}).id: "robots_disallowed",
        portals.add("scripted", {"/": page("跳转", f"<script>window.location.href='{stranger.home}'</script>")}).id: "redirected_away",
        portals.add("hermit", {**usual(), "/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 1e9")}).id: "robots_disallowed",
        portals.add("loop", {"/": Answer(b"", 302, {"Location": "/"})}).id: "unreachable",
    }
    names = [portal.id for portal in portals.all if portal is not stranger]
    result = workplace.crawl("--portals", portals.register(), *names, code=1)
    found = {name: result.outcome(name) for name in names}
    assert found == {portal.id: outcome for outcome, portal in expected.items()} | others
    assert stranger.asked == [], "a redirect to a foreign host was followed"
    assert expected["blocked"].paths.count("/") == 1, "a challenge was asked again"
    assert expected["robots_disallowed"].paths == ["/robots.txt"]
    assert result.row("fine")["reports"] == 2
    assert "/a/work.html" not in expected["ok"].paths
    assert "/a/notice.html" not in expected["ok"].paths


def test_a_failed_page_makes_the_walk_partial_and_nothing_else_is_lost(portals: Portals, workplace: Workplace) -> None:
    portal = portals.add("half", usual(("/a/2019.html", "某县人民政府2019年政府信息公开工作年度报告", "2020-01-20")))
    portal.pages["/a/2019.html"] = Answer(b"x", 500)
    result = workplace.crawl("--portals", portals.register(), code=1)
    assert (result.outcome("half"), result.row("half")["reports"]) == ("partial", 2)
    assert portal.paths.count("/a/2019.html") == 3


def test_delays_that_a_host_asks_for(portals: Portals, workplace: Workplace) -> None:
    slow = portals.add("slow", {**usual(), "/robots.txt": Answer(b"User-agent: *\nCrawl-delay: 0.4\nDisallow: /private/")})
    slow.pages["/xxgk/"] = page("政府信息公开", links(("/xxgk/nb/", "政府信息公开年报"), ("/private/nb/", "公开年报")))
    busy = portals.add("busy", usual())
    answers = iter([Answer(b"later", 503, {"Retry-After": "2"})])
    busy.pages["/xxgk/nb/"] = lambda _: next(answers, usual()["/xxgk/nb/"])
    result = workplace.crawl("--portals", portals.register(), "--contact", "me@example.org")
    assert {result.outcome("slow"), result.outcome("busy")} == {"ok"}
    [agent] = slow.agents
    assert agent.startswith("giar-crawler/")
    assert agent.endswith(" (+me@example.org)")
    times = [time for time, path in slow.asked if path != "/robots.txt"]
    assert min(after - before for before, after in pairwise(times)) > 0.38
    first, second = [time for time, path in busy.asked if path == "/xxgk/nb/"]
    assert 1.9 < second - first < 6
    assert "/private/nb/" not in slow.paths


def test_traps_end(portals: Portals, workplace: Workplace) -> None:
    """A list that gives its first page for ever, a calendar, frames, refreshes, a growing path, gzip without its header."""
    stranger = portals.add("stranger", {"/": page("stranger")})
    portal = portals.add("trap", usual())
    pages = portal.pages
    nb = pages["/xxgk/nb/"]
    pages["/xxgk/nb/"] = Answer(nb.body.replace(b"</body>", b'<a href="?p=2">\xe4\xb8\x8b\xe4\xb8\x80\xe9\xa1\xb5</a></body>'))
    for number in range(2, 60):
        more = f'<a href="?p={number + 1}">下一页</a></body>'.encode()
        pages[f"/xxgk/nb/?p={number}"] = Answer(nb.body.replace(b"</body>", more))
    pages["/"] = page(
        "某县人民政府",
        links(
            ("/go/", "政府信息公开"),
            ("/cal/?d=1", "政务公开日历"),
            ("/x/x/x/x/", "政府信息公开年报"),
            ("http://u:p@127.0.0.1/", "公开年报"),
        ),
        links(
            (stranger.home, "政府信息公开年报"),
            ("javascript:void(0)", "公开年报"),
            ("/" + "y" * 2100, "公开年报"),
            ("http://[bad/", "年报"),
        ),
    )
    pages["/go/"] = page("请稍候", head='<meta http-equiv="Refresh" content="0; url=/frame/">')
    pages["/frame/"] = page("框架", '<iframe src="/xxgk/"></iframe>')
    for number in range(1, 200):
        pages[f"/cal/?d={number}"] = page(f"日历{number}", links((f"/cal/?d={number + 1}", "政务公开日历")))
    pages["/a/2020.html"] = Answer(gzip.compress(report("某县人民政府", 2020, 7).body))
    result = workplace.crawl("trap", "--portals", portals.register())
    assert (result.outcome("trap"), result.row("trap")["reports"]) == ("ok", 2)
    assert len(portal.asked) < 30
    assert stranger.asked == []


def test_what_vanished_is_asked_for_before_it_is_gone(portals: Portals, workplace: Workplace) -> None:
    portal = portals.add("county", usual(("/a/2019.html", "某县人民政府2019年政府信息公开工作年度报告", "2020-01-20")))
    portal.pages["/a/2019.html"] = report("某县人民政府", 2019, 8)
    register = portals.register()
    assert workplace.crawl("--portals", register).total["inserted"] == 3
    # No list links them any more; one is still there, one says with status 200 that it is not.
    portal.pages["/xxgk/nb/"] = page("政府信息公开年报", rows(("/a/2021.html", "某县人民政府2021年政府信息公开工作年度报告", "2022-01-20")))
    portal.pages["/a/2019.html"] = page("页面不存在", "您访问的页面不存在")
    again = workplace.crawl("--portals", register)
    assert (again.row("county")["gone"], again.row("county")["unchanged"]) == (1, 2)
    # A host that fails takes nothing with it.
    portal.pages.update({path: Answer(b"x", 503) for path in portal.pages})
    failed = workplace.crawl("--portals", register, code=1)
    assert (failed.outcome("county"), failed.row("county")["gone"]) == ("unreachable", 0)


def test_lists_of_the_register_and_what_stands_behind_them(portals: Portals, workplace: Workplace) -> None:
    """A tree of years and organs, and stale lists for which the home page is asked."""
    tree = portals.add(
        "tree",
        {
            "/": page("某县人民政府", links(("/nb/", "政府信息公开年报"))),
            "/nb/": page("政府信息公开年报", links(("/", "首页"), ("/nb/2021/", "2021年"), ("/nb/2020/", "2020年"))),
            "/nb/2021/": page("2021年-政府信息公开年报", links(("/nb/2021/jyj/", "县教育局"), ("/nb/2021/czj.html", "县财政局"))),
            "/nb/2021/jyj/": page("县教育局-政府信息公开年报", rows(("/b/1.html", "2021年度报告", "2022-01-19"))),
            "/nb/2021/czj.html": report("县财政局", 2021, 3),
            "/nb/2020/": page("2020年-政府信息公开年报", rows(("/b/2.html", "某县财政局2020年政府信息公开工作年…", "2021-01-19"))),
            "/b/1.html": report("县教育局", 2021, 4),
            "/b/2.html": report("县财政局", 2020, 6),
        },
    )
    stale = portals.add("stale", usual())
    stale.extra = f", lists: ['{stale.home}old/list.html']"
    result = workplace.crawl("--portals", portals.register())
    assert {row["portal"]: (row["outcome"], row["reports"]) for row in result.rows[:-1]} == {"tree": ("ok", 3), "stale": ("ok", 2)}
    assert tree.paths.count("/") == 1


def test_cookies_are_sent_back_and_nobody_else_is_asked(
    portals: Portals, workplace: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library behind Scrapy's cookies fetches its list of public suffixes from GitHub, unless it is told not to."""
    home = usual()["/"]
    moved = Answer(b"", 302, {"Location": "/", "Set-Cookie": "wzws_sid=1; path=/"})
    portal = portals.add("cookie", {**usual(), "/": lambda headers: home if "cookie" in headers else moved})
    with socket.create_server(("127.0.0.1", 0)) as world:
        world.setblocking(False)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{world.getsockname()[1]}")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        result = workplace.crawl("--portals", portals.register())
        with pytest.raises(BlockingIOError):
            world.accept()
    assert (result.outcome("cookie"), result.row("cookie")["reports"]) == ("ok", 2)
    assert portal.paths.count("/") == 2


def test_a_list_that_is_too_long_is_never_silently_cut(portals: Portals, workplace: Workplace) -> None:
    many = [(f"/n/{number}.html", f"新闻{number}", "2022-01-01") for number in range(4000)]
    portals.add("long", {**usual(), "/xxgk/nb/": page("政府信息公开年报", rows(*many), usual()["/xxgk/nb/"].body.decode())})
    heavy = page("政府信息公开年报", "<p>" + "公开" * 1_500_000 + "</p>", usual()["/xxgk/nb/"].body.decode())
    portals.add("heavy", {**usual(), "/xxgk/nb/": heavy})
    result = workplace.crawl("--portals", portals.register())
    assert [result.outcome(name) for name in ("long", "heavy")] == ["partial", "partial"]


def test_what_failed_is_said_by_the_thread_in_which_walks_begin(portals: Portals, workplace: Workplace) -> None:
    """Scrapy changes the handlers of the log there: a line of another thread is printed twice at times, or not at all."""
    portals.add("bare", {"/": page("某县", "x")})
    command = [str(Path(sys.executable).with_name("scrapy")), "crawl", "portal", "-a", "id=bare", "-a", f"portals={portals.register()}"]
    values = {
        "GIAR_DATABASE": workplace.database,
        "GIAR_ARCHIVE": f"{workplace.folder}/archive",
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "%(threadName)s: %(message)s",
    }
    settings = [part for name, value in values.items() for part in ("-s", f"{name}={value}")]
    done = subprocess.run([*command, *settings], cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False)
    said = [line for line in done.stderr.splitlines() if "no_list_found" in line]
    assert [line.partition(": ")[0] for line in said] == ["MainThread"]
