"""SiteServer's lists that a script posts for, in the shapes of its versions; ids and encrypted templates are made up."""

from __future__ import annotations

import json
from time import monotonic
from urllib.parse import parse_qs

import pytest

from giar_crawler.platforms import ListRequest, detect
from giar_crawler.platforms.page import ListPage, page_of_text

ROOT = "http://a.gov.cn"
OLD = "/sitefiles/services/wcm/dynamic/output.aspx"
ACTIONS = "/api/sys/stl/actions/"
CODE = "OweE12syV30slash0rysOhbFiV0add0HvacLbKMZ0equals0"
FORM = f"""<span id="ajaxElement_1_917"></span><script type="text/javascript" language="javascript">
function stlDynamic_ajaxElement_1_917(pageNum)
{{
    try
    {{
        var url = "{OLD}?publishmentSystemID=35&" + getQueryString();
        var pars = "pageNodeID=12&pageContentID=0&isPageRefresh=False&ajaxDivID=ajaxElement_1_917&templateContent={CODE}";
        if (pageNum && pageNum > 0) {{ pars += "&pageNum=" + pageNum; }}
        jQuery.post(url, pars, function(data,textStatus){{ jQuery("#ajaxElement_1_917").html(data); }});
    }}catch(e){{}}
}}
stlDynamic_ajaxElement_1_917(0);
</script>"""
DYNAMIC = f"""<script>function stlDynamic_ajaxElement_1_3(pageNum)
{{
    var url = "{ACTIONS}dynamic?" + StlClient.getQueryString();
    var data = {{
    siteId: 1,
    pageChannelId: 12,
    isPageRefresh: false,
    pageUrl: 'jHv910slash0kY5',
    templateContent: '{CODE}'
}};
    if (pageNum && pageNum > 0) {{ data.pageNum = pageNum; }}
    stlClient.post(url, data, function (err, data, status) {{ }});
}}
stlDynamic_ajaxElement_1_3(0);</script>"""
VALUE = f"""<script>function stlDynamicajaxElement_1_3(page)
{{
    stlClient.post('{ACTIONS}dynamic?' + StlClient.getQueryString(), {{
        value: '{CODE}',
        page: page
    }}, function (err, data, status) {{ }});
}}</script>"""
CONTENTS = f"""<script>$(document).ready(function(){{
    var url = '{ACTIONS}pagecontents';
    var parameters = {{
    siteId: 1,
    pageChannelId: 12,
    totalNum: 70,
    currentPageIndex: 6,
    stlPageContentsElement: '{CODE}'
}};
    $.ajax({{ url: url, type: 'POST', contentType: 'application/json' }});
}});</script>"""
BEHIND = f"""<script>
var stlDynamicPageNum = 3;
function stlDynamic_page(pageNum)
{{
    try
    {{
        var url = "{OLD}?publishmentSystemID=1";
        var pars = "pageNodeID=12&templateContent={CODE}&pageNum=" + stlDynamicPageNum;
        jQuery.post(url, pars, function(data,textStatus){{}});
    }}catch(e){{}}
}}
</script><a href="12_2.html">下一页</a><a href="javascript:stlDynamic_page('nextPage');">x</a>
<a href="javascript:stlDynamic_page(5);">末页</a>"""
ROW = "<li><a href='/contents/12/{n}.html'>某局2021年政府信息公开工作年度报告{n}</a><span>2022-01-1{n}</span></li>"


def of(text: str, path: str = "/channels/12.html") -> ListPage:
    return page_of_text(ROOT + path, f"<html><body>{text}</body></html>")


def following(page: ListPage) -> list[ListRequest]:
    platform = detect(page)
    assert platform.name == "siteserver"
    return platform.next_requests(page)


def answered(request: ListRequest, text: str) -> ListPage:
    page = page_of_text(request.url, text)
    page.posted = request.posted
    return page


