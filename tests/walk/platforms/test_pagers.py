"""Pagers without links: the script of the Anhui platform, forms that `goPage` posts."""

from __future__ import annotations

from time import monotonic
from urllib.parse import parse_qsl

import pytest

from giar_crawler.platforms import detect
from giar_crawler.platforms.anhui import Anhui
from giar_crawler.platforms.aspnet import AspNet
from giar_crawler.platforms.jsp import Jsp
from giar_crawler.platforms.page import page_of_text

ROOT = "http://a.gov.cn"
PAGER = "<script>Ls.pagination('#p',function(i){{}},{{data:{{pageCount:'{pages}',total:'31',pageIndex:'1',pageSize:'15'}}}});</script>"


@pytest.mark.parametrize(
    ("path", "text", "following"),
    [
        ("/public/column/219?type=4&catId=49", PAGER.format(pages=3), "/public/column/219?type=4&catId=49&pageIndex=2"),
        ("/public/column/219?catId=49&pageIndex=2", PAGER.format(pages=3), "/public/column/219?catId=49&pageIndex=3"),
        ("/public/column/219?catId=49&pageIndex=3", PAGER.format(pages=3), None),
        ("/public/column/219?catId=49", "<a href='?catId=49&pageIndex=2'>下一页</a>", "/public/column/219?catId=49&pageIndex=2"),
        ("/OpennessContent/showList/7/3/page_1.html", "<script>var pageCount=2;</script>", "/OpennessContent/showList/7/3/page_2.html"),
        ("/OpennessContent/showList/7/3/page_2.html", "<script>var pageCount=2;</script>", None),
        ("/public/219/367.html", PAGER.format(pages=3), None),
    ],
)
def test_anhui(path: str, text: str, following: str | None) -> None:
    page = page_of_text(ROOT + path, text)
    assert [request.url for request in Anhui().next_requests(page)] == ([ROOT + following] if following else [])


def test_anhui_is_recognised_and_counted() -> None:
    page = page_of_text(f"{ROOT}/public/column/219?catId=49", PAGER.format(pages=3) + "<a href='/public/219/367.html'>2021年年报</a>")
    assert detect(page).name == "anhui"
    assert detect(page).total(page) == 31


FORM = """<form name=f method={method} action="list.jsp"><input type=hidden name=channelId value=4>
<input type=hidden name=pageNo value={here}>
<input name=title><select name=year><option value="">全部<option value=2021 selected>2021</select><input type=submit value=查></form>
<a href="javascript:goPage(1)">首页</a><a href="javascript:goPage({there})">下一页</a>共31条记录"""


def test_forms_are_sent_with_the_next_number() -> None:
    page = page_of_text(f"{ROOT}/xxgk/list.jsp?channelId=4", FORM.format(method="post", here=1, there=2))
    assert detect(page).name == "jsp"
    assert detect(page).total(page) == 31
    [request] = detect(page).next_requests(page)
    assert request.url == f"{ROOT}/xxgk/list.jsp"
    assert dict(parse_qsl(request.posted or "", keep_blank_values=True)) == {"channelId": "4", "pageNo": "2", "title": "", "year": "2021"}
    last = page_of_text(request.url, FORM.format(method="post", here=2, there=2))
    last.posted = request.posted
    assert detect(last).next_requests(last) == []


WRITTEN = """<a href="#" onclick="turnPage('f',2)">下一页</a>
<script>function turnPage(f,n){location.href='l.jsp?a=1&curPage='+n;}</script>"""


@pytest.mark.parametrize(
    ("text", "following"),
    [
        (FORM.format(method="get", here=1, there=2), "list.jsp?channelId=4&pageNo=2&title=&year=2021"),
        (FORM.format(method="post", here=1, there=1), None),
        (
            WRITTEN,
            "l.jsp?a=1&curPage=2",
        ),
        ("<a href='javascript:goPage(2)'>下一页</a>", None),
        ("<a href='list.jsp?pageNo=2'>下一页</a><a href='javascript:goPage(9)'>尾页</a>", "list.jsp?pageNo=2"),
    ],
)
def test_other_calls(text: str, following: str | None) -> None:
    page = page_of_text(f"{ROOT}/xxgk/list.jsp?channelId=4", text)
    assert [request.url for request in Jsp().next_requests(page)] == ([f"{ROOT}/xxgk/{following}"] if following else [])


