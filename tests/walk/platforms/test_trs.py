"""TRS lists: the script that counts in all its spellings, stubs, articles of both shapes."""

from __future__ import annotations

from time import monotonic

import pytest

from demo.families import trs
from giar_crawler.platforms import ListEntry, detect, read_page
from giar_crawler.platforms.page import page_of_text

VARIABLES = """var currentPage = {here};//所在页从0开始
var countPage = {pages}//共多少页
document.write("<a href=\\"index"+"_"+nextPage+"."+"shtml\\">下一页</a>");"""


def following(url: str, text: str) -> list[str]:
    page = page_of_text("http://a.gov.cn" + url, f"<html><body><script>{text}</script></body></html>")
    platform = detect(page)
    assert platform.name == "trs"
    return [request.url.removeprefix("http://a.gov.cn") for request in platform.next_requests(page)]


@pytest.mark.parametrize(
    ("url", "script", "paths"),
    [
        ("/nb/", 'createPageHTML(3, 0, "index", "html");', ["/nb/index_1.html", "/nb/index_2.html"]),
        ("/nb/index_1.html", 'createPageHTML(3, 1, "index", "html");', ["/nb/index_2.html"]),
        ("/nb/index_2.html", 'createPage(3,2,"index","html")', []),
        ("/nb/index.shtml", "createPage('pager', 2, 0, 'index', 'shtml', 31)", ["/nb/index_1.shtml"]),
        ("/nb/", 'createPageHTML("2","0","index","html")', ["/nb/index_1.html"]),
        ("/nb/", "createPageHTML(\n 2 ,\n 0 , 'index' , 'htm'\n)", ["/nb/index_1.htm"]),
        ("/nb/", "createpagehtml(2,0,'index','html')", ["/nb/index_1.html"]),
        ("/nb/", 'createPageHTML2(2,0,"index","html")', ["/nb/index_1.html"]),
        (
            "/nb/default_19.html",
            "Pager({size:3, current:0, prefix:'default_19',suffix:'html'});",
            [f"/nb/default_19_{n}.html" for n in (1, 2)],
        ),
        ("/nb/default_19_1.html", "Pager({size:3, current:1, prefix:'default_19',suffix:'html'});", ["/nb/default_19_2.html"]),
        ("/nb/", VARIABLES.format(here=0, pages=3), ["/nb/index_1.shtml", "/nb/index_2.shtml"]),
        ("/nb/index_1.htm", "var countPage = 3; var currentPage = 1;", ["/nb/index_2.htm"]),
        ("/nb/", 'createPageHTML(1, 0, "index", "html");', []),
        (
            "/nb/",
            'function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){} createPageHTML(2,0,"a","html")',
            ["/nb/a_1.html"],
        ),
    ],
)
def test_spellings_of_the_script(url: str, script: str, paths: list[str]) -> None:
    assert following(url, script) == paths


def test_counting_from_one_reaches_the_last_page() -> None:
    call = "createPageHTML('page_div',{pages}, {here},'list','shtml',31);"
    assert following("/nb/list.shtml", call.format(pages=2, here=1)) == ["/nb/list_2.shtml"]
    asked = set()
    waiting = ["/nb/list.shtml"]
    for path in waiting:
        number = int(path.rpartition("_")[2].partition(".")[0]) if "_" in path else 1
        new = [other for other in following(path, call.format(pages=9, here=number)) if other not in asked]
        asked.update(new)
        waiting += new
    assert asked == {f"/nb/list_{number}.shtml" for number in range(2, 10)}


def test_a_stub_does_not_end_the_list() -> None:
    # Three pages are asked at once, so that the second may be broken.
    assert following("/nb/", 'createPageHTML(40, 0, "index", "html");') == [f"/nb/index_{number}.html" for number in (1, 2, 3)]
    portal = next(portal for portal in trs.PORTALS if portal.quirk == "stub")
    site = trs.TrsSite(portal)
    stub = site.stub()
    assert 300 <= len(stub.body) <= 400
    page = read_page("http://a.gov.cn/nb/index_1.html", stub.body, stub.content_type)
    assert detect(page).entries(page) == []
    assert detect(page).next_requests(page) == []


def test_rows_of_both_shapes() -> None:
    rows = """<li><a href="./202301/t20230128_3929475.html" title="某县2022年政府信息公开工作年度报告">某县2022年…</a></li>
    <li><a href="202201/content_77.html">某局年报</a><span>2022-01-05</span></li><script>createPageHTML(1,0,"index","html")</script>"""
    page = page_of_text("http://a.gov.cn/nb/", f"<html><body>{rows}</body></html>")
    assert detect(page).entries(page) == [
        ListEntry("http://a.gov.cn/nb/202301/t20230128_3929475.html", "某县2022年政府信息公开工作年度报告", "2023-01-28"),
        ListEntry("http://a.gov.cn/nb/202201/content_77.html", "某局年报", "2022-01-05"),
    ]


@pytest.mark.parametrize(
    ("script", "total"),
    [
        ("createPageHTML('page_div',3,1,'list','shtml',31);", 31),
        # A fifth argument without an element before them may be the size of a page.
        ('createPageHTML(3,0,"index","html",20);', None),
        ('createPageHTML(3,0,"index","html");</script>共31条记录<script>', 31),
    ],
)
def test_total(script: str, total: int | None) -> None:
    page = page_of_text("http://a.gov.cn/nb/", f"<html><body><script>{script}</script></body></html>")
    assert detect(page).total(page) == total


@pytest.mark.parametrize(
    "script",
    [
        'createPageHTML(99999999999999999999,0,"index","html")',
        'createPageHTML(3,0,"../../x","html")',
        "createPageHTML(,,,)",
        "createPageHTML('a','b','c','d')",
        "Pager({size:x, current:0})",
        "Pager({size:3, current:-1, prefix:'index',suffix:'html'})",
        "countPage = 3; index_",
        "createPageHTML(²,0,'index','html')",
    ],
)
def test_what_is_no_count(script: str) -> None:
    page = page_of_text("http://a.gov.cn/nb/x.aspx", f"<html><body><script>{script}</script></body></html>")
    platform = detect(page, "trs")
    assert platform.next_requests(page) == []
    assert platform.total(page) is None


@pytest.mark.parametrize("piece", ["createPageHTML(", "Pager({", "createPageHTML('a',", "a_'+", "countPage = ", "_", "Pager({a:b,"])
def test_hostile_pages_are_read_in_time(piece: str) -> None:
    page = read_page("http://a.gov.cn/nb/", ("<p></p><script>countPage = 5;" + piece * (2_000_000 // len(piece))).encode())
    started = monotonic()
    platform = detect(page, "trs")
    platform.next_requests(page)
    platform.total(page)
    assert monotonic() - started < 5


@pytest.mark.parametrize("portal", trs.PORTALS, ids=lambda portal: portal.id)
def test_its_pages_are_recognised(portal) -> None:
    site = trs.TrsSite(portal)
    for path, build in site.pages.items():
        answer = build()
        page = read_page(f"http://{portal.host}{path}", answer.body, answer.content_type)
        assert detect(page).name in ({"trs", "static"} if path in {"/", site.hub_path()} or len(answer.body) < 400 else {"trs"}), path
