"""Hanweb JCMS: which rows are asked for, in which way, and the disclosure module."""

from __future__ import annotations

from time import monotonic
from urllib.parse import parse_qsl, urlsplit

import pytest

from giar_crawler.platforms import detect
from giar_crawler.platforms.jcms import Jcms
from giar_crawler.platforms.jcms_disclosure import JcmsDisclosure
from giar_crawler.platforms.page import page_of_text

ROOT = "http://a.gov.cn"
RECORD = '<record><![CDATA[<li><a href="/art/2022/1/2/art_1_{n}.html">某局2021年年报{n}</a><span>2022-01-02</span></li>]]></record>'
CALL = """<script>$('#{unit}').jpage({{totalRecord:{total},perPage:15,groupSize:2,proxyUrl:'/module/jpage/dataproxy.jsp',
ajaxParam:{{col:1,webid:96,columnid:{unit},unitid:'7'}}}});</script>"""


def store(*numbers: int, total: int | None = None) -> str:
    counted = f"<totalrecord>{total}</totalrecord>" if total else ""
    return f"<datastore>{counted}<recordset>" + "".join(RECORD.format(n=n) for n in numbers) + "</recordset></datastore>"


def column(shown: int, total: int) -> str:
    return f"<div><script type='text/xml'>{store(*range(shown))}</script></div>" + CALL.format(unit=5, total=total)


def values(request) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.url).query))


def test_a_range_of_many_pages_with_the_number_of_the_first() -> None:
    page = page_of_text(f"{ROOT}/col/col1/index.html", column(30, 300))
    assert detect(page).name == "jcms"
    [request] = detect(page).next_requests(page)
    assert {key: values(request)[key] for key in ("startrecord", "endrecord", "perpage", "page")} == {
        "startrecord": "31",
        "endrecord": "120",
        "perpage": "15",
        "page": "3",
    }
    assert detect(page).total(page) == 300


@pytest.mark.parametrize(("sent", "start", "number"), [(90, "121", "9"), (15, "46", "4"), (45, "76", "6")])
def test_the_next_rows_follow_what_the_server_sent(sent: int, start: str, number: str) -> None:
    url = f"{ROOT}/module/jpage/dataproxy.jsp?columnid=5&startrecord=31&endrecord=120&perpage=15&page=3"
    page = page_of_text(url, store(*range(sent), total=300))
    [request] = Jcms().next_requests(page)
    assert (values(request)["startrecord"], values(request)["page"], request.posted) == (start, number, None)


def test_whole_lists_need_nothing_more() -> None:
    page = page_of_text(f"{ROOT}/col/col1/index.html", column(12, 12))
    assert Jcms().next_requests(page) == []
    url = f"{ROOT}/module/jpage/dataproxy.jsp?columnid=5&startrecord=31&endrecord=120&perpage=15&page=3"
    assert Jcms().next_requests(page_of_text(url, store(*range(9), total=39))) == []


def test_the_post_of_the_script_where_get_is_refused_or_brings_nothing() -> None:
    page = page_of_text(f"{ROOT}/col/col1/index.html", column(30, 300))
    [request] = Jcms().next_requests(page)
    behind = request.otherwise
    assert behind is not None
    assert behind.url == f"{ROOT}/module/jpage/dataproxy.jsp?startrecord=31&endrecord=120&perpage=15&page=3"
    assert behind.posted == "col=1&webid=96&columnid=5&unitid=7"
    assert Jcms().next_requests(page_of_text(request.url, "<datastore></datastore>")) == [behind]
    answer = page_of_text(behind.url, store(*range(90), total=300))
    answer.posted = behind.posted
    [following] = Jcms().next_requests(answer)
    assert (values(following)["startrecord"], following.posted) == ("121", behind.posted)
    empty = page_of_text(behind.url, "<datastore></datastore>")
    empty.posted = behind.posted
    assert Jcms().next_requests(empty) == []


def test_two_lists_of_a_page_are_counted_apart() -> None:
    text = "".join(f"<script type='text/xml'>{store(*range(n, n + 15))}</script>{CALL.format(unit=n, total=40)}" for n in (100, 200))
    requests = Jcms().next_requests(page_of_text(f"{ROOT}/col/col1/index.html", text))
    assert [(values(one)["columnid"], values(one)["startrecord"]) for one in requests] == [("100", "16"), ("200", "16")]


SHELL = "<script>var infotypeId='A05';var jdid='3';search('/module/xxgk/search.jsp?area=113209240144&divid=div1')</script>"
WITH_TREE = """<iframe src="/module/xxgk/tree.jsp?standardXxgk=1&amp;area={area}&amp;divid=div4"></iframe><script>var a='';
loadDynamic('/module/xxgk/search.jsp?standardXxgk=1&infotypeId='+a+'&vc_title=&vc_number=&area={area}','div4','','','','3096');</script>"""
TREE = r"""d.add(1,0,'<a href="#" onclick="funclick(\'A01\',\'机构职能\');">机构职能</a>');
d.add(2,0,'<a href="#" onclick="funclick(\'A05\',\'政府信息公开年报\');">政府信息公开年报</a>');"""