@pytest.mark.parametrize(
    "piece", ["<form><input name=pageNo>", "<a href='javascript:goPage(", "goPage(1,", "pageCount:'", "location.href='?a=", "<a>下一页</a>"]
)
def test_hostile_pages_are_read_in_time(piece: str) -> None:
    text = "<a href='javascript:goPage(2)'>下一页</a><script>function goPage(" + piece * (1_000_000 // len(piece))
    started = monotonic()
    for path in ("/list.jsp?pageNo=²", "/public/column/1?pageIndex=²", "/OpennessContent/showList/1/1/page_1.html"):
        page = page_of_text(ROOT + path, text)
        for platform in (Anhui(), Jsp()):
            platform.entries(page)
            platform.next_requests(page)
            platform.total(page)
    assert monotonic() - started < 10


GRID = """<form method="post" action="List.aspx?ClassID=15"><input type="hidden" name="__EVENTTARGET" value=""><input type="hidden"
name="__EVENTARGUMENT" value=""><input type="hidden" name="__VIEWSTATE" value="/wEPDw=="><select name="year">
<option value="2021">2021</option>
</select><input type="submit" name="search" value="查询"><a href="Show.aspx?ID=7">某县2021年年报</a>{pager}</form>"""
LINK = "<a href=\"javascript:__doPostBack('{}','{}')\">{}</a>"
TREE = LINK.format("Tree", "t3", "政府信息公开年报")


@pytest.mark.parametrize(
    ("posted", "pager", "call"),
    [
        (None, TREE + LINK.format("Grid", "Page$3", "3") + LINK.format("Grid", "Page$2", "2"), ("Grid", "Page$2")),
        ("__EVENTARGUMENT=Page%2410", LINK.format("Grid", "Page$9", "9") + LINK.format("Grid", "Page$11", "..."), ("Grid", "Page$11")),
        ("__EVENTARGUMENT=3", LINK.format("Pager1", "4", "下一页") + LINK.format("Pager1", "9", "尾页"), ("Pager1", "4")),
        ("__EVENTARGUMENT=9", LINK.format("Pager1", "9", "下一页"), None),
        (None, LINK.format("list$lnkNext", "", "下一页"), ("list$lnkNext", "")),
        ("__EVENTARGUMENT=Page%243", LINK.format("Grid", "Page$1", "1") + LINK.format("Grid", "Page$2", "2") + "<span>3</span>", None),
        (None, "<a disabled='disabled'>下一页</a>" + TREE, None),
    ],
)
def test_aspnet(posted: str | None, pager: str, call: tuple[str, str] | None) -> None:
    page = page_of_text(f"{ROOT}/List.aspx?ClassID=15", GRID.format(pager=pager))
    page.posted = posted
    found = AspNet().next_requests(page)
    if call is None:
        assert found == []
        return
    [request] = found
    assert request.url == f"{ROOT}/List.aspx?ClassID=15"
    sent = dict(parse_qsl(request.posted or "", keep_blank_values=True))
    assert sent == {"__EVENTTARGET": call[0], "__EVENTARGUMENT": call[1], "__VIEWSTATE": "/wEPDw==", "year": "2021"}


def test_aspnet_is_recognised() -> None:
    assert detect(page_of_text(f"{ROOT}/List.aspx", GRID.format(pager=LINK.format("Grid", "Page$2", "2")))).name == "aspnet"


@pytest.mark.parametrize(
    "click",
    ["javascript:document.f.pageNo.value=2;document.f.submit()", "javascript:document.forms['f'].pageNo.value='2';f.submit();"],
)
def test_a_link_that_sets_the_number_into_the_form_itself_posts_it(click: str) -> None:
    form = "<form name=f method=post action=nb.do><input type=hidden name=c value=7><input type=hidden name=pageNo value=1></form>"
    first = page_of_text(f"{ROOT}/nb.do?c=7", f'<html><body>{form}<a href="{click}">下页</a></body></html>')
    [request] = detect(first).next_requests(first)
    assert (request.url, request.posted) == (f"{ROOT}/nb.do", "c=7&pageNo=2")
    last = page_of_text(f"{ROOT}/nb.do", first.text)
    last.posted = "c=7&pageNo=2"
    assert detect(last).next_requests(last) == []
