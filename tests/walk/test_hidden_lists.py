"""Lists to which the home page does not lead: site maps, breadcrumbs of reports, and what they may cost."""

from __future__ import annotations

import gzip
from time import monotonic

import pytest

from giar_crawler.platforms.page import page_of_text
from giar_crawler.spiders.lexicon import names_map
from giar_crawler.spiders.sitemaps import MOST_COLUMNS, MOST_PARTS, columns_of, read_map

from .conftest import Answer, links, page, report, rows

ROOT = "http://a.gov.cn"
NEWS = page("某县人民政府", links(("/news/", "新闻")))
LIST = page("政府信息公开年报", rows(("/r/2021.html", "某县人民政府2021年政府信息公开工作年度报告", "2022-01-20")))


def locations(*paths: str, root: str = ROOT) -> str:
    return "".join(f"<url><loc>{root}{path}</loc></url>" for path in paths)


def test_a_file_names_columns_by_their_folders() -> None:
    body = locations("/zwgk/xxgknb/202201/1.html", "/zwgk/xxgknb/202201/2.html", "/news/3.html", "/nb/index.html", "/gk/")
    pages, parts = read_map(f"<urlset>{body}</urlset>".encode())
    assert len(pages) == 5
    assert parts == []
    found = dict(columns_of(pages))
    assert list(found) == [f"{ROOT}/zwgk/xxgknb/", f"{ROOT}/zwgk/xxgknb/202201/1.html", f"{ROOT}/nb/index.html"]
    assert found[f"{ROOT}/zwgk/xxgknb/"] > found[f"{ROOT}/zwgk/xxgknb/202201/1.html"]


def test_an_index_has_parts() -> None:
    body = f"<?xml version='1.0'?><sitemapindex>{locations(*(f'/{n}.xml' for n in range(50)))}</sitemapindex>".encode()
    for sent in (body, gzip.compress(body)):
        pages, parts = read_map(sent)
        assert pages == []
        assert parts == [f"{ROOT}/{n}.xml" for n in range(MOST_PARTS)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>404</body></html>",
        b"\x1f\x8bnot gzip",
        gzip.compress(b"\0" * 30_000_000),
        b"<loc>" * 1_000_000,
        b"<loc>javascript:x</loc><loc>/relative</loc>",
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
    ],
)
def test_what_is_no_site_map_names_nothing(body: bytes) -> None:
    started = monotonic()
    assert read_map(body) == ([], [])
    assert monotonic() - started < 5


def test_many_addresses_are_few_columns() -> None:
    pages = [f"{ROOT}/{organ}/xxgknb/2022/{number}.html" for organ in range(100) for number in range(20)]
    assert len(columns_of(pages)) <= MOST_COLUMNS + 1


@pytest.mark.parametrize(
    "crumb",
    [
        "<div class='BreadCrumb'>{}</div>",
        "<p>您现在的位置：{}</p>",
        "<td>当前位置: <span>{}</span></td>",
        "<div id=dqwz><font><b>{}</b></font></div>",
        "<div>首页位置:{}</div>",
    ],
)
def test_breadcrumbs_are_found(crumb: str) -> None:
    trail = "<a href='/'>首页</a> &gt; <a href='/xxgk/'>公开</a> &gt; <a href='/lm/7/'>公告</a> &gt; 正文"
    text = f"<ul class=nav><li><a href='/x/'>新闻</a></li></ul>{crumb.format(trail)}<p>地理位置优越的<a href='/y/'>某县</a></p>"
    found = page_of_text(f"{ROOT}/lm/7/1.html", text).crumbs()
    assert [anchor.text for anchor in found] == ["首页", "公开", "公告"]


def test_words_of_a_link_to_the_site_map() -> None:
    assert all(map(names_map, ("网站地图", "站点地图", "[网站地图]", "SiteMap", "Site Map", "网站地图-某县人民政府")))
    assert not any(map(names_map, ("地图服务", "旅游地图", "关于网站地图升级的通知")))