def found(shown: int, number: int, pages: int, title: str = "信息公开") -> object:
    rows = "".join(f"<tr><td><a href='/art/2022/1/2/art_9_{n}.html'>某局年报{n}</a></td><td>2022-01-02</td></tr>" for n in range(shown))
    page = page_of_text(
        f"{ROOT}/module/xxgk/search.jsp?area=113209240144&currpage={number}", f"<table>{rows}</table>共{pages}页 共31条记录"
    )
    page.posted = f"infotypeId=A05&area=113209240144&vc_title={title}&currpage={number}"
    return page


def test_the_search_of_the_disclosure_module() -> None:
    page = page_of_text(f"{ROOT}/col/col1/index.html", SHELL)
    assert detect(page).name == "jcms_disclosure"
    [first] = detect(page).next_requests(page)
    sent = dict(parse_qsl(first.posted or "", keep_blank_values=True))
    assert urlsplit(first.url).path == "/module/xxgk/search.jsp"
    wanted = {"area": "113209240144", "infotypeId": "A05", "jdid": "3", "vc_title": "信息公开", "currpage": "1"}
    assert {key: sent[key] for key in wanted} == wanted
    answer = found(15, 1, 2)
    assert detect(answer).name == "jcms_disclosure"
    assert len(detect(answer).entries(answer)) == 15
    assert detect(answer).total(answer) == 31
    [second] = JcmsDisclosure().next_requests(answer)
    assert "currpage=2" in (second.posted or "")
    assert JcmsDisclosure().next_requests(found(15, 2, 2)) == []


@pytest.mark.parametrize("area", ["113209240144", ""])
def test_the_tree_says_which_kind_the_annual_reports_are(area: str) -> None:
    page = page_of_text(f"{ROOT}/col/col1/index.html", WITH_TREE.format(area=area))
    assert detect(page).name == "jcms_disclosure"
    [tree] = detect(page).next_requests(page)
    assert dict(parse_qsl(urlsplit(tree.url).query, keep_blank_values=True)) == {
        "standardXxgk": "1",
        "area": area,
        "divid": "div4",
        "jdid": "3096",
    }
    for text, kind, title in ((TREE, "A05", ""), (TREE.replace("年报", "指南"), "", "信息公开"), ("", "", "信息公开")):
        answer = page_of_text(tree.url, text)
        assert detect(answer).name == "jcms_disclosure"
        [search] = detect(answer).next_requests(answer)
        sent = dict(parse_qsl(search.posted or "", keep_blank_values=True))
        assert (sent["infotypeId"], sent["vc_title"], sent["area"], sent["jdid"]) == (kind, title, area, "3096")


def test_a_search_that_finds_no_title_asks_for_all() -> None:
    [request] = JcmsDisclosure().next_requests(found(0, 1, 0))
    assert dict(parse_qsl(request.posted or "", keep_blank_values=True))["vc_title"] == ""
    assert JcmsDisclosure().next_requests(found(0, 1, 0, title="")) == []


def test_reports_behind_a_form_of_years_and_organs() -> None:
    form = """<form action="/module/xxgk/xxgkAnnualReport.jsp"><select name=fbtime>
    <option value=2017>2017年<option value=2016>2016年</select>
    <select name=area><option value="">请选择<option value=1133A>某县教育局<option value=1133B>县政府</select></form>"""
    page = page_of_text(f"{ROOT}/col/col1/index.html", form)
    address = f"{ROOT}/module/xxgk/xxgkAnnualReport.jsp?fbtime="
    assert [(entry.url, entry.title) for entry in detect(page).entries(page)] == [
        (f"{address}2017&area=1133A", "2017年 某县教育局"),
        (f"{address}2016&area=1133A", "2016年 某县教育局"),
        (f"{address}2017&area=1133B", "2017年 县政府"),
        (f"{address}2016&area=1133B", "2016年 县政府"),
    ]


def test_the_years_before_the_one_that_is_linked() -> None:
    page = page_of_text(f"{ROOT}/x/", "<a href='/module/xxgk/xxgkAnnualReport.jsp?fbtime=2010&area=1133A'>2010年年报</a>")
    assert [entry.url.partition("fbtime=")[2] for entry in detect(page).entries(page)] == [
        "2010&area=1133A",
        "2009&area=1133A",
        "2008&area=1133A",
    ]
    two = "".join(f"<a href='/module/xxgk/xxgkAnnualReport.jsp?fbtime={year}&area=1133A'>{year}年</a>" for year in (2010, 2015))
    assert len(JcmsDisclosure().entries(page_of_text(f"{ROOT}/x/", two))) == 2


@pytest.mark.parametrize(
    "piece",
    [
        "<datastore>",
        ".jpage({",
        "module/xxgk/tree.jsp?area=",
        "infotypeId='",
        "<select name=fbtime><option value=2017>",
        "&area=",
        "共1",
        "funclick('A1','x')>",
        "loadDynamic('x','div4','',",
    ],
)
def test_hostile_pages_are_read_in_time(piece: str) -> None:
    text = "/module/xxgk/xxgkAnnualReport.jsp" + piece * (1_000_000 // len(piece))
    started = monotonic()
    for path in (
        "/col/col1/index.html",
        "/module/xxgk/search.jsp",
        "/module/xxgk/tree.jsp",
        "/module/jpage/dataproxy.jsp?startrecord=²&perpage=0",
    ):
        page = page_of_text(ROOT + path, text)
        for platform in (Jcms(), JcmsDisclosure()):
            platform.entries(page)
            platform.next_requests(page)
            platform.total(page)
    assert monotonic() - started < 10
