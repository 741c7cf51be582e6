"""What a list page gives: rows with dates, the next page, and what titles and links are worth."""

from __future__ import annotations

from time import monotonic

import pytest

from giar_crawler.middlewares.challenges import challenge
from giar_crawler.platforms import ListEntry, detect, read_page
from giar_crawler.platforms.addresses import absolute
from giar_crawler.platforms.page import page_of_text
from giar_crawler.spiders.lexicon import navigation_score

ISLAND = """<meta name="ColumnName" content="政府信息公开年报"><div id="7"><script type="text/xml"><datastore>
<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&amp;columnid={id}&amp;unitid={id}"></a>]]></nextgroup>
<recordset>{records}</recordset></datastore></script></div><script>$('#7').jpage({{totalRecord:{total},perPage:2,groupSize:2,
proxyUrl:'/module/jpage/dataproxy.jsp',ajaxParam:{{col:1,webid:96,path:'/',columnid:1229001,unitid:'7',webname:'某县'}}}});</script>"""
# The arguments of a call with one word that never ends in a colon.
WORD = ".jpage({proxyUrl:'/p',ajaxParam:{" + "a" * 2400 + "}," + "a" * 2400 + "})"
RECORD = """<record><![CDATA[<li><a href="/art/2022/1/{n}/art_1_{n}.html" title="某局2021年年报{n}">某局…</a>
<span>2022-01-0{n}</span></li>]]></record>"""


def records(*numbers: int) -> str:
    return "".join(RECORD.format(n=number) for number in numbers)


def test_rows_of_any_markup() -> None:
    html = """<base href="/nb/">
    <table><tr><td><a href="a.html" title="某县2021年年度报告">某县2021年…</a></td><td>[2022-03-04]</td></tr></table>
    <p>· <a href="202201/t20220128_1.html">某局年报</a></p><dl><dd><a href="../2019/b.html">2018年年报</a><i>03月05日</i></dd></dl>
    <li><a href="c.html">无日期</a></li>
    <li><a href="d.html">误日期</a> 2022-02-31</li>
    <li><a href="e.html">长日期</a> 二〇二二年三月四日</li><a href="list_2.html">下一页</a><a href="list_3.html">3</a>"""
    page = read_page(
        "http://a.gov.cn/x/y.html", f"<html><head></head><body>{html}</body></html>".encode("gb18030"), "text/html; charset=gb2312"
    )
    assert detect(page).entries(page) == [
        ListEntry("http://a.gov.cn/nb/a.html", "某县2021年年度报告", "2022-03-04"),
        ListEntry("http://a.gov.cn/nb/202201/t20220128_1.html", "某局年报", "2022-01-28"),
        ListEntry("http://a.gov.cn/2019/b.html", "2018年年报", "2019-03-05"),
        ListEntry("http://a.gov.cn/nb/c.html", "无日期", None),
        ListEntry("http://a.gov.cn/nb/d.html", "误日期", None),
        ListEntry("http://a.gov.cn/nb/e.html", "长日期", "2022-03-04"),
    ]


@pytest.mark.parametrize(
    ("url", "links", "following"),
    [
        ("/nb/list.htm", '<a href="list/4.htm">下页</a><a href="list/1.htm">尾页</a>', ["/nb/list/4.htm"]),
        (
            "/nb/l_2.html",
            '<a href="l_1.html">1</a> 2 <a href="l_3.html">[3]</a><a href="a.html">2021年</a>',
            ["/nb/l_1.html", "/nb/l_3.html"],
        ),
        ("/nb/", '<a href="javascript:go(2)">下一页</a>', []),
        ("/nb/l_2.html", '<p><a href="l_1.html">&lt;</a><a href="l_3.html">&gt;</a></p>', ["/nb/l_3.html"]),
    ],
)
def test_static_lists_go_on(url: str, links: str, following: list[str]) -> None:
    page = page_of_text("http://a.gov.cn" + url, f"<html><body>{links}</body></html>")
    assert [request.url for request in detect(page).next_requests(page)] == ["http://a.gov.cn" + path for path in following]