def test_a_form() -> None:
    [first] = following(of(FORM))
    assert first.url == f"{ROOT}{OLD}?publishmentSystemID=35"
    assert first.content_type == "application/x-www-form-urlencoded"
    assert parse_qs(first.posted or "")["templateContent"] == [CODE]
    assert "pageNum" not in (first.posted or "")
    pager = '<a onclick="stlDynamic_ajaxElement_1_917(2)">2</a><a onclick="stlDynamic_ajaxElement_1_917(9)">末页</a>'
    page = answered(first, "".join(ROW.format(n=n) for n in (1, 2)) + pager)
    assert [entry.date for entry in detect(page).entries(page)] == ["2022-01-11", "2022-01-12"]
    assert [parse_qs(request.posted or "")["pageNum"] for request in following(page)] == [["2"], ["3"], ["4"]]
    fourth = answered(following(page)[2], pager)
    assert [parse_qs(request.posted or "")["pageNum"] for request in following(fourth)] == [["5"], ["6"], ["7"]]


@pytest.mark.parametrize(("script", "name"), [(DYNAMIC, "pageNum"), (VALUE, "page")])
def test_json(script: str, name: str) -> None:
    [first] = following(of(script))
    assert (first.url, first.content_type) == (f"{ROOT}{ACTIONS}dynamic", "application/json")
    sent = json.loads(first.posted or "")
    assert CODE in sent.values()
    assert sent.get(name) == (1 if name == "page" else None)
    if name == "pageNum":
        assert (sent["siteId"], sent["isPageRefresh"]) == (1, False)
    pager = (
        '<select onchange="stlDynamic_ajaxElement_1_3(this.options[this.selectedIndex].value)"><option value=1><option value=2></select>'
    )
    page = answered(first, json.dumps({"value": True, "html": ROW.format(n=1) + pager + "共8条记录"}))
    assert [entry.url for entry in detect(page).entries(page)] == [f"{ROOT}/contents/12/1.html"]
    assert detect(page).total(page) == 8
    [second] = following(page)
    assert json.loads(second.posted or "") == sent | {name: 2}
    assert following(answered(second, json.dumps({"html": pager}))) == []


def test_files_that_post_for_themselves() -> None:
    pager = '<a href="/channels/12_8.html">下一页</a>'
    requests = following(of(CONTENTS + pager, "/channels/12_7.html"))
    assert [request.url for request in requests] == [f"{ROOT}/channels/12_8.html", f"{ROOT}{ACTIONS}pagecontents"]
    page = answered(requests[1], json.dumps(ROW.format(n=3)))
    assert [entry.url for entry in detect(page).entries(page)] == [f"{ROOT}/contents/12/3.html"]
    assert following(page) == []


def test_pages_behind_the_last_file() -> None:
    requests = following(of(BEHIND))
    assert [request.url.removeprefix(ROOT) for request in requests] == ["/channels/12_2.html", *[f"{OLD}?publishmentSystemID=1"] * 2]
    assert [parse_qs(request.posted or "")["pageNum"] for request in requests[1:]] == [["4"], ["5"]]


def test_where_one_page_has_all_nothing_more_is_asked() -> None:
    [first] = following(of(DYNAMIC))
    assert following(answered(first, json.dumps({"html": ROW.format(n=1)}))) == []


def test_what_the_first_page_has_posted_is_not_posted_again() -> None:
    assert [request.posted for request in following(of(FORM, "/channels/12_2.html"))] == []


@pytest.mark.parametrize("answer", ["", "{", '"', "null", '{"html": 7}', "<html>Server Error</html>", '{"html": "' + "x" * 100_000])
def test_answers_that_are_none(answer: str) -> None:
    [first] = following(of(VALUE))
    page = answered(first, answer)
    assert detect(page).entries(page) == []
    assert following(page) == []


@pytest.mark.parametrize(
    "piece",
    [
        f'"{ACTIONS}dynamic?"',
        'var pars = "x',
        "var data = {a: '",
        "getQueryString(), {",
        "stlDynamic_page(",
        "stlRedirectPage('x', ",
        "var stlDynamicPageNum = 3;",
        f'var url = "{OLD}?a=1&";',
    ],
)
def test_hostile_pages_are_read_in_time(piece: str) -> None:
    started = monotonic()
    for path in ("/channels/12.html", f"{ACTIONS}dynamic", OLD):
        page = of(piece * (1_000_000 // len(piece)), path)
        detect(page, "siteserver").next_requests(page)
        detect(page, "siteserver").entries(page)
    assert monotonic() - started < 10


def test_numbers_from_outside_are_bounded() -> None:
    assert len(following(of(BEHIND.replace("(5)", "(9999)")))) <= 201
    assert len(following(of((DYNAMIC + "\n") * 50))) <= 4