def test_a_site_map_is_asked_only_where_nothing_led_to_a_list(workplace, portals) -> None:
    footer = links(("/wzdt/", "网站地图"))
    fine = portals.add("fine", {"/": page("某县", links(("/nb/", "政府信息公开年报")), footer), "/nb/": LIST})
    fine.pages["/r/2021.html"] = report("某县人民政府", 2021)
    mapped = portals.add(
        "mapped", {**fine.pages, "/": page("某县", footer), "/wzdt/": page("网站地图", links(("/nb/", "政府信息公开年报")))}
    )
    result = workplace.crawl("--portals", portals.register())
    assert (result.outcome("fine"), result.row("fine")["reports"]) == ("ok", 1)
    assert not {"/wzdt/", "/sitemap.xml"} & set(fine.paths)
    assert (result.outcome("mapped"), result.row("mapped")["reports"]) == ("ok", 1)
    assert mapped.paths[1:4] == ["/", "/wzdt/", "/nb/"]


def test_a_tree_behind_a_site_map_that_links_all_of_it(workplace, portals) -> None:
    tree = links(("/nb/2021/", "2021年"), ("/nb/2020/", "2020年"))
    pages = {
        "/": page("某县", links(("/wzdt/", "网站地图"))),
        "/wzdt/": page("网站地图", links(("/nb/", "政府信息公开年报")), tree),
        "/nb/": page("政府信息公开年报", tree),
    }
    for year in (2020, 2021):
        pages[f"/nb/{year}/"] = page(
            "政府信息公开年报", rows((f"/{year}.html", f"某局{year}年政府信息公开工作年度报告", f"{year + 1}-01-20"))
        )
        pages[f"/{year}.html"] = report("某局", year)
    portals.add("x", pages)
    assert workplace.crawl("--portals", portals.register()).row("x")["reports"] == 2


@pytest.mark.parametrize(
    ("answer", "robots"),
    [
        (Answer(b"x", 404), b""),
        (Answer(b"x", 500), b""),
        (NEWS, b""),
        (Answer(locations("/nb/", root="http://127.0.73.250").encode()), b""),
        (Answer(f"<sitemapindex>{locations('/sitemap.xml', '/sitemap.xml?2', root='@@')}</sitemapindex>".encode()), b""),
        (NEWS, b"User-agent: *\nDisallow: /sitemap.xml"),
    ],
)
def test_a_portal_without_lists_costs_little_more(workplace, portals, answer, robots) -> None:
    portal = portals.add("x", {"/": NEWS, "/news/": page("新闻", "无"), "/robots.txt": Answer(robots)})
    portal.pages["/sitemap.xml"] = Answer(answer.body.replace(b"@@", portal.home.rstrip("/").encode()), answer.status)
    result = workplace.crawl("--portals", portals.register(), code=1)
    assert result.outcome("x") == "no_list_found"
    assert len(portal.paths) <= 6
    assert portal.paths.count("/sitemap.xml") <= 3


def test_known_reports_lead_to_their_list_when_the_home_page_forgets_it(workplace, portals) -> None:
    portal = portals.add("x", {"/": page("某县", links(("/lm/7/", "政府信息公开年报"))), "/news/": page("新闻", "无")})
    entries = [(f"/r/{year}.html", f"某县人民政府{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in (2019, 2020, 2021)]
    portal.pages["/lm/7/"] = page("政府信息公开年报", rows(*entries[:2]))
    crumb = '<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/lm/7/">公告</a></div>'
    for year in (2019, 2020, 2021):
        answer = report("某县人民政府", year)
        portal.pages[f"/r/{year}.html"] = Answer(answer.body.replace(b"<body>", f"<body>{crumb}".encode()))
    assert workplace.crawl("--portals", portals.register()).row("x")["reports"] == 2
    portal.pages["/"] = NEWS
    portal.pages["/lm/7/"] = page("公告", rows(*entries))
    second = workplace.crawl("--portals", portals.register())
    assert (second.outcome("x"), second.row("x")["inserted"], second.row("x")["gone"]) == ("ok", 1, 0)
