"""Lists with numbered addresses: Boda, DedeCMS, PHPCMS, PowerEasy, SiteServer."""

from __future__ import annotations

from time import monotonic
from urllib.parse import parse_qsl, urlsplit

import pytest

from demo.families import FAMILIES
from demo.families.siteserver import POSTED
from giar_crawler.platforms import detect, read_page
from giar_crawler.platforms.numbered import numbered_families
from giar_crawler.platforms.page import ListPage, page_of_text

HOST = "http://a.gov.cn"
NAMES = [family.name for family in numbered_families()]
# Lists that scripts post for are no files (test_siteserver.py).
PORTALS = [(portal, site) for name in NAMES for portals, site in [FAMILIES[name]] for portal in portals if portal.quirk not in POSTED]
BODA = """<li><a href="{up}info/1021/1.htm">x</a></li><div class="pb_sys_common"><span class="p_no"><a href="{down}4.htm">2</a></span>
<span class="p_next"><a href="{down}{following}.htm">下页</a></span><a onclick="_simple_list_gotopage_fun(5,'u',2)">跳转</a></div>"""
PHPCMS = """<a href="index.php?m=content&amp;c=index&amp;a=lists&amp;catid=6&amp;page={first}">{before}</a>
<a href="index.php?m=content&amp;c=index&amp;a=lists&amp;catid=6&amp;page={last}">{after}</a>"""


def page_at(path: str, body: str) -> ListPage:
    return page_of_text(HOST + path, f"<html><body>{body}</body></html>")


def following(family: str, path: str, body: str) -> list[str]:
    page = page_at(path, body)
    return [request.url.removeprefix(HOST) for request in detect(page, family).next_requests(page)]


@pytest.mark.parametrize(
    ("family", "path", "body", "paths"),
    [
        ("boda", "/xxgk/nb.htm", BODA.format(up="../", down="nb/", following=4), [f"/xxgk/nb/{number}.htm" for number in (4, 3, 2)]),
        ("boda", "/xxgk/nb/2.htm", BODA.format(up="../../", down="", following=1), ["/xxgk/nb/1.htm"]),
        ("boda", "/xxgk/nb/1.htm", BODA.format(up="../../", down="", following=1).replace("下页", ""), []),
        # The number of pages alone.
        ("boda", "/nb.htm", "<script>function f(){_simple_list_gotopage_fun(3,'u',2)}</script>", ["/nb/2.htm", "/nb/1.htm"]),
        ("boda", "/nb.htm", "<script>function f(){_simple_list_gotopage_fun(1,'u',2)}</script>", []),
        # Files for the newest pages, a script for the others.
        (
            "boda",
            "/nb/29.htm",
            '<a href="../nb.htm">上页</a><a href="/list.jsp?totalpage=31&PAGENUM=4&wbtreeid=7">下页</a>_simple_list_gotopage_fun(31,',
            ["/list.jsp?totalpage=31&PAGENUM=4&wbtreeid=7", "/nb/28.htm", "/nb/27.htm", "/nb/26.htm"],
        ),
        (
            "boda",
            "/list.jsp?PAGENUM=4&totalpage=6&wbtreeid=7",
            '<a href="/list.jsp?totalpage=6&PAGENUM=5&wbtreeid=7">下页</a> _simple_list_gotopage_fun(6,',
            ["/list.jsp?totalpage=6&wbtreeid=7&PAGENUM=5", "/list.jsp?totalpage=6&wbtreeid=7&PAGENUM=6"],
        ),
        # The first page of a column has the address of its folder; the list of another column stands beside it.
        (
            "dedecms",
            "/nb/",
            "<a href='/xw/list_3_1.html'>1</a><a href='list_12_2.html'>2</a><a href='list_12_3.html'>末页</a>",
            ["/nb/list_12_2.html", "/nb/list_12_3.html"],
        ),
        ("dedecms", "/nb/list_12_2.html", "<a href='list_12_1.html'>首页</a><a href='list_12_3.html'>末页</a>", ["/nb/list_12_3.html"]),
        ("dedecms", "/nb/list_12_3.html", "<a href='list_12_1.html'>首页</a>", []),
        (
            "dedecms",
            "/plus/list.php?tid=12",
            "<a href='list.php?tid=12&TotalResult=9&PageNo=2'>2</a><a href='list.php?tid=13&PageNo=9'>9</a>",
            ["/plus/list.php?tid=12&TotalResult=9&PageNo=2"],
        ),
        ("dedecms", "/plus/list.php?tid=12", "<option value='list.php?tid=12&PageNo=2'>2</option>", ["/plus/list.php?tid=12&PageNo=2"]),
        (
            "phpcms",
            "/index.php?m=content&c=index&a=lists&catid=6",
            PHPCMS.format(first=0, before="上一页", last=3, after=3),
            [f"/index.php?m=content&c=index&a=lists&catid=6&page={number}" for number in (2, 3)],
        ),
        (
            "phpcms",
            "/index.php?m=content&c=index&a=lists&catid=6&page=3",
            PHPCMS.format(first=2, before=2, last=3, after="下一页"),
            [],
        ),
        ("phpcms", "/list-6-1.html", '<a href="/list-6-2.html">下一页</a><a href="/list-7-9.html">9</a>', ["/list-6-2.html"]),
        ("phpcms", "/html/nb/", '<a href="/html/nb/2.html">2</a>', ["/html/nb/2.html"]),
        (
            "powereasy",
            "/Category_12/Index.aspx",
            '页次:<font color="red">1</font>/5页',
            [f"/Category_12/Index_{number}.aspx" for number in (2, 3, 4)],
        ),
        ("powereasy", "/Category_12/Index_5.aspx", '页次:<font color="red">5</font>/5页', []),
        ("siteserver", "/channels/12.html", '<option value="/channels/12_2.html">2</option>', ["/channels/12_2.html"]),
        ("siteserver", "/channels/12_2.html", '<option value="/channels/12_2.html">2</option>', []),
        (
            "siteserver",
            "/nb/index.html",
            '<a href="index_2.html">下一页</a><a href="index_3.html">末页</a>',
            ["/nb/index_2.html", "/nb/index_3.html"],
        ),
        # What has no shape of the family goes on by its link.
        ("siteserver", "/nb/", '<a href="/nb/?p=2">下一页</a>', ["/nb/?p=2"]),
        ("powereasy", "/Category_12/Index.aspx", '<a href="/ShowClass.asp?page=2">下一页</a>', ["/ShowClass.asp?page=2"]),
    ],
)
def test_where_lists_go_on(family: str, path: str, body: str, paths: list[str]) -> None:
    assert following(family, path, body) == paths