def test_jcms_asks_for_the_rows_that_the_page_lacks() -> None:
    page = page_of_text("http://a.gov.cn/col/col1/index.html", ISLAND.format(id=7, records=records(1, 2, 3, 4), total=7))
    platform = detect(page)
    assert platform.name == "jcms"
    assert [entry.title for entry in platform.entries(page)] == [f"某局2021年年报{n}" for n in (1, 2, 3, 4)]
    first, group = platform.next_requests(page)
    assert first.url.startswith("http://a.gov.cn/module/jpage/dataproxy.jsp?")
    assert "startrecord=5&endrecord=104&perpage=2&page=3" in first.url
    assert group.spare
    answer = page_of_text(first.url, f"<datastore><totalrecord>7</totalrecord><recordset>{records(5, 6)}</recordset></datastore>")
    assert [entry.date for entry in platform.entries(answer)] == ["2022-01-05", "2022-01-06"]
    [second] = platform.next_requests(answer)
    assert "startrecord=7&endrecord=106&perpage=2&page=4" in second.url
    last = page_of_text(second.url, f"<datastore><totalrecord>7</totalrecord><recordset>{records(7)}</recordset></datastore>")
    assert platform.next_requests(last) == []


def test_jcms_takes_encrypted_ids_from_the_island() -> None:
    page = page_of_text("http://a.gov.cn/col/col1/index.html", ISLAND.format(id="aF3x", records=records(1, 2, 3, 4), total=7))
    assert "columnid=aF3x&unitid=aF3x" in detect(page).next_requests(page)[0].url


@pytest.mark.parametrize(
    "href",
    [
        "javascript:go()",
        "mailto:a@b.cn",
        "ftp://a.gov.cn/",
        "http://u:p@a.gov.cn/",
        "http://[x/",
        "/a/a/a/a/",
        "/" + "y" * 2001,
        "http://a:99999/",
    ],
)
def test_what_is_no_address(href: str) -> None:
    assert absolute("http://a.gov.cn/", href) is None


def test_links_on_the_way() -> None:
    best = ["政府信息公开年报", "年报", "政府信息公开", "政务公开", "新闻中心"]
    scores = [navigation_score(text, "http://a.gov.cn/x/", inside=False) for text in best]
    assert scores == sorted(scores, reverse=True)
    assert navigation_score("法治政府建设年度报告", "http://a.gov.cn/x/", inside=False) < 0
    for organs in ("县直部门", "市直各单位", "区直机关", "县级部门", "各乡镇"):
        assert navigation_score(organs, "http://a.gov.cn/x/", inside=True) >= 50
    assert navigation_score("栏目", "http://a.gov.cn/zwgk/zfxxgknb/", inside=False) >= 60
    assert (
        navigation_score("2021年", "http://a.gov.cn/x/", inside=True) >= 60 > navigation_score("2021年", "http://a.gov.cn/x/", inside=False)
    )


def test_links_below_tags_that_nobody_closed() -> None:
    page = read_page("http://a.gov.cn/", ("<font><span>" * 700 + "<a href=/nb/>年报</a>").encode())
    assert [anchor.url for anchor in page.anchors()] == ["http://a.gov.cn/nb/"]


@pytest.mark.parametrize(
    "piece", ["<record>", "<nextgroup><![CDATA[", ".jpage({", "<a href=x><div>", "createPage('", "</record><record>", "<a ", WORD]
)
def test_hostile_pages_are_read_in_time(piece: str) -> None:
    page = read_page("http://a.gov.cn/", ("<script></script>" + piece * (2_000_000 // len(piece))).encode())
    started = monotonic()
    platform = detect(page, "jcms")
    platform.entries(page)
    platform.next_requests(page)
    detect(page, "static").next_requests(page)
    assert challenge(200, page.text[:200_000].encode()) is None
    assert monotonic() - started < 10


def test_a_script_that_sends_phones_elsewhere_moves_nobody():
    moved = '<html><body><script>{}location.href="/gkmlpt/mindex"</script></body></html>'
    assert page_of_text("http://a.gov.cn/", moved.format("")).moves_to() == "http://a.gov.cn/gkmlpt/mindex"
    for condition in ("if(/Android|iPhone/i.test(navigator.userAgent)) ", "if(isMobile()){"):
        assert page_of_text("http://a.gov.cn/", moved.format(condition)).moves_to() is None
