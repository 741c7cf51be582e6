"""Pagers without links: the script of the Anhui platform, forms that `goPage` posts."""

from __future__ import annotations

from time import monotonic
from urllib.parse import parse_qsl

import pytest

from giar_crawler.platforms import detect
from giar_crawler.platforms.anhui import Anhui
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