@pytest.mark.parametrize(
    ("family", "body", "total"),
    [
        ("boda", '<span class="p_t">共62条</span>', 62),
        ("dedecms", '<span class="pageinfo">共 <strong>5</strong>页<strong>48</strong>条</span>', 48),
        ("dedecms", "<a href='list.php?tid=12&TotalResult=48&PageNo=2'>2</a>", 48),
        ("phpcms", '<div id="pages"><a class="a1">48条</a></div>', 48),
        ("powereasy", "共 <b>48</b> 篇文章", 48),
        ("siteserver", "总记录数:48条", 48),
        ("siteserver", "共5页", None),
    ],
)
def test_total(family: str, body: str, total: int | None) -> None:
    page = page_at("/nb/", body)
    assert detect(page, family).total(page) == total


def test_tooltips_of_powereasy_are_cut_to_the_title() -> None:
    row = '<li><a href="/Item/1.aspx" title="文章标题:某局2022年年报&#13;&#10;作    者:佚名&#13;&#10;更新时间:2023-1-2">某局2022…</a></li>'
    page = page_at("/Category_12/Index.aspx", row)
    assert [entry.title for entry in detect(page).entries(page)] == ["某局2022年年报"]


@pytest.mark.parametrize(("portal", "site"), PORTALS, ids=[portal.id for portal, _ in PORTALS])
def test_lists_are_complete_and_every_page_is_recognised(portal, site) -> None:
    served, root = site(portal), f"http://{portal.host}"

    def get(url: str) -> ListPage:
        parts = urlsplit(url)
        answer = served.answer(parts.path, parts.query, dict(parse_qsl(parts.query)))
        assert answer.status == 200, url
        return read_page(url, answer.body, answer.content_type)

    for column in served.names:
        waiting, found = [root + served.column_path(column)], set()
        for url in waiting:
            page = get(url)
            platform = detect(page)
            assert platform.name == portal.family
            assert platform.total(page) in {None, len(served.of(column))}
            found |= {entry.url for entry in platform.entries(page)}
            waiting += [request.url for request in platform.next_requests(page) if request.url not in waiting]
        assert len(waiting) == served.count(column)
        assert {root + served.article_path(article) for article in served.of(column)} <= found
    assert {detect(get(root + served.article_path(article))).name for article in served.articles} == {portal.family}


@pytest.mark.parametrize("family", NAMES)
@pytest.mark.parametrize(
    "piece",
    [
        "<a href='/list_1_9999.html'>9</a>",
        "<option value='x",
        "共 <strong>",
        "页次:<b>1",
        "_simple_list_gotopage_fun(",
        '<a class="a1">',
        "总页数:",
        "/Category_1/",
    ],
)
def test_hostile_pages_are_read_in_time(family: str, piece: str) -> None:
    page = read_page(HOST + "/nb/list_1_1.html", ("<p></p>" + piece * (1_000_000 // len(piece))).encode())
    started = monotonic()
    platform = detect(page, family)
    assert len(platform.next_requests(page)) <= 60
    platform.total(page)
    platform.entries(page)
    assert monotonic() - started < 10


@pytest.mark.parametrize("family", NAMES)
@pytest.mark.parametrize(
    "url", ["/nb/", "/plus/list.php?tid=12&PageNo=²", "/list.jsp?wbtreeid=&PAGENUM=-1", "/?catid=6&page=999999999999999"]
)
def test_numbers_from_outside_are_bounded(family: str, url: str) -> None:
    body = '_simple_list_gotopage_fun(99999,"u")页次:1/99999页 共99999页 <a href="list_12_9999.html">9999</a><a href="[x">下一页</a>'
    assert len(following(family, url, body)) <= 4
